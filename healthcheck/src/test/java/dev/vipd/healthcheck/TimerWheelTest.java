package dev.vipd.healthcheck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimerWheelTest {
    private static final long MS = 1_000_000;
    private static final long START = Long.MAX_VALUE - 20_000 * MS; // the clock wraps within the long tests

    private final TimerWheel wheel = new TimerWheel(START);
    private final List<String> gone = new ArrayList<>();

    private final class Named extends TimerWheel.Timer {
        private final String name;

        Named(String name) {
            this.name = name;
        }

        @Override
        protected void due(long nowNs) {
            gone.add(name);
        }
    }

    @Test
    void goesOffOnceAndNeverEarly() {
        wheel.set(new Named("a"), START + 10 * MS);
        wheel.advance(START + 10 * MS - 1);
        assertEquals(List.of(), gone);
        wheel.advance(START + 10 * MS + TimerWheel.TICK_NS);
        wheel.advance(START + 1000 * MS);
        assertEquals(List.of("a"), gone);
        assertEquals(Long.MAX_VALUE, wheel.nextNs());
    }

    @Test
    void aPauseOfYearsCostsNoMoreThanATurn() {
        wheel.set(new Named("soon"), START + 10 * MS);
        wheel.set(new Named("in an hour"), START + 3_600_000 * MS);
        wheel.set(new Named("not yet"), START + Long.MAX_VALUE);
        long hundredYearsNs = 100L * 365 * 86_400_000 * MS;
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> wheel.advance(START + hundredYearsNs));
        gone.sort(null);
        assertEquals(List.of("in an hour", "soon"), gone);
    }

    @Test
    void movesAndCancels() {
        Named moved = new Named("moved");
        Named cancelled = new Named("cancelled");
        wheel.set(moved, START + 10 * MS);
        wheel.set(cancelled, START + 10 * MS);
        wheel.set(moved, START + 100 * MS);
        wheel.cancel(cancelled);
        wheel.cancel(cancelled);
        wheel.advance(START + 50 * MS);
        assertEquals(List.of(), gone);
        wheel.advance(START + 110 * MS);
        assertEquals(List.of("moved"), gone);
    }

    @Test
    void whatIsDueAfterSeveralTurnsWaitsForThem() {
        wheel.set(new Named("late"), START + 15_000 * MS);
        for (long ms = 0; ms < 15_000; ms += 500) {
            wheel.advance(START + ms * MS);
        }
        assertEquals(List.of(), gone);
        wheel.advance(START + 15_010 * MS);
        assertEquals(List.of("late"), gone);
    }

    @Test
    void oneThatSetsItselfAnewDoesNotKeepTheWheelBusy() {
        wheel.set(new TimerWheel.Timer() {
            @Override
            protected void due(long nowNs) {
                gone.add("again");
                wheel.set(this, nowNs);
            }
        }, START);
        wheel.advance(START);
        assertEquals(1, gone.size());
        wheel.advance(START + TimerWheel.TICK_NS);
        assertEquals(2, gone.size());
    }

    /** Against a plain map of times. */
    @Test
    void agreesWithASlowListOfTimers() {
        for (long seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            TimerWheel tested = new TimerWheel(START);
            Map<Integer, Long> dueNs = new HashMap<>();
            List<Integer> wentOff = new ArrayList<>();
            List<TimerWheel.Timer> timers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                int number = i;
                timers.add(new TimerWheel.Timer() {
                    @Override
                    protected void due(long nowNs) {
                        wentOff.add(number);
                    }
                });
            }
            long nowNs = START;
            for (int step = 0; step < 2000; step++) {
                int number = random.nextInt(timers.size());
                if (random.nextInt(3) > 0) {
                    long at = nowNs + random.nextLong(9000 * MS) - 10 * MS;
                    tested.set(timers.get(number), at);
                    dueNs.put(number, at);
                } else {
                    tested.cancel(timers.get(number));
                    dueNs.remove(number);
                }
                nowNs += random.nextLong(100 * MS);
                long beforeNs = nowNs;
                tested.advance(nowNs);
                for (int off : wentOff) {
                    Long at = dueNs.remove(off);
                    assertTrue(at != null && at - beforeNs <= 0, "seed " + seed + ": early, or not set");
                }
                wentOff.clear();
                for (long at : dueNs.values()) {
                    assertTrue(at - nowNs > -TimerWheel.TICK_NS, "seed " + seed + ": late");
                    assertTrue(tested.nextNs() - at <= TimerWheel.TICK_NS, "seed " + seed + ": would be late");
                }
            }
        }
    }
}
