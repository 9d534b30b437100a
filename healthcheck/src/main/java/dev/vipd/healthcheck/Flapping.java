package dev.vipd.healthcheck;

/**
 * Hold-down of one check. The first time it goes down costs nothing. If it goes down again before it has been up for
 * {@code hold_down_max}, it is a flapper: it stays down for {@code hold_down}, the next time for twice that, up to
 * {@code hold_down_max}. Not thread-safe.
 */
final class Flapping {
    private final long holdNs;
    private final long holdNsMax;
    private int flaps;
    private boolean wasDown;
    private long upSinceNs;
    private long downSinceNs;

    Flapping(CheckTiming timing) {
        holdNs = timing.holdDownNs();
        holdNsMax = Math.max(timing.holdDownNs(), timing.holdDownNsMax());
    }

    void up(long nowNs) {
        upSinceNs = nowNs;
    }

    void down(long nowNs) {
        flaps = wasDown && nowNs - upSinceNs < holdNsMax ? flaps + 1 : 0;
        wasDown = true;
        downSinceNs = nowNs;
    }

    /** How much longer it has to stay down; 0 or less: no longer. */
    long leftNs(long nowNs) {
        if (flaps == 0 || holdNs == 0) {
            return 0;
        }
        int doublings = Math.min(flaps - 1, Long.numberOfLeadingZeros(holdNs) - 1);
        return downSinceNs + Math.min(holdNs << doublings, holdNsMax) - nowNs;
    }

    /** Times it went down again, each soon after it came up. */
    int flaps() {
        return flaps;
    }
}
