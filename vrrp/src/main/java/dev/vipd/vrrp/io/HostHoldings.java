package dev.vipd.vrrp.io;

import dev.vipd.netlink.route.AddressLifetime;
import dev.vipd.netlink.route.InterfaceAddress;
import dev.vipd.netlink.route.Link;
import dev.vipd.netlink.route.RouteClient;
import dev.vipd.netlink.route.RouteEvent;
import dev.vipd.vrrp.FaultReason;
import dev.vipd.vrrp.Holding;
import dev.vipd.vrrp.StaticHolding;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Everything that instances have on this host: VIPs with their lease, routes, rules, and what those stand on: macvlans,
 * settings, firewall. Not thread-safe.
 */
final class HostHoldings implements Statics.Adder {
    /** A lifetime is renewed that often in its length, so that one renewal may be late. */
    private static final int RENEWALS_PER_LIFETIME = 3;
    private static final long NS_PER_CS = 10_000_000L;

    private final Interfaces interfaces;
    private final VipKeeper vips;
    private final RouteKeeper routes;
    private final HostSettings settings;
    private final Vmacs vmacs;
    private final Firewall firewall;
    private final Statics statics;
    private final Map<String, List<Holding>> lostRoutes = new HashMap<>();
    private List<VirtualRouterConfig> instances = List.of();
    private OptionalLong nextRenewNs = OptionalLong.empty();
    private boolean linksChanged;
    private boolean begun;

    HostHoldings(RouteClient client, Interfaces interfaces, VrrpListener listener, boolean dryRun) {
        this.interfaces = interfaces;
        vips = new VipKeeper(client, interfaces, listener, dryRun);
        routes = new RouteKeeper(client, interfaces, listener, dryRun);
        settings = new HostSettings(listener, dryRun);
        vmacs = new Vmacs(client, interfaces, settings, listener, dryRun);
        firewall = new Firewall(listener, dryRun);
        statics = new Statics(this, listener);
    }

    /** Makes what these instances and the static items stand on; at the first time also clears up after a crash. */
    void prepare(List<VirtualRouterConfig> configs, List<StaticHolding> wantedStatics) {
        instances = List.copyOf(configs);
        vips.reconfigured(configs);
        renewSoonEnough();
        standing();
        firewall.update(configs);
        if (!begun) {
            begun = true;
            firewall.removeLeftovers();
            routes.removeLeftovers(routesAndRules(configs, wantedStatics));
        }
        statics.update(wantedStatics);
    }

    @Override
    public Map<Holding, String> add(VirtualRouterConfig instance, List<Holding> items) {
        Map<Holding, String> failed = new LinkedHashMap<>();
        add(List.of(new Addition(instance, items)), (_, item, why) -> failed.put(item, why));
        return failed;
    }

    /** What an instance is to hold. */
    record Addition(VirtualRouterConfig instance, List<? extends Holding> items) {}

    /** Hears what could not be added. */
    interface Refusals {
        void refused(VirtualRouterConfig instance, Holding item, String why);
    }

    /** Adds what several instances are to hold: their addresses all at once, then each one's routes and rules. */
    void add(List<Addition> additions, Refusals refusals) {
        vips.add(additions.stream()
                        .flatMap(addition -> addresses(addition.items()).stream()
                                .map(address -> new VipKeeper.Claim(addition.instance(), address)))
                        .toList())
                .forEach((claim, why) -> refusals.refused(claim.instance(), claim.address(), why));
        for (Addition addition : additions) {
            List<Holding> others = others(addition.items());
            if (!others.isEmpty()) {
                routes.add(addition.instance(), others)
                        .forEach((item, why) -> refusals.refused(addition.instance(), item, why));
            }
        }
        renewSoonEnough();
    }

    /** What is held now may have a shorter lease than what was. */
    private void renewSoonEnough() {
        OptionalLong before = nextRenewNs;
        scheduleRenewal(System.nanoTime());
        if (before.isPresent() && nextRenewNs.isPresent() && before.getAsLong() - nextRenewNs.getAsLong() < 0) {
            nextRenewNs = before;
        }
    }

    /** The last first: routes may need the addresses. */
    @Override
    public void remove(VirtualRouterConfig instance, List<Holding> items) {
        List<Holding> others = others(items);
        if (!others.isEmpty()) {
            routes.remove(instance, others);
        }
        vips.remove(instance, addresses(items));
    }

    /** Takes one event of the monitor, before {@link Interfaces} does. */
    void told(RouteEvent event) {
        switch (event) {
            case RouteEvent.AddressAdded added -> vips.told(added.address());
            case RouteEvent.AddressRemoved removed -> {
                vips.toldGone(removed.address());
                routes.lookAgain();
            }
            case RouteEvent.LinkChanged changed -> {
                boolean same = interfaces.link(changed.link().index()).filter(changed.link()::equals).isPresent();
                if (!same) {
                    linksChanged = true;
                    routes.lookAgain();
                }
            }
            case RouteEvent.LinkRemoved removed -> linksChanged = true;
            case RouteEvent.RouteRemoved removed -> routes.toldGone(removed.route());
            case RouteEvent.RuleRemoved removed -> routes.toldGone(removed.rule());
            case RouteEvent.Overrun lost -> routes.lookAgain();
        }
    }

    /** All of the kernel's state was just read. */
    void toldAll() {
        vips.toldAll();
        linksChanged = true;
    }

    /** After {@link Interfaces} took the events: makes what is missing, and finds what was deleted. */
    void caughtUp() {
        if (linksChanged) {
            standing();
        }
        routes.takeLost().forEach((instance, items) ->
                lostRoutes.computeIfAbsent(instance.name(), _ -> new ArrayList<>()).addAll(items));
        List<Holding> lost = takeLost(Statics.OWNER);
        if (!lost.isEmpty()) {
            statics.lost(lost);
        }
    }

    /** What somebody else deleted; it counts as not held from now on. */
    List<Holding> takeLost(VirtualRouterConfig instance) {
        List<Holding> lost = new ArrayList<>(vips.takeLost(instance));
        lost.addAll(Optional.ofNullable(lostRoutes.remove(instance.name())).orElse(List.of()));
        return lost;
    }

    /**
     * Whether the instance's VIPs are all here though it does not hold them: left by a predecessor that was killed. One
     * that is there for ever, where it would have a lease, is rather the host's own.
     *
     * @return at most how long ago that was alive, by the last time it renewed one of them; empty when one is missing.
     *         The kernel counts ticks since its start, which begin a little later than its monotonic clock, so it is
     *         rather less long ago
     */
    OptionalLong leftHeldNs(VirtualRouterConfig instance, long nowNs) {
        long lastNs = Long.MIN_VALUE;
        for (VirtualAddress vip : Devices.addresses(instance).toList()) {
            Optional<InterfaceAddress> left = new Devices(interfaces)
                    .link(instance, vip)
                    .flatMap(link -> interfaces.find(link.index(), vip.address(), vip.prefixLength()));
            boolean leased = left.isPresent() && left.get().lifetime().validSec() != AddressLifetime.FOREVER_SEC;
            if (left.isEmpty()
                    || vips.holder(instance, vip).isPresent()
                    || leased != instance.holding().leaseNs() > 0) {
                return OptionalLong.empty();
            }
            lastNs = Math.max(lastNs, left.get().lifetime().updatedCs() * NS_PER_CS);
        }
        return lastNs == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(Math.max(0, nowNs - lastNs));
    }

    /** By the name of an instance, what its track groups miss. */
    Map<String, Set<FaultReason>> staticFaults() {
        return statics.faults();
    }

    /** When {@link #actOnTimers} is to be called. */
    OptionalLong nextDeadlineNs() {
        return nextRenewNs;
    }

    void actOnTimers(long nowNs) {
        if (nextRenewNs.isPresent() && nowNs - nextRenewNs.getAsLong() >= 0) {
            vips.renew();
            scheduleRenewal(nowNs);
        }
    }

    /** Tries again what did not work before: to be called now and then. */
    void retry() {
        vips.retryRemovals();
        statics.retry();
        standing();
    }

    /** The interface that a VIP is held on. */
    Optional<Link> holder(VirtualRouterConfig instance, VirtualAddress address) {
        return vips.holder(instance, address);
    }

    /** The configured VIPs that this address is. */
    Stream<VirtualAddress> matching(VirtualRouterConfig instance, InterfaceAddress address) {
        return new Devices(interfaces).matching(instance, address);
    }

    List<VirtualAddress> held() {
        return vips.held();
    }

    /** Removes what is not an instance's: statics, macvlans, firewall; and puts back the host's settings. */
    void close() {
        if (!begun) {
            return; // what there is may be another process's
        }
        statics.close();
        vmacs.update(List.of());
        firewall.close();
        settings.restore();
    }

    /** @throws IOException when something is missing that these instances need */
    static void require(List<VirtualRouterConfig> configs) throws IOException {
        Firewall.require(configs);
    }

    private void standing() {
        linksChanged = false;
        vmacs.update(instances);
        settings.update(instances, interfaces.links().stream()
                .filter(link -> !link.alias().equals(Vmacs.ALIAS)) // their settings are made with them
                .map(Link::name)
                .toList());
    }

    private void scheduleRenewal(long nowNs) {
        nextRenewNs = vips.shortestLeaseNs()
                .map(leaseNs -> OptionalLong.of(nowNs + VipForm.validNs(leaseNs) / RENEWALS_PER_LIFETIME))
                .orElse(OptionalLong.empty());
    }

    private static List<Holding> routesAndRules(List<VirtualRouterConfig> configs, List<StaticHolding> statics) {
        return Stream.concat(
                        configs.stream().flatMap(config -> config.holding().all().stream()),
                        statics.stream().map(StaticHolding::item))
                .filter(item -> !(item instanceof VirtualAddress))
                .toList();
    }

    private static List<VirtualAddress> addresses(List<? extends Holding> items) {
        return items.stream()
                .filter(VirtualAddress.class::isInstance)
                .map(VirtualAddress.class::cast)
                .toList();
    }

    private static List<Holding> others(List<? extends Holding> items) {
        return items.stream()
                .filter(item -> !(item instanceof VirtualAddress))
                .map(Holding.class::cast)
                .toList();
    }
}
