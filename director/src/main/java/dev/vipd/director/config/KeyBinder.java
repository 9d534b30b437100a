package dev.vipd.director.config;

import dev.vipd.director.config.GroupBinder.Group;
import dev.vipd.director.config.MarkedGroup.Target;
import dev.vipd.ipvs.Endpoints;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.ServiceKey.Protocol;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a virtual server is known by: {@code address}, {@code fwmark} or {@code group}, with {@code protocol},
 * {@code ip_family} and {@code nftables}.
 */
final class KeyBinder {
    private static final Map<String, Protocol> PROTOCOLS = Value.words(Protocol.class, true);
    private static final String ADDRESS = "the address and port of the service, such as 192.0.2.1:80, or fwmark, or"
            + " group";
    private static final int SERVICES_MAX = 4096;
    /** Of the whole file: a group may be large, and be named by many. */
    private static final int ALL_SERVICES_MAX = 65_536;

    private final GroupBinder groups;
    private final KeyClaims claims = new KeyClaims();
    private int services;

    KeyBinder(GroupBinder groups) {
        this.groups = groups;
    }

    /**
     * One virtual server's.
     *
     * @param at         what it is named by in the file
     * @param shown      the same for people
     * @param protocol   empty where marks alone tell what is meant, or when it is wrong
     * @param familyTold whether the file tells its family
     * @param keys       none while a group of one mark has none yet
     * @param marked     the addresses whose packets get one mark; none unless {@code nftables} is true
     */
    record Identity(Value at, String shown, Optional<Protocol> protocol, boolean ipv6, boolean familyTold,
            List<ServiceKey> keys, List<Target> marked) {
        /** Of all its services; 0 of one that is for all ports. */
        Set<Integer> ports() {
            Set<Integer> ports = new TreeSet<>();
            keys.forEach(key -> ports.add(key.port()));
            return ports.isEmpty() ? Set.of(0) : ports;
        }

        /** Whether its packets have no other protocol. */
        boolean isUdp() {
            return protocol.isEmpty() || protocol.get() == Protocol.UDP;
        }

        Identity with(ServiceKey.Mark key) {
            return new Identity(at, shown, protocol, ipv6, familyTold, List.of(key), marked);
        }
    }

    /** Empty when it can't be told. */
    Optional<Identity> bind(String name, Block b) {
        Optional<Value> address = b.value("address");
        Optional<Value> mark = b.value("fwmark");
        Optional<Value> group = b.value("group");
        Optional<Protocol> protocol = b.choice("protocol", PROTOCOLS);
        Optional<Boolean> ipv6 = b.choice("ip_family", GroupBinder.FAMILIES);
        boolean nftables = b.bool("nftables").orElse(false);
        examine(b, address.isPresent(), group.isPresent(), nftables);
        Optional<Protocol> usual = b.has("protocol") ? protocol : Optional.of(Protocol.TCP);
        Optional<Identity> identity;
        if (address.isPresent()) {
            identity = address.flatMap(v -> address(v, usual));
        } else if (group.isPresent()) {
            Optional<Long> pinned = mark.flatMap(GroupBinder::mark);
            identity = group.flatMap(v -> groups.use(v).flatMap(known -> nftables
                    ? marked(v, known, usual, pinned)
                    : expanded(v, known, b, usual)));
        } else if (mark.isPresent()) {
            identity = mark.flatMap(GroupBinder::mark).map(number -> {
                ServiceKey.Mark key = new ServiceKey.Mark(number, ipv6.orElse(false));
                return new Identity(mark.get(), key.toString(), Optional.empty(), key.ipv6(), b.has("ip_family"),
                        List.of(key), List.of());
            });
        } else {
            b.required("address", ADDRESS);
            identity = Optional.empty();
        }
        identity.ifPresent(known -> claim(name, known, mark));
        return identity;
    }

    /** Keys that don't go together. */
    private static void examine(Block b, boolean address, boolean group, boolean nftables) {
        if (address) {
            List.of("fwmark", "group").forEach(key -> b.given(key).ifPresent(v -> v.error("stands beside address; a"
                    + " virtual server is known by one of address, fwmark and group, so keep one of them")));
        } else if (group && !nftables) {
            b.given("fwmark").ifPresent(v -> v.error("stands beside group; keep one of them, or give nftables: true,"
                    + " with which the group is one service by this mark"));
        } else if (!group) {
            b.given("fwmark").flatMap(_ -> b.given("protocol")).ifPresent(v -> v.error("has no effect with fwmark,"
                    + " since a mark stands for packets of all protocols; remove it"));
        }
        if (address || group) {
            b.given("ip_family").ifPresent(v -> v.error("goes with fwmark only; the family is that of the "
                    + (address ? "address" : "group") + ", so remove it"));
        }
        if (!group) {
            b.given("nftables").ifPresent(v -> v.error("goes with group only; remove it"));
        }
    }

    private static Optional<Identity> address(Value value, Optional<Protocol> protocol) {
        return value.endpoint(true).map(endpoint -> {
            ServiceKey key = ServiceKey.of(protocol.orElse(Protocol.TCP), endpoint.address(), endpoint.port());
            return new Identity(value, Endpoints.text(endpoint.address()), protocol, key.ipv6(), true, List.of(key),
                    List.of());
        });
    }

    /** A group as one service, of the mark that its packets get. */
    private Optional<Identity> marked(Value value, Group group, Optional<Protocol> protocol, Optional<Long> pinned) {
        if (!group.marks().isEmpty()) {
            value.error("holds " + group.marks().getFirst() + ", and with nftables: true all of " + group.name()
                    + " gets one mark; remove the mark from the group, or nftables");
            return Optional.empty();
        }
        if (!fits(value, group.targets().size())) {
            return Optional.empty();
        }
        List<ServiceKey> keys = new ArrayList<>();
        pinned.ifPresent(mark -> keys.add(new ServiceKey.Mark(mark, group.ipv6())));
        return Optional.of(new Identity(
                value, "group " + group.name(), protocol, group.ipv6(), true, keys, group.targets()));
    }

    /** A group as a service for each address and port, and each mark. */
    private Optional<Identity> expanded(Value value, Group group, Block b, Optional<Protocol> protocol) {
        if (group.targets().isEmpty()) {
            b.given("protocol").ifPresent(v -> v.error("has no effect, since the group has nothing but marks, which"
                    + " stand for packets of all protocols; remove it"));
        }
        long size = group.marks().size();
        for (Target target : group.targets()) {
            size += Ranges.size(target).min(BigInteger.valueOf(ALL_SERVICES_MAX)).longValueExact();
        }
        if (size > SERVICES_MAX) {
            value.error(group.name() + " is more than " + SERVICES_MAX + " services, one for each address and port;"
                    + " give nftables: true, with which it is one, or a smaller group");
            return Optional.empty();
        }
        if (!fits(value, (int) size)) {
            return Optional.empty();
        }
        List<ServiceKey> keys = new ArrayList<>();
        for (Target target : group.targets()) {
            Ranges.addresses(target).forEach(address ->
                    keys.add(ServiceKey.of(protocol.orElse(Protocol.TCP), address, target.port())));
        }
        keys.addAll(group.marks());
        return Optional.of(new Identity(value, "group " + group.name(),
                group.targets().isEmpty() ? Optional.empty() : protocol, group.ipv6(), true, keys, List.of()));
    }

    private boolean fits(Value value, int more) {
        services += more;
        boolean fits = services <= ALL_SERVICES_MAX;
        if (!fits) {
            value.error("with it the groups of this file are more than " + ALL_SERVICES_MAX + " services; use smaller"
                    + " groups, or nftables: true");
        }
        return fits;
    }

    private void claim(String name, Identity identity, Optional<Value> mark) {
        List<Target> targets = new ArrayList<>(identity.marked());
        for (ServiceKey key : identity.keys()) {
            switch (key) {
                case ServiceKey.At at -> targets.add(new Target(at.address(), at.address(), at.port()));
                case ServiceKey.Mark known -> claims.mark(name, mark.orElse(identity.at()), known);
            }
        }
        identity.protocol().ifPresent(protocol ->
                claims.addresses(name, identity.at(), protocol, identity.ipv6(), targets));
    }

    /** To be called when all virtual servers are known: what two of them have is told. */
    void finish() {
        claims.examine();
        groups.warnUnused();
    }

    /** The next free mark from {@code from} on, of either family. */
    long freeMark(long from) {
        long mark = from;
        while (claims.hasMark(mark)) {
            mark++;
        }
        return mark;
    }
}
