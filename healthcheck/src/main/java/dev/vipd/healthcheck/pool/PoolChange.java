package dev.vipd.healthcheck.pool;

import dev.vipd.healthcheck.HealthState;

/** Something that came about in one pool and that somebody wants to hear of. */
public sealed interface PoolChange {
    /** Name of the virtual server. */
    String pool();

    /**
     * The checks of a member, or of a sorry server, say something else now.
     *
     * @param why  {@code http: connect refused}
     * @param atNs when they said it
     */
    record HealthChanged(String pool, String member, HealthState from, HealthState to, String why, long atNs)
            implements PoolChange {}

    /**
     * A member is something else now.
     *
     * @param why {@code http: connect refused}, {@code operator}, {@code agent: drain}
     */
    record MemberChanged(String pool, String member, MemberState from, MemberState to, String why)
            implements PoolChange {}

    /**
     * The service is up, or not any more.
     *
     * @param liveWeight sum of weights of the members that may get traffic
     * @param quorum     live weight needed, without hysteresis
     */
    record QuorumChanged(String pool, boolean met, long liveWeight, long quorum) implements PoolChange {}

    /**
     * Checks may be lying, or not any more: to be told loudly.
     *
     * @param down  members that are down by their checks
     * @param of    members that are counted: neither disabled, nor drained to the end, nor in maintenance
     * @param kept  of those that are down, how many stay in the table
     */
    record PanicChanged(String pool, boolean panic, int down, int of, int kept) implements PoolChange {}

    /** A sorry server takes the place of the members, or not any more. */
    record SorryChanged(String pool, String sorryServer, boolean active) implements PoolChange {}
}
