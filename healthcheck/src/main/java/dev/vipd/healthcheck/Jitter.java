package dev.vipd.healthcheck;

/**
 * Evenly spread fractions from a seed: SplitMix64 (Steele, Lea, Flood 2014). The same seed gives the same sequence, so
 * a schedule can be replayed; different seeds keep checks from probing in step.
 */
final class Jitter {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    Jitter(long seed) {
        state = seed;
    }

    /** The next value, from 0 to {@code boundNs} exclusive; 0 when there is no room. */
    long within(long boundNs) {
        state += GOLDEN_GAMMA;
        return boundNs <= 0 ? 0 : Long.remainderUnsigned(mix(state), boundNs);
    }

    /** Scrambles every bit into every other, so that seeds that are alike give sequences that are not. */
    static long mix(long seed) {
        long z = seed;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
