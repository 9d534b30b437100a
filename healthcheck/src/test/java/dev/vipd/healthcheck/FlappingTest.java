package dev.vipd.healthcheck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Hold-down, fast interval, advice and the memory of transitions. */
class FlappingTest {
    private static final long S = 1_000_000_000;
    private static final CheckOutcome PASSED = new CheckOutcome.Passed(0);
    private static final CheckOutcome REFUSED = new CheckOutcome.Failed("connect refused", 0);

    private final CheckTiming timing =
            new CheckTiming(S, S / 10, S, S, 0, S, 2, 2, 0, false, 30 * S, 100 * S);
    private final CheckTracker tracker = new CheckTracker(timing, 1, 0);
    private long nowNs;

    private void feed(CheckOutcome outcome, int times) {
        for (int i = 0; i < times; i++) {
            nowNs = tracker.nextProbeNs();
            tracker.on(outcome, nowNs);
        }
    }

    /** Feeds passes until it is up. @return for how long it was down, in seconds */
    private long downSeconds() {
        assertEquals(HealthState.DOWN, tracker.state());
        long sinceNs = tracker.sinceNs();
        for (int i = 0; tracker.state() == HealthState.DOWN && i < 1000; i++) {
            feed(PASSED, 1);
        }
        return (nowNs - sinceNs) / S;
    }

    @Test
    void theFirstFallIsNotHeldAgainstIt() {
        feed(REFUSED, 2);
        assertTrue(downSeconds() <= 2);
        assertEquals("passed 2 in a row", tracker.reason());
    }

    @Test
    void aFlapperStaysDownTwiceAsLongEachTimeUpToTheMaximum() {
        feed(REFUSED, 2);
        downSeconds();
        for (long wanted : new long[] {30, 60, 100, 100}) {
            feed(REFUSED, 2);
            assertEquals(wanted * S, tracker.heldNs(nowNs));
            long down = downSeconds();
            assertTrue(down >= wanted && down <= wanted + 2, wanted + " s wanted, was down " + down);
            assertEquals("passed 2 in a row, held down for flapping", tracker.reason());
        }
    }

    @Test
    void oneThatWasUpForTheMaximumFlapsNoMore() {
        feed(REFUSED, 2);
        downSeconds();
        feed(REFUSED, 2);
        downSeconds();
        feed(PASSED, 110);
        feed(REFUSED, 2);
        assertEquals(0, tracker.heldNs(nowNs));
        assertTrue(downSeconds() <= 2);
    }

    @Test
    void probesComeFasterWhileInDoubt() {
        feed(PASSED, 1);
        feed(REFUSED, 1);
        long waitNs = tracker.nextProbeNs() - nowNs;
        assertTrue(waitNs >= S / 10 && waitNs <= S / 10 + S / 100, "to the deciding failure: " + waitNs);
        feed(REFUSED, 1);
        assertTrue(tracker.nextProbeNs() - nowNs >= S / 2, "it is decided: " + (tracker.nextProbeNs() - nowNs));
        feed(PASSED, 1);
        waitNs = tracker.nextProbeNs() - nowNs;
        assertTrue(waitNs >= S / 10 && waitNs <= S / 10 + S / 100, "to the deciding pass: " + waitNs);
        feed(PASSED, 1);
        assertEquals(HealthState.UP, tracker.state());
        assertTrue(tracker.nextProbeNs() - nowNs >= S / 2);
    }

    @Test
    void whileHeldDownItIsNotProbedFaster() {
        feed(REFUSED, 2);
        downSeconds();
        feed(REFUSED, 2);
        feed(PASSED, 3);
        assertEquals(HealthState.DOWN, tracker.state());
        assertTrue(tracker.nextProbeNs() - nowNs >= S / 2);
    }

    @Test
    void theLastPassedProbeSaysWhatWeightIsWanted() {
        tracker.on(new CheckOutcome.Passed(Advice.percent(50), "", 0), 0);
        assertEquals(Advice.percent(50), tracker.advice());
        feed(REFUSED, 1);
        assertEquals(new Verdict(HealthState.UP, Advice.percent(50), "not checked yet"), tracker.verdict());
        feed(PASSED, 1);
        assertEquals(Advice.NONE, tracker.advice());
    }

    @Test
    void theLastTransitionsAreKeptLatestFirst() {
        for (int i = 0; i < 10; i++) {
            feed(REFUSED, 2);
            downSeconds();
        }
        assertEquals(CheckTracker.HISTORY_MAX, tracker.history().size());
        assertEquals(HealthState.UP, tracker.history().getFirst().to());
        assertEquals("connect refused", tracker.history().get(1).reason());
    }
}
