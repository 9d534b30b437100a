package dev.vipd.healthcheck;

/**
 * One change of state of a check or of a real server.
 *
 * @param reason short text, the same wherever the change is shown: {@code connect refused}, {@code passed 2 in a row}
 * @param atNs   when it was decided, on the caller's monotonic clock
 */
public record HealthTransition(HealthState from, HealthState to, String reason, long atNs) {
    public HealthTransition {
        if (from == to) {
            throw new IllegalArgumentException("not a transition: " + from + " to " + to);
        }
    }
}
