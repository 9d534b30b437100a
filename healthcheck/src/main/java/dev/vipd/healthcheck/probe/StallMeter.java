package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.TimerWheel;
import java.util.concurrent.TimeUnit;

/**
 * For how long a check thread did not get to run, for want of CPU, for a pause of the whole process, or for too much to
 * do: by a timer that goes off at short intervals while probes are under way. A stall that begins and ends between two
 * deadlines is seen by nothing else. Confined to the loop.
 */
final class StallMeter extends TimerWheel.Timer {
    /** A timer that goes off later than this was overslept. */
    static final long OVERSLEPT_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final CheckLoop loop;
    private int probes;
    private boolean set;
    private long dueNs;
    private long sumNs;

    StallMeter(CheckLoop loop) {
        this.loop = loop;
    }

    /** A probe begins. */
    void begin() {
        probes++;
        if (!set) {
            setNext();
        }
    }

    /** A probe has ended. */
    void end() {
        probes--;
    }

    /** The sum of all stalls while probes were under way, with the one that has just ended. */
    long sumNs() {
        return sumNs + (set ? lateNs(loop.nanoTime()) : 0);
    }

    private long lateNs(long nowNs) {
        long lateNs = nowNs - dueNs;
        return lateNs >= OVERSLEPT_NS ? lateNs : 0;
    }

    private void setNext() {
        set = true;
        dueNs = loop.nanoTime() + INTERVAL_NS;
        loop.set(this, dueNs);
    }

    @Override
    protected void due(long nowNs) {
        sumNs += lateNs(nowNs);
        set = false;
        if (probes > 0) {
            setNext();
        }
    }
}
