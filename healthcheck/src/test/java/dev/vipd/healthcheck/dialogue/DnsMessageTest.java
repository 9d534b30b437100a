package dev.vipd.healthcheck.dialogue;

import static dev.vipd.healthcheck.dialogue.DnsReply.QUESTION_NAME;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.healthcheck.ProbeConfig;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 1035, section 4. */
class DnsMessageTest {
    private static final int A = 1;
    private static final int CNAME = 5;
    private static final int SOA = 6;
    private static final int MX = 15;
    private static final int TXT = 16;
    private static final int AAAA = 28;
    private static final int SRV = 33;

    private static ProbeConfig.Dns dns(boolean overTcp, int type, String... answers) {
        return new ProbeConfig.Dns(
                Requests.route("192.0.2.1", 53), overTcp, "Example.com", type, List.of(0), List.of(answers));
    }

    private static String judge(ProbeConfig.Dns dns, DnsReply reply) {
        ByteBuffer message = reply.buffer();
        Step step = DnsMessage.judge(dns, 1, message);
        assertFalse(message.hasRemaining(), "all is taken");
        return switch (step) {
            case Step.Passed _ -> "passed";
            case Step.Failed failed -> failed.reason();
            case Step.Wait _ -> "waits";
            case Step.Send _, Step.StartTls _, Step.Reconnect _ -> throw new AssertionError(step);
        };
    }

    private static DnsReply data() {
        return new DnsReply();
    }

    @Test
    void aQuestionIsEncoded() {
        assertEquals("abcd010000010000000000000745" + "78616d706c6503636f6d00001c0001",
                HexFormat.of().formatHex(DnsMessage.question(dns(false, AAAA), 0xabcd)));
        ProbeConfig.Dns root = new ProbeConfig.Dns(Requests.ROUTE, false, "", SOA, List.of(0), List.of());
        assertEquals("00010100000100000000000000" + "00060001",
                HexFormat.of().formatHex(DnsMessage.question(root, 1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "a..b", "a.", "é.example", "a b"})
    void aNameThatIsNoneIsRefused(String name) {
        ProbeConfig.Dns dns = new ProbeConfig.Dns(Requests.ROUTE, false, name, A, List.of(0), List.of());
        assertFalse(DnsMessage.problem(dns).isEmpty());
        assertThrows(IllegalArgumentException.class, () -> DnsMessage.question(dns, 1));
    }

    @Test
    void lengthsOfNamesAreBounded() {
        assertEquals(Optional.empty(), DnsName.problem("a".repeat(63) + ".b"));
        assertEquals(Optional.of("a label of a domain name has 63 characters at most"),
                DnsName.problem("a".repeat(64)));
        assertEquals(Optional.of("a domain name has 253 characters at most"), DnsName.problem("a.".repeat(127)));
    }

    @Test
    void theResponseCodeDecides() {
        assertEquals("passed", judge(dns(false, A), DnsReply.to(A, 0, 0)));
        assertEquals("rcode 2 (SERVFAIL), want 0", judge(dns(false, A), DnsReply.to(A, 2, 0)));
        assertEquals("rcode 15, want 0", judge(dns(false, A), DnsReply.to(A, 15, 0)));
        assertEquals("rcode 1 (FORMERR), want 0", judge(dns(false, A), DnsReply.header(1, 1, 0, 0)));
        ProbeConfig.Dns other = new ProbeConfig.Dns(
                Requests.ROUTE, false, "example.com", A, List.of(0, 3), List.of());
        assertEquals("passed", judge(other, DnsReply.to(A, 3, 0)));
        assertEquals("rcode 5 (REFUSED), want 0,3", judge(other, DnsReply.to(A, 5, 0)));
    }

    @Test
    void whatDoesNotAnswerTheQuestionIsWaitedOver() {
        List<DnsReply> others = List.of(
                data(), data().u16(1).u16(0x8000), DnsReply.header(2, 0, 1, 0).name("example", "com").u16(A).u16(1),
                data().u16(1).u16(0).u16(1).u16(0).u32(0).name("example", "com").u16(A).u16(1),
                DnsReply.to(A, 0x2800, 0), DnsReply.to(AAAA, 0, 0),
                DnsReply.header(1, 0, 1, 0).name("example", "org").u16(A).u16(1),
                DnsReply.header(1, 0, 1, 0).name("example", "com").u16(A).u16(3));
        for (DnsReply other : others) {
            assertEquals("waits", judge(dns(false, A), other));
            assertEquals("malformed reply", judge(dns(true, A), other));
        }
    }

    @Test
    void brokenRepliesFail() {
        for (DnsReply broken : List.of(
                DnsReply.header(1, 0, 0, 0), DnsReply.header(1, 0, 2, 0), DnsReply.header(1, 0, 1, 0).labels("exam"),
                DnsReply.header(1, 0, 1, 0).name("example", "com").u16(A), DnsReply.to(A, 0, 1),
                DnsReply.to(A, 0, 1).pointer(QUESTION_NAME).u16(A).u16(1).u32(0).u16(4).u16(0),
                DnsReply.to(A, 0, 1).answer(A, data().u16(0)), DnsReply.to(A, 0, 1).u8(0x80).u32(0).u32(0).u32(0),
                DnsReply.header(1, 0, 1, 0).u8(64).text("x".repeat(64)).u8(0).u16(A).u16(1))) {
            assertEquals("malformed reply", judge(dns(false, A, "192.0.2.7"), broken),
                    HexFormat.of().formatHex(broken.bytes()));
        }
    }

    @Test
    void aTruncatedAnswerOverUdpIsNotSearched() {
        assertEquals("truncated, use tcp", judge(dns(false, A, "192.0.2.7"), DnsReply.to(A, 0x200, 0)));
        assertEquals("no answer 192.0.2.7", judge(dns(true, A, "192.0.2.7"), DnsReply.to(A, 0x200, 0)));
        assertEquals("passed", judge(dns(false, A), DnsReply.to(A, 0x200, 0)));
    }

    @Test
    void oneAnswerOfTheTypeMustBeAsWanted() {
        DnsReply reply = DnsReply.to(A, 0, 3)
                .answer(CNAME, data().name("a", "example"))
                .answer(A, data().u32(0xc0000206L))
                .answer(A, data().u32(0xc0000207L));
        assertEquals("passed", judge(dns(false, A, "192.0.2.7"), reply));
        assertEquals("passed", judge(dns(false, A, "192.0.2.1", "192.0.2.6"), reply));
        assertEquals("no answer 192.0.2.8 or a.example", judge(dns(false, A, "192.0.2.8", "a.example"), reply));
    }

    @Test
    void dataIsComparedAsItsTypeMeans() {
        assertAnswer(AAAA, data().u32(0x20010db8L).u32(0).u32(0).u32(1), "2001:DB8::1", "2001:db8::2");
        assertAnswer(AAAA, data().u32(0).u32(0).u32(0xffff).u32(0xc0000201L), "::ffff:192.0.2.1", "::1");
        for (int type : new int[] {2, CNAME, 12}) {
            assertAnswer(type, data().labels("WWW").pointer(QUESTION_NAME), "www.example.com.", "www.example.org");
            assertAnswer(type, data().name("a.b", "\\\u00ff"), "a\\.b.\\\\\\255", "a.b");
        }
        assertAnswer(MX, data().u16(10).labels("mx").pointer(QUESTION_NAME), "10 mx.example.com", "20 mx.example.com");
        assertAnswer(MX, data().u16(0).u8(0), "0 .", "0 a");
        assertAnswer(TXT, data().labels("v=spf1 ", "-all"), "v=spf1 -all", "V=spf1 -all");
        assertAnswer(SOA, data().labels("ns").pointer(QUESTION_NAME).name("mail").u32(4_000_000_000L).u32(2).u32(3)
                .u32(4).u32(5), "ns.example.com. mail. 4000000000 2 3 4 5", "ns.example.com mail 1 2 3 4 5");
        assertAnswer(SRV, data().u16(1).u16(2).u16(443).name("a"), "1 2 443 a.", "1 2 444 a");
        assertAnswer(99, data().u16(0xabcd), "\\# 2 ABCD", "\\# 2 abce");
        assertAnswer(99, data(), "\\# 0", "\\# 1 00");
    }

    private static void assertAnswer(int type, DnsReply data, String wanted, String other) {
        assertEquals("passed", judge(dns(false, type, wanted), DnsReply.to(type, 0, 1).answer(type, data)));
        assertEquals("no answer " + other, judge(dns(false, type, other), DnsReply.to(type, 0, 1).answer(type, data)));
    }

    @Test
    void compressionDoesNotLoop() {
        int here = DnsReply.to(CNAME, 0, 1).size() + 12;
        DnsReply longName = DnsReply.to(CNAME, 0, 1).answer(CNAME, data().labels("a").pointer(here));
        for (DnsReply data : List.of(
                data().pointer(here), data().pointer(here + 4), data().labels("a").pointer(here), data().u8(0xc0),
                data().labels("x".repeat(63), "x".repeat(63), "x".repeat(63), "x".repeat(63)).u8(0), data().u8(0x40),
                data(), data().name("a").u8(0), data().labels("a"))) {
            assertEquals("malformed reply",
                    judge(dns(false, CNAME, "a"), DnsReply.to(CNAME, 0, 1).answer(CNAME, data)),
                    HexFormat.of().formatHex(data.bytes()));
        }
        assertEquals("malformed reply", judge(dns(false, CNAME, "a"), longName));
    }

    @Test
    void aDamagedReplyIsJudgedWithoutAnException() {
        Random random = new Random(44);
        byte[] good = DnsReply.to(SOA, 0, 2)
                .answer(SOA, data().labels("ns").pointer(QUESTION_NAME).pointer(QUESTION_NAME).u32(1).u32(2).u32(3)
                        .u32(4).u32(5))
                .answer(TXT, data().labels("a", "b")).bytes();
        int passed = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = Arrays.copyOf(good, random.nextInt(4) == 0 ? random.nextInt(good.length) : good.length);
            for (int i = random.nextInt(3); i >= 0 && bytes.length > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            int type = List.of(SOA, TXT, A, MX).get(random.nextInt(4));
            if (judge(dns(random.nextBoolean(), type, "ab", "ns.example.com example.com 1 2 3 4 5"),
                    data().raw(bytes)).equals("passed")) {
                passed++;
            }
        }
        assertTrue(passed > 100 && passed < 10_000, "passed " + passed);
    }

    @Test
    void overTcpALengthStandsBefore() {
        byte[] reply = DnsReply.to(A, 0, 1).answer(A, data().u32(0xc0000207L)).bytes();
        String message = new String(data().u16(reply.length).raw(reply).bytes(), ISO_8859_1);
        Talk.Outcome outcome = Talk.inAnyPieces(() -> new DnsTcpDialogue(dns(true, A, "192.0.2.7")), message + "more");
        assertEquals("passed", outcome.end());
        byte[] question = outcome.sent().getFirst().getBytes(ISO_8859_1);
        assertEquals(question.length - 2, question[1]);
        assertEquals(HexFormat.of().formatHex(DnsMessage.question(dns(true, A), 1)),
                HexFormat.of().formatHex(Arrays.copyOfRange(question, 2, question.length)));
        assertTcp("waits for first byte", "");
        assertTcp("waits for answer", "\0");
        assertTcp("malformed reply", "\0\0");
        assertTcp("waits for answer", "\u00ff\u00ff" + "x".repeat(65_534));
        assertTcp("malformed reply", "\u00ff\u00ff" + "x".repeat(65_535));
        assertTcp("connection closed before an answer", Talk.CLOSE);
        assertTcp("connection closed within the answer", message.substring(0, 20) + Talk.CLOSE);
    }

    private static void assertTcp(String end, String line) {
        assertEquals(end, Talk.end(() -> new DnsTcpDialogue(dns(true, A, "192.0.2.7")), line));
    }
}
