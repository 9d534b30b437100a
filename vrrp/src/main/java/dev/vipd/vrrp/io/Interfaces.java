package dev.vipd.vrrp.io;

import dev.vipd.netlink.NetlinkException;
import dev.vipd.netlink.route.InterfaceAddress;
import dev.vipd.netlink.route.Link;
import dev.vipd.netlink.route.RouteClient;
import dev.vipd.netlink.route.RouteEvent;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The interfaces and addresses of this namespace as the kernel last told of them. Not thread-safe. */
final class Interfaces {
    private final Map<Integer, Link> links = new LinkedHashMap<>();
    private final Map<Integer, Map<AddressKey, InterfaceAddress>> addresses = new LinkedHashMap<>();

    /** What the kernel tells one address of an interface from another by. */
    private record AddressKey(InetAddress address, int prefixLength) {
        static AddressKey of(InterfaceAddress address) {
            return new AddressKey(address.address(), address.prefixLength());
        }
    }

    /** Takes the whole state from the kernel. */
    void load(RouteClient client) throws NetlinkException {
        List<Link> newLinks = client.links();
        List<InterfaceAddress> newAddresses = client.addresses();
        links.clear();
        addresses.clear();
        newLinks.forEach(link -> links.put(link.index(), link));
        newAddresses.forEach(this::put);
    }

    /** Takes one change. */
    void apply(RouteEvent event) {
        switch (event) {
            case RouteEvent.LinkChanged changed -> links.put(changed.link().index(), changed.link());
            case RouteEvent.LinkRemoved removed -> {
                links.remove(removed.index());
                addresses.remove(removed.index());
            }
            case RouteEvent.AddressAdded added -> put(added.address());
            case RouteEvent.AddressRemoved removed ->
                    map(removed.address().interfaceIndex()).remove(AddressKey.of(removed.address()));
            case RouteEvent.RouteRemoved removed -> {}
            case RouteEvent.RuleRemoved removed -> {}
            case RouteEvent.Overrun overrun -> {} // the caller loads anew
        }
    }

    Optional<Link> link(String name) {
        return links.values().stream().filter(link -> link.name().equals(name)).findFirst();
    }

    Optional<Link> link(int index) {
        return Optional.ofNullable(links.get(index));
    }

    List<String> names() {
        return links.values().stream().map(Link::name).toList();
    }

    /**
     * Where adverts are sent from: the first IPv4 address of an interface that is not in {@code except}, one that the
     * kernel calls secondary only where there is no other.
     */
    Optional<InetAddress> primary(String name, Set<InetAddress> except) {
        List<InetAddress> primaries = new ArrayList<>();
        List<InetAddress> secondaries = new ArrayList<>();
        link(name).ifPresent(link -> of(link.index()).forEach(address -> {
            if (address.address() instanceof Inet4Address v4 && !except.contains(v4)) {
                boolean secondary = (address.flags() & InterfaceAddress.IFA_F_SECONDARY) != 0;
                (secondary ? secondaries : primaries).add(v4);
            }
        }));
        primaries.addAll(secondaries);
        return primaries.stream().findFirst();
    }

    /**
     * The same for IPv6: the first address that is not in {@code except}, link-local ones first as RFC 9568, 5.1.2.1
     * wants it, or the others first. One that duplicate detection has not passed is none.
     */
    Optional<InetAddress> primaryIpv6(String name, boolean linkLocalFirst, Set<InetAddress> except) {
        List<InetAddress> first = new ArrayList<>();
        List<InetAddress> others = new ArrayList<>();
        link(name).ifPresent(link -> of(link.index()).forEach(address -> {
            boolean usable =
                    (address.flags() & (InterfaceAddress.IFA_F_TENTATIVE | InterfaceAddress.IFA_F_DADFAILED)) == 0;
            if (address.address() instanceof Inet6Address v6 && usable && !except.contains(v6)) {
                (v6.isLinkLocalAddress() == linkLocalFirst ? first : others).add(v6);
            }
        }));
        first.addAll(others);
        return first.stream().findFirst();
    }

    /** Whether any interface has the address. */
    boolean hasAnywhere(InetAddress address) {
        return addresses.keySet().stream().anyMatch(index -> has(index, address));
    }

    /** Whether the address was told before, just as it is now but for what changes by itself. */
    boolean knows(InterfaceAddress address) {
        InterfaceAddress before = map(address.interfaceIndex()).get(AddressKey.of(address));
        return before != null && before.flags() == address.flags();
    }

    Optional<InterfaceAddress> find(int interfaceIndex, InetAddress address, int prefixLength) {
        return Optional.ofNullable(map(interfaceIndex).get(new AddressKey(address, prefixLength)));
    }

    boolean has(int interfaceIndex, InetAddress address) {
        return of(interfaceIndex).stream().anyMatch(held -> held.address().equals(address));
    }

    List<Link> links() {
        return List.copyOf(links.values());
    }

    /** The first link-local IPv6 address of an interface. */
    Optional<Inet6Address> linkLocal(int interfaceIndex) {
        return of(interfaceIndex).stream()
                .map(InterfaceAddress::address)
                .filter(address -> address instanceof Inet6Address && address.isLinkLocalAddress())
                .map(Inet6Address.class::cast)
                .findFirst();
    }

    /** Whether an interface has another address of this family, one that its host may call its own. */
    boolean hasOther(int interfaceIndex, InetAddress address) {
        return of(interfaceIndex).stream()
                .map(InterfaceAddress::address)
                .anyMatch(other -> other.getClass() == address.getClass() && !other.equals(address));
    }

    /** What the kernel last told of an address. */
    Optional<InterfaceAddress> find(int interfaceIndex, InetAddress address) {
        return of(interfaceIndex).stream().filter(held -> held.address().equals(address)).findFirst();
    }

    /** Prefixes that an interface has the address with. */
    List<Integer> prefixes(int interfaceIndex, InetAddress address) {
        return of(interfaceIndex).stream()
                .filter(held -> held.address().equals(address))
                .map(InterfaceAddress::prefixLength)
                .toList();
    }

    private void put(InterfaceAddress address) {
        // one that is told of again, as at each renewal by DHCP, keeps its place: the first one stays the first
        map(address.interfaceIndex()).put(AddressKey.of(address), address);
    }

    private Collection<InterfaceAddress> of(int interfaceIndex) {
        return map(interfaceIndex).values();
    }

    private Map<AddressKey, InterfaceAddress> map(int interfaceIndex) {
        return addresses.computeIfAbsent(interfaceIndex, index -> new LinkedHashMap<>());
    }
}
