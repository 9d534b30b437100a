package dev.vipd.vrrp.io;

import dev.vipd.netlink.route.AddressLifetime;
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
import java.util.stream.Collectors;

/**
 * The VIPs that are on interfaces of this host by our doing: adds and deletes them, and knows which instance holds
 * which. An interface is known by its index, since it may be renamed under a VIP. Not thread-safe.
 */
final class VipKeeper {
    private record Place(int interfaceIndex, InetAddress address) {}

    /** @param borrowed the address owner's own address, which was there before us and stays after us */
    private record Held(VirtualRouterConfig instance, VirtualAddress address, boolean borrowed) {}

    /** A VIP that an instance is to hold. */
    record Claim(VirtualRouterConfig instance, VirtualAddress address) {}

    /** @param outcome index of the change that says whether it is there now */
    private record Addition(Place place, Link link, Claim claim, int outcome) {}

    private final RouteClient routes;
    private final Interfaces interfaces;
    private final Devices devices;
    private final VrrpListener listener;
    private final boolean dryRun;
    private final Map<Place, Held> held = new LinkedHashMap<>();
    /** Those of {@code held} that the monitor has told of: only such can get lost. */
    private final Set<Place> seen = new LinkedHashSet<>();
    private final Set<Place> lost = new LinkedHashSet<>();
    private final VipRemover remover;

    VipKeeper(RouteClient routes, Interfaces interfaces, VrrpListener listener, boolean dryRun) {
        this.routes = routes;
        this.interfaces = interfaces;
        this.devices = new Devices(interfaces);
        this.listener = listener;
        this.dryRun = dryRun;
        this.remover = new VipRemover(routes, interfaces, listener, dryRun);
    }

    /**
     * Adds VIPs, of any instances, all at once. One that is there already gets the lifetime of a new one. One that is
     * held with other options is replaced.
     *
     * @return those that it failed for, and why
     */
    Map<Claim, String> add(List<Claim> claims) {
        Map<Claim, String> failed = new LinkedHashMap<>();
        List<Addition> additions = new ArrayList<>();
        List<RouteChange> changes = new ArrayList<>();
        for (Claim claim : claims) {
            Optional<Link> link = devices.link(claim.instance(), claim.address());
            if (link.isEmpty()) {
                failed.put(claim, "no interface " + devices.name(claim.instance(), claim.address()));
            } else if (dryRun) {
                listener.dryRun("add " + claim.address() + " to " + link.get().name());
            } else {
                Place place = new Place(link.get().index(), claim.address().address());
                plan(changes, claim, link.get(), place);
                additions.add(new Addition(place, link.get(), claim, changes.size() - 1));
            }
        }
        long startNs = System.nanoTime();
        List<RouteOutcome> outcomes = routes.applyAll(changes);
        long ackNs = System.nanoTime() - startNs;
        List<RouteChange> renewals = new ArrayList<>();
        for (Addition addition : additions) {
            RouteOutcome outcome = outcomes.get(addition.outcome());
            if (outcome.failure().isPresent()) {
                Held before = held.get(addition.place());
                if (before != null && replaced(before, addition.claim())) {
                    forget(addition.place()); // the form of before is deleted already
                }
                failed.put(addition.claim(), outcome.failure().get().getMessage());
            } else {
                took(addition, outcome.changed(), ackNs).ifPresent(renewals::add);
            }
        }
        routes.applyAll(renewals);
        return failed;
    }

    /**
     * Deletes VIPs, the last first, whoever added them: on leaving MASTER, and at start what a killed process left. One
     * that another instance has taken over meanwhile, or that has other options by now, and an address owner's own
     * address, stay.
     */
    void remove(VirtualRouterConfig instance, List<VirtualAddress> addresses) {
        List<VipRemover.Removal> removals = new ArrayList<>();
        for (VirtualAddress address : addresses.reversed()) {
            Optional<Place> place = held.keySet().stream()
                    .filter(candidate -> held.get(candidate).address().equals(address)
                            && held.get(candidate).instance().name().equals(instance.name()))
                    .findFirst();
            if (place.isPresent()) {
                boolean borrowed = forget(place.get()).borrowed();
                if (!borrowed) {
                    removals.add(new VipRemover.Removal(instance, address, place.get().interfaceIndex(), true));
                }
            } else if (!instance.owner()) {
                devices.link(instance, address)
                        .filter(link -> !held.containsKey(new Place(link.index(), address.address())))
                        .ifPresent(link ->
                                removals.add(new VipRemover.Removal(instance, address, link.index(), false)));
            }
        }
        remover.remove(removals);
    }

    /** Tries again to delete what could not be deleted: a VIP that stays on a backup draws its traffic. */
    void retryRemovals() {
        remover.retry();
    }

    /** Sets the lifetimes of all leased VIPs anew. */
    void renew() {
        List<RouteChange> renewals = new ArrayList<>();
        held.forEach((place, item) -> {
            if (leased(item) && !lost.contains(place)) {
                interfaces.link(place.interfaceIndex()).ifPresent(link ->
                        renewals.add(RouteChange.renewAddress(
                                link.name(), form(item.instance(), link, item.address()))));
            }
        });
        routes.applyAll(renewals); // one that fails is gone with its interface, or vanishes and is put back then
    }

    /** Takes the new configurations of instances that go on; what has another lease now gets it. */
    void reconfigured(List<VirtualRouterConfig> instances) {
        Map<String, VirtualRouterConfig> byName =
                instances.stream().collect(Collectors.toMap(VirtualRouterConfig::name, instance -> instance));
        List<RouteChange> renewals = new ArrayList<>();
        held.replaceAll((place, item) -> {
            VirtualRouterConfig now = byName.getOrDefault(item.instance().name(), item.instance());
            if (now.holding().leaseNs() != item.instance().holding().leaseNs() && !item.borrowed()) {
                interfaces.link(place.interfaceIndex()).ifPresent(link ->
                        renewals.add(RouteChange.renewAddress(link.name(), form(now, link, item.address()))));
            }
            return new Held(now, item.address(), item.borrowed());
        });
        routes.applyAll(renewals);
    }

    /** The shortest lease of what is held. */
    Optional<Long> shortestLeaseNs() {
        return held.values().stream()
                .filter(VipKeeper::leased)
                .map(item -> item.instance().holding().leaseNs())
                .min(Long::compare);
    }

    /** The monitor tells of an address that is there. */
    void told(InterfaceAddress address) {
        Place place = new Place(address.interfaceIndex(), address.address());
        if (held.containsKey(place)) {
            seen.add(place);
        }
    }

    /** The monitor tells of an address that is gone. */
    void toldGone(InterfaceAddress address) {
        Place place = new Place(address.interfaceIndex(), address.address());
        Held item = held.get(place);
        // a renewal may have brought it back meanwhile; it was deleted all the same, and is to be announced
        if (seen.contains(place) && item.address().prefixLength() == address.prefixLength()) {
            lost.add(place);
        }
    }

    /** All of the kernel's addresses were just read: they include all that are held. */
    void toldAll() {
        seen.addAll(held.keySet());
    }

    /** The instance's VIPs that somebody else deleted; they count as not held from now on. */
    List<VirtualAddress> takeLost(VirtualRouterConfig instance) {
        List<VirtualAddress> taken = new ArrayList<>();
        for (Place place : List.copyOf(seen)) {
            Held item = held.get(place);
            if (item.instance().name().equals(instance.name())
                    && (lost.contains(place) || !interfaces.has(place.interfaceIndex(), place.address()))) {
                taken.add(forget(place).address());
            }
        }
        return taken;
    }

    /** The interface that a VIP is held on. */
    Optional<Link> holder(VirtualRouterConfig instance, VirtualAddress address) {
        return devices.link(instance, address)
                .filter(link -> held.containsKey(new Place(link.index(), address.address())));
    }

    List<VirtualAddress> held() {
        return held.values().stream().map(Held::address).toList();
    }

    private Held forget(Place place) {
        seen.remove(place);
        lost.remove(place);
        return held.remove(place);
    }

    /** Whether it is there for a time only: then a killed predecessor left it, and it is not the host's own. */
    private boolean leased(Place place) {
        return interfaces.find(place.interfaceIndex(), place.address())
                .filter(address -> address.lifetime().validSec() != AddressLifetime.FOREVER_SEC)
                .isPresent();
    }

    private static boolean leased(Held item) {
        return item.instance().holding().leaseNs() > 0 && !item.borrowed();
    }

    private static InterfaceAddress form(VirtualRouterConfig instance, Link link, VirtualAddress address) {
        return VipForm.of(link, instance.holding(), address);
    }

    private static boolean replaced(Held before, Claim claim) {
        return !before.borrowed() && !VipForm.sameButLifetime(before.address(), claim.address());
    }

    /** The change that adds it is the last of those planned. */
    private void plan(List<RouteChange> changes, Claim claim, Link link, Place place) {
        VirtualRouterConfig instance = claim.instance();
        Held before = held.get(place);
        if (before != null && replaced(before, claim)) {
            changes.add(RouteChange.deleteAddress(link.name(), form(instance, link, before.address())));
            seen.remove(place);
        }
        changes.add(RouteChange.addAddress(link.name(), form(instance, link, claim.address())));
    }

    /** @return the renewal that one needs which was there already */
    private Optional<RouteChange> took(Addition addition, boolean added, long ackNs) {
        VirtualRouterConfig instance = addition.claim().instance();
        VirtualAddress address = addition.claim().address();
        Place place = addition.place();
        Link link = addition.link();
        Held before = held.get(place);
        boolean borrowed = !added && instance.owner() && (before == null || before.borrowed()) && !leased(place);
        held.put(place, new Held(instance, address, borrowed));
        lost.remove(place);
        remover.keep(place.interfaceIndex(), place.address());
        if (added) {
            seen.remove(place);
            listener.address(instance, AddressChange.ADDED, address, link.name(), ackNs);
            return Optional.empty();
        }
        if (interfaces.has(link.index(), place.address())) {
            seen.add(place);
        }
        listener.address(instance, AddressChange.SEEN, address, link.name(), 0);
        return borrowed
                ? Optional.empty()
                : Optional.of(RouteChange.renewAddress(link.name(), form(instance, link, address)));
    }
}
