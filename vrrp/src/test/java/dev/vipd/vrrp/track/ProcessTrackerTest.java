package dev.vipd.vrrp.track;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.vrrp.TrackProcessConfig;
import dev.vipd.vrrp.TrackProcessConfig.Match;
import dev.vipd.vrrp.TrackerReading;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProcessTrackerTest {
    private static final long NOW = Long.MAX_VALUE - 10;

    private static ProcessTracker tracker(int quorum, int quorumMax, long forkDelayNs, long terminateDelayNs) {
        return new ProcessTracker(new TrackProcessConfig(
                "p", List.of("haproxy"), Match.NAME, quorum, quorumMax, forkDelayNs, terminateDelayNs));
    }

    private static boolean matches(Match match, String comm, List<String> commandLine, String... wanted) {
        return new ProcessMatcher(new TrackProcessConfig("p", List.of(wanted), match, 1, 9, 0, 0))
                .matches(comm, commandLine);
    }

    @Test
    void whatIsFoundFirstCountsAtOnce() {
        ProcessTracker tracker = tracker(1, TrackProcessConfig.NO_MAX, 1000, 1000);
        assertEquals(TrackerReading.WAIT, tracker.reading());
        assertTrue(tracker.found(Set.of(7), NOW));
        assertEquals(TrackerReading.UP, tracker.reading());
        assertEquals("1 process, at least 1 wanted", tracker.why());
    }

    @Test
    void theQuorumDecides() {
        ProcessTracker tracker = tracker(2, 3, 0, 0);
        tracker.found(Set.of(1), NOW);
        assertEquals(TrackerReading.DOWN, tracker.reading());
        assertTrue(tracker.matches(2, true, NOW));
        assertFalse(tracker.matches(2, true, NOW), "counted already");
        assertFalse(tracker.matches(3, true, NOW));
        assertTrue(tracker.matches(4, true, NOW), "one too many");
        assertEquals("4 processes, 2 to 3 wanted", tracker.why());
        assertTrue(tracker.exited(4, NOW));
        assertEquals(TrackerReading.UP, tracker.reading());
    }

    @Test
    void aChildCountsUntilItRunsSomethingElse() {
        ProcessTracker tracker = tracker(0, 1, 0, 0);
        tracker.found(Set.of(1), NOW);
        assertFalse(tracker.forked(9, 10, NOW), "a stranger's");
        assertTrue(tracker.forked(1, 2, NOW));
        assertEquals(TrackerReading.DOWN, tracker.reading());
        assertTrue(tracker.matches(2, false, NOW));
        assertEquals(TrackerReading.UP, tracker.reading());
    }

    @Test
    void aRestartWithinTheDelaysIsNotSeen() {
        ProcessTracker tracker = tracker(1, TrackProcessConfig.NO_MAX, 0, 5);
        tracker.found(Set.of(1), NOW);
        assertFalse(tracker.exited(1, NOW));
        assertEquals(NOW + 5, tracker.nextDeadlineNs().orElseThrow());
        assertFalse(tracker.deadline(NOW + 4));
        assertFalse(tracker.matches(2, true, NOW + 4));
        assertTrue(tracker.nextDeadlineNs().isEmpty());
        tracker.exited(2, NOW + 20);
        assertTrue(tracker.deadline(NOW + 25), "the clock may overflow");
        assertEquals(TrackerReading.DOWN, tracker.reading());
    }

    @Test
    void theForkDelayIsForMoreTheTerminateDelayForFewer() {
        ProcessTracker tracker = tracker(0, 1, 3, 100);
        tracker.found(Set.of(1), NOW);
        tracker.matches(2, true, NOW);
        assertEquals(NOW + 3, tracker.nextDeadlineNs().orElseThrow());
        assertTrue(tracker.deadline(NOW + 3));
        tracker.exited(2, NOW + 4);
        assertEquals(NOW + 104, tracker.nextDeadlineNs().orElseThrow());
    }

    @Test
    void byName() {
        assertTrue(matches(Match.NAME, "haproxy", List.of("/usr/sbin/haproxy", "-f"), "haproxy"));
        assertTrue(matches(Match.NAME, "haproxy", List.of("/opt/haproxy"), "/usr/sbin/haproxy"));
        assertFalse(matches(Match.NAME, "haproxy2", List.of("haproxy"), "haproxy"));
        assertTrue(matches(Match.NAME, "a-rather-long-n", List.of("/x/a-rather-long-name"), "a-rather-long-name"));
        assertFalse(matches(Match.NAME, "a-rather-long-n", List.of("/x/a-rather-long-nose"), "a-rather-long-name"));
        assertTrue(matches(Match.NAME, "kthreadd", List.of(), "kthreadd"));
    }

    @Test
    void byCommandLine() {
        List<String> line = List.of("/usr/bin/python3", "/srv/app.py", "--port=80");
        assertTrue(matches(Match.COMMAND, "python3", line, "python3", "/srv/app.py", "--port=80"));
        assertFalse(matches(Match.COMMAND, "python3", line, "python3", "/srv/app.py"));
        assertFalse(matches(Match.COMMAND, "python3", line, "/bin/python3", "/srv/app.py", "--port=80"));
        assertTrue(matches(Match.PARTIAL, "python3", line, "/usr/bin/python3", "/srv/app.py"));
        assertTrue(matches(Match.PARTIAL, "python3", line, "python3"));
        assertFalse(matches(Match.PARTIAL, "python3", line, "python3", "/srv"));
        assertTrue(matches(Match.INITIAL, "python3", line, "python3", "/srv"));
        assertFalse(matches(Match.INITIAL, "python3", line, "python3", "app.py"));
        assertTrue(matches(Match.INITIAL, "python3", line, "python3"));
        for (Match match : List.of(Match.COMMAND, Match.PARTIAL, Match.INITIAL)) {
            assertFalse(matches(match, "kthreadd", List.of(), "kthreadd"));
        }
    }
}
