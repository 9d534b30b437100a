package dev.vipd.vrrp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.netlink.script.ScriptResult;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptTrackerTest {

    /** s: success, f: failure; the state after each. */
    @ParameterizedTest
    @CsvSource({
        "WAIT, 3, 3, s, U",
        "WAIT, 3, 3, f, D",
        "UP, 1, 1, fsf, DUD",
        "UP, 2, 3, ffsffsfff, UUUUUUUUD",
        "DOWN, 3, 1, ssfsssf, DDDDDUD",
        "UP, 3, 2, ffsssff, UDDDUUD",
    })
    void risesAndFalls(String init, int rise, int fall, String results, String states) {
        ScriptTracker tracker = new ScriptTracker(config(init, rise, fall));
        StringBuilder seen = new StringBuilder();
        for (char result : results.toCharArray()) {
            tracker.on(result == 's' ? new ScriptResult.Success() : new ScriptResult.Failure(1));
            seen.append(tracker.state().name().charAt(0));
        }
        assertEquals(states, seen.toString());
    }

    /** keepalived's counter runs from 0 to rise + fall - 1 and is up from rise on: the same answers. */
    @Test
    void agreesWithKeepalivedsCounter() {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
        for (int round = 0; round < 200; round++) {
            int rise = random.nextInt(1, 5);
            int fall = random.nextInt(1, 5);
            ScriptTracker tracker = new ScriptTracker(config("DOWN", rise, fall));
            int counter = 0;
            for (int i = 0; i < 200; i++) {
                boolean success = random.nextBoolean();
                tracker.on(success ? new ScriptResult.Success() : new ScriptResult.TimedOut());
                if (success) {
                    counter = counter < rise - 1 ? counter + 1 : rise + fall - 1;
                } else {
                    counter = counter > rise ? counter - 1 : 0;
                }
                assertEquals(counter >= rise ? TrackerState.UP : TrackerState.DOWN, tracker.state());
            }
        }
    }

    @Test
    void transitionsSayWhy() {
        ScriptTracker tracker = new ScriptTracker(config("WAIT", 1, 1));
        TrackerId id = TrackerId.script("chk");
        assertEquals(
                Optional.of(new TrackerTransition(id, TrackerState.WAIT, TrackerState.UP, "succeeded")),
                tracker.on(new ScriptResult.Success()));
        assertEquals(Optional.empty(), tracker.on(new ScriptResult.Success()));
        assertEquals(
                Optional.of(new TrackerTransition(id, TrackerState.UP, TrackerState.DOWN, "exited with status 7")),
                tracker.on(new ScriptResult.Failure(7)));
        assertEquals(Optional.empty(), tracker.on(new ScriptResult.TimedOut()));
        assertEquals("exited with status 7", tracker.why());
        tracker.on(new ScriptResult.Success());
        tracker.on(new ScriptResult.NotStarted("No such file or directory"));
        assertEquals("could not be run: No such file or directory", tracker.why());
    }

    @Test
    void reloadKeepsWhatIsKnown() {
        ScriptTracker tracker = new ScriptTracker(config("UP", 1, 1));
        tracker.reconfigure(config("WAIT", 2, 2));
        tracker.on(new ScriptResult.Failure(1));
        assertEquals(TrackerState.UP, tracker.state());
        tracker.on(new ScriptResult.Failure(1));
        assertEquals(TrackerState.DOWN, tracker.state());
    }

    private static TrackScriptConfig config(String init, int rise, int fall) {
        return new TrackScriptConfig(
                "chk", List.of("/bin/true"), 1, 1, rise, fall, TrackScriptConfig.Init.valueOf(init), Optional.empty());
    }
}
