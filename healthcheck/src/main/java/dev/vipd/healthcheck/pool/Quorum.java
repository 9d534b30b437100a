package dev.vipd.healthcheck.pool;

/**
 * Whether a service is up. As in keepalived: the quorum is reduced to the sum of all configured weights when it is
 * more, but never below 1; up at quorum + hysteresis, or at the sum of all weights when that is less; down below
 * quorum - hysteresis, or when nothing is left. The first time there is no hysteresis.
 */
final class Quorum {
    private long need = 1;
    private boolean met = true;
    private boolean settled;

    /**
     * @param liveWeight       sum of weights of members that may get traffic
     * @param configuredWeight sum of the weights of all members as configured
     * @return whether this changed whether it is met; a new one is taken to have been met
     */
    boolean settle(PoolConfig config, long liveWeight, long configuredWeight) {
        need = Math.max(1, Math.min(config.quorum(), configuredWeight));
        long hysteresis = settled ? Math.min(config.hysteresis(), need - 1) : 0;
        long up = Math.max(need, Math.min(need + hysteresis, configuredWeight));
        boolean now = met && settled ? liveWeight >= need - hysteresis : liveWeight >= up;
        settled = true;
        boolean changed = now != met;
        met = now;
        return changed;
    }

    boolean met() {
        return met;
    }

    /** What is needed, without hysteresis. */
    long need() {
        return need;
    }
}
