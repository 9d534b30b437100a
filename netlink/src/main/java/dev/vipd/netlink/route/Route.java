package dev.vipd.netlink.route;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A route.
 *
 * @param destination     the networks it leads to
 * @param source          only for packets from there; IPv6 only
 * @param tos             only for packets with this type of service; IPv4 only
 * @param table           1..2^32-1, 254 main
 * @param metric          RTA_PRIORITY; 0: the kernel's default, which is 1024 for IPv6
 * @param scope           RT_SCOPE_*: 0 global, 253 link, 254 host; IPv4 only
 * @param protocol        who made it: RTPROT_*, {@link #RTPROT_VIPD} for ours
 * @param preferredSource the address that packets of this host get, which has to be one of its own
 * @param metrics         RTAX_* by number: {@link #RTAX_MTU} and others
 * @param nextHops        one, or several to share the traffic; none where the type sends nothing
 */
public record Route(
        Type type,
        IpPrefix destination,
        Optional<IpPrefix> source,
        int tos,
        long table,
        long metric,
        int scope,
        int protocol,
        Optional<InetAddress> preferredSource,
        Map<Integer, Integer> metrics,
        List<NextHop> nextHops) {
    /** Marks what vipd made, so that it is known again after a crash. Free in rtnetlink.h; the number of VRRP. */
    public static final int RTPROT_VIPD = 112;

    public static final int TABLE_MAIN = 254;
    public static final int RTAX_MTU = 2;

    private static final int IP6_RT_PRIO_USER = 1024;

    public Route {
        metrics = Map.copyOf(metrics);
        nextHops = List.copyOf(nextHops);
    }

    /** RTN_*. */
    public enum Type {
        UNICAST(1),
        LOCAL(2),
        BLACKHOLE(6),
        UNREACHABLE(7),
        PROHIBIT(8),
        THROW(9);

        final int number;

        Type(int number) {
            this.number = number;
        }

        static Optional<Type> of(int number) {
            return java.util.Arrays.stream(values()).filter(type -> type.number == number).findFirst();
        }
    }

    /** What the kernel tells one route of a table from another by. */
    public record Key(IpPrefix destination, int tos, long table, long metric) {}

    public Key key() {
        boolean defaultMetric = metric == 0 && destination.family() == IpPrefix.AF_INET6;
        return new Key(destination, tos, table, defaultMetric ? IP6_RT_PRIO_USER : metric);
    }

    /** As {@code ip route} has it, in short. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        if (type != Type.UNICAST) {
            out.append(type.name().toLowerCase(java.util.Locale.ROOT)).append(' ');
        }
        out.append(destination);
        for (NextHop hop : nextHops) {
            hop.via().ifPresent(via -> out.append(" via ").append(via.getHostAddress()));
        }
        if (table != TABLE_MAIN) {
            out.append(" table ").append(table);
        }
        return out.toString();
    }
}
