package dev.vipd.ipvs;

import java.util.Map;

/**
 * The kernel's table as one dump found it. What changes by itself stands beside the table, so that the table can be
 * compared.
 *
 * @param table           every service that a {@link ServiceKey} can name, ours or not
 * @param connections     connection counts of every destination in {@code table}
 * @param foreignServices number of further services that a configuration cannot name (keyed by a firewall mark, or of
 *                        another protocol); they are never looked into and never touched
 */
public record Observation(IpvsTable table, Map<DestinationId, Connections> connections, int foreignServices) {
    /** An empty table. */
    public static final Observation EMPTY = new Observation(IpvsTable.EMPTY, Map.of(), 0);

    public Observation {
        connections = Map.copyOf(connections);
    }

    /** A destination in the whole table. */
    public record DestinationId(ServiceKey service, Endpoint at) {}

    /**
     * Connections of one destination.
     *
     * @param active     established (TCP) or all (UDP)
     * @param inactive   in any other state
     * @param persistent persistence templates
     */
    public record Connections(long active, long inactive, long persistent) {
        public static final Connections NONE = new Connections(0, 0, 0);
    }

    /** Counts of one destination; none when it is not in the table. */
    public Connections of(ServiceKey service, Endpoint at) {
        return connections.getOrDefault(new DestinationId(service, at), Connections.NONE);
    }
}
