package dev.vipd.ipvs;

import java.util.Map;

/**
 * The kernel's table as one dump found it. What changes by itself stands beside the table, so that the table can be
 * compared.
 *
 * @param table           every service that a {@link ServiceKey} can name, ours or not
 * @param traffic         of every service in {@code table}
 * @param loads           connections and traffic of the destinations in {@code table} that have or had any
 * @param foreignServices number of further services that a configuration cannot name (of a protocol other than TCP,
 *                        UDP and SCTP); they are never looked into and never touched
 */
public record Observation(
        IpvsTable table, Map<ServiceKey, Traffic> traffic, Map<DestinationId, Load> loads, int foreignServices) {
    /** An empty table. */
    public static final Observation EMPTY = new Observation(IpvsTable.EMPTY, Map.of(), Map.of(), 0);

    public Observation {
        traffic = Map.copyOf(traffic);
        loads = Map.copyOf(loads);
    }

    /** A destination in the whole table. */
    public record DestinationId(ServiceKey service, Endpoint at) {}

    /**
     * What one destination carries.
     *
     * @param active     established connections (TCP), or all (UDP)
     * @param inactive   connections in any other state
     * @param persistent persistence templates
     * @param traffic    its statistics
     */
    public record Load(long active, long inactive, long persistent, Traffic traffic) {
        public static final Load NONE = new Load(0, 0, 0, Traffic.NONE);
    }

    /** Of one destination; nothing when it is not in the table. */
    public Load of(ServiceKey service, Endpoint at) {
        return loads.getOrDefault(new DestinationId(service, at), Load.NONE);
    }

    /** Of one service; nothing when it is not in the table. */
    public Traffic of(ServiceKey service) {
        return traffic.getOrDefault(service, Traffic.NONE);
    }
}
