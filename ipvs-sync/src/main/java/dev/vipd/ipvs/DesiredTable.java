package dev.vipd.ipvs;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What the kernel's table must be for a configuration and the health of its real servers.
 *
 * @param table    all configured services
 * @param services one summary each, in the order of the configuration
 */
public record DesiredTable(IpvsTable table, List<ServiceSummary> services) {
    /** Nothing configured. */
    public static final DesiredTable EMPTY = new DesiredTable(IpvsTable.EMPTY, List.of());

    public DesiredTable {
        services = List.copyOf(services);
    }

    /**
     * A healthy real server is in the table with its weight, an unhealthy one is not, or with {@code inhibitOnFailure}
     * has weight 0. While the quorum is lost a sorry server takes the place of all of them; then those that are kept by
     * {@code inhibitOnFailure}, and healthy ones that are drained (weight 0), stay beside it with weight 0, so that
     * their connections can end. Without a sorry server the healthy ones stay, however few.
     *
     * @param servers the configuration; no two with one key, no two real servers of one with one address and port
     * @param healthy whether a real server may get traffic
     */
    public static DesiredTable of(List<VirtualServer> servers, Predicate<RealServerId> healthy) {
        List<IpvsTable.Entry> entries = new ArrayList<>(servers.size());
        List<ServiceSummary> summaries = new ArrayList<>(servers.size());
        for (VirtualServer server : servers) {
            Set<RealServer> live = server.realServers().stream()
                    .filter(real -> healthy.test(new RealServerId(server.name(), real.address(), real.port())))
                    .collect(Collectors.toSet());
            ServiceSummary summary = summarise(server, live);
            summaries.add(summary);
            entries.add(IpvsTable.Entry.of(Service.of(server), destinations(server, live, summary.sorryActive())));
        }
        return new DesiredTable(new IpvsTable(entries), summaries);
    }

    private static ServiceSummary summarise(VirtualServer server, Set<RealServer> live) {
        long liveWeight = weight(live);
        long quorum = Math.max(1, Math.min(server.quorum(), weight(server.realServers())));
        boolean met = liveWeight >= quorum;
        return new ServiceSummary(
                server.name(),
                server.key(),
                liveWeight,
                quorum,
                met,
                !met && server.sorryServer().isPresent(),
                live.size(),
                server.realServers().size());
    }

    private static long weight(Collection<RealServer> servers) {
        return servers.stream().mapToLong(RealServer::weight).sum();
    }

    private static List<Destination> destinations(VirtualServer server, Set<RealServer> live, boolean sorryActive) {
        List<Destination> all = new ArrayList<>(server.realServers().size() + 1);
        for (RealServer real : server.realServers()) {
            boolean isLive = live.contains(real);
            boolean serves = isLive && !sorryActive;
            boolean drained = isLive && real.weight() == 0;
            if (serves || drained || server.inhibitOnFailure()) {
                all.add(serves ? Destination.of(real) : Destination.of(real).withWeight(0));
            }
        }
        if (sorryActive) {
            Destination sorry = Destination.of(server.sorryServer().orElseThrow());
            // a sorry server may be one of the real servers too; there is one row for both
            all.removeIf(destination -> destination.at().equals(sorry.at()));
            all.add(sorry);
        }
        return all;
    }
}
