package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.healthcheck.dialogue.DnsMessage;
import java.util.SplittableRandom;

/**
 * {@code dns} over UDP. The question is asked a second time when a third of the time is over, since a datagram may be
 * lost; the answer to either counts. An answer is known by its id, its question, and the port that the kernel chose.
 */
record DnsProbe(ProbeConfig.Dns dns) implements Probe {
    private static final int IDS = 1 << 16;
    private static final int ASK_AGAIN_AFTER = 3;

    @Override
    public void start(ProbeRun run) {
        long nowNs = run.loop().nanoTime();
        int id = new SplittableRandom(nowNs).nextInt(IDS);
        byte[] question = DnsMessage.question(dns, id);
        UdpSocket socket = UdpSocket.open(
                dns.route(), question, run, datagram -> DnsMessage.judge(dns, id, datagram));
        if (socket != null) {
            run.connected();
            run.awaiting("answer");
            socket.at(nowNs + run.timeoutNs() / ASK_AGAIN_AFTER, () -> socket.sendAgain(question));
        }
    }
}
