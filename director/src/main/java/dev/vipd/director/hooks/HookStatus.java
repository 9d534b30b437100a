package dev.vipd.director.hooks;

/**
 * What became of one hook of one instance or sync group.
 *
 * @param kind     whose
 * @param name     whose
 * @param hook     key of the configuration: {@code notify_master}, {@code webhook}
 * @param state    what it was run for last
 * @param phase    whether it runs, or how the last run ended
 * @param sinceNs  when that run began, {@code System.nanoTime()}
 * @param tookMs   how long it took; 0 while it runs
 * @param result   {@code exit 0}, {@code HTTP 204}, or what went wrong; empty while it runs
 * @param lastLine the last line it wrote; may be empty
 * @param failures runs that failed so far
 * @param skipped  events that it was not run for, since a newer state overtook them
 */
public record HookStatus(
        HookEvent.Kind kind,
        String name,
        String hook,
        HookState state,
        Phase phase,
        long sinceNs,
        long tookMs,
        String result,
        String lastLine,
        long failures,
        long skipped) {

    /** How far it is. */
    public enum Phase {
        RUNNING,
        OK,
        FAILED,
        SKIPPED
    }
}
