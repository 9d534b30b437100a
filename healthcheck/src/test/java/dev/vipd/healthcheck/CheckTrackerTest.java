package dev.vipd.healthcheck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CheckTrackerTest {
    private static final long MS = 1_000_000;
    private static final long S = 1000 * MS;
    private static final long LOOP = 2 * S;
    private static final long START = Long.MAX_VALUE - S; // the clock wraps within each test
    private static final CheckOutcome PASSED = new CheckOutcome.Passed(0);
    private static final CheckOutcome REFUSED = new CheckOutcome.Failed("connect refused", 0);
    private static final CheckOutcome LOCAL = new CheckOutcome.LocalFault("too many open files");

    private static CheckTiming timing(int retry, int rise, int fall, boolean alpha) {
        return new CheckTiming(LOOP, S, retry, 100 * MS, rise, fall, LOOP, alpha);
    }

    private static CheckTracker tracker(int retry, int rise, int fall, boolean alpha) {
        return new CheckTracker(timing(retry, rise, fall, alpha), 1, START);
    }

    private static Optional<HealthTransition> feed(CheckTracker tracker, CheckOutcome outcome) {
        return tracker.on(outcome, tracker.nextProbeNs());
    }

    @Test
    void withoutAlphaItIsUpUntilItFails() {
        CheckTracker tracker = tracker(0, 1, 1, false);
        assertEquals(HealthState.UP, tracker.state());
        assertEquals(START, tracker.sinceNs());
        long failedNs = tracker.nextProbeNs();
        assertEquals(
                Optional.of(new HealthTransition(HealthState.UP, HealthState.DOWN, "connect refused", failedNs)),
                tracker.on(REFUSED, failedNs));
        assertEquals(HealthState.DOWN, tracker.state());
        assertEquals(failedNs, tracker.sinceNs());
        assertEquals("connect refused", tracker.reason());
    }

    @Test
    void withAlphaItIsDownUntilRiseChecksPassed() {
        CheckTracker tracker = tracker(0, 2, 1, true);
        assertEquals(HealthState.DOWN, tracker.state());
        assertEquals("not checked yet", tracker.reason());
        assertEquals(Optional.empty(), feed(tracker, PASSED));
        HealthTransition up = feed(tracker, PASSED).orElseThrow();
        assertEquals(HealthState.UP, up.to());
        assertEquals("passed 2 in a row", up.reason());
    }

    @Test
    void fallAndRiseCountOnlyInARow() {
        CheckTracker tracker = tracker(0, 3, 3, false);
        for (CheckOutcome outcome : List.of(REFUSED, REFUSED, PASSED, REFUSED, REFUSED)) {
            assertEquals(Optional.empty(), feed(tracker, outcome));
        }
        assertEquals(HealthState.DOWN, feed(tracker, REFUSED).orElseThrow().to());
        for (CheckOutcome outcome : List.of(PASSED, PASSED, REFUSED, PASSED, PASSED)) {
            assertEquals(Optional.empty(), feed(tracker, outcome));
        }
        assertEquals(HealthState.UP, feed(tracker, PASSED).orElseThrow().to());
    }

    @Test
    void aCheckHasFailedOnceAllItsRetriesFailed() {
        CheckTracker tracker = tracker(2, 1, 1, false);
        assertEquals(Optional.empty(), feed(tracker, REFUSED));
        assertEquals(Optional.empty(), feed(tracker, REFUSED));
        assertEquals(0, tracker.consecutiveFailures());
        assertTrue(feed(tracker, REFUSED).isPresent());
        assertEquals(1, tracker.consecutiveFailures());
    }

    @Test
    void aRetryThatPassesIsAPassedCheckAndTheNextCheckHasAllItsRetriesAgain() {
        CheckTracker tracker = tracker(1, 1, 1, false);
        for (int i = 0; i < 5; i++) {
            assertEquals(Optional.empty(), feed(tracker, REFUSED));
            assertEquals(Optional.empty(), feed(tracker, PASSED));
        }
        assertEquals(5, tracker.consecutivePasses());
        assertEquals(0, tracker.consecutiveFailures());
    }

    @Test
    void aRetryComesDelayBeforeRetryLaterAndAtMostATenthMore() {
        for (long seed = 0; seed < 200; seed++) {
            CheckTracker tracker = new CheckTracker(timing(1, 1, 1, false), seed, START);
            long endedNs = tracker.nextProbeNs() + 7 * MS;
            tracker.on(new CheckOutcome.Failed("connect refused", 7 * MS), endedNs);
            long pauseNs = tracker.nextProbeNs() - endedNs;
            assertTrue(pauseNs >= 100 * MS && pauseNs < 110 * MS, "pause " + pauseNs);
        }
    }

    @Test
    void aLocalFaultChangesNothingButTheLastOutcome() {
        CheckTracker tracker = tracker(1, 2, 2, false);
        feed(tracker, REFUSED);
        feed(tracker, REFUSED);
        feed(tracker, REFUSED);
        for (int i = 0; i < 10; i++) {
            assertEquals(Optional.empty(), feed(tracker, LOCAL));
        }
        assertEquals(HealthState.UP, tracker.state());
        assertEquals(1, tracker.consecutiveFailures());
        assertEquals("local fault: too many open files", tracker.lastOutcome().orElseThrow().text());
        assertTrue(feed(tracker, REFUSED).isPresent(), "the retry that was due before the local faults");
    }

    @Test
    void aLocalFaultWaitsForTheGridEvenWhenARetryWouldComeAtOnce() {
        CheckTracker tracker = new CheckTracker(new CheckTiming(LOOP, S, 5, 0, 1, 1, 0, false), 1, START);
        feed(tracker, REFUSED);
        assertEquals(START, tracker.nextProbeNs(), "a retry without delay");
        feed(tracker, LOCAL);
        assertTrue(tracker.nextProbeNs() - START >= LOOP);
    }

    @Test
    void theFirstProbeFallsAnywhereWithinTheWarmup() {
        Set<Long> quarters = new HashSet<>();
        for (long seed = 0; seed < 200; seed++) {
            long afterNs = new CheckTracker(timing(0, 1, 1, false), seed, START).nextProbeNs() - START;
            assertTrue(afterNs >= 0 && afterNs < LOOP, "after " + afterNs);
            quarters.add(afterNs * 4 / LOOP);
        }
        assertEquals(Set.of(0L, 1L, 2L, 3L), quarters);
    }

    @Test
    void withoutWarmupTheFirstProbeIsAtOnce() {
        CheckTiming eager = new CheckTiming(LOOP, S, 0, S, 1, 1, 0, false);
        assertEquals(START, new CheckTracker(eager, 5, START).nextProbeNs());
    }

    @Test
    void checksKeepToTheGridForeverAndTheirJitterDoesNotAddUp() {
        CheckTracker tracker = tracker(0, 1, 1, false);
        long originNs = tracker.nextProbeNs();
        Set<Long> jitters = new HashSet<>();
        for (long i = 0; i < 10_000; i++) {
            long offNs = tracker.nextProbeNs() - (originNs + i * LOOP);
            assertTrue(offNs >= 0 && offNs < LOOP / 10, "check " + i + " is off by " + offNs);
            jitters.add(offNs);
            tracker.on(new CheckOutcome.Passed(50 * MS), tracker.nextProbeNs() + 50 * MS);
        }
        assertTrue(jitters.size() > 9_900, "jitter always: " + jitters.size());
    }

    @Test
    void aLateProbeDoesNotShiftTheNextOne() {
        CheckTracker tracker = tracker(0, 1, 1, false);
        long originNs = tracker.nextProbeNs();
        tracker.on(PASSED, originNs + LOOP / 4);
        assertGridPoint(originNs, 1, tracker);
    }

    @Test
    void aProbeThatIsLateByMoreThanHalfALoopSkipsThePointThatFollowsTooSoon() {
        CheckTracker tracker = tracker(0, 1, 1, false);
        long originNs = tracker.nextProbeNs();
        tracker.on(PASSED, originNs + LOOP * 3 / 4);
        assertGridPoint(originNs, 2, tracker);
    }

    @Test
    void pointsThatWereMissedAreSkippedNotMadeUpFor() {
        CheckTracker tracker = tracker(0, 1, 1, false);
        long originNs = tracker.nextProbeNs();
        tracker.on(new CheckOutcome.Failed("connect timed out after 5s", 5 * S), originNs + 5 * S);
        assertGridPoint(originNs, 3, tracker);
    }

    @Test
    void aCheckWithRetriesStillEndsOnTheNextPointBecauseItsStartCounts() {
        CheckTracker tracker = tracker(1, 1, 3, false);
        long originNs = tracker.nextProbeNs();
        tracker.on(new CheckOutcome.Failed("no response within 1s", S), originNs + S);
        tracker.on(REFUSED, originNs + LOOP - MS);
        assertGridPoint(originNs, 1, tracker);
    }

    private static void assertGridPoint(long originNs, int point, CheckTracker tracker) {
        long offNs = tracker.nextProbeNs() - (originNs + point * LOOP);
        assertTrue(offNs >= 0 && offNs < LOOP / 10, "off grid point " + point + " by " + offNs);
    }

    @Test
    void theSameSeedGivesTheSameScheduleAndAnotherSeedAnother() {
        assertEquals(schedule(7), schedule(7));
        assertNotEquals(schedule(7), schedule(8));
    }

    private static List<Long> schedule(long seed) {
        CheckTracker tracker = new CheckTracker(timing(1, 1, 1, false), seed, START);
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            times.add(tracker.nextProbeNs());
            feed(tracker, i % 3 == 0 ? REFUSED : PASSED);
        }
        return times;
    }

    @Test
    void impossibleTimingIsRefused() {
        for (CheckTiming bad : List.of(
                new CheckTiming(0, S, 0, S, 1, 1, 0, false),
                new CheckTiming(LOOP, S, -1, S, 1, 1, 0, false),
                new CheckTiming(LOOP, S, 0, S, 0, 1, 0, false),
                new CheckTiming(LOOP, S, 0, S, 1, 0, 0, false))) {
            assertThrows(IllegalArgumentException.class, () -> new CheckTracker(bad, 1, START));
        }
    }
}
