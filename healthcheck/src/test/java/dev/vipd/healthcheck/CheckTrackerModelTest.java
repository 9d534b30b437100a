package dev.vipd.healthcheck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random outcomes and delays, against a model that works each verdict out anew from the whole history. */
class CheckTrackerModelTest {
    private static final int STEPS = 400;

    /** Slow and obvious: keeps every probe ever made. */
    private record Model(CheckTiming timing, List<Boolean> tries) {
        /** A pass ends a check, and so does the failure after the last retry. */
        List<Boolean> checks() {
            List<Boolean> checks = new ArrayList<>();
            int failed = 0;
            for (boolean passed : tries) {
                failed = passed ? 0 : failed + 1;
                if (passed || failed == timing.retry() + 1) {
                    checks.add(passed);
                    failed = 0;
                }
            }
            return checks;
        }

        HealthState state() {
            HealthState state = timing.alpha() ? HealthState.DOWN : HealthState.UP;
            List<Boolean> checks = checks();
            for (int end = 1; end <= checks.size(); end++) {
                if (endsWith(checks.subList(0, end), true, timing.rise())) {
                    state = HealthState.UP;
                } else if (endsWith(checks.subList(0, end), false, timing.fall())) {
                    state = HealthState.DOWN;
                }
            }
            return state;
        }

        long inARow(boolean passed) {
            List<Boolean> checks = checks();
            int count = 0;
            while (endsWith(checks, passed, count + 1)) {
                count++;
            }
            return count;
        }

        private static boolean endsWith(List<Boolean> checks, boolean value, int count) {
            return checks.size() >= count
                    && checks.subList(checks.size() - count, checks.size()).stream().allMatch(v -> v == value);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void agreesWithTheWholeHistory(long seed) {
        Random random = new Random(seed);
        CheckTiming timing = new CheckTiming(
                1000 + random.nextInt(1000),
                500,
                random.nextInt(4),
                random.nextInt(300),
                1 + random.nextInt(4),
                1 + random.nextInt(4),
                random.nextInt(2000),
                random.nextBoolean());
        long startNs = random.nextLong();
        Model model = new Model(timing, new ArrayList<>());
        CheckTracker tracker = new CheckTracker(timing, random.nextLong(), startNs);
        long originNs = tracker.nextProbeNs();
        int passPercent = 20 + random.nextInt(60);
        for (int step = 0; step < STEPS; step++) {
            String at = "seed " + seed + " step " + step + " " + timing;
            long probeNs = tracker.nextProbeNs() + (random.nextInt(10) == 0 ? random.nextInt(5000) : 0);
            long durationNs = random.nextInt(500);
            HealthState before = model.state();
            int checksBefore = model.checks().size();
            CheckOutcome outcome = outcome(random, passPercent, durationNs, model);
            Optional<HealthTransition> transition = tracker.on(outcome, probeNs + durationNs);
            assertEquals(model.state(), tracker.state(), at);
            assertEquals(
                    before == model.state() ? Optional.empty() : Optional.of(model.state()),
                    transition.map(HealthTransition::to),
                    at);
            assertEquals(model.inARow(true), tracker.consecutivePasses(), at);
            assertEquals(model.inARow(false), tracker.consecutiveFailures(), at);
            long pauseNs = tracker.nextProbeNs() - probeNs - durationNs;
            if (model.checks().size() > checksBefore || outcome instanceof CheckOutcome.LocalFault) {
                assertOnGrid(timing, pauseNs, tracker.nextProbeNs() - originNs, at);
            } else {
                long delayNs = timing.delayBeforeRetryNs();
                assertTrue(pauseNs >= delayNs && pauseNs <= delayNs + delayNs / 10, at + ": pause " + pauseNs);
            }
        }
    }

    private static CheckOutcome outcome(Random random, int passPercent, long durationNs, Model model) {
        if (random.nextInt(10) == 0) {
            return new CheckOutcome.LocalFault("no route");
        }
        boolean passed = random.nextInt(100) < passPercent;
        model.tries().add(passed);
        return passed ? new CheckOutcome.Passed(durationNs) : new CheckOutcome.Failed("no", durationNs);
    }

    private static void assertOnGrid(CheckTiming timing, long pauseNs, long sinceOriginNs, String at) {
        assertTrue(pauseNs > 0 && pauseNs <= timing.delayLoopNs() * 17 / 10, at + ": pause " + pauseNs);
        assertTrue(sinceOriginNs % timing.delayLoopNs() < timing.delayLoopNs() / 10, at + ": off the grid");
    }
}
