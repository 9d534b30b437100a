package dev.vipd.healthcheck.dialogue;

import static dev.vipd.healthcheck.dialogue.Talk.CLOSE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.healthcheck.ProbeConfig;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExchangeDialogueTest {
    private static ProbeConfig.Exchange exchange(String send, String expect) {
        return new ProbeConfig.Exchange(send, Optional.ofNullable(expect));
    }

    private static Talk.Outcome talk(String send, String expect, String... lines) {
        return Talk.inAnyPieces(ExchangeDialogue.scripts(exchange(send, expect)), lines);
    }

    @Test
    void theAnswerMustMatchSomewhere() {
        Talk.Outcome outcome = talk("PING\r\n\u00ff", "PONG|\u00fe\u0000", "+\u00fe\u0000\r\n");
        assertEquals("passed", outcome.end());
        assertEquals(List.of("PING\r\n\u00ff"), outcome.sent());
        assertEquals("answer did not match", talk("PING", "PONG", "-ERR" + CLOSE).end());
        assertEquals("waits for answer", talk("PING", "PONG", "-ERR").end());
    }

    @Test
    void nothingIsSentWhereTheServerSpeaksFirst() {
        assertEquals(new Talk.Outcome("passed", List.of()), talk("", "^SSH-", "SSH-2.0-x\r\n"));
        assertEquals("waits for first byte", talk("", "^SSH-").end());
    }

    @Test
    void withoutExpectAnyByteIsAnAnswer() {
        assertEquals("passed", talk("x", null, "\0").end());
        assertEquals("connection closed before an answer", talk("x", null, CLOSE).end());
    }

    @Test
    void onlyTheFirst16KiBAreLookedAt() {
        String filler = "x".repeat(16 * 1024 - 3);
        assertEquals("passed", Talk.whole(new ExchangeDialogue(exchange("", "END")), filler + "END").end());
        assertEquals("answer did not match",
                Talk.whole(new ExchangeDialogue(exchange("", "END")), filler + "xEND").end());
    }

    @Test
    void aCatastrophicRegexEnds() {
        assertEquals("regex took too many steps", talk("", "a*a*a*a*a*a*a*b", "a".repeat(80) + CLOSE).end());
    }

    @Test
    void whatIsWrongIsTold() {
        assertEquals(Optional.empty(), ExchangeDialogue.problem(exchange("\u00ff", "a")));
        assertEquals(Optional.of("expect: unclosed character class at index 0"),
                ExchangeDialogue.problem(exchange("", "[")));
        assertEquals(Optional.of("send has a character that is no single byte at index 1, write its bytes"),
                ExchangeDialogue.problem(exchange("a\u20ac", null)));
    }
}
