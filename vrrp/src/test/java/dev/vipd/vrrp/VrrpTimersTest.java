package dev.vipd.vrrp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.vrrp.VrrpTimers.Timer;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class VrrpTimersTest {
    private final VrrpTimers timers = new VrrpTimers();

    @Test
    void timeIsComparedBySubtraction() {
        timers.arm(Timer.ADVERT, Long.MAX_VALUE - 1);
        timers.arm(Timer.MASTER_DOWN, Long.MIN_VALUE + 5);
        assertEquals(OptionalLong.of(Long.MAX_VALUE - 1), timers.next());
        assertFalse(timers.take(Timer.MASTER_DOWN, Long.MAX_VALUE), "six nanoseconds early");
        assertTrue(timers.take(Timer.ADVERT, Long.MIN_VALUE), "two nanoseconds late");
        assertTrue(timers.take(Timer.MASTER_DOWN, Long.MIN_VALUE + 5));
    }

    @Test
    void aTimerIsTakenOnce() {
        timers.arm(Timer.ADVERT, 10);
        assertTrue(timers.take(Timer.ADVERT, 10));
        assertFalse(timers.take(Timer.ADVERT, 11));
        assertEquals(OptionalLong.empty(), timers.next());
    }

    @Test
    void armIfIdleKeepsWhatIsSet() {
        timers.armIfIdle(Timer.ADVERT, 10);
        timers.armIfIdle(Timer.ADVERT, 5);
        assertEquals(OptionalLong.of(10), timers.next());
        timers.cancel(Timer.ADVERT);
        timers.armIfIdle(Timer.ADVERT, 5);
        assertEquals(OptionalLong.of(5), timers.next());
        timers.shift(Timer.ADVERT, 2);
        assertEquals(OptionalLong.of(7), timers.next());
        timers.cancelAll();
        assertEquals(OptionalLong.empty(), timers.next());
    }
}
