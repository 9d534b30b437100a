package dev.vipd.vrrp.io;

import java.util.ArrayList;
import java.util.List;

/**
 * Counts how late the loop looks at timers: whatever keeps it waiting (the scheduler, a collection, its own work) shows
 * there. Not thread-safe.
 */
final class LoopLag {
    private static final long US = 1_000;
    /** Upper bounds of the buckets; the last has none. */
    private static final long[] UP_TO_NS = {
        50 * US, 100 * US, 200 * US, 500 * US, 1_000 * US, 2_000 * US, 5_000 * US, 10_000 * US, 20_000 * US,
        50_000 * US, 100_000 * US, 200_000 * US, 500_000 * US, 1_000_000 * US, Long.MAX_VALUE
    };
    /** For so long after the start it is woken each millisecond, to see what pauses this machine makes. */
    private static final long MEASURE_NS = 300_000_000;
    private static final long MEASURE_STEP_NS = 1_000_000;
    /** How much longer than the worst pause an advert interval is to be: three missed adverts are a failover. */
    static final int INTERVAL_TO_PAUSE_MIN = 10;

    private final long[] counts = new long[UP_TO_NS.length];
    private final long measureUntilNs;
    private long maxNs;
    private long thisSecondNs;
    private long lastSecondNs;
    private long stalls;
    private long worstStallNs;
    private long pauseNs;
    private boolean measuring = true;

    LoopLag(long nowNs) {
        measureUntilNs = nowNs + MEASURE_NS;
    }

    /** The deadline to poll for: not later than the given one. */
    long deadlineNs(long wantedNs, long nowNs) {
        return measuring && wantedNs - nowNs > MEASURE_STEP_NS ? nowNs + MEASURE_STEP_NS : wantedNs;
    }

    /**
     * The poll is over.
     *
     * @param lateNs  how long after the deadline; negative when something came before it
     * @param sleptNs as lateNs, without what the loop itself was late for the poll
     * @param stallNs what is a stall
     * @return whether this is the worst stall since the last heartbeat
     */
    boolean woke(long lateNs, long sleptNs, long stallNs) {
        if (lateNs < 0) {
            return false;
        }
        int bucket = 0;
        while (lateNs > UP_TO_NS[bucket]) {
            bucket++;
        }
        counts[bucket]++;
        maxNs = Math.max(maxNs, lateNs);
        thisSecondNs = Math.max(thisSecondNs, lateNs);
        if (measuring) {
            pauseNs = Math.max(pauseNs, sleptNs);
        }
        if (lateNs <= stallNs) {
            return false;
        }
        stalls++;
        boolean worse = lateNs > worstStallNs;
        worstStallNs = Math.max(worstStallNs, lateNs);
        return worse;
    }

    /** Whether the measuring of pauses just ended. */
    boolean measured(long nowNs) {
        boolean ended = measuring && nowNs - measureUntilNs >= 0;
        measuring &= !ended;
        return ended;
    }

    /** The longest pause found at the start. */
    long pauseNs() {
        return pauseNs;
    }

    /** A second is over. */
    void heartbeat() {
        lastSecondNs = thisSecondNs;
        thisSecondNs = 0;
        worstStallNs = 0;
    }

    LoopStatus status(int realTimePriority) {
        List<LoopStatus.Bucket> lag = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            lag.add(new LoopStatus.Bucket(UP_TO_NS[i], counts[i]));
        }
        return new LoopStatus(realTimePriority, lag, maxNs, Math.max(thisSecondNs, lastSecondNs), stalls,
                measuring ? 0 : pauseNs);
    }
}
