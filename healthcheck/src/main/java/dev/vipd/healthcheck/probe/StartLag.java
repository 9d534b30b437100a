package dev.vipd.healthcheck.probe;

import java.util.List;

/** How late probes were begun on one check thread. Written by that thread, read by any: counts may be a moment old. */
final class StartLag {
    /** Upper bounds; a last bucket has what was later. */
    static final List<Long> BOUNDS_NS = List.of(
            5_000_000L, 10_000_000L, 25_000_000L, 50_000_000L, 100_000_000L, 250_000_000L, 1_000_000_000L);

    private final long[] counts = new long[BOUNDS_NS.size() + 1];
    private volatile long published;

    void note(long lateNs) {
        int bucket = 0;
        while (bucket < BOUNDS_NS.size() && lateNs > BOUNDS_NS.get(bucket)) {
            bucket++;
        }
        counts[bucket]++;
        published = 0; // makes the counts seen
    }

    /** Adds the counts to those of other threads. */
    void addTo(long[] sums) {
        long fence = published;
        for (int i = 0; i < counts.length; i++) {
            sums[i] += counts[i] + fence;
        }
    }
}
