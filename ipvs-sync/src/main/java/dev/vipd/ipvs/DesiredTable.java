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
 * @param table     all configured services
 * @param names     of the virtual servers in the configuration; those of a group share theirs
 * @param fallbacks schedulers for a kernel that has not the wanted one; only for services that have such
 */
public record DesiredTable(IpvsTable table, Map<ServiceKey, String> names, Map<ServiceKey, String> fallbacks) {
    /** Nothing configured. */
    public static final DesiredTable EMPTY = new DesiredTable(IpvsTable.EMPTY, Map.of(), Map.of());

    public DesiredTable {
        names = Map.copyOf(names);
        fallbacks = Map.copyOf(fallbacks);
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
        Map<ServiceKey, String> fallbacks = new LinkedHashMap<>();
        for (VirtualServer server : servers) {
            entries.addAll(entries(server, shares.apply(server)));
            for (ServiceKey key : server.keys()) {
                names.put(key, server.name());
                if (!server.scheduling().fallback().isEmpty()) {
                    fallbacks.put(key, server.scheduling().fallback());
                }
            }
        }
        return new DesiredTable(new IpvsTable(entries), names, fallbacks);
    }

    /**
     * The same table with other shares for some services; the entries of the others are the very objects that they are
     * now.
     *
     * @param changed some of the configuration that this was made of
     */
    public DesiredTable with(Collection<VirtualServer> changed, Function<VirtualServer, ServiceShares> shares) {
        List<IpvsTable.Entry> entries = changed.stream()
                .flatMap(server -> entries(server, shares.apply(server)).stream())
                .toList();
        return new DesiredTable(table.replacing(entries), names, fallbacks);
    }

    /** This table, and after it the services of {@code other} that it has not. */
    public DesiredTable beside(DesiredTable other) {
        List<IpvsTable.Entry> entries = new ArrayList<>(table.entries());
        Map<ServiceKey, String> all = new LinkedHashMap<>(names);
        Map<ServiceKey, String> allFallbacks = new LinkedHashMap<>(other.fallbacks);
        for (IpvsTable.Entry entry : other.table.entries()) {
            ServiceKey key = entry.service().key();
            if (all.putIfAbsent(key, other.names.get(key)) == null) {
                entries.add(entry);
            }
        }
        allFallbacks.keySet().removeAll(names.keySet());
        allFallbacks.putAll(fallbacks);
        return new DesiredTable(new IpvsTable(entries), all, allFallbacks);
    }

    private static List<IpvsTable.Entry> entries(VirtualServer server, ServiceShares shares) {
        return server.keys().stream().map(key -> entry(server, key, shares)).toList();
    }

    private static IpvsTable.Entry entry(VirtualServer server, ServiceKey key, ServiceShares shares) {
        Map<Endpoint, Destination> all = new LinkedHashMap<>();
        for (RealServer real : server.realServers()) {
            Integer weight = shares.weights().get(real);
            if (weight != null) {
                Destination destination = Destination.of(real, key).withWeight(weight);
                all.put(destination.at(), destination);
            }
        }
        for (RealServer sorry : shares.sorry()) {
            Destination destination = Destination.of(sorry, key);
            all.remove(destination.at()); // it is last, wherever it was as a real server
            all.put(destination.at(), destination);
        }
        for (RealServer real : shares.leaving()) {
            Destination destination = Destination.of(real, key).withWeight(0);
            all.putIfAbsent(destination.at(), destination);
        }
        return new IpvsTable.Entry(Service.of(key, server.scheduling()), all);
    }
}
