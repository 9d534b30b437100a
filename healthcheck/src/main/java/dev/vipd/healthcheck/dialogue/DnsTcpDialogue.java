package dev.vipd.healthcheck.dialogue;

import dev.vipd.healthcheck.ProbeConfig;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** One DNS question over TCP: messages with two bytes of length before them (RFC 1035, section 4.2.2). */
public final class DnsTcpDialogue implements Dialogue {
    /** Nobody else can answer inside this connection, so the id need not be hard to guess. */
    private static final int ID = 1;

    private static final int LENGTH_BYTES = 2;

    private final ProbeConfig.Dns dns;
    private boolean heard;
    private byte[] reply = new byte[512];
    private int received;

    /** @throws IllegalArgumentException if {@link DnsMessage#problem} has something to say */
    public DnsTcpDialogue(ProbeConfig.Dns dns) {
        this.dns = dns;
    }

    @Override
    public Step begin() {
        byte[] question = DnsMessage.question(dns, ID);
        return new Step.Send(ByteBuffer.allocate(LENGTH_BYTES + question.length)
                .putShort((short) question.length)
                .put(question)
                .array());
    }

    @Override
    public Step on(ByteBuffer data) {
        Step step = Step.WAIT;
        while (data.hasRemaining() && step == Step.WAIT) {
            int count = Math.min(data.remaining(), wanted() - received);
            if (received + count > reply.length) {
                reply = Arrays.copyOf(reply, Math.max(received + count, 2 * reply.length));
            }
            data.get(reply, received, count);
            heard = true;
            received += count;
            if (received >= LENGTH_BYTES && received == wanted()) {
                step = DnsMessage.judge(dns, ID, ByteBuffer.wrap(reply, LENGTH_BYTES, received - LENGTH_BYTES));
                received = 0;
            }
        }
        data.position(data.limit());
        return step;
    }

    private int wanted() {
        return received < LENGTH_BYTES ? LENGTH_BYTES : LENGTH_BYTES + ((reply[0] & 0xff) << 8 | reply[1] & 0xff);
    }

    @Override
    public Step onEnd() {
        return new Step.Failed(
                heard ? "connection closed within the answer" : "connection closed before an answer");
    }

    @Override
    public String awaited() {
        return heard ? "answer" : "first byte";
    }
}
