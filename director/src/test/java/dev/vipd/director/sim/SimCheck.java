package dev.vipd.director.sim;

import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckOutcome;
import dev.vipd.healthcheck.CheckTracker;
import dev.vipd.healthcheck.HealthState;
import dev.vipd.healthcheck.Verdict;

/** One check as the checker makes it: a real tracker, whose probes are answered by the world. */
final class SimCheck {
    private final CheckConfig config;
    private final CheckTracker tracker;
    private final World world;
    private Verdict told;
    private boolean stopped;

    SimCheck(CheckConfig config, HealthState initial, long seed, World world) {
        this.config = config;
        this.world = world;
        tracker = new CheckTracker(config.timing(), initial, seed, world.agenda().nowNs());
        told = tracker.verdict();
        world.agenda().at(tracker.nextProbeNs(), this::probe);
    }

    void stop() {
        stopped = true;
    }

    private void probe() {
        if (stopped) {
            return;
        }
        CheckOutcome outcome = world.answer(config);
        long tookNs = switch (outcome) {
            case CheckOutcome.Passed passed -> passed.durationNs();
            case CheckOutcome.Failed failed -> failed.durationNs();
            case CheckOutcome.LocalFault _ -> 0;
        };
        world.agenda().after(tookNs, () -> end(outcome));
    }

    private void end(CheckOutcome outcome) {
        if (stopped) {
            return;
        }
        tracker.on(outcome, world.agenda().nowNs());
        Verdict verdict = tracker.verdict();
        if (!verdict.equals(told)) {
            told = verdict;
            world.hear(config, verdict);
        }
        world.agenda().at(tracker.nextProbeNs(), this::probe);
    }
}
