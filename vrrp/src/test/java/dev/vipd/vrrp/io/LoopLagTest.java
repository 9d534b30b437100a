package dev.vipd.vrrp.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class LoopLagTest {
    private static final long MS = 1_000_000;

    @Test
    void countsByHowLate() {
        LoopLag lag = new LoopLag(0);
        assertFalse(lag.woke(-1, -1, 50 * MS)); // a packet came first
        assertFalse(lag.woke(0, 0, 50 * MS));
        assertFalse(lag.woke(MS, MS, 50 * MS));
        assertTrue(lag.woke(60 * MS, MS, 50 * MS));
        assertFalse(lag.woke(55 * MS, MS, 50 * MS)); // counted, but a worse one was just told of
        lag.heartbeat();
        assertTrue(lag.woke(55 * MS, MS, 50 * MS));
        LoopStatus status = lag.status(7);
        assertEquals(
                List.of("50000 1", "1000000 1", "100000000 3"),
                status.lag().stream()
                        .filter(bucket -> bucket.count() > 0)
                        .map(bucket -> bucket.upToNs() + " " + bucket.count())
                        .toList());
        assertEquals(60 * MS, status.lagNsMax());
        assertEquals(60 * MS, status.recentLagNsMax());
        assertEquals(3, status.stalls());
        assertEquals(7, status.realTimePriority());
        lag.heartbeat();
        assertEquals(55 * MS, lag.status(7).recentLagNsMax());
    }

    /** What the loop itself takes is its lag, but no pause of the machine. */
    @Test
    void measuresPausesAtTheStart() {
        LoopLag lag = new LoopLag(100 * MS);
        assertEquals(102 * MS, lag.deadlineNs(102 * MS, 101 * MS + MS / 2));
        assertEquals(102 * MS, lag.deadlineNs(500 * MS, 101 * MS));
        lag.woke(20 * MS, 2 * MS, 50 * MS);
        assertFalse(lag.measured(399 * MS));
        assertEquals(0, lag.status(0).pauseNsMax());
        assertTrue(lag.measured(400 * MS));
        assertFalse(lag.measured(401 * MS));
        lag.woke(9 * MS, 9 * MS, 50 * MS);
        assertEquals(2 * MS, lag.status(0).pauseNsMax());
        assertEquals(500 * MS, lag.deadlineNs(500 * MS, 401 * MS));
    }
}
