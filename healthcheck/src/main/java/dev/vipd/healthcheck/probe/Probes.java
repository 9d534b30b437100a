package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.ProbeConfig;

/** Which class does which kind of probe. */
final class Probes {
    private Probes() {}

    static Probe of(ProbeConfig config) {
        return switch (config) {
            case ProbeConfig.Tcp tcp -> new ConnectProbe(tcp.route());
            case ProbeConfig.Dns dns when !dns.overTcp() -> new DnsProbe(dns);
            case ProbeConfig.Udp udp -> new UdpProbe(udp);
            case ProbeConfig.Ping ping -> new PingProbe(ping);
            case ProbeConfig.Script script -> new ScriptProbe(script);
            case ProbeConfig.File file -> new FileProbe(file);
            default -> throw new IllegalStateException("to come");
        };
    }
}
