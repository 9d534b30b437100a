package dev.vipd.vrrp.track;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.vrrp.InterfaceDelay;
import dev.vipd.vrrp.TrackerReading;
import org.junit.jupiter.api.Test;

class FileAndInterfaceTest {
    private static final long NOW = Long.MAX_VALUE - 10;

    @Test
    void theFirstWordIsTheNumber() {
        assertEquals(new FileNumber(-254, "the number is -254"), FileNumber.parse("-254\n"));
        assertEquals(7, FileNumber.parse("  +7 since Monday").value());
        assertEquals(Integer.MAX_VALUE, FileNumber.parse("99999999999999999999").value());
        assertEquals(Integer.MIN_VALUE, FileNumber.parse("-99999999999999999999").value());
        assertEquals(new FileNumber(0, "the file is empty"), FileNumber.parse(" \n"));
        assertEquals(new FileNumber(0, "'on?' is no number"), FileNumber.parse("on\u0007"));
        assertEquals(0, FileNumber.parse("1".repeat(100)).value());
    }

    @Test
    void withoutDelaysTheInterfaceCountsAtOnce() {
        InterfaceTracker tracker = new InterfaceTracker(new InterfaceDelay("eth0", 0, 0), true, "up");
        assertEquals(TrackerReading.UP, tracker.reading());
        assertTrue(tracker.is(false, "no carrier", NOW));
        assertEquals(TrackerReading.DOWN, tracker.reading());
        assertEquals("no carrier", tracker.why());
        assertTrue(tracker.is(true, "up", NOW));
    }

    @Test
    void aFlapWithinTheDelaysDoesNotCount() {
        InterfaceTracker tracker = new InterfaceTracker(new InterfaceDelay("eth0", 5, 20), true, "up");
        assertFalse(tracker.is(false, "no carrier", NOW));
        assertEquals("no carrier, not for long enough to count", tracker.why());
        assertFalse(tracker.is(false, "down", NOW + 3), "it is down since before");
        assertEquals(NOW + 5, tracker.nextDeadlineNs().orElseThrow());
        assertFalse(tracker.is(true, "up", NOW + 4));
        assertFalse(tracker.deadline(NOW + 5));
        assertFalse(tracker.is(false, "down", NOW + 6));
        assertTrue(tracker.deadline(NOW + 11));
        assertEquals(TrackerReading.DOWN, tracker.reading());
        tracker.is(true, "up", NOW + 12);
        assertFalse(tracker.deadline(NOW + 31));
        assertTrue(tracker.deadline(NOW + 32));
    }
}
