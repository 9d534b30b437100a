package dev.vipd.director.hooks;

import dev.vipd.director.events.EventId;
import dev.vipd.director.events.EventLog;
import dev.vipd.director.events.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** What hooks do, in the event log and for {@code status}. Any thread. */
final class HookLog {
    private static final long NS_PER_MS = 1_000_000;

    private final EventLog log;
    private final Map<Key, HookStatus> last = new ConcurrentHashMap<>();

    private record Key(HookEvent.Kind kind, String name, String hook) {}

    /**
     * How one run ended.
     *
     * @param result as in {@link HookStatus#result}
     */
    record Outcome(boolean ok, String result, String lastLine) {}

    HookLog(EventLog log) {
        this.log = log;
    }

    /** A run begins. @return when, for {@link #ended} */
    long run(HookEvent event, String hook, String what) {
        note(event, hook, HookStatus.Phase.RUNNING, 0, "", "");
        log.emit(Level.INFO, EventId.HOOK_RUN, label(event) + "running " + hook + " for " + event.state(),
                "kind", kind(event), "name", event.name(), "hook", hook, "state", event.state(), "what", what);
        return System.nanoTime();
    }

    /** It has ended. */
    void ended(HookEvent event, String hook, long begunNs, Outcome outcome) {
        long tookMs = (System.nanoTime() - begunNs) / NS_PER_MS;
        HookStatus.Phase phase = outcome.ok() ? HookStatus.Phase.OK : HookStatus.Phase.FAILED;
        note(event, hook, phase, tookMs, outcome.result(), outcome.lastLine());
        String text = label(event) + hook + " for " + event.state() + ": " + outcome.result()
                + (outcome.lastLine().isEmpty() ? "" : ": " + outcome.lastLine());
        log.emit(outcome.ok() ? Level.INFO : Level.WARN, outcome.ok() ? EventId.HOOK_DONE : EventId.HOOK_FAILED, text,
                "kind", kind(event), "name", event.name(), "hook", hook, "state", event.state(),
                "took_ms", tookMs, "why", outcome.result(), "last", outcome.lastLine());
    }

    /** It is not run: a newer state came before its turn. */
    void skipped(HookEvent event, String hook) {
        note(event, hook, HookStatus.Phase.SKIPPED, 0, "overtaken by a newer state", "");
        log.emit(Level.WARN, EventId.HOOK_SKIPPED,
                label(event) + hook + " for " + event.state() + " is left out: a newer state has overtaken it",
                "kind", kind(event), "name", event.name(), "hook", hook, "state", event.state());
    }

    /** Something else about a hook, with its remedy. */
    void trouble(HookEvent event, String hook, String why) {
        log.emit(Level.WARN, EventId.HOOK_FAILED, label(event) + hook + ": " + why,
                "kind", kind(event), "name", event.name(), "hook", hook, "state", event.state(),
                "took_ms", 0, "why", why, "last", "");
    }

    /** Something that should not happen. */
    void broken(RuntimeException e) {
        log.emit(Level.ERROR, EventId.HOOK_FAILED, "a hook was lost: " + e,
                "kind", "-", "name", "-", "hook", "-", "state", "-", "took_ms", 0, "why", e, "last", "");
    }

    /** What reads a pipe has ended, which it should not. */
    void readerEnded(String path, Outcome outcome) {
        log.emit(Level.WARN, EventId.HOOK_FAILED, "notify_fifo_script of " + path + " has ended and is started again: "
                        + outcome.result() + " " + outcome.lastLine(),
                "kind", "fifo", "name", path, "hook", "notify_fifo_script", "state", "-", "took_ms", 0,
                "why", outcome.result(), "last", outcome.lastLine());
    }

    /** In a dry run. */
    void dryRun(HookEvent event, String hook, String what) {
        String text = "run " + hook + " of " + event.name() + " for " + event.state() + ": " + what;
        log.emit(Level.INFO, EventId.DRY_RUN, "dry run: would " + text, "what", text);
    }

    /** What became of all hooks, in the order of their names. */
    List<HookStatus> status() {
        List<HookStatus> all = new ArrayList<>(last.values());
        all.sort(Comparator.comparing(HookStatus::kind).thenComparing(HookStatus::name)
                .thenComparing(HookStatus::hook));
        return all;
    }

    /** Forgets what is not to be shown any more. */
    void keepOnly(Predicate<HookStatus> wanted) {
        last.values().removeIf(wanted.negate());
    }

    private void note(HookEvent event, String hook, HookStatus.Phase phase, long tookMs, String result, String line) {
        last.compute(key(event, hook), (key, before) -> {
            long failures = before == null ? 0 : before.failures();
            long skipped = before == null ? 0 : before.skipped();
            boolean ends = phase == HookStatus.Phase.OK || phase == HookStatus.Phase.FAILED;
            if (phase == HookStatus.Phase.SKIPPED && before != null) { // what ran last says more
                return new HookStatus(before.kind(), before.name(), hook, before.state(), before.phase(),
                        before.sinceNs(), before.tookMs(), before.result(), before.lastLine(), failures, skipped + 1);
            }
            return new HookStatus(event.kind(), event.name(), hook, event.state(), phase,
                    ends && before != null ? before.sinceNs() : System.nanoTime(), tookMs, result, line,
                    failures + (phase == HookStatus.Phase.FAILED ? 1 : 0),
                    skipped + (phase == HookStatus.Phase.SKIPPED ? 1 : 0));
        });
    }

    private static Key key(HookEvent event, String hook) {
        return new Key(event.kind(), event.name(), hook);
    }

    private static String label(HookEvent event) {
        return "(" + event.name() + ") ";
    }

    private static String kind(HookEvent event) {
        return event.kind().name().toLowerCase(java.util.Locale.ROOT);
    }
}
