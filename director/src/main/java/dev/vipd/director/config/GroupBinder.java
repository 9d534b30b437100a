package dev.vipd.director.config;

import dev.vipd.director.config.MarkedGroup.Target;
import dev.vipd.ipvs.Endpoints;
import dev.vipd.ipvs.ServiceKey;
import java.math.BigInteger;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** {@code virtual_server_groups}: lists of addresses and firewall marks that one virtual server stands for. */
final class GroupBinder {
    static final Map<String, Boolean> FAMILIES = families();

    private static final String EXAMPLE =
            "a list of addresses and marks, such as [ 192.0.2.1:80, 192.0.2.8-15:80, { fwmark: 7 } ]";
    private static final String MARK = "{ fwmark: 7, ip_family: inet }";
    private static final int ITEMS_MAX = 4096;
    private static final long MARK_MAX = 0xffff_ffffL;

    private final Map<String, Optional<Group>> groups = new LinkedHashMap<>();
    private final Map<String, Value> places = new LinkedHashMap<>();
    private final Set<String> used = new HashSet<>();

    /**
     * A group, in the order of the file.
     *
     * @param targets none of which holds an address of another with the same port
     */
    record Group(String name, boolean ipv6, List<Target> targets, List<ServiceKey.Mark> marks) {}

    private record Item(Value at, Optional<Target> target, long mark, Optional<Boolean> ipv6) {}

    private static Map<String, Boolean> families() {
        Map<String, Boolean> families = new LinkedHashMap<>();
        families.put("inet", false);
        families.put("inet6", true);
        return families;
    }

    /** Reads the section. */
    void define(Block root) {
        root.value("virtual_server_groups")
                .flatMap(v -> v.block("{ web: [ 192.0.2.1:80 ] }"))
                .map(Block::named)
                .orElseGet(LinkedHashMap::new)
                .forEach((name, value) -> {
                    places.put(name, value);
                    groups.put(name, group(name, value));
                });
    }

    /** The group that a virtual server names; empty when it is wrong or not there. */
    Optional<Group> use(Value value) {
        return value.text("the name of one of virtual_server_groups").flatMap(name -> {
            used.add(name);
            if (!groups.containsKey(name)) {
                value.error(Spelling.quote(name) + " is not one of virtual_server_groups"
                        + Spelling.orNearest(name, groups.keySet()));
            }
            return groups.getOrDefault(name, Optional.empty());
        });
    }

    /** To be called when all virtual servers are known. */
    void warnUnused() {
        places.forEach((name, value) -> {
            if (!used.contains(name)) {
                value.findings().warning(value.owner(), value.path(), "no virtual server names this group, so it does"
                        + " nothing; give group: " + name + " in one, or remove it");
            }
        });
    }

    /** A firewall mark. */
    static Optional<Long> mark(Value value) {
        String expected = "a firewall mark, 1.." + MARK_MAX;
        return value.text(expected).flatMap(text -> {
            Optional<Long> mark = Prefixes.number(text).filter(number -> number >= 1 && number <= MARK_MAX);
            if (mark.isEmpty()) {
                value.error(Spelling.quote(text) + " is not " + expected);
            }
            return mark;
        });
    }

    private Optional<Group> group(String name, Value value) {
        List<Value> values = value.list(EXAMPLE);
        if (value.isEmptyList()) {
            value.error("is empty; give " + EXAMPLE);
        } else if (values.size() > ITEMS_MAX) {
            value.error("has " + values.size() + " items; give at most " + ITEMS_MAX + ", for example ranges");
            return Optional.empty();
        }
        List<Item> items = new ArrayList<>();
        values.forEach(item -> read(item).ifPresent(items::add));
        if (items.isEmpty() || items.size() < values.size()) {
            return Optional.empty();
        }
        boolean ipv6 = items.stream().flatMap(item -> item.ipv6().stream()).findFirst().orElse(false);
        for (Item item : items) {
            if (item.ipv6().orElse(ipv6) != ipv6) {
                item.at().error("is " + (ipv6 ? "IPv4" : "IPv6") + " but the group is " + (ipv6 ? "IPv6" : "IPv4")
                        + ", as its first item is; use one family in a group");
                return Optional.empty();
            }
        }
        reportOverlaps(items);
        Set<Long> marks = new HashSet<>();
        items.stream().filter(item -> item.mark() > 0 && !marks.add(item.mark())).forEach(item ->
                item.at().error("the mark " + item.mark() + " is listed twice; keep one of them"));
        return Optional.of(new Group(name, ipv6,
                items.stream().flatMap(item -> item.target().stream()).toList(),
                items.stream().filter(item -> item.mark() > 0)
                        .map(item -> new ServiceKey.Mark(item.mark(), ipv6)).toList()));
    }

    private static Optional<Item> read(Value item) {
        if (!item.isScalar()) {
            return item.block(MARK).flatMap(b -> {
                Optional<Long> mark = b.required("fwmark", "a firewall mark such as 7").flatMap(GroupBinder::mark);
                Optional<Boolean> ipv6 = b.choice("ip_family", FAMILIES);
                b.finish();
                return mark.map(number -> new Item(item, Optional.empty(), number, ipv6));
            });
        }
        if (item.firstWord().filter("fwmark"::equals).isEmpty()) {
            return Ranges.read(item).map(range -> new Item(
                    item, Optional.of(range), 0, Optional.of(!(range.first() instanceof Inet4Address))));
        }
        List<Value> words = WordBlock.words(item);
        if (words.size() < 2 || words.size() > 3) {
            item.error("a line that begins with fwmark has a mark, and may have a family; give it as fwmark 7 or"
                    + " fwmark 7 inet6");
            return Optional.empty();
        }
        Optional<Boolean> ipv6 = words.size() == 3 ? words.get(2).choice(FAMILIES) : Optional.empty();
        return mark(words.get(1)).map(number -> new Item(item, Optional.empty(), number, ipv6));
    }

    /** Of two items that share an address and a port the later one is reported. */
    private static void reportOverlaps(List<Item> items) {
        record Numbered(int index, int port, BigInteger first, BigInteger last) {}
        List<Numbered> ranges = IntStream.range(0, items.size())
                .mapToObj(i -> items.get(i).target().map(range -> new Numbered(
                        i, range.port(), Ranges.number(range.first()), Ranges.number(range.last()))))
                .flatMap(Optional::stream)
                .sorted(Comparator.comparingInt(Numbered::port).thenComparing(Numbered::first)
                        .thenComparingInt(Numbered::index))
                .toList();
        Numbered reach = null;
        for (Numbered range : ranges) {
            boolean same = reach != null && reach.port() == range.port();
            if (same && range.first().compareTo(reach.last()) <= 0) {
                Target target = items.get(range.index()).target().orElseThrow();
                items.get(Math.max(range.index(), reach.index())).at().error(
                        "holds " + Endpoints.format(target.first(), target.port())
                                + ", which another item holds as well; keep one of them");
            }
            if (!same || range.last().compareTo(reach.last()) > 0) {
                reach = range;
            }
        }
    }
}
