package dev.vipd.healthcheck.pool;

/**
 * {@code slow_start} of one member: a tenth of its weight at once, then nine steps of a tenth more, evenly spread.
 *
 * @param startNs  when it came up
 * @param lengthNs from a tenth to all; 1 or more
 */
record SlowStart(long startNs, long lengthNs) {
    private static final int STEPS = 9;

    /** How many hundredths of its weight it has: 10, 20, … 100. */
    int percent(long nowNs) {
        return 10 + 10 * (int) steps(nowNs);
    }

    boolean over(long nowNs) {
        return nowNs - startNs >= lengthNs;
    }

    /** When it has more. Meaningless when it is over. */
    long nextStepNs(long nowNs) {
        return startNs + Math.ceilDiv((steps(nowNs) + 1) * lengthNs, STEPS);
    }

    /** Of {@code weight} what it has now; at least 1 of what is not 0. */
    int of(int weight, long nowNs) {
        return weight == 0 ? 0 : (int) Math.max(1, (long) weight * percent(nowNs) / 100);
    }

    private long steps(long nowNs) {
        return over(nowNs) ? STEPS : Math.max(0, nowNs - startNs) * STEPS / lengthNs;
    }
}
