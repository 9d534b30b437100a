package dev.vipd.healthcheck;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Counts the probes of one check, and how long they took. Not thread-safe. */
public final class ProbeStats {
    /** Upper bounds of the buckets, both ends of what a check may usefully take: 1 ms to 10 s. */
    public static final List<Long> BOUNDS_NS = List.of(
            1_000_000L, 2_500_000L, 5_000_000L, 10_000_000L, 25_000_000L, 50_000_000L, 100_000_000L, 250_000_000L,
            500_000_000L, 1_000_000_000L, 2_500_000_000L, 10_000_000_000L);

    private long passed;
    private long failed;
    private long localFaults;
    private long transitions;
    private long totalNs;
    private final int[] buckets = new int[BOUNDS_NS.size() + 1];

    /**
     * A copy at one moment, of one check or of several together.
     *
     * @param transitions times that the check went up or down
     * @param totalNs sum of the durations of passed and failed probes
     * @param buckets for each of {@link #BOUNDS_NS} the probes that took up to that and more than the one before; a
     *                last one for those that took longer
     */
    public record Counts(
            long passed, long failed, long localFaults, long transitions, long totalNs, List<Long> buckets) {
        /** No probe. */
        public static final Counts NONE = new ProbeStats().counts();

        /** Both together. */
        public Counts plus(Counts other) {
            return new Counts(passed + other.passed, failed + other.failed, localFaults + other.localFaults,
                    transitions + other.transitions, totalNs + other.totalNs,
                    IntStream.range(0, buckets.size())
                            .mapToObj(i -> buckets.get(i) + other.buckets.get(i))
                            .toList());
        }
    }

    /** Takes in how a probe ended. */
    public void count(CheckOutcome outcome) {
        switch (outcome) {
            case CheckOutcome.Passed passedIt -> {
                passed++;
                add(passedIt.durationNs());
            }
            case CheckOutcome.Failed failedIt -> {
                failed++;
                add(failedIt.durationNs());
            }
            case CheckOutcome.LocalFault _ -> localFaults++;
        }
    }

    /** The check went up or down. */
    public void countTransition() {
        transitions++;
    }

    public Counts counts() {
        return new Counts(passed, failed, localFaults, transitions, totalNs,
                Arrays.stream(buckets).asLongStream().boxed().toList());
    }

    private void add(long durationNs) {
        totalNs += durationNs;
        int bucket = 0;
        while (bucket < BOUNDS_NS.size() && durationNs > BOUNDS_NS.get(bucket)) {
            bucket++;
        }
        buckets[bucket]++;
    }
}
