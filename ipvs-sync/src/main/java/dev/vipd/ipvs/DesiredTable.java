package dev.vipd.ipvs;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What the kernel's table must be for a configuration and the shares of its real servers.
 *
 * @param table all configured services
 * @param names of the services in the configuration
 */
public record DesiredTable(IpvsTable table, Map<ServiceKey, String> names) {
    /** Nothing configured. */
    public static final DesiredTable EMPTY = new DesiredTable(IpvsTable.EMPTY, Map.of());

    public DesiredTable {
        names = Map.copyOf(names);
    }

    /**
     * Every service with the real servers that have a share, in the order of the configuration, and then its active
     * sorry servers. One that is a real server too has one row, with its weight as a sorry server.
     *
     * @param servers the configuration; no two with one key, no two real servers of one with one address and port
     * @param shares  who is in the table for each of them
     */
    public static DesiredTable of(List<VirtualServer> servers, Function<VirtualServer, ServiceShares> shares) {
        List<IpvsTable.Entry> entries = new ArrayList<>(servers.size());
        Map<ServiceKey, String> names = new LinkedHashMap<>();
        for (VirtualServer server : servers) {
            entries.add(entry(server, shares.apply(server)));
            names.put(server.key(), server.name());
        }
        return new DesiredTable(new IpvsTable(entries), names);
    }

    /**
     * The same table with other shares for some services; the entries of the others are the very objects that they are
     * now.
     *
     * @param changed some of the configuration that this was made of
     */
    public DesiredTable with(Collection<VirtualServer> changed, Function<VirtualServer, ServiceShares> shares) {
        List<IpvsTable.Entry> entries =
                changed.stream().map(server -> entry(server, shares.apply(server))).toList();
        return new DesiredTable(table.replacing(entries), names);
    }

    /** This table, and after it the services of {@code other} that it has not. */
    public DesiredTable beside(DesiredTable other) {
        List<IpvsTable.Entry> entries = new ArrayList<>(table.entries());
        Map<ServiceKey, String> all = new LinkedHashMap<>(names);
        for (IpvsTable.Entry entry : other.table.entries()) {
            ServiceKey key = entry.service().key();
            if (all.putIfAbsent(key, other.names.get(key)) == null) {
                entries.add(entry);
            }
        }
        return new DesiredTable(new IpvsTable(entries), all);
    }

    private static IpvsTable.Entry entry(VirtualServer server, ServiceShares shares) {
        Map<Endpoint, Destination> all = new LinkedHashMap<>();
        for (RealServer real : server.realServers()) {
            Integer weight = shares.weights().get(real);
            if (weight != null) {
                Destination destination = Destination.of(real).withWeight(weight);
                all.put(destination.at(), destination);
            }
        }
        for (RealServer sorry : shares.sorry()) {
            Destination destination = Destination.of(sorry);
            all.remove(destination.at()); // it is last, wherever it was as a real server
            all.put(destination.at(), destination);
        }
        return new IpvsTable.Entry(Service.of(server), all);
    }
}
