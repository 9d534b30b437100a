package dev.vipd.healthcheck.dialogue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.vipd.healthcheck.ProbeConfig;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UdpReplyTest {
    private static ProbeConfig.Udp udp(String payload, String reply, int min, int max) {
        return new ProbeConfig.Udp(Requests.ROUTE, payload, true, reply, min, max);
    }

    @Test
    void thePayloadIsHexadecimal() {
        assertArrayEquals(new byte[] {0, (byte) 0xab, (byte) 0xCD}, UdpReply.payload(udp("00abCD", "", 0, 255)));
        assertEquals(0, UdpReply.payload(udp("", "", 0, 255)).length);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        "'', '', passed", "'', 00ff, passed", "00ff, 00ff, passed", "00FF, 00ff01, passed", "x0fX, 70fc, passed",
        "xx01, 0002, reply did not match", "0001, 00, reply did not match", "00, '', reply did not match",
        "'', 0000000000, reply longer than 4 bytes"
    })
    void aReplyMustBeginAsWanted(String wanted, String reply, String outcome) {
        assertEquals(outcome, judge(udp("", wanted, 0, 4), reply));
    }

    @Test
    void aReplyMayBeTooShort() {
        assertEquals("reply shorter than 2 bytes", judge(udp("", "", 2, 4), "00"));
        assertEquals("passed", judge(udp("", "", 2, 4), "0000"));
    }

    private static String judge(ProbeConfig.Udp udp, String reply) {
        ByteBuffer datagram = ByteBuffer.wrap(HexFormat.of().parseHex("77" + reply)).position(1);
        Step step = UdpReply.judge(udp, datagram);
        assertFalse(datagram.hasRemaining());
        return step instanceof Step.Failed failed ? failed.reason() : step == Step.PASSED ? "passed" : step.toString();
    }

    @Test
    void whatIsWrongIsTold() {
        assertEquals(Optional.empty(), UdpReply.problem(udp("00aB", "xXaF", 0, 255)));
        assertEquals(Optional.of("payload: no hexadecimal digit at index 1"), UdpReply.problem(udp("0x", "", 0, 1)));
        assertEquals(Optional.of("require_reply: an odd number of digits, each byte has two"),
                UdpReply.problem(udp("", "0xa", 0, 1)));
        assertEquals(Optional.of("min_reply_length is above max_reply_length"), UdpReply.problem(udp("", "", 2, 1)));
    }
}
