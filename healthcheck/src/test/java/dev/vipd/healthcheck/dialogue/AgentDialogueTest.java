package dev.vipd.healthcheck.dialogue;

import static dev.vipd.healthcheck.dialogue.Talk.CLOSE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.healthcheck.ProbeConfig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentDialogueTest {
    private static Talk.Outcome talk(String send, String... lines) {
        return Talk.inAnyPieces(() -> new AgentDialogue(new ProbeConfig.Agent(Requests.ROUTE, send)), lines);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {
        "up, passed", "ready, passed", "UP, passed", "75%, `passed, 75%`", "0%, `passed, 0%`", "150%, `passed, 150%`",
        "up 50%, `passed, 50%`", "`75%,maxconn:30,ready`, `passed, 75%`",
        "drain, `passed, drain`", "maxconn:30, passed",
        "maint, `passed, maintenance`", "drain ready, passed", "maint drain 50%, `passed, drain`", "down up, passed",
        "up #all well, passed", "` ,\tup\t `, passed",
        "down, agent says down", "failed, agent says failed", "fail, agent says fail", "stopped, agent says stopped",
        "down#disk full, agent says down: disk full", "`50%,maint,down # a # b `, agent says down: a # b"
    })
    void aLineOfWordsMeans(String line, String outcome) {
        assertEquals(outcome, talk("", line + "\n").end());
        assertEquals(outcome, talk("", line + "\r\nwhatever").end());
        assertEquals(outcome, talk("", line + CLOSE).end());
        assertEquals("waits for answer", talk("", line).end());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", "#up", "yes", "up maybe", "%", "-5%", "5 %", "5%%", "99999%", "123456789012%",
        "maxconn:", "maxconn:x", "\0"
    })
    void otherLinesMeanNothing(String line) {
        assertEquals("agent's answer means nothing", talk("", line + "\n").end());
    }

    @Test
    void theAgentIsSentItsStringFirst() {
        assertEquals(new Talk.Outcome("passed", List.of("web1\n")), talk("web1\n", "up\n"));
        assertEquals("waits for first byte", talk("").end());
        assertEquals("connection closed before an answer", talk("", CLOSE).end());
    }

    @Test
    void aLineIsBounded() {
        assertEquals("agent's answer is longer than 4 KiB", talk("", "up " + "x".repeat(5000)).end());
        assertEquals("agent says down: " + "x".repeat(59) + "…", talk("", "down #" + "x".repeat(4000) + "\n").end());
        assertEquals("agent says down: a?b", talk("", "down #a\u0007b\n").end());
    }
}
