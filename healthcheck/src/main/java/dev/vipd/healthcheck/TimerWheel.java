package dev.vipd.healthcheck;

/**
 * Very many timers of which most are moved before they go off: setting, moving and cancelling one costs the same
 * however many there are, and makes no garbage. A timer goes off up to one tick late, never early. Pure: the caller
 * has the clock. Not thread-safe.
 */
public final class TimerWheel {
    /** Length of a tick, 4.2 ms: a power of two, so that finding a slot is a shift. */
    public static final long TICK_NS = 1L << 22;

    private static final int SLOTS = 1024; // 4.3 s a turn; what is due later stays in its slot for further turns
    private static final int MASK = SLOTS - 1;

    private final Timer[] slots = new Timer[SLOTS];
    private final long originNs;
    private long nextTick;
    private int size;

    /** Something that is due at some time; belongs to one wheel at most. */
    public abstract static class Timer {
        private Timer previous;
        private Timer next;
        private int slot = -1;
        private long dueTick;

        /** The time has come; the timer is set no more, and may be set again. */
        protected abstract void due(long nowNs);
    }

    /** @param nowNs no timer can be due before this */
    public TimerWheel(long nowNs) {
        originNs = nowNs;
        nextTick = 0;
    }

    /** Sets a timer, or moves it. */
    public void set(Timer timer, long dueNs) {
        cancel(timer);
        // the tick that ends at or after the time
        long tick = Math.max(nextTick, Math.ceilDiv(dueNs - originNs, TICK_NS));
        timer.dueTick = tick;
        timer.slot = (int) (tick & MASK);
        Timer head = slots[timer.slot];
        timer.next = head;
        if (head != null) {
            head.previous = timer;
        }
        slots[timer.slot] = timer;
        size++;
    }

    /** Nothing if it is not set. */
    public void cancel(Timer timer) {
        if (timer.slot < 0) {
            return;
        }
        if (timer.previous == null) {
            slots[timer.slot] = timer.next;
        } else {
            timer.previous.next = timer.next;
        }
        if (timer.next != null) {
            timer.next.previous = timer.previous;
        }
        timer.previous = null;
        timer.next = null;
        timer.slot = -1;
        size--;
    }

    /** Lets all timers go off whose time has come. */
    public void advance(long nowNs) {
        long lastTick = Math.floorDiv(nowNs - originNs, TICK_NS);
        nextTick = Math.max(nextTick, lastTick - MASK); // one turn sees every slot, however long nobody called
        while (nextTick <= lastTick && size > 0) {
            // what is set meanwhile goes to a later tick, or it could keep us here
            long tick = nextTick++;
            Timer timer = slots[(int) (tick & MASK)];
            while (timer != null) {
                if (timer.dueTick <= tick) {
                    cancel(timer);
                    timer.due(nowNs);
                    timer = slots[(int) (tick & MASK)]; // anything may have been cancelled or set by it
                } else {
                    timer = timer.next;
                }
            }
        }
        nextTick = Math.max(nextTick, lastTick + 1);
    }

    /** When {@link #advance} is to be called at the latest; {@link Long#MAX_VALUE} when no timer is set. */
    public long nextNs() {
        if (size == 0) {
            return Long.MAX_VALUE;
        }
        long tick = nextTick;
        while (tick < nextTick + SLOTS && slots[(int) (tick & MASK)] == null) {
            tick++;
        }
        return originNs + tick * TICK_NS;
    }
}
