package dev.vipd.director;

import dev.vipd.director.config.MarkedGroup;
import dev.vipd.director.config.MarkedGroup.Target;
import dev.vipd.ipvs.ServiceKey.Protocol;
import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The table of nftables that gives the packets of groups their firewall marks. It does so before IPVS sees a packet:
 * one from outside in prerouting, so that routing can go by the mark too, and one of this host itself in its output,
 * where IPVS comes at -98 (net/netfilter/ipvs/ip_vs_core.c). A mark replaces the whole of another that the packet has.
 */
final class MarkRules {
    /** Of the family inet. */
    static final String TABLE = "vipd_ipvs";

    private MarkRules() {}

    /** The table; empty when there are no groups. Of two that want one packet, the first has it. */
    static String table(List<MarkedGroup> groups) {
        if (groups.isEmpty()) {
            return "";
        }
        String rules = groups.stream().distinct().flatMap(group -> rules(group).stream())
                .map(rule -> "        " + rule + "\n")
                .collect(Collectors.joining());
        return """
                table inet %s {
                    chain marks {
                %s    }
                    chain prerouting {
                        type filter hook prerouting priority -150; policy accept;
                        jump marks
                    }
                    chain output {
                        type filter hook output priority -150; policy accept;
                        jump marks
                    }
                }
                """.formatted(TABLE, rules);
    }

    private static List<String> rules(MarkedGroup group) {
        List<String> rules = new ArrayList<>();
        for (boolean ipv6 : new boolean[] {false, true}) {
            Map<Integer, List<Target>> byPort = group.targets().stream()
                    .filter(target -> target.first() instanceof Inet6Address == ipv6)
                    .collect(Collectors.groupingBy(Target::port, TreeMap::new, Collectors.toList()));
            Map<String, TreeSet<Integer>> portsBySet = new LinkedHashMap<>();
            byPort.forEach((port, targets) ->
                    portsBySet.computeIfAbsent(set(targets), _ -> new TreeSet<>()).add(port));
            portsBySet.forEach((set, ports) -> rules.add((ipv6 ? "ip6" : "ip") + " daddr { " + set + " } "
                    + ports(group.protocol(), ports) + " meta mark set " + group.key().mark() + " accept"));
        }
        return rules;
    }

    private static String ports(Protocol protocol, TreeSet<Integer> ports) {
        String name = protocol.name().toLowerCase(Locale.ROOT);
        return ports.contains(0)
                ? "meta l4proto " + name
                : name + " dport { " + ports.stream().map(String::valueOf).collect(Collectors.joining(", ")) + " }";
    }

    /** Ranges that overlap are one: nft refuses them in a set otherwise. */
    private static String set(List<Target> targets) {
        List<Target> sorted = new ArrayList<>(targets);
        sorted.sort(Comparator.comparing(target -> number(target.first())));
        List<String> ranges = new ArrayList<>();
        InetAddress first = sorted.getFirst().first();
        InetAddress last = sorted.getFirst().last();
        for (Target target : sorted) {
            if (number(target.first()).compareTo(number(last).add(BigInteger.ONE)) > 0) {
                ranges.add(range(first, last));
                first = target.first();
                last = target.last();
            } else if (number(target.last()).compareTo(number(last)) > 0) {
                last = target.last();
            }
        }
        ranges.add(range(first, last));
        return String.join(", ", ranges);
    }

    private static BigInteger number(InetAddress address) {
        return new BigInteger(1, address.getAddress());
    }

    private static String range(InetAddress first, InetAddress last) {
        return first.getHostAddress() + (first.equals(last) ? "" : "-" + last.getHostAddress());
    }
}
