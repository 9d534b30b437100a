package dev.vipd.vrrp.io;

import dev.vipd.netlink.NetlinkException;
import dev.vipd.netlink.route.InterfaceAddress;
import dev.vipd.netlink.route.Link;
import dev.vipd.netlink.route.RouteClient;
import dev.vipd.netlink.route.RouteEvent;
import dev.vipd.netlink.route.RouteMonitor;
import dev.vipd.netlink.sys.Fd;
import dev.vipd.netlink.sys.Poller;
import dev.vipd.netlink.sys.SysException;
import dev.vipd.vrrp.FaultReason;
import dev.vipd.vrrp.TrackScriptConfig;
import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.TrackerState;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VirtualRouterStatus;
import dev.vipd.vrrp.VrrpEvent;
import dev.vipd.vrrp.io.VrrpListener.AddressChange;
import dev.vipd.vrrp.wire.AdvertCodec;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The {@code vrrp} thread: one blocking poll over packets, the kernel's monitor and a mailbox. Each cycle empties the
 * receive queues before it looks at a timer, so that after a stall no advert that waits is taken for one that never
 * came.
 */
public final class VrrpLoop {
    private static final long HEARTBEAT_NS = 1_000_000_000L;
    private static final int MAILBOX = 0; // places in the poller's list
    private static final int MONITOR = 1;
    private static final int FIRST_RECEIVER = 2;

    private final VrrpListener listener;
    private final LoopMailbox mailbox = new LoopMailbox();
    private final RouteMonitor monitor = new RouteMonitor(); // before the first dump, so that nothing falls between
    private final RouteClient routes = RouteClient.open();
    private final Interfaces interfaces = new Interfaces();
    private final SocketSet sockets = new SocketSet();
    private final EffectExecutor executor;
    private final PacketReader packets;
    private final Trackers trackers;
    private final List<Instance> instances = new ArrayList<>();
    private List<SocketSet.Receiver> receivers = List.of();
    private Poller poller;
    private String socketTrouble = "";
    private long nextHeartbeatNs;
    private boolean stopping;
    private Thread thread;

    private VrrpLoop(VrrpListener listener, boolean dryRun) throws IOException {
        this.listener = listener;
        executor = new EffectExecutor(routes, interfaces, sockets, listener, dryRun);
        packets = new PacketReader(listener);
        trackers = new Trackers(listener, mailbox::post, this::trackerIs);
        interfaces.load(routes);
    }

    /**
     * Opens everything, then runs the instances on a thread of their own.
     *
     * @param dryRun true: listens and decides, but sends nothing and changes no address
     * @throws IOException with a message that says what is missing: a capability, an interface
     */
    public static VrrpLoop start(
            List<VirtualRouterConfig> configs,
            List<TrackScriptConfig> scripts,
            VrrpListener listener,
            boolean dryRun)
            throws IOException {
        VrrpLoop loop = new VrrpLoop(listener, dryRun);
        try {
            loop.requireInterfaces(configs);
            loop.sockets.update(loop.keys(configs));
        } catch (IOException e) {
            loop.closeAll();
            throw e;
        }
        loop.mailbox.post(() -> loop.adopt(configs, scripts));
        loop.thread = Thread.ofPlatform().name("vrrp").start(loop::run);
        return loop;
    }

    /**
     * Changes over to another configuration. Instances that only changed keep their state.
     *
     * @return completes when done; exceptionally, with nothing changed, when an interface does not exist
     */
    public CompletableFuture<Void> reconfigure(List<VirtualRouterConfig> configs, List<TrackScriptConfig> scripts) {
        return mailbox.ask(() -> {
            requireInterfaces(configs);
            adopt(configs, scripts);
            return null;
        });
    }

    public CompletableFuture<List<VirtualRouterStatus>> status() {
        return mailbox.ask(this::statusNow);
    }

    /** Scripts and interfaces that are tracked, as they are now. */
    public CompletableFuture<List<TrackerStatus>> trackerStatus() {
        return mailbox.ask(trackers::status);
    }

    /** Resigns everywhere (priority 0, VIPs removed) and ends the thread. */
    public void stop() throws InterruptedException {
        mailbox.ask(() -> {
            resign();
            stopping = true;
            return null;
        });
        thread.join(TimeUnit.SECONDS.toMillis(10));
    }

    private void run() {
        nextHeartbeatNs = System.nanoTime();
        try {
            rebuildPoller();
            while (!stopping) {
                cycle();
            }
        } catch (IOException | RuntimeException | Error e) {
            resignAfter(e);
            listener.failed(e);
        } finally {
            closeAll();
        }
    }

    private void resign() {
        instances.forEach(instance -> instance.on(new VrrpEvent.Shutdown(), System.nanoTime()));
    }

    /** Something is broken; a VIP that stays behind would be worse than a second exception. */
    private void resignAfter(Throwable cause) {
        try {
            resign();
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    private void cycle() throws IOException {
        long deadlineNs = nextDeadlineNs();
        poller.poll(deadlineNs - System.nanoTime());
        noteStall(System.nanoTime() - deadlineNs);
        boolean mail = poller.ready(MAILBOX); // asked now, since what follows may make another poller
        for (SocketSet.Receiver receiver : receivers) {
            packets.drain(receiver, instances);
        }
        if (poller.ready(MONITOR)) {
            readMonitor();
        }
        if (mail) {
            mailbox.runSome();
        }
        long nowNs = System.nanoTime();
        for (Instance instance : instances) {
            if (instance.due(nowNs)) {
                instance.on(new VrrpEvent.Deadline(), nowNs);
            }
        }
        if (nowNs - nextHeartbeatNs >= 0) {
            heartbeat(nowNs);
        }
    }

    private long nextDeadlineNs() {
        long nextNs = nextHeartbeatNs;
        for (Instance instance : instances) {
            OptionalLong deadlineNs = instance.router().nextDeadlineNs();
            if (deadlineNs.isPresent() && deadlineNs.getAsLong() - nextNs < 0) {
                nextNs = deadlineNs.getAsLong();
            }
        }
        return nextNs;
    }

    /** Half of the shortest advert interval: with less, no peer can have missed more than one advert. */
    private void noteStall(long lateNs) {
        long limitNs = instances.stream()
                        .mapToLong(instance -> instance.config().advertIntervalNs())
                        .min()
                        .orElse(HEARTBEAT_NS)
                / 2;
        if (lateNs > limitNs) {
            listener.stall(lateNs, limitNs);
        }
    }

    private void heartbeat(long nowNs) throws IOException {
        nextHeartbeatNs = nowNs + HEARTBEAT_NS;
        if (!socketTrouble.isEmpty()) {
            updateSockets(nowNs);
        }
        listener.heartbeat(statusNow(), executor.held());
    }

    private void readMonitor() throws IOException {
        boolean overrun = false;
        for (RouteEvent event : monitor.read()) {
            switch (event) {
                case RouteEvent.AddressAdded added -> {
                    if (vipEvent(added.address(), false)) {
                        tellVip(added.address(), AddressChange.SEEN);
                    }
                }
                case RouteEvent.AddressRemoved removed -> {
                    if (vipEvent(removed.address(), true)) {
                        tellVip(removed.address(), AddressChange.GONE);
                    }
                }
                case RouteEvent.Overrun lost -> overrun = true;
                case RouteEvent.LinkChanged changed -> {}
                case RouteEvent.LinkRemoved removed -> {}
            }
            interfaces.apply(event);
        }
        if (overrun) {
            interfaces.load(routes);
        }
        afterLinkChanges(System.nanoTime());
    }

    /** Whether the event changes anything: the kernel repeats NEWADDR when only lifetimes change. */
    private boolean vipEvent(InterfaceAddress address, boolean removed) {
        Optional<Link> link = interfaces.link(address.interfaceIndex());
        return link.isPresent() && interfaces.has(link.get().name(), address.address()) == removed;
    }

    private void tellVip(InterfaceAddress changed, AddressChange change) {
        String name = interfaces.link(changed.interfaceIndex()).map(Link::name).orElse("");
        for (Instance instance : instances) {
            for (VirtualAddress address : instance.config().addresses()) {
                if (instance.config().interfaceName().equals(name) && address.address().equals(changed.address())) {
                    listener.address(instance.config(), change, address, 0);
                }
            }
        }
    }

    /** Interfaces, addresses, or what is configured on them changed. */
    private void afterLinkChanges(long nowNs) {
        updateSockets(nowNs);
        trackers.update(interfaces, instances.stream().map(Instance::config).toList());
        for (Instance instance : instances) {
            instance.sourceIs(sourceOf(instance.config()), nowNs);
            instance.restoreLost(interfaces, nowNs);
        }
    }

    private void updateSockets(long nowNs) {
        String trouble = "";
        try {
            sockets.update(keys(instances.stream().map(Instance::config).toList()));
        } catch (SysException e) {
            trouble = e.getMessage();
        }
        receivers = sockets.receivers();
        rebuildPoller();
        FaultReason fault = new FaultReason(FaultReason.Kind.SOCKET, "");
        VrrpEvent change = trouble.isEmpty() ? new VrrpEvent.FaultCleared(fault) : new VrrpEvent.FaultRaised(fault);
        for (Instance instance : instances) {
            if (trouble.isEmpty() != socketTrouble.isEmpty()) {
                instance.on(change, nowNs);
            }
            if (!trouble.isEmpty() && !trouble.equals(socketTrouble)) {
                listener.sendFailed(instance.config(), trouble);
            }
        }
        socketTrouble = trouble;
    }

    private void rebuildPoller() {
        List<Fd> fds = new ArrayList<>(FIRST_RECEIVER + receivers.size());
        fds.add(MAILBOX, mailbox.fd());
        fds.add(MONITOR, monitor.fd());
        fds.addAll(SocketSet.fds(receivers));
        poller = new Poller(fds);
    }

    /** The sockets that these instances need; none on interfaces that are not there. */
    private Set<SocketSet.Key> keys(List<VirtualRouterConfig> configs) {
        Set<SocketSet.Key> keys = new LinkedHashSet<>();
        for (VirtualRouterConfig config : configs) {
            Optional<Link> link = interfaces.link(config.interfaceName());
            Optional<Inet4Address> local =
                    config.unicastPeers().isEmpty() ? Optional.of(AdvertCodec.GROUP) : sourceOf(config);
            if (link.isPresent() && local.isPresent()) {
                keys.add(new SocketSet.Key(config.interfaceName(), link.get().index(), local.get()));
            }
        }
        return keys;
    }

    /** Where adverts are sent from: as configured, or the first address of the interface that is no VIP. */
    private Optional<Inet4Address> sourceOf(VirtualRouterConfig config) {
        if (config.sourceAddress().isPresent()) {
            return config.sourceAddress();
        }
        Set<InetAddress> vips = instances.stream()
                .map(Instance::config)
                .filter(other -> !other.owner()) // the owner's VIPs are the interface's own addresses
                .flatMap(other -> other.addresses().stream())
                .map(VirtualAddress::address)
                .collect(Collectors.toSet());
        if (!config.owner()) {
            config.addresses().forEach(address -> vips.add(address.address()));
        }
        return interfaces.primary(config.interfaceName(), vips);
    }

    private void requireInterfaces(List<VirtualRouterConfig> configs) throws IOException {
        for (VirtualRouterConfig config : configs) {
            if (interfaces.link(config.interfaceName()).isEmpty()) {
                throw new IOException("vrrp_instances." + config.name() + ".interface: there is no interface "
                        + config.interfaceName() + "; this host has " + String.join(", ", interfaces.names()));
            }
        }
    }

    /** Makes these the instances: what is gone resigns, what changed is told so, what is new starts. */
    private void adopt(List<VirtualRouterConfig> configs, List<TrackScriptConfig> scripts) {
        long nowNs = System.nanoTime();
        for (Instance instance : List.copyOf(instances)) {
            if (configs.stream().noneMatch(config -> Instance.sameRouter(config, instance.config()))) {
                instance.on(new VrrpEvent.Shutdown(), nowNs);
                instances.remove(instance);
            }
        }
        trackers.configure(scripts);
        trackers.update(interfaces, configs);
        List<Instance> fresh = new ArrayList<>();
        for (VirtualRouterConfig config : configs) {
            instances.stream()
                    .filter(instance -> Instance.sameRouter(config, instance.config()))
                    .findFirst()
                    .ifPresentOrElse(
                            known -> known.reconfigure(config, trackers.states(), nowNs),
                            () -> fresh.add(new Instance(
                                    config, sourceOf(config), trackers.states(), executor, nowNs)));
        }
        instances.addAll(fresh);
        afterLinkChanges(nowNs);
        fresh.forEach(instance -> begin(instance, nowNs));
    }

    private void trackerIs(TrackerId tracker, TrackerState state) {
        long nowNs = System.nanoTime();
        instances.forEach(instance -> instance.trackerIs(tracker, state, nowNs));
    }

    /** A process that was killed left its VIPs behind: whoever is not master must not have them. */
    private void begin(Instance instance, long nowNs) {
        if (!instance.config().owner()) {
            for (VirtualAddress address : instance.config().addresses()) {
                if (interfaces.has(instance.config().interfaceName(), address.address())) {
                    executor.remove(instance.config(), address);
                }
            }
        }
        instance.start(nowNs);
    }

    private List<VirtualRouterStatus> statusNow() {
        return instances.stream().map(instance -> instance.router().status()).toList();
    }

    private void closeAll() {
        mailbox.close();
        trackers.close();
        sockets.close();
        executor.close();
        routes.close();
        monitor.close();
    }
}
