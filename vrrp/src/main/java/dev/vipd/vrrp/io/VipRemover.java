package dev.vipd.vrrp.io;

import dev.vipd.netlink.route.InterfaceAddress;
import dev.vipd.netlink.route.Link;
import dev.vipd.netlink.route.RouteChange;
import dev.vipd.netlink.route.RouteClient;
import dev.vipd.netlink.route.RouteOutcome;
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

/** Deletes VIPs, until it has worked. Not thread-safe. */
final class VipRemover {
    /**
     * @param ours false: found on the interface, and left over as it seems. It stays while the interface has no other
     *             address, since then it is rather the host's own
     */
    record Removal(VirtualRouterConfig instance, VirtualAddress address, int interfaceIndex, boolean ours) {}

    private record Place(int interfaceIndex, InetAddress address) {
        static Place of(Removal removal) {
            return new Place(removal.interfaceIndex(), removal.address().address());
        }
    }

    private record Deletion(Removal removal, Link link, InterfaceAddress form) {}

    private final RouteClient routes;
    private final Interfaces interfaces;
    private final VrrpListener listener;
    private final boolean dryRun;
    private final Map<Place, Removal> pending = new LinkedHashMap<>();

    VipRemover(RouteClient routes, Interfaces interfaces, VrrpListener listener, boolean dryRun) {
        this.routes = routes;
        this.interfaces = interfaces;
        this.listener = listener;
        this.dryRun = dryRun;
    }

    /** Deletes them all at once, in this order; what fails is told once and kept for {@link #retry}. */
    void remove(List<Removal> removals) {
        List<Deletion> deletions = new ArrayList<>();
        for (Removal removal : removals) {
            deletions.addAll(plan(removal));
        }
        long startNs = System.nanoTime();
        List<RouteOutcome> outcomes = routes.applyAll(deletions.stream()
                .map(deletion -> RouteChange.deleteAddress(deletion.link().name(), deletion.form()))
                .toList());
        long ackNs = System.nanoTime() - startNs;
        Set<Place> undone = new LinkedHashSet<>();
        for (int i = 0; i < deletions.size(); i++) {
            Removal removal = deletions.get(i).removal();
            if (outcomes.get(i).failure().isPresent()) {
                undone.add(Place.of(removal));
                failed(removal, outcomes.get(i).failure().get().getMessage());
            } else if (outcomes.get(i).changed()) {
                Deletion done = deletions.get(i);
                VirtualAddress deleted =
                        new VirtualAddress(removal.address().address(), done.form().prefixLength());
                listener.address(removal.instance(), AddressChange.DELETED, deleted, done.link().name(), ackNs);
            }
        }
        deletions.stream().map(deletion -> Place.of(deletion.removal())).filter(place -> !undone.contains(place))
                .forEach(pending::remove);
    }

    void retry() {
        if (!pending.isEmpty()) {
            remove(List.copyOf(pending.values()));
        }
    }

    /** It is wanted again. */
    void keep(int interfaceIndex, InetAddress address) {
        pending.remove(new Place(interfaceIndex, address));
    }

    private List<Deletion> plan(Removal removal) {
        Place place = Place.of(removal);
        Link link = interfaces.link(removal.interfaceIndex()).orElse(null);
        if (link == null) {
            pending.remove(place); // its addresses went with the interface
            return List.of();
        }
        if (!removal.ours() && !interfaces.hasOther(link.index(), place.address())) {
            pending.put(place, removal);
            return List.of();
        }
        if (dryRun) {
            if (interfaces.has(link.index(), place.address())) {
                listener.dryRun("remove " + removal.address() + " from " + link.name());
            }
            return List.of();
        }
        // with the prefix of an earlier configuration it would stay otherwise
        Set<Integer> prefixes = new LinkedHashSet<>(interfaces.prefixes(link.index(), place.address()));
        prefixes.add(removal.address().prefixLength());
        return prefixes.stream().map(prefix -> new Deletion(removal, link, form(removal, link, prefix))).toList();
    }

    private static InterfaceAddress form(Removal removal, Link link, int prefix) {
        VirtualAddress address = removal.address();
        Optional<InetAddress> peer = address.options().peer();
        InterfaceAddress bare = new InterfaceAddress(link.index(), address.address(), prefix, 0, 0);
        return new InterfaceAddress(link.index(), address.address(), prefix, 0, 0, peer, Optional.empty(), "",
                bare.lifetime());
    }

    private void failed(Removal removal, String why) {
        if (pending.put(Place.of(removal), removal) == null) {
            listener.deleteFailed(removal.instance(), removal.address(), why);
        }
    }
}
