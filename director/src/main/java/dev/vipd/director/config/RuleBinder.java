package dev.vipd.director.config;

import dev.vipd.netlink.route.IpPrefix;
import dev.vipd.netlink.route.Route;
import dev.vipd.netlink.route.Rule;
import dev.vipd.netlink.route.Rule.Action;
import dev.vipd.netlink.route.Rule.Mark;
import dev.vipd.netlink.route.Rule.Ports;
import dev.vipd.vrrp.VirtualRule;
import java.net.Inet6Address;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A rule of policy routing as ip-rule(8) and keepalived write it, {@code from 10.0.0.0/8 table 100 priority 1000}, or
 * as a block. The priority has to be given: the kernel would choose one that depends on which rules are there already.
 */
final class RuleBinder {
    static final String EXAMPLE = "a rule such as from 10.0.0.0/8 table 100 priority 1000";

    private static final long U32_MAX = 0xffff_ffffL;
    private static final int PORT_MAX = 65535;
    private static final Map<String, Integer> PROTOCOLS =
            Map.of("icmp", 1, "tcp", 6, "udp", 17, "ipv6-icmp", 58, "sctp", 132, "udplite", 136);

    private static final WordBlock WORDS = new WordBlock("",
            Set.of("from", "to", "iif", "oif", "fwmark", "tos", "priority", "preference", "order", "table", "lookup",
                    "suppress_prefixlength", "ipproto", "sport", "dport", "track_group"),
            Set.of("not", "inet", "inet6", "blackhole", "unreachable", "prohibit", "no_track"));

    private RuleBinder() {}

    static Optional<Block> block(Value item) {
        return WORDS.of(item, EXAMPLE);
    }

    /**
     * Reads every key but {@code track_group} and does not finish the block; {@code ipv6} is for one without
     * networks.
     */
    static Optional<VirtualRule> bind(Block b, boolean ipv6) {
        boolean inet = b.bool("inet").orElse(false);
        boolean byWord = b.bool("inet6").orElse(ipv6 && !inet);
        Optional<IpPrefix> from = b.value("from").flatMap(v -> Prefixes.prefix(v, byWord));
        Optional<IpPrefix> to = b.value("to").flatMap(v -> Prefixes.prefix(v, byWord));
        boolean v6 = from.filter(p -> p.length() > 0).or(() -> to.filter(p -> p.length() > 0))
                .map(prefix -> prefix.address() instanceof Inet6Address)
                .orElse(byWord);
        if (to.filter(p -> p.length() > 0 && p.address() instanceof Inet6Address != v6).isPresent()) {
            b.value("to").ifPresent(v -> v.error(to.get() + " is not of the family of from; use one in a rule"));
        }
        boolean not = b.bool("not").orElse(false);
        String iif = b.value("iif").flatMap(InstanceBinder::interfaceName).orElse("");
        String oif = b.value("oif").flatMap(InstanceBinder::interfaceName).orElse("");
        Optional<Mark> mark = b.value("fwmark").flatMap(RuleBinder::mark);
        int tos = b.value("tos").flatMap(v -> Prefixes.unsigned(v, 255)).orElse(0L).intValue();
        int protocol = b.value("ipproto").flatMap(RuleBinder::protocol).orElse(0);
        Optional<Ports> source = b.value("sport").flatMap(RuleBinder::ports);
        Optional<Ports> destination = b.value("dport").flatMap(RuleBinder::ports);
        Optional<Integer> suppress = b.integer("suppress_prefixlength", 0, 128);
        boolean noTrack = b.bool("no_track").orElse(false);
        Optional<Action> action = action(b);
        Optional<Long> table = first(b, List.of("table", "lookup")).flatMap(Prefixes::table);
        Optional<Long> priority = first(b, List.of("priority", "preference", "order"))
                .flatMap(v -> Prefixes.unsigned(v, U32_MAX));
        require(b, action);
        if (priority.isEmpty() || table.isEmpty() && action.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new VirtualRule(new Rule(v6, priority.get(), not, host(from), host(to), iif, oif, mark, tos,
                protocol, source, destination, action.orElse(Action.LOOKUP), table.orElse(0L),
                suppress.map(OptionalInt::of).orElse(OptionalInt.empty()), Route.RTPROT_VIPD), noTrack));
    }

    private static void require(Block b, Optional<Action> action) {
        if (!b.has("priority") && !b.has("preference") && !b.has("order")) {
            b.error("a rule needs a priority, and the kernel's choice would depend on what is there already; add one,"
                    + " such as priority 1000");
        }
        boolean lookup = b.has("table") || b.has("lookup");
        if (!lookup && action.isEmpty()) {
            b.error("a rule needs what is to be done: table and its number, blackhole, unreachable or prohibit");
        } else if (lookup && action.isPresent()) {
            b.error("has a table and " + action.get().name().toLowerCase(Locale.ROOT) + "; keep one of them");
        }
    }

    /** The value of the first of some words for one thing that is there. */
    private static Optional<Value> first(Block b, List<String> keys) {
        return keys.stream().flatMap(key -> b.value(key).stream()).toList().stream().findFirst();
    }

    /** Everything is as good as no network. */
    private static Optional<IpPrefix> host(Optional<IpPrefix> prefix) {
        return prefix.filter(p -> p.length() > 0);
    }

    private static Optional<Action> action(Block b) {
        Optional<Action> found = Optional.empty();
        for (Action action : List.of(Action.BLACKHOLE, Action.UNREACHABLE, Action.PROHIBIT)) {
            String word = action.name().toLowerCase(Locale.ROOT);
            if (b.bool(word).orElse(false)) {
                found.ifPresent(other -> b.error("has " + other.name().toLowerCase(Locale.ROOT) + " and " + word
                        + "; keep one of them"));
                found = Optional.of(action);
            }
        }
        return found;
    }

    private static Optional<Mark> mark(Value value) {
        String expected = "a mark such as 0x1 or 0x1/0xff";
        return value.text(expected).flatMap(text -> {
            int slash = text.indexOf('/');
            Optional<Long> mark = Prefixes.number(slash < 0 ? text : text.substring(0, slash));
            Optional<Long> mask = slash < 0 ? Optional.of(U32_MAX) : Prefixes.number(text.substring(slash + 1));
            if (mark.filter(n -> n <= U32_MAX).isEmpty() || mask.filter(n -> n <= U32_MAX).isEmpty()) {
                value.error(Spelling.quote(text) + " is not " + expected);
                return Optional.empty();
            }
            return Optional.of(new Mark(mark.get().intValue(), mask.get().intValue()));
        });
    }

    private static Optional<Integer> protocol(Value value) {
        String expected = "a protocol: icmp, tcp, udp, sctp, udplite, ipv6-icmp, or a number, 1..255";
        return value.text(expected).flatMap(text -> {
            int number = PROTOCOLS.getOrDefault(text.toLowerCase(Locale.ROOT), Addresses.number(text, 255));
            if (number < 1) {
                value.error(Spelling.quote(text) + " is not " + expected);
                return Optional.empty();
            }
            return Optional.of(number);
        });
    }

    private static Optional<Ports> ports(Value value) {
        String expected = "a port, or a range such as 8000-8099";
        return value.text(expected).flatMap(text -> {
            int dash = text.indexOf('-');
            int from = Addresses.number(dash < 0 ? text : text.substring(0, dash), PORT_MAX);
            int to = dash < 0 ? from : Addresses.number(text.substring(dash + 1), PORT_MAX);
            if (from < 1 || to < from) {
                value.error(Spelling.quote(text) + " is not " + expected);
                return Optional.empty();
            }
            return Optional.of(new Ports(from, to));
        });
    }
}
