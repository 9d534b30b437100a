package dev.vipd.healthcheck.pool;

import java.util.List;

/**
 * What its members make of one virtual server.
 *
 * @param name       of the virtual server in the configuration
 * @param liveWeight sum of weights of the members that may get traffic, without slow start's reduction
 * @param quorum     live weight needed: the configured quorum, reduced to the sum of all configured weights when that
 *                   is less, but never 0: a service whose servers are all drained is not up
 * @param met        whether the service is up; with hysteresis not only a matter of the two above
 * @param panic      so many members are down that the last known set is kept
 * @param sorry      ids of the sorry servers that are in the table now
 * @param healthy    number of members whose checks pass
 * @param total      number of members
 */
public record PoolSummary(
        String name,
        long liveWeight,
        long quorum,
        boolean met,
        boolean panic,
        List<String> sorry,
        int healthy,
        int total) {
    public PoolSummary {
        sorry = List.copyOf(sorry);
    }
}
