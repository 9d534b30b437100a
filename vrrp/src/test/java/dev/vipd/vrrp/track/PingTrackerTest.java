package dev.vipd.vrrp.track;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.vrrp.TrackPingConfig;
import dev.vipd.vrrp.TrackerReading;
import dev.vipd.vrrp.track.PingTracker.Due;
import java.net.InetAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PingTrackerTest {
    private static final long MS = 1_000_000;
    private static final long START = Long.MAX_VALUE - 150 * MS;

    private static PingTracker tracker(int rise, int fall) {
        return new PingTracker(
                new TrackPingConfig(
                        "gw", InetAddress.ofLiteral("192.0.2.254"), Optional.empty(), false, 100 * MS, 40 * MS, rise,
                        fall),
                START);
    }

    @Test
    void itAsksAtEachInterval() {
        PingTracker tracker = tracker(1, 1);
        assertEquals(Due.ASK, tracker.deadline(START));
        assertEquals(1, tracker.seq());
        assertEquals(START + 40 * MS, tracker.nextDeadlineNs(), "the timeout");
        assertTrue(tracker.answered());
        assertFalse(tracker.answered(), "twice");
        assertEquals(START + 100 * MS, tracker.nextDeadlineNs());
        assertEquals(Due.NOTHING, tracker.deadline(START + 99 * MS));
        assertEquals(Due.ASK, tracker.deadline(START + 105 * MS));
        assertTrue(tracker.nextDeadlineNs() - (START + 145 * MS) == 0);
        tracker.answered();
        assertEquals(START + 200 * MS, tracker.nextDeadlineNs(), "what is late does not shift the rest");
    }

    @Test
    void silenceAndAnswersInARowDecide() {
        PingTracker tracker = tracker(2, 3);
        assertEquals(TrackerReading.WAIT, tracker.reading());
        long now = START;
        tracker.deadline(now);
        assertTrue(tracker.answered(), "the first decides alone");
        for (int i = 1; i <= 3; i++) {
            now += 100 * MS;
            assertEquals(Due.ASK, tracker.deadline(now));
            assertEquals(i < 3 ? Due.NOTHING : Due.CHANGED, tracker.deadline(now + 40 * MS));
        }
        assertEquals(TrackerReading.DOWN, tracker.reading());
        assertEquals("no answer within 40 ms", tracker.why());
        assertFalse(tracker.answered(), "too late");
        now += 100 * MS;
        tracker.deadline(now);
        assertFalse(tracker.answered());
        now += 100 * MS;
        tracker.deadline(now);
        assertTrue(tracker.answered());
        assertEquals(TrackerReading.UP, tracker.reading());
    }

    @Test
    void whatCanNotBeSentIsNotAnswered() {
        PingTracker tracker = tracker(1, 1);
        tracker.deadline(START);
        assertTrue(tracker.notSent("network is unreachable"));
        assertEquals("network is unreachable", tracker.why());
        assertEquals(Due.NOTHING, tracker.deadline(START + 50 * MS), "until the next interval");
    }

    @Test
    void afterASleepItAsksOnce() {
        PingTracker tracker = tracker(1, 1);
        tracker.deadline(START);
        tracker.answered();
        long woken = START + 1000 * MS;
        assertEquals(Due.ASK, tracker.deadline(woken));
        tracker.answered();
        assertEquals(Due.NOTHING, tracker.deadline(woken));
        assertEquals(woken + 100 * MS, tracker.nextDeadlineNs());
    }
}
