package dev.vipd.healthcheck.probe;

/** Durations as they are written in the configuration. */
final class DurationText {
    private static final long NS_PER_MS = 1_000_000;
    private static final long NS_PER_S = 1_000_000_000;

    private DurationText() {}

    /** {@code 2s}, {@code 1500ms}; what is finer than a millisecond in microseconds, {@code 1500us}. */
    static String of(long ns) {
        if (ns % NS_PER_S == 0) {
            return ns / NS_PER_S + "s";
        }
        return ns % NS_PER_MS == 0 ? ns / NS_PER_MS + "ms" : ns / 1000 + "us";
    }
}
