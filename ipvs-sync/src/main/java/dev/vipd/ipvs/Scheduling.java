package dev.vipd.ipvs;

/**
 * How a service spreads its connections over its real servers.
 *
 * @param scheduler      {@code lb_algo}: rr, wrr, lc, wlc, ...
 * @param fallback       {@code lb_algo_fallback}: taken while the kernel has no such scheduler; empty: none is
 * @param flags          {@link Service#ONE_PACKET} and the scheduler's own ({@link Service#SCHED1} and the like)
 * @param persistenceSec {@code persistence_timeout} in seconds; 0: not persistent
 * @param prefix         {@code persistence_granularity} as a prefix length; 32 for IPv4, 128 for IPv6 by default
 * @param engine         {@code persistence_engine}: {@code sip}, or empty
 */
public record Scheduling(
        String scheduler, String fallback, int flags, int persistenceSec, int prefix, String engine) {

    /** A scheduler and nothing else. */
    public static Scheduling of(String scheduler, boolean ipv6) {
        return new Scheduling(scheduler, "", 0, 0, ipv6 ? 128 : 32, "");
    }
}
