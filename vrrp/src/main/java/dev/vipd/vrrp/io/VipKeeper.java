package dev.vipd.vrrp.io;

import dev.vipd.netlink.NetlinkException;
import dev.vipd.netlink.route.InterfaceAddress;
import dev.vipd.netlink.route.Link;
import dev.vipd.netlink.route.RouteChange;
import dev.vipd.netlink.route.RouteClient;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.io.VrrpListener.AddressChange;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The VIPs that are on interfaces of this host by our doing: adds and deletes them, and knows which instance holds
 * which. An interface is known by its index, since it may be renamed under a VIP. Not thread-safe.
 */
final class VipKeeper {
    private record Place(int interfaceIndex, InetAddress address) {}

    /** @param borrowed the address owner's own address, which was there before us and stays after us */
    private record Holding(VirtualRouterConfig instance, VirtualAddress address, boolean borrowed) {}

    /**
     * @param ours false: found on the interface, and left over as it seems. It stays while the interface has no other
     *             address, since then it is rather the host's own
     */
    private record Removal(VirtualRouterConfig instance, VirtualAddress address, boolean ours) {}

    private final RouteClient routes;
    private final Interfaces interfaces;
    private final VrrpListener listener;
    private final boolean dryRun;
    private final Map<Place, Holding> held = new LinkedHashMap<>();
    /** Those of {@code held} that the monitor has told of: only such can get lost. */
    private final Set<Place> seen = new LinkedHashSet<>();
    private final Map<Place, Removal> pendingRemovals = new LinkedHashMap<>();

    VipKeeper(RouteClient routes, Interfaces interfaces, VrrpListener listener, boolean dryRun) {
        this.routes = routes;
        this.interfaces = interfaces;
        this.listener = listener;
        this.dryRun = dryRun;
    }

    /** @return why it failed, if it did */
    Optional<String> add(VirtualRouterConfig instance, VirtualAddress address) {
        Link link = interfaces.link(instance.interfaceName()).orElse(null);
        if (link == null) {
            return Optional.of("no interface " + instance.interfaceName());
        }
        if (dryRun) {
            listener.dryRun("add " + address + " to " + link.name());
            return Optional.empty();
        }
        Place place = new Place(link.index(), address.address());
        long startNs = System.nanoTime();
        try {
            boolean added = routes.apply(RouteChange.addAddress(link.name(), kernelForm(link, address)));
            Holding before = held.get(place);
            boolean borrowed = !added && instance.owner() && (before == null || before.borrowed());
            held.put(place, new Holding(instance, address, borrowed));
            pendingRemovals.remove(place);
            if (added) {
                seen.remove(place);
                listener.address(instance, AddressChange.ADDED, address, System.nanoTime() - startNs);
            } else {
                if (interfaces.has(link.index(), address.address())) {
                    seen.add(place);
                }
                listener.address(instance, AddressChange.SEEN, address, 0);
            }
            return Optional.empty();
        } catch (NetlinkException e) {
            return Optional.of(e.getMessage());
        }
    }

    /**
     * Deletes a VIP, whoever added it: on leaving MASTER, and at start what a killed process left. One that another
     * instance has taken over meanwhile, and an address owner's own address, stay.
     */
    void remove(VirtualRouterConfig instance, VirtualAddress address) {
        Optional<Place> place = held.keySet().stream()
                .filter(candidate -> candidate.address().equals(address.address())
                        && held.get(candidate).instance().name().equals(instance.name()))
                .findFirst();
        if (place.isPresent()) {
            Holding holding = held.remove(place.get());
            seen.remove(place.get());
            if (!holding.borrowed()) {
                delete(place.get(), new Removal(instance, address, true));
            }
        } else if (!instance.owner()) {
            interfaces.link(instance.interfaceName())
                    .map(link -> new Place(link.index(), address.address()))
                    .filter(left -> !held.containsKey(left))
                    .ifPresent(left -> delete(left, new Removal(instance, address, false)));
        }
    }

    /** Tries again to delete what could not be deleted: a VIP that stays on a backup draws its traffic. */
    void retryRemovals() {
        Map.copyOf(pendingRemovals).forEach(this::delete);
    }

    /** The monitor tells of an address. */
    void told(InterfaceAddress address) {
        Place place = new Place(address.interfaceIndex(), address.address());
        if (held.containsKey(place)) {
            seen.add(place);
        }
    }

    /** All of the kernel's addresses were just read: they include all that are held. */
    void toldAll() {
        seen.addAll(held.keySet());
    }

    /** The instance's VIPs that somebody else deleted; they count as not held from now on. */
    List<VirtualAddress> takeLost(VirtualRouterConfig instance) {
        List<VirtualAddress> lost = new ArrayList<>();
        for (Place place : List.copyOf(seen)) {
            Holding holding = held.get(place);
            if (holding.instance().name().equals(instance.name())
                    && !interfaces.has(place.interfaceIndex(), place.address())) {
                held.remove(place);
                seen.remove(place);
                lost.add(holding.address());
            }
        }
        return lost;
    }

    boolean holds(Link link, VirtualAddress address) {
        return held.containsKey(new Place(link.index(), address.address()));
    }

    List<VirtualAddress> held() {
        return held.values().stream().map(Holding::address).toList();
    }

    private static InterfaceAddress kernelForm(Link link, VirtualAddress address) {
        return new InterfaceAddress(link.index(), address.address(), address.prefixLength(), 0, 0);
    }

    private boolean onlyAddress(Removal removal, Place place) {
        return interfaces.primary(removal.instance().interfaceName(), Set.of(place.address())).isEmpty();
    }

    private void delete(Place place, Removal removal) {
        Link link = interfaces.link(place.interfaceIndex()).orElse(null);
        if (link == null) {
            pendingRemovals.remove(place); // its addresses went with the interface
            return;
        }
        if (!removal.ours() && onlyAddress(removal, place)) {
            pendingRemovals.put(place, removal);
            return;
        }
        if (dryRun) {
            if (interfaces.has(link.index(), place.address())) {
                listener.dryRun("remove " + removal.address() + " from " + link.name());
            }
            return;
        }
        // with the prefix of an earlier configuration it would stay otherwise
        Set<Integer> prefixes = new LinkedHashSet<>(interfaces.prefixes(link.index(), place.address()));
        prefixes.add(removal.address().prefixLength());
        try {
            for (int prefix : prefixes) {
                long startNs = System.nanoTime();
                if (routes.apply(RouteChange.deleteAddress(
                        link.name(), kernelForm(link, new VirtualAddress(place.address(), prefix))))) {
                    VirtualAddress deleted = new VirtualAddress(place.address(), prefix);
                    listener.address(
                            removal.instance(), AddressChange.DELETED, deleted, System.nanoTime() - startNs);
                }
            }
            pendingRemovals.remove(place);
        } catch (NetlinkException e) {
            if (pendingRemovals.put(place, removal) == null) {
                listener.addressDeleteFailed(removal.instance(), removal.address(), e.getMessage());
            }
        }
    }
}
