package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.ProbeConfig;
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
            case ProbeConfig.Tcp tcp -> tcp.exchange().isEmpty()
                    ? new ConnectProbe(tcp.route())
                    : new StreamProbe(new TcpClient(tcp.route(), false), ExchangeDialogue.scripts(tcp.exchange().get()));
            case ProbeConfig.Http http ->
                    new StreamProbe(new TcpClient(http.route(), http.keepAlive()), Http1Dialogue.scripts(http));
            case ProbeConfig.Smtp smtp ->
                    new StreamProbe(new TcpClient(smtp.route(), false), () -> new SmtpDialogue(smtp));
            case ProbeConfig.Dns dns ->
                    new StreamProbe(new TcpClient(dns.route(), false), () -> new DnsTcpDialogue(dns));
            case ProbeConfig.Agent agent ->
                    new StreamProbe(new TcpClient(agent.route(), false), () -> new AgentDialogue(agent));
            default -> throw new IllegalStateException("to come");
        };
    }
}
