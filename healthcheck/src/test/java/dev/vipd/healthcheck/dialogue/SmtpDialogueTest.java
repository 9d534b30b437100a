package dev.vipd.healthcheck.dialogue;

import static dev.vipd.healthcheck.dialogue.Talk.CLOSE;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.healthcheck.TlsConfig;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 5321, RFC 3207. */
class SmtpDialogueTest {
    private static final String HELLO = "220 mx.example ESMTP\r\n";
    private static final String OFFER = "250-mx.example\r\n250-SIZE 1000\r\n250-StartTls\r\n250 HELP\r\n";
    private static final String BYE = "221 bye\r\n";

    private static SmtpDialogue dialogue(boolean startTls) {
        Optional<TlsConfig> tls = startTls
                ? Optional.of(new TlsConfig(Optional.empty(), false, Optional.empty(), Optional.empty(), 0))
                : Optional.empty();
        return new SmtpDialogue(new ProbeConfig.Smtp(Requests.ROUTE, "lb.example", tls));
    }

    private static Talk.Outcome talk(boolean startTls, String... lines) {
        return Talk.inAnyPieces(() -> dialogue(startTls), lines);
    }

    @Test
    void aServerIsGreetedAndLeft() {
        assertEquals(
                new Talk.Outcome("passed", List.of("EHLO lb.example\r\n", "QUIT\r\n")),
                talk(false, "220-first\r\n220-\r\n" + HELLO, OFFER, BYE));
        assertEquals("passed", talk(false, "220\r\n", "250\n", "221\n").end());
        assertEquals("passed", talk(false, HELLO, OFFER, CLOSE).end());
    }

    @Test
    void anOldServerIsGreetedByHelo() {
        assertEquals(
                new Talk.Outcome("passed", List.of("EHLO lb.example\r\n", "HELO lb.example\r\n", "QUIT\r\n")),
                talk(false, HELLO, "502 what?\r\n", "250 hello\r\n", BYE));
        assertEquals("HELO answered 550, want 250", talk(false, HELLO, "500 \r\n", "550 no\r\n").end());
        assertEquals("no STARTTLS offered", talk(true, HELLO, "500 \r\n", "250 STARTTLS\r\n").end());
    }

    @Test
    void starttlsIsFollowedByAnotherGreeting() {
        assertEquals(
                new Talk.Outcome("passed", List.of(
                        "EHLO lb.example\r\n", "STARTTLS\r\n", "starttls", "EHLO lb.example\r\n", "QUIT\r\n")),
                talk(true, HELLO, OFFER, "220 go\r\n", OFFER, BYE));
        assertEquals("EHLO answered 502, want 250", talk(true, HELLO, OFFER, "220 go\r\n", "502 no\r\n").end());
        assertEquals("STARTTLS answered 454, want 220", talk(true, HELLO, OFFER, "454 later\r\n").end());
        for (String none : List.of("250 mx.example\r\n", "250-x\r\n250 STARTTLSX\r\n", "250-x\r\n250 NOSTARTTLS\r\n")) {
            assertEquals("no STARTTLS offered", talk(true, HELLO, none).end());
        }
    }

    @Test
    void bytesInClearAfterStarttlsFail() {
        assertEquals("bytes in clear after STARTTLS", Talk.whole(dialogue(true), HELLO, OFFER, "220 go\r\n2").end());
    }

    @Test
    void otherCodesFail() {
        assertEquals("greeting 554, want 220", talk(false, "554 no\r\n").end());
        assertEquals("EHLO answered 421, want 250", talk(false, HELLO, "421 later\r\n").end());
        assertEquals("QUIT answered 500, want 221", talk(false, HELLO, OFFER, "500 stay\r\n").end());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "HTTP/1.1 400\r\n", "\r\n", "22\r\n", "220x\r\n", "220-a\r\n221 b\r\n", "-220 \r\n", "22\u00b2 \r\n"
    })
    void garbageFails(String line) {
        assertEquals("malformed reply", talk(false, line).end());
    }

    @Test
    void aReplyThatWasNotAskedForFails() {
        assertEquals("reply before its command", Talk.whole(dialogue(false), HELLO + OFFER).end());
    }

    @Test
    void repliesAreBounded() {
        assertEquals("reply line longer than 2 KiB", talk(false, "220 " + "x".repeat(3000)).end());
        assertEquals("reply longer than 100 lines", talk(false, "220-x\r\n".repeat(200)).end());
        assertEquals("passed", talk(false, "220-x\r\n".repeat(99) + HELLO, OFFER, BYE).end());
    }

    @Test
    void closingTooEarlyFails() {
        assertEquals("connection closed before a greeting", talk(false, CLOSE).end());
        assertEquals("connection closed before the answer to EHLO", talk(false, HELLO, CLOSE).end());
        assertEquals("connection closed before the answer to STARTTLS", talk(true, HELLO, OFFER, CLOSE).end());
        assertEquals("connection closed before the answer to QUIT", talk(false, HELLO, OFFER, "22" + CLOSE).end());
    }

    @Test
    void whatIsAwaitedIsTold() {
        assertEquals("waits for first byte", talk(false).end());
        assertEquals("waits for greeting", talk(false, "2").end());
        assertEquals("waits for answer to EHLO", talk(false, HELLO).end());
    }

    @Test
    void bytesInClearAfterStarttlsFailInAnotherPieceToo() {
        SmtpDialogue dialogue = dialogue(true);
        dialogue.begin();
        for (String line : List.of(HELLO, OFFER)) {
            dialogue.on(ByteBuffer.wrap(line.getBytes(US_ASCII)));
        }
        assertInstanceOf(Step.StartTls.class, dialogue.on(ByteBuffer.wrap("220 go\r\n".getBytes(US_ASCII))));
        assertEquals(new Step.Failed("bytes in clear after STARTTLS"), dialogue.on(ByteBuffer.wrap(new byte[1])));
    }
}
