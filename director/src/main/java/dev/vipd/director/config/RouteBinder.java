package dev.vipd.director.config;

import dev.vipd.netlink.route.IpPrefix;
import dev.vipd.netlink.route.NextHop;
import dev.vipd.netlink.route.Route;
import dev.vipd.netlink.route.Route.Type;
import dev.vipd.vrrp.VirtualRoute;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A route as ip-route(8) and keepalived write it, {@code 10.0.0.0/8 via 192.0.2.254 dev eth1 table 100}, or as a block.
 * Its protocol is always vipd's own number, by which the daemon knows it again after a crash.
 */
final class RouteBinder {
    static final String EXAMPLE = "a route such as 10.0.0.0/8 via 192.0.2.254 dev eth1";

    private static final int SCOPE_LINK = 253;
    private static final int SCOPE_HOST = 254;
    private static final int WEIGHT_MAX = 256;
    private static final long METRIC_MAX = 0xffff_ffffL;
    /** RTAX_* of rtnetlink(7) that are plain numbers. */
    private static final Map<String, Integer> METRICS = Map.of("mtu", Route.RTAX_MTU, "window", 3, "ssthresh", 6,
            "cwnd", 7, "advmss", 8, "reordering", 9, "hoplimit", 10, "initcwnd", 11, "initrwnd", 14, "quickack", 15);

    private static final Map<String, Type> TYPES = Value.words(Type.class, true);
    private static final WordBlock HOP = new WordBlock("via", Set.of("via", "dev", "weight"), Set.of("onlink"));
    private static final WordBlock WORDS = new WordBlock("to", valued(), flags());

    private RouteBinder() {}

    private static Set<String> valued() {
        Set<String> words = new TreeSet<>(Set.of("to", "via", "dev", "src", "from", "tos", "table", "metric",
                "preference", "priority", "scope", "track_group"));
        words.addAll(METRICS.keySet());
        return words;
    }

    private static Set<String> flags() {
        Set<String> words = new TreeSet<>(Set.of("onlink", "no_track"));
        words.addAll(TYPES.keySet());
        return words;
    }

    /** What an item of a list of routes stands for: the route itself, and the next hops after the word nexthop. */
    record Item(Block block, List<Value> hops) {
        static Optional<Item> of(Value value) {
            List<Value> parts = WordBlock.split(value, "nexthop");
            return WORDS.of(parts.getFirst(), EXAMPLE).map(block -> {
                List<Value> hops = new ArrayList<>(parts.subList(1, parts.size()));
                if (!value.isScalar()) {
                    hops.addAll(block.list("nexthops", "a list of next hops such as { via: 192.0.2.254, weight: 2 }"));
                }
                return new Item(block, hops);
            });
        }
    }

    /** Reads every key but {@code track_group} and does not finish the block; {@code ipv6} is for a bare default. */
    static Optional<VirtualRoute> bind(Item item, boolean ipv6) {
        Block b = item.block();
        Type type = type(b);
        Optional<InetAddress> source = b.value("src").flatMap(Value::ip);
        Optional<IpPrefix> from = b.value("from").flatMap(v -> Prefixes.network(v, true));
        List<Hop> hops = hops(b, item.hops());
        boolean v6 = hops.stream().flatMap(hop -> hop.hop().via().stream()).findFirst().or(() -> source)
                .map(Inet6Address.class::isInstance)
                .orElse(ipv6);
        Optional<IpPrefix> to = b.required("to", "the network it leads to, such as 10.0.0.0/8, or default")
                .flatMap(v -> Prefixes.network(v, v6));
        int tos = b.value("tos").flatMap(v -> Prefixes.unsigned(v, 255)).orElse(0L).intValue();
        long table = b.value("table").flatMap(Prefixes::table).orElse((long) Route.TABLE_MAIN);
        long metric = metric(b);
        Optional<Integer> scope = b.value("scope").flatMap(VirtualAddressBinder::scope);
        Map<Integer, Integer> metrics = new HashMap<>();
        new TreeSet<>(METRICS.keySet()).forEach(key ->
                b.integer(key, 0, Integer.MAX_VALUE).ifPresent(value -> metrics.put(METRICS.get(key), value)));
        boolean noTrack = b.bool("no_track").orElse(false);
        if (type == Type.UNICAST && hops.isEmpty() && to.isPresent()) {
            b.error("a route needs via or dev: where packets go; add one, or begin it with blackhole, unreachable or"
                    + " prohibit");
        }
        return to.map(destination -> {
            boolean gateway = hops.stream().anyMatch(hop -> hop.hop().via().isPresent());
            int byType = type == Type.LOCAL ? SCOPE_HOST : type == Type.UNICAST && !gateway ? SCOPE_LINK : 0;
            int itsScope = destination.address() instanceof Inet6Address ? 0 : scope.orElse(byType);
            Route route = new Route(type, destination, from, tos, table, metric, itsScope, Route.RTPROT_VIPD, source,
                    metrics, hops.stream().map(Hop::hop).toList());
            return new VirtualRoute(route, hops.stream().map(Hop::device).toList(), noTrack);
        });
    }

    /** {@code type: blackhole} in a block, {@code blackhole} in a line. */
    private static Type type(Block b) {
        Type type = b.choice("type", TYPES).orElse(Type.UNICAST);
        for (Map.Entry<String, Type> word : TYPES.entrySet()) {
            if (b.has(word.getKey()) && b.bool(word.getKey()).orElse(false)) {
                type = word.getValue();
            }
        }
        return type;
    }

    private static long metric(Block b) {
        long metric = 0;
        for (String key : List.of("metric", "preference", "priority")) {
            metric = b.value(key).flatMap(v -> Prefixes.unsigned(v, METRIC_MAX)).orElse(metric);
        }
        return metric;
    }

    /** @param device name of its interface, empty where none is given */
    private record Hop(NextHop hop, String device) {}

    private static List<Hop> hops(Block b, List<Value> more) {
        List<Hop> hops = new ArrayList<>();
        if (b.has("via") || b.has("dev")) {
            hop(b, 1, hops);
            if (!more.isEmpty()) {
                b.error("has via or dev of its own beside next hops; put all of them after nexthop");
            }
        } else {
            b.value("via");
            b.value("dev");
            b.value("onlink");
        }
        for (Value value : more) {
            HOP.of(value, "a next hop such as { via: 192.0.2.254, weight: 2 }").ifPresent(block -> {
                int weight = block.integer("weight", 1, WEIGHT_MAX).orElse(1);
                hop(block, weight, hops);
                block.finish();
            });
        }
        return hops;
    }

    private static void hop(Block b, int weight, List<Hop> hops) {
        Optional<InetAddress> via = b.value("via").flatMap(Value::ip);
        Optional<String> device = b.value("dev").flatMap(InstanceBinder::interfaceName);
        boolean onlink = b.bool("onlink").orElse(false);
        if (onlink && device.isEmpty()) {
            b.value("onlink").ifPresent(v -> v.error("needs dev: on which link; add it"));
        }
        if (via.isPresent() || device.isPresent()) {
            hops.add(new Hop(new NextHop(via, 0, weight, onlink), device.orElse("")));
        }
    }
}
