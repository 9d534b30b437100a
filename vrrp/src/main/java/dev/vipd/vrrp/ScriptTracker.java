package dev.vipd.vrrp;

import java.util.Optional;

/**
 * Turns the results of a script into up and down as keepalived does: {@code rise} successes in a row to come up,
 * {@code fall} failures in a row to go down; where nothing is known yet, the first result decides alone.
 */
public final class ScriptTracker {
    private final TrackerId id;
    private int rise;
    private int fall;
    private TrackerState state;
    private String why = "no result yet";
    /** Results in a row against the present state. */
    private int contrary;

    public ScriptTracker(TrackScriptConfig config) {
        id = TrackerId.script(config.name());
        rise = config.rise();
        fall = config.fall();
        state = switch (config.init()) {
            case WAIT -> TrackerState.WAIT;
            case UP -> TrackerState.UP;
            case DOWN -> TrackerState.DOWN;
        };
    }

    /** Takes the result of one run; gives the change of state that it makes, if it does. */
    public Optional<TrackerTransition> on(ScriptResult result) {
        boolean success = switch (result) {
            case ScriptResult.Success() -> true;
            case ScriptResult.Failure _, ScriptResult.TimedOut _, ScriptResult.NotStarted _ -> false;
        };
        TrackerState says = success ? TrackerState.UP : TrackerState.DOWN;
        if (says == state) {
            contrary = 0;
            return Optional.empty();
        }
        contrary++;
        int needed = switch (state) {
            case WAIT -> 1;
            case DOWN -> rise;
            case UP -> fall;
        };
        return contrary < needed ? Optional.empty() : Optional.of(become(says, describe(result)));
    }

    /** A reload brought other thresholds; what is known stays. */
    public void reconfigure(TrackScriptConfig config) {
        rise = config.rise();
        fall = config.fall();
    }

    public TrackerState state() {
        return state;
    }

    /** The result that led to the present state. */
    public String why() {
        return why;
    }

    private TrackerTransition become(TrackerState to, String reason) {
        TrackerTransition transition = new TrackerTransition(id, state, to, reason);
        state = to;
        why = reason;
        contrary = 0;
        return transition;
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
