package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.ProbeConfig;

/** Which class does which kind of probe. */
final class Probes {
    private Probes() {}

    static Probe of(ProbeConfig config) {
        return switch (config) {
            case ProbeConfig.Tcp tcp -> new ConnectProbe(tcp.route());
            default -> throw new IllegalStateException("to come");
        };
    }
}
