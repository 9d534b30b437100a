package dev.vipd.healthcheck;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class CheckOutcomeTest {
    private static boolean same(String a, String b) {
        return new CheckOutcome.Failed(a, 1).saysSameAs(new CheckOutcome.Failed(b, 2));
    }

    @Test
    void aHostThatIsGoneSaysOneThingInTwoWays() {
        for (String silence : List.of("connect timed out after 500ms", "echo reply timed out after 1s",
                "answer timed out after 5s")) {
            assertTrue(same(silence, "no route to host"), silence);
            assertTrue(same("no route to host", silence), silence);
            assertFalse(same(silence, "connect refused"), silence);
        }
        assertFalse(same("body timed out after 2s", "no route to host"));
        assertFalse(same("no route to host", "network unreachable"));
        assertTrue(same("status 503, want 200-299", "status 503, want 200-299"));
        assertFalse(new CheckOutcome.Failed("passed", 1).saysSameAs(new CheckOutcome.Passed(1)));
    }
}
