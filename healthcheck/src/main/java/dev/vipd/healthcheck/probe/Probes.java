package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.healthcheck.ProbeConfig.HttpVersion;
import dev.vipd.healthcheck.dialogue.AgentDialogue;
import dev.vipd.healthcheck.dialogue.DnsTcpDialogue;
import dev.vipd.healthcheck.dialogue.ExchangeDialogue;
import dev.vipd.healthcheck.dialogue.Http1Dialogue;
import dev.vipd.healthcheck.dialogue.SmtpDialogue;

/** Which class does which kind of probe. */
final class Probes {
    private Probes() {}

    static Probe of(ProbeConfig config) {
        return switch (config) {
            case ProbeConfig.Tcp tcp when tcp.exchange().isEmpty() -> new ConnectProbe(tcp.route());
            case ProbeConfig.Tcp tcp -> new StreamProbe(
                    new TcpClient(tcp.route(), false), ExchangeDialogue.scripts(tcp.exchange().orElseThrow()));
            case ProbeConfig.Http http when http.version() == HttpVersion.HTTP_2 -> new Http2Probe(http);
            case ProbeConfig.Http http -> new StreamProbe(
                    http.tls().isEmpty()
                            ? new TcpClient(http.route(), http.keepAlive())
                            : TlsClient.secured(http.route(), http.tls().get(), http.keepAlive()),
                    Http1Dialogue.scripts(http));
            case ProbeConfig.Grpc grpc -> new GrpcProbe(grpc);
            case ProbeConfig.Smtp smtp -> new StreamProbe(
                    smtp.startTls().isEmpty()
                            ? new TcpClient(smtp.route(), false)
                            : TlsClient.startTls(smtp.route(), smtp.startTls().get()),
                    () -> new SmtpDialogue(smtp));
            case ProbeConfig.Dns dns when dns.overTcp() ->
                    new StreamProbe(new TcpClient(dns.route(), false), () -> new DnsTcpDialogue(dns));
            case ProbeConfig.Dns dns -> new DnsProbe(dns);
            case ProbeConfig.Udp udp -> new UdpProbe(udp);
            case ProbeConfig.Ping ping -> new PingProbe(ping);
            case ProbeConfig.Agent agent ->
                    new StreamProbe(new TcpClient(agent.route(), false), () -> new AgentDialogue(agent));
            case ProbeConfig.Script script -> new ScriptProbe(script);
            case ProbeConfig.File file -> new FileProbe(file);
        };
    }
}
