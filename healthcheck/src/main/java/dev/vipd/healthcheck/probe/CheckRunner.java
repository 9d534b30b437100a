package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.Advice;
import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckOutcome;
import dev.vipd.healthcheck.CheckTracker;
import dev.vipd.healthcheck.HealthState;
import dev.vipd.healthcheck.ProbeStats;
import dev.vipd.healthcheck.TimerWheel;
import dev.vipd.healthcheck.Verdict;
import java.util.Optional;

/**
 * One check, pinned to one loop: runs its probes when they are due, judges and reports. Its one timer is the next probe
 * or, while one is under way, that one's deadline. Confined to the loop.
 */
final class CheckRunner extends TimerWheel.Timer implements ProbeRun.Done {
    private final CheckConfig check;
    private final CheckLoop loop;
    private final HealthListener listener;
    private final CheckTracker tracker;
    private final Probe probe;
    private final ProbeStats stats = new ProbeStats();
    private ProbeRun run;
    private long lastAtNs;

    CheckRunner(CheckConfig check, HealthState initial, CheckLoop loop, HealthListener listener, long seed) {
        this.check = check;
        this.loop = loop;
        this.listener = listener;
        this.tracker = new CheckTracker(check.timing(), initial, seed, loop.nanoTime());
        this.probe = Probes.of(check.probe());
    }

    void start() {
        loop.set(this, tracker.nextProbeNs());
    }

    /** Nothing is reported from here on. */
    void stop() {
        loop.cancel(this);
        if (run != null) {
            run.cancel();
            run = null;
        }
        probe.close();
    }

    @Override
    protected void due(long nowNs) {
        if (run == null) {
            begin();
        } else {
            ProbeRun waiting = run;
            waiting.carefully(() -> waiting.onDeadline(nowNs));
            if (run == waiting) {
                loop.set(this, run.deadlineNs());
            }
        }
    }

    private void begin() {
        long nowNs = loop.nanoTime();
        loop.lag().note(nowNs - tracker.nextProbeNs());
        ProbeRun begun = new ProbeRun(loop, check.timing(), nowNs, this);
        run = begun;
        begun.carefully(() -> probe.start(begun));
        if (run == begun) {
            loop.set(this, begun.deadlineNs());
        }
    }

    @Override
    public void ended(ProbeRun ended, CheckOutcome outcome) {
        run = null;
        lastAtNs = loop.nanoTime();
        stats.count(outcome);
        Optional<CheckOutcome> before = tracker.lastOutcome();
        HealthState stateBefore = tracker.state();
        Advice adviceBefore = tracker.advice();
        tracker.on(outcome, lastAtNs).ifPresent(_ -> stats.countTransition());
        loop.set(this, tracker.nextProbeNs());
        if (before.isEmpty() || !before.get().saysSameAs(outcome)) {
            tell(() -> listener.onResult(check, outcome));
        }
        if (stateBefore != tracker.state() || !adviceBefore.equals(tracker.advice())) {
            Verdict verdict = tracker.verdict();
            tell(() -> listener.onVerdict(check, verdict, outcome, lastAtNs));
        }
    }

    private static void tell(Runnable what) {
        try {
            what.run();
        } catch (RuntimeException e) {
            // lost, as HealthListener says: the event loop would take a rest of a second for it
        }
    }

    CheckStatus status() {
        return new CheckStatus(
                check,
                tracker.verdict(),
                tracker.sinceNs(),
                tracker.lastOutcome(),
                lastAtNs,
                tracker.consecutivePasses(),
                tracker.consecutiveFailures(),
                tracker.heldNs(loop.nanoTime()),
                tracker.history(),
                stats.counts());
    }
}
