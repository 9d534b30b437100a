package dev.vipd.healthcheck.dialogue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.healthcheck.HttpRequest;
import dev.vipd.healthcheck.HttpRequest.BodyRule;
import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.healthcheck.TlsConfig;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a server sends, in whatever pieces: no exception, bounded memory, and an end when the connection ends. */
class DialogueFuzzTest {
    private static final String JSON = "{\"a\":{\"b\":[1,\"up\"]},\"c\":-1.5e3}";

    /** A kind, and what passes it. */
    record Kind(String name, Supplier<Dialogue> dialogues, List<String> good) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Kind> kinds() {
        HttpRequest judged = Requests.with(
                new BodyRule.Json("/a/b/1", Optional.of("up")), new BodyRule.Regex("u.*p", true),
                new BodyRule.Digest("MD5", "0".repeat(32)));
        TlsConfig tls = new TlsConfig(Optional.empty(), false, Optional.empty(), Optional.empty(), 0);
        ProbeConfig.Dns dns = new ProbeConfig.Dns(
                Requests.ROUTE, true, "example.com", 15, List.of(0), List.of("10 mx.example.com"));
        byte[] mx = DnsReply.to(15, 0, 1).answer(15, new DnsReply().u16(10).labels("mx").pointer(12)).bytes();
        return Stream.of(
                new Kind("http", Http1Dialogue.scripts(Requests.http(true, Requests.request("GET", "/", "", 2),
                        Requests.get("/"))), List.of(
                                "HTTP/1.1 302 Found\r\nLocation: ../x?y\r\nContent-Length: 3\r\n\r\nabc",
                                "HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                        + "3;a=b\r\nabc\r\n0\r\nT: x\r\n\r\n",
                                "HTTP/1.0 200 OK\r\nX: x\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx")),
                new Kind("http with rules", Http1Dialogue.scripts(Requests.http(false, judged)), List.of(
                        "HTTP/1.1 200 OK\r\nContent-Length: " + JSON.length() + "\r\n\r\n" + JSON)),
                new Kind("tcp", ExchangeDialogue.scripts(new ProbeConfig.Exchange("x", Optional.of("^\\+PONG"))),
                        List.of("+PONG\r\n")),
                new Kind("smtp", () -> new SmtpDialogue(
                        new ProbeConfig.Smtp(Requests.ROUTE, "a", Optional.of(tls))), List.of(
                                "220 x\r\n", "250-y\r\n250 STARTTLS\r\n", "220 z\r\n", "250 y\r\n", "221 bye\r\n")),
                new Kind("agent", () -> new AgentDialogue(new ProbeConfig.Agent(Requests.ROUTE, "")),
                        List.of("75%,maxconn:30 up #fine\r\n")),
                new Kind("dns", () -> new DnsTcpDialogue(dns), List.of(
                        new String(new DnsReply().u16(mx.length).raw(mx).bytes(), ISO_8859_1))));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theGoodAnswerIsGood(Kind kind) {
        String end = Talk.end(kind.dialogues(), kind.good().toArray(String[]::new));
        assertTrue(end.startsWith("passed") || end.equals("md5 of the body differs"), end);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void randomBytesEnd(Kind kind) {
        Random random = new Random(42);
        for (int round = 0; round < 200; round++) {
            byte[] bytes = new byte[random.nextInt(3000)];
            random.nextBytes(bytes);
            assertEnds(kind, new String(bytes, ISO_8859_1) + Talk.CLOSE);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aDamagedAnswerEnds(Kind kind) {
        Random random = new Random(43);
        for (int round = 0; round < 5000; round++) {
            String[] lines = kind.good().toArray(String[]::new);
            for (int i = random.nextInt(4); i >= 0; i--) {
                int line = random.nextInt(lines.length);
                lines[line] = damaged(lines[line], random);
            }
            for (int i = 0; i < lines.length; i++) {
                lines[i] += Talk.CLOSE;
            }
            assertEnds(kind, lines);
        }
    }

    private static String damaged(String text, Random random) {
        if (text.isEmpty()) {
            return text;
        }
        int at = random.nextInt(text.length());
        return switch (random.nextInt(4)) {
            case 0 -> text.substring(0, at) + (char) random.nextInt(256) + text.substring(at + 1);
            case 1 -> text.substring(0, at);
            case 2 -> text.substring(0, at) + text.substring(random.nextInt(text.length()));
            default -> text.substring(0, at) + "\r\n:;,0 ".charAt(random.nextInt(7)) + text.substring(at);
        };
    }

    private static void assertEnds(Kind kind, String... lines) {
        Talk.Outcome outcome = Talk.whole(kind.dialogues().get(), lines);
        assertFalse(outcome.end().isEmpty());
        boolean more = outcome.sent().size() >= lines.length;
        assertTrue(more || !outcome.end().startsWith("waits"), () -> outcome + " after " + List.of(lines));
    }

    /** Up to a gigabyte in repeated buffers. */
    @ParameterizedTest
    @MethodSource("kinds")
    void anEndlessAnswerIsCutOff(Kind kind) {
        for (String piece : List.of("x", "\r\n", "\0", "220-x\r\n", "HTTP/1.1 100 Go\r\n\r\n", "A: b\r\n", "[")) {
            for (String first : List.of("", kind.good().getFirst().substring(0, 5), "HTTP/1.1 200 OK\r\n\r\n")) {
                ByteBuffer endless = ByteBuffer.wrap(piece.repeat(4096).getBytes(ISO_8859_1));
                Dialogue dialogue = kind.dialogues().get();
                dialogue.begin();
                Step step = first.isEmpty() ? Step.WAIT : dialogue.on(ByteBuffer.wrap(first.getBytes(ISO_8859_1)));
                long bytes = 0;
                for (; step == Step.WAIT && bytes < 1L << 30; bytes += endless.limit()) {
                    step = dialogue.on(endless.rewind());
                    assertEquals(0, endless.remaining());
                }
                assertTrue(bytes <= 2 << 20, "took " + bytes + " of " + piece);
                assertFalse(step instanceof Step.Wait, dialogue.awaited());
            }
        }
    }
}
