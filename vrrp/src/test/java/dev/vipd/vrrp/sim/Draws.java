package dev.vipd.vrrp.sim;

/**
 * Numbers that look like chance and depend on their arguments only: what one packet or one fault draws stays the same
 * when another fault is left out.
 */
final class Draws {
    private final long seed;
    private long count;

    /** A row of draws. */
    Draws(long seed) {
        this.seed = mix(seed);
    }

    /** The next in the row, 0..bound-1. */
    long below(long bound) {
        return Long.remainderUnsigned(next(), bound);
    }

    /** The next in the row, min..max. */
    int between(int min, int max) {
        return min + (int) below(max - min + 1L);
    }

    /** Whether one of {@code n} equally likely things happens. */
    boolean oneIn(int n) {
        return below(n) == 0;
    }

    /** The next in the row, 0..1. */
    double unit() {
        return unit(next());
    }

    long next() {
        return mix(seed + ++count * 0x9e3779b97f4a7c15L);
    }

    static double unit(long bits) {
        return (bits >>> 11) * 0x1.0p-53;
    }

    static long of(long a, long b, long c) {
        return mix(mix(mix(a) + b) + c);
    }

    /** The finaliser of SplitMix64. */
    static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
