package dev.vipd.netlink.sys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 792, RFC 4443. */
class IcmpEchoTest {
    private static final String IPV4 = "4500002400000000400100007f0000017f000002";
    private static final String IPV6 =
            "6000000000100040" + "00".repeat(15) + "01" + "20010db8" + "00".repeat(11) + "02";

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }

    private static String request(boolean six) {
        ByteBuffer buffer = ByteBuffer.allocate(64);
        IcmpEcho.putRequest(buffer, six, 0x1234, 0xfffe, 0x0102030405060708L);
        byte[] message = new byte[buffer.remaining()];
        buffer.get(message);
        return HexFormat.of().formatHex(message);
    }

    @Test
    void onlyVersion4HasItsChecksumFromUs() {
        assertEquals("0800d5b81234fffe0102030405060708", request(false));
        assertEquals("800000001234fffe0102030405060708", request(true));
    }

    @Test
    void aReplyIsKnownByIdentifierSequenceAndToken() {
        Optional<IcmpEcho.Answer> reply = Optional.of(new IcmpEcho.Reply(0x1234, 0xfffe, 0x0102030405060708L));
        assertEquals(reply, IcmpEcho.decode(bytes(IPV4 + "0000" + request(false).substring(4)), false));
        assertEquals(reply, IcmpEcho.decode(bytes("8100" + request(true).substring(4)), true));
        assertEquals(
                Optional.of(new IcmpEcho.Reply(1, 2, 0)), IcmpEcho.decode(bytes("8100000000010002ffff"), true));
    }

    @ParameterizedTest
    @CsvSource({
        "false, 0, network unreachable", "false, 1, host unreachable", "false, 13, prohibited on the way",
        "false, 2, unreachable", "true, 0, network unreachable", "true, 3, host unreachable",
        "true, 1, prohibited on the way", "true, 2, unreachable"
    })
    void whatCouldNotBeDeliveredIsToldByTheRequestInside(boolean six, int code, String reason) {
        // eight bytes of the message are all that is sure to be there
        String inside = (six ? IPV6.replaceFirst("^(.{12})..", "$13a") : IPV4) + request(six).substring(0, 16);
        String message = (six ? "01" : IPV4 + "03") + String.format("%02x", code) + "000000000000" + inside;
        IcmpEcho.Unreachable answer = (IcmpEcho.Unreachable) IcmpEcho.decode(bytes(message), six).orElseThrow();
        assertEquals(0x1234, answer.identifier());
        assertEquals(0xfffe, answer.sequence());
        assertEquals(reason, answer.reason());
        String target = six ? "20010db8" + "00".repeat(11) + "02" : "7f000002";
        assertArrayEquals(HexFormat.of().parseHex(target), answer.target());
        for (int cut = 0; cut < message.length(); cut += 2) {
            assertEquals(Optional.empty(), IcmpEcho.decode(bytes(message.substring(0, cut)), six));
        }
    }

    @Test
    void nothingIsThrownOnAnyBytes() {
        Random random = new Random(7);
        int known = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] some = new byte[random.nextInt(80)];
            random.nextBytes(some);
            if (some.length > 0 && i % 2 == 0) {
                some[0] = (byte) (i % 4 == 0 ? 0x45 : 1);
            }
            known += IcmpEcho.decode(ByteBuffer.wrap(some), i % 4 != 0).isPresent() ? 1 : 0;
        }
        assertTrue(known > 0);
    }

    @Test
    void aFilterThatIsRefusedSaysWhy() {
        int badDescriptor = 9; // EBADF
        assertEquals(-badDescriptor, SocketFilter.attach(-1, SocketFilter.echoAnswers(false, 1)));
    }
}
