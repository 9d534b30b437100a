package dev.vipd.vrrp.io;

import dev.vipd.netlink.NetlinkException;
import dev.vipd.netlink.route.InterfaceAddress;
import dev.vipd.netlink.route.Link;
import dev.vipd.netlink.route.RouteClient;
import dev.vipd.netlink.route.RouteEvent;
import dev.vipd.vrrp.FaultReason;
import dev.vipd.vrrp.Holding;
import dev.vipd.vrrp.SyncGroups;
import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.TrackerReading;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VirtualRouterStatus;
import dev.vipd.vrrp.VrrpConfig;
import dev.vipd.vrrp.VrrpEvent;
import dev.vipd.vrrp.io.VrrpListener.AddressChange;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The virtual routers of this host, and what they stand on: interfaces, sockets, trackers. On the loop's thread only.
 */
final class RouterSet implements AutoCloseable {
    private final VrrpListener listener;
    private final RouteClient routes = RouteClient.open();
    private final Interfaces interfaces = new Interfaces();
    private final Endpoints endpoints = new Endpoints(interfaces);
    private final SocketSet sockets = new SocketSet();
    private final HostHoldings holdings;
    private final EffectExecutor executor;
    private final Trackers trackers;
    private final List<Instance> instances = new ArrayList<>();
    private List<Instance> adopted = List.of();
    private final StaticFaults staticFaults = new StaticFaults();
    private final InstanceGroups groups = new InstanceGroups();
    private final Handovers handovers = new Handovers(() -> instances, groups);
    private final Deadlines<Instance> deadlines = new Deadlines<>();
    private boolean stale;
    private boolean begun;

    /** @param loop runs a task on the loop's thread */
    RouterSet(VrrpListener listener, Consumer<Runnable> loop, boolean dryRun) throws IOException {
        this.listener = listener;
        holdings = new HostHoldings(routes, interfaces, listener, dryRun);
        executor = new EffectExecutor(holdings, interfaces, sockets, listener, dryRun);
        trackers = new Trackers(listener, loop, this::trackerIs);
        interfaces.load(routes);
    }

    Handovers handovers() {
        return handovers;
    }

    /** Another list after each {@link #adopt}. */
    List<Instance> instances() {
        return adopted;
    }

    List<SocketSet.Receiver> receivers() {
        return sockets.receivers();
    }

    List<VirtualRouterStatus> status() {
        return instances.stream().map(instance -> instance.router().status()).toList();
    }

    List<TrackerStatus> trackerStatus() {
        return trackers.status();
    }

    /** VIPs that were added and not removed since. */
    List<VirtualAddress> held() {
        return holdings.held();
    }

    /** The first of all deadlines; {@code otherwiseNs} when none is earlier. */
    long nextDeadlineNs(long otherwiseNs) {
        long firstNs = deadlines.first(otherwiseNs);
        firstNs = earlier(holdings.nextDeadlineNs(), firstNs);
        firstNs = earlier(executor.nextDeadlineNs(), firstNs);
        return earlier(trackers.nextDeadlineNs(), firstNs);
    }

    private static long earlier(OptionalLong aNs, long bNs) {
        return aNs.isPresent() && aNs.getAsLong() - bNs < 0 ? aNs.getAsLong() : bNs;
    }

    void actOnTimers(long nowNs) {
        trackers.actOnTimers(nowNs);
        // as often as there are instances at most: one that is due again at once waits for the next cycle
        executor.begin();
        for (int i = instances.size(); i > 0; i--) {
            Instance instance = deadlines.due(nowNs);
            if (instance == null) {
                break;
            }
            instance.on(new VrrpEvent.Deadline(), nowNs);
        }
        executor.finish((name, event) -> instances.stream()
                .filter(instance -> instance.config().name().equals(name))
                .forEach(instance -> instance.on(event, nowNs)));
        groups.keepInStep(nowNs);
        // after the instances: who slept has let go by now, and neither renews nor announces what a peer has taken over
        holdings.actOnTimers(nowNs);
        executor.actOnTimers(nowNs);
    }

    /** The shortest of the instances' advert intervals, as configured; {@code otherwiseNs} when there is none. */
    long shortestIntervalNs(long otherwiseNs) {
        return instances.stream()
                .mapToLong(instance -> instance.config().advertIntervalNs())
                .min()
                .orElse(otherwiseNs);
    }

    /**
     * Makes sure that these instances can run: their interfaces are there, their sockets open. What runs goes on.
     *
     * @throws IOException with a message that says what is missing
     */
    void require(List<VirtualRouterConfig> configs) throws IOException {
        requireInterfaces(configs);
        HostHoldings.require(configs);
        if (!configs.isEmpty()) {
            executor.open();
        }
        Set<SocketSet.Key> wanted = new LinkedHashSet<>(sockets.open());
        Set<InetAddress> vips = vipsWith(configs);
        wanted.addAll(keys(configs, vips));
        Map<SocketSet.Key, String> trouble = sockets.update(wanted);
        for (VirtualRouterConfig config : configs) {
            Optional<String> why = troubleOf(config, vips, trouble);
            if (why.isPresent()) {
                throw new IOException("vrrp_instances." + config.name() + ": " + why.get());
            }
        }
    }

    /**
     * Makes these the instances: what is gone resigns, what changed is told so, what is new starts.
     *
     * @throws IOException as {@link #require}; nothing has changed then
     */
    void adopt(VrrpConfig wanted) throws IOException {
        List<VirtualRouterConfig> configs = SyncGroups.withGroupTracks(wanted);
        require(configs);
        long nowNs = System.nanoTime();
        for (Instance instance : List.copyOf(instances)) {
            if (configs.stream().noneMatch(config -> config.sameRouter(instance.config()))) {
                instance.on(new VrrpEvent.Shutdown(), nowNs);
                executor.forget(instance.config());
                instance.close();
                instances.remove(instance);
            }
        }
        holdings.prepare(configs, wanted.statics());
        trackers.configure(wanted.trackers());
        trackers.update(interfaces, configs, nowNs);
        Set<InetAddress> vips = vipsWith(configs);
        List<Instance> fresh = new ArrayList<>();
        for (VirtualRouterConfig config : configs) {
            instances.stream()
                    .filter(instance -> config.sameRouter(instance.config()))
                    .findFirst()
                    .ifPresentOrElse(
                            known -> known.reconfigure(config, trackers.readings(), nowNs),
                            () -> fresh.add(new Instance(config, endpoints.source(config, vips),
                                    trackers.readings(), executor, deadlines, nowNs)));
        }
        instances.addAll(fresh);
        adopted = List.copyOf(instances);
        groups.configure(wanted.syncGroups(), instances, nowNs);
        fresh.forEach(instance -> staticFaults.tellNew(instance, nowNs));
        afterChanges(nowNs);
        fresh.forEach(instance -> {
            handovers.begin(instance, nowNs);
            // later on, what is left may be this process's own
            instance.start(begun ? OptionalLong.empty() : holdings.leftHeldNs(instance.config(), nowNs), nowNs);
        });
        begun = true;
    }

    /** Takes whether a virtual server has its quorum. */
    void serviceIs(ServiceState service) {
        trackers.serviceIs(service);
    }

    /** Takes what the kernel's monitor tells. */
    void kernelTells(List<RouteEvent> events) {
        boolean changed = false;
        for (RouteEvent event : events) {
            switch (event) {
                case RouteEvent.AddressAdded added -> {
                    changed |= !interfaces.knows(added.address()); // else it is but renewed
                    tellVip(added.address(), AddressChange.SEEN);
                }
                case RouteEvent.AddressRemoved removed -> {
                    changed = true;
                    tellVip(removed.address(), AddressChange.GONE);
                }
                case RouteEvent.Overrun lost -> {
                    changed = true;
                    stale = true;
                }
                case RouteEvent.LinkChanged link -> changed = true;
                case RouteEvent.LinkRemoved link -> changed = true;
                case RouteEvent.RouteRemoved route -> changed = true;
                case RouteEvent.RuleRemoved rule -> changed = true;
            }
            holdings.told(event);
            interfaces.apply(event);
        }
        if (changed || stale) {
            catchUp();
        }
    }

    /** Tries again what did not work before: to be called now and then. */
    void retry() {
        if (stale || instances.stream().anyMatch(instance -> instance.socketTrouble().isPresent())) {
            catchUp();
        }
        holdings.retry();
        staticFaults.tell(holdings.staticFaults(), instances, System.nanoTime());
    }

    /** Every instance resigns, whatever becomes of the others; the first exception is thrown at the end. */
    void resign() {
        RuntimeException first = null;
        for (Instance instance : instances) {
            try {
                instance.on(new VrrpEvent.Shutdown(), System.nanoTime());
            } catch (RuntimeException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    @Override
    public void close() {
        instances.forEach(Instance::close);
        trackers.close();
        holdings.close();
        sockets.close();
        executor.close();
        routes.close();
    }

    /** After lost notifications the whole state is taken anew; a kernel too busy for that is asked again later. */
    private void catchUp() {
        if (stale) {
            try {
                interfaces.load(routes);
                holdings.toldAll();
                stale = false;
            } catch (NetlinkException e) {
                return;
            }
        }
        afterChanges(System.nanoTime());
    }

    /** Interfaces, addresses, or what is configured on them changed. */
    private void afterChanges(long nowNs) {
        holdings.caughtUp();
        staticFaults.tell(holdings.staticFaults(), instances, nowNs);
        List<VirtualRouterConfig> configs = configs();
        Set<InetAddress> vips = vipsWith(configs);
        updateSockets(configs, vips, nowNs);
        trackers.update(interfaces, configs, nowNs);
        for (Instance instance : instances) {
            instance.sourceIs(endpoints.source(instance.config(), vips), nowNs);
            for (Holding item : holdings.takeLost(instance.config())) {
                instance.on(new VrrpEvent.HoldingLost(item), nowNs);
            }
        }
    }

    private void updateSockets(List<VirtualRouterConfig> configs, Set<InetAddress> vips, long nowNs) {
        Map<SocketSet.Key, String> trouble = sockets.update(keys(configs, vips));
        for (Instance instance : instances) {
            Optional<String> now = troubleOf(instance.config(), vips, trouble);
            if (now.isPresent() && !now.equals(instance.socketTrouble())) {
                listener.sendFailed(instance.config(), now.get());
            }
            instance.socketIs(now, nowNs);
        }
    }

    /** Tells of a VIP unless nothing changed: the kernel repeats NEWADDR when only lifetimes do. */
    private void tellVip(InterfaceAddress changed, AddressChange change) {
        Optional<Link> link = interfaces.link(changed.interfaceIndex());
        boolean had = interfaces.has(changed.interfaceIndex(), changed.address());
        if (link.isEmpty() || had == (change == AddressChange.SEEN)) {
            return;
        }
        for (Instance instance : instances) {
            holdings.matching(instance.config(), changed).forEach(
                    address -> listener.address(instance.config(), change, address, link.get().name(), 0));
        }
    }

    private Set<SocketSet.Key> keys(List<VirtualRouterConfig> configs, Set<InetAddress> vips) {
        return configs.stream().flatMap(config -> endpoints.keys(config, vips).stream()).collect(Collectors.toSet());
    }

    /** The VIPs of the instances that run, and of these. */
    private Set<InetAddress> vipsWith(List<VirtualRouterConfig> configs) {
        return Endpoints.vips(Stream.concat(instances.stream().map(Instance::config), configs.stream()));
    }

    private List<VirtualRouterConfig> configs() {
        return instances.stream().map(Instance::config).toList();
    }

    /** Why a socket that the instance needs can't be opened, if so. */
    private Optional<String> troubleOf(
            VirtualRouterConfig config, Set<InetAddress> vips, Map<SocketSet.Key, String> trouble) {
        return endpoints.keys(config, vips).stream().map(trouble::get).filter(Objects::nonNull).findFirst();
    }

    private void requireInterfaces(List<VirtualRouterConfig> configs) throws IOException {
        for (VirtualRouterConfig config : configs) {
            if (interfaces.link(config.interfaceName()).isEmpty()) {
                throw new IOException("vrrp_instances." + config.name() + ".interface: there is no interface "
                        + config.interfaceName() + "; this host has " + String.join(", ", interfaces.names()));
            }
        }
    }

    private void trackerIs(TrackerId tracker, TrackerReading reading) {
        long nowNs = System.nanoTime();
        instances.forEach(instance -> instance.trackerIs(tracker, reading, nowNs));
    }
}
