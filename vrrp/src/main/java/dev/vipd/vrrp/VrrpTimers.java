package dev.vipd.vrrp;

import java.util.Arrays;
import java.util.OptionalLong;

/** The deadlines of one virtual router, and the lengths that RFC 9568, 6.1 gives them. */
final class VrrpTimers {

    /** What can be waited for. */
    enum Timer {
        /** Adver_Timer. */
        ADVERT,
        /** Active_Down_Timer. */
        MASTER_DOWN,
        /** Put missing VIPs, routes and rules back. */
        HOLDING_RETRY,
        /** {@code garp_master_delay}. */
        ANNOUNCE_SECOND,
        /** {@code garp_master_refresh}. */
        ANNOUNCE_REFRESH,
        /** {@code garp_lower_prio_delay}. */
        ANNOUNCE_CONFLICT,
        /** Soon after another router claimed the addresses. */
        ANNOUNCE_AGAIN,
        /** Next {@code garp_extra_if}. */
        ANNOUNCE_EXTRA,
        /** No successor was heard. */
        HANDOVER,
        /** {@code startup_delay}. */
        STARTUP_DELAY
    }

    private static final int COUNT = Timer.values().length;

    private final long[] atNs = new long[COUNT];
    private final boolean[] armed = new boolean[COUNT];

    /**
     * Skew_Time. In version 2 it does not depend on the interval (RFC 3768, 6.1).
     *
     * @param priority 1..255
     */
    static long skewNs(int version, int priority, long masterIntervalNs) {
        long intervalNs = version == 2 ? 1_000_000_000L : masterIntervalNs;
        return (256 - priority) * intervalNs / 256;
    }

    /** Active_Down_Interval; Master_Down_Interval in RFC 3768. */
    static long masterDownNs(int version, int priority, long masterIntervalNs) {
        return masterDownNs(version, priority, masterIntervalNs, ElectionConfig.DEFAULT_DOWN_TIMER_ADVERTS);
    }

    /** @param adverts {@code down_timer_adverts}; the RFC has three */
    static long masterDownNs(int version, int priority, long masterIntervalNs, int adverts) {
        return adverts * masterIntervalNs + skewNs(version, priority, masterIntervalNs);
    }

    /** Sets the deadline, also when there was one. */
    void arm(Timer timer, long deadlineNs) {
        atNs[timer.ordinal()] = deadlineNs;
        armed[timer.ordinal()] = true;
    }

    /** Sets the deadline unless there is one. */
    void armIfIdle(Timer timer, long deadlineNs) {
        if (!armed[timer.ordinal()]) {
            arm(timer, deadlineNs);
        }
    }

    /** Moves a deadline that is set. */
    void shift(Timer timer, long byNs) {
        atNs[timer.ordinal()] += byNs;
    }

    void cancel(Timer timer) {
        armed[timer.ordinal()] = false;
    }

    void cancelAll() {
        Arrays.fill(armed, false);
    }

    /** Whether the deadline is reached; if so, there is none any more. */
    boolean take(Timer timer, long nowNs) {
        int i = timer.ordinal();
        boolean due = armed[i] && nowNs - atNs[i] >= 0;
        if (due) {
            armed[i] = false;
        }
        return due;
    }

    /** How long the deadline is past; negative when it is still to come or there is none. */
    long lateNs(Timer timer, long nowNs) {
        return armed[timer.ordinal()] ? nowNs - atNs[timer.ordinal()] : -1;
    }

    /** The earliest deadline. */
    OptionalLong next() {
        OptionalLong next = OptionalLong.empty();
        for (int i = 0; i < COUNT; i++) {
            if (armed[i] && (next.isEmpty() || atNs[i] - next.getAsLong() < 0)) {
                next = OptionalLong.of(atNs[i]);
            }
        }
        return next;
    }
}
