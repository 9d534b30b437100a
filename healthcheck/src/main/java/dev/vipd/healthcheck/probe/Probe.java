package dev.vipd.healthcheck.probe;

/**
 * The probes of one check, one after the other: how a kind of check is done on the wire. A kind is added by a record in
 * {@link dev.vipd.healthcheck.ProbeConfig}, a class like this and a line in {@link Probes}. Confined to one event loop.
 */
interface Probe {
    /**
     * Begins one probe. It must lead to exactly one of {@code run.passed}, {@code run.failed} and
     * {@code run.localFault}, possibly before this returns; the run itself ends it at its deadline. Must not block.
     */
    void start(ProbeRun run);

    /** The check is gone, no probe is under way: gives up what was kept between probes. */
    default void close() {}
}
