package dev.vipd.netlink.connector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.netlink.NlMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Events as a kernel of version 6.18 sent them, on a little-endian machine. */
class ProcessCodecTest {
    private static final String HEADER = "01000000" + "01000000" + "35000000" + "08000000" + "2800" + "0000";

    private static NlMessage message(String event) {
        byte[] payload = HexFormat.of().parseHex(HEADER + event);
        if (ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN) {
            throw new AssertionError("vipd runs on little-endian machines");
        }
        return new NlMessage(3, 0, 7, 0, payload);
    }

    @Test
    void eventsOfProcesses() {
        assertEquals(
                Optional.of(new ProcessEvent.Forked(0x381e, 0x3847)),
                ProcessCodec.event(message("01000000010000001ba0c9b1e80a00001e3800001e3800004738000047380000"
                        + "0000000000000000")));
        assertEquals(
                Optional.of(new ProcessEvent.Executed(0x3847)),
                ProcessCodec.event(message("020000000100000041ffd2b1e80a0000473800004738000000000000000000000000"
                        + "000000000000")));
        assertEquals(
                Optional.of(new ProcessEvent.Exited(0x3847)),
                ProcessCodec.event(message("0000008001000000c395dcb1e80a0000473800004738000000000000110000001e38"
                        + "00001e380000")));
    }

    @Test
    void threadsAreLeftOut() {
        assertEquals(
                Optional.empty(),
                ProcessCodec.event(message("01000000010000001ba0c9b1e80a00001e3800001e3800004838000047380000"
                        + "0000000000000000")),
                "a new thread");
        assertEquals(
                Optional.empty(),
                ProcessCodec.event(message("0000008001000000c395dcb1e80a0000483800004738000000000000110000001e38"
                        + "00001e380000")),
                "the end of a thread");
    }

    @Test
    void theAnswerIsKnownByItsNumber() {
        NlMessage answer = message("000000000100000055e0c8b1e80a00000100000000000000" + "00".repeat(16));
        assertEquals(OptionalInt.of(1), ProcessCodec.answer(answer, 7));
        assertEquals(OptionalInt.empty(), ProcessCodec.answer(answer, 8), "that of somebody else's subscription");
    }

    @Test
    void theSubscriptionIsTheOneOfTheHeader() {
        ByteBuffer wanted = ByteBuffer.allocate(24).order(ByteOrder.nativeOrder());
        wanted.putInt(1).putInt(1).putInt(0).putInt(7).putShort((short) 4).putShort((short) 0).putInt(1);
        assertArrayEquals(wanted.array(), ProcessCodec.subscribe(7).payload());
    }

    @Test
    void noBytesMakeItThrow() {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            byte[] payload = new byte[random.nextInt(64)];
            random.nextBytes(payload);
            if (payload.length > 23) {
                System.arraycopy(HexFormat.of().parseHex(HEADER), 0, payload, 0, 20);
                payload[20] = (byte) (1 << random.nextInt(3));
                payload[21] = payload[22] = payload[23] = 0;
            }
            NlMessage message = new NlMessage(3, 0, 7, 0, payload);
            ProcessCodec.event(message);
            ProcessCodec.answer(message, 7);
        }
    }
}
