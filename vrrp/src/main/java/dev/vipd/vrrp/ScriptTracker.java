package dev.vipd.vrrp;

import dev.vipd.netlink.script.ScriptResult;
import java.util.Optional;

/** Turns the results of a script into up and down, as keepalived does. */
public final class ScriptTracker {
    private final TrackerId id;
    private final RiseFall results;
    private String why = "no result yet";

    public ScriptTracker(TrackScriptConfig config) {
        id = TrackerId.script(config.name());
        TrackerState initial = switch (config.init()) {
            case WAIT -> TrackerState.WAIT;
            case UP -> TrackerState.UP;
            case DOWN -> TrackerState.DOWN;
        };
        results = new RiseFall(config.rise(), config.fall(), initial);
    }

    /** Takes the result of one run; gives the change of state that it makes, if it does. */
    public Optional<TrackerTransition> on(ScriptResult result) {
        boolean success = switch (result) {
            case ScriptResult.Success() -> true;
            case ScriptResult.Failure _, ScriptResult.TimedOut _, ScriptResult.NotStarted _ -> false;
        };
        TrackerState before = results.state();
        if (!results.on(success)) {
            return Optional.empty();
        }
        why = describe(result);
        return Optional.of(new TrackerTransition(id, before, results.state(), why));
    }

    /** A reload brought other thresholds; what is known stays. */
    public void reconfigure(TrackScriptConfig config) {
        results.reconfigure(config.rise(), config.fall());
    }

    public TrackerState state() {
        return results.state();
    }

    /** The result that led to the present state. */
    public String why() {
        return why;
    }

    private static String describe(ScriptResult result) {
        return switch (result) {
            case ScriptResult.Success() -> "succeeded";
            case ScriptResult.Failure(int status) -> "exited with status " + status;
            case ScriptResult.TimedOut() -> "timed_out";
            case ScriptResult.NotStarted(String reason) -> "could not be run: " + reason;
        };
    }
}
