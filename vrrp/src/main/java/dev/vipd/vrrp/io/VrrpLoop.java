package dev.vipd.vrrp.io;

import dev.vipd.netlink.route.RouteMonitor;
import dev.vipd.netlink.sys.Fd;
import dev.vipd.netlink.sys.Poller;
import dev.vipd.netlink.sys.Scheduling;
import dev.vipd.netlink.sys.SysException;
import dev.vipd.vrrp.LoopTurn;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VirtualRouterStatus;
import dev.vipd.vrrp.VrrpConfig;
import dev.vipd.vrrp.VrrpState;
import dev.vipd.vrrp.VrrpReport;
import dev.vipd.vrrp.wire.AdvertRejection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The {@code vrrp} thread: one blocking poll over packets, the kernel's monitor and a mailbox. Each cycle empties the
 * receive queues before it looks at a timer, so that after a stall no advert that waits is taken for one that never
 * came.
 */
public final class VrrpLoop {
    private static final long HEARTBEAT_NS = 1_000_000_000L;
    private static final int MAILBOX = 0; // places in the poller's list
    private static final int MONITOR = 1;

    private final VrrpListener listener;
    private final LoopMailbox mailbox = new LoopMailbox();
    private final RouteMonitor monitor = new RouteMonitor(); // before the first dump, so that nothing falls between
    private final PacketReader packets;
    private final RouterSet routers;
    private final Thread thread = Thread.ofPlatform().name("vrrp").unstarted(this::run);
    private final Turn turn = new Turn();
    private List<SocketSet.Receiver> receivers = List.of();
    private Poller poller;
    private LoopLag lag;
    private int realTimePriority;
    private long nextHeartbeatNs;
    private long stallNs = HEARTBEAT_NS;
    private boolean stopping;
    private boolean handingOver;
    private Supplier<CompletableFuture<Void>> first;

    private VrrpLoop(VrrpListener listener, boolean dryRun) throws IOException {
        this.listener = listener;
        packets = new PacketReader(listener);
        routers = new RouterSet(listener, mailbox::post, dryRun);
    }

    /**
     * Opens everything that the instances need and checks that it is there. Nothing is sent or changed before {@link
     * #begin()}.
     *
     * @param dryRun true: listens and decides, but sends nothing and changes no address
     * @throws IOException with a message that says what is missing: a capability, an interface
     */
    public static VrrpLoop open(
            VrrpConfig config,
            VrrpListener listener,
            boolean dryRun)
            throws IOException {
        VrrpLoop loop = new VrrpLoop(listener, dryRun);
        try {
            loop.routers.require(config.instances());
        } catch (IOException e) {
            loop.closeAll();
            throw e;
        }
        loop.first = () -> loop.reconfigure(config);
        return loop;
    }

    /**
     * Runs the instances on a thread of their own, {@code vrrp}. What was asked before, of {@link #maintenance} say, is
     * done before they start.
     *
     * @return completes when they run; exceptionally when what {@link #open} found has gone meanwhile
     */
    public CompletableFuture<Void> begin() {
        CompletableFuture<Void> begun = first.get();
        thread.start();
        return begun;
    }

    /**
     * Looks whether a configuration can be carried out; changes nothing.
     *
     * @return completes exceptionally, with an IOException that says what is missing, when it can't
     */
    public CompletableFuture<Void> require(List<VirtualRouterConfig> configs) {
        return mailbox.ask(() -> {
            routers.require(configs);
            return null;
        });
    }

    /**
     * Changes over to another configuration. Instances that only changed keep their state.
     *
     * @return completes when done; exceptionally, with nothing changed, as {@link #require}
     */
    public CompletableFuture<Void> reconfigure(VrrpConfig config) {
        return mailbox.ask(() -> {
            if (config.hasRoutes()) {
                monitor.watchRoutes();
            }
            routers.adopt(config);
            return null;
        });
    }

    /**
     * Takes an instance out (FAULT, after a master has handed over), or lets it take part again. It stays so over
     * {@link #reconfigure}, also when there is no such instance yet.
     */
    public CompletableFuture<Void> maintenance(String name, boolean on) {
        return mailbox.ask(() -> {
            routers.handovers().maintenance(name, on);
            return null;
        });
    }

    /**
     * Has a master hand over to its peer and stay BACKUP until it is needed again.
     *
     * @return completes with how it ended: without a successor it is MASTER still; exceptionally, with an IOException
     *         that says what to do, when there is nothing to hand over
     */
    public CompletableFuture<VrrpReport.HandoverEnded> failover(String name) {
        return mailbox.ask(() -> routers.handovers().failover(name)).thenCompose(end -> end);
    }

    /**
     * Puts the {@code vrrp} thread, and no other of this process, before all threads without real-time scheduling.
     * Where that is not permitted, it goes on without, and says so.
     *
     * @param priority 1..99 of SCHED_RR; 0 for none
     */
    public CompletableFuture<Void> realTime(int priority) {
        return mailbox.ask(() -> {
            if (priority != realTimePriority) {
                schedule(priority);
            }
            return null;
        });
    }

    /** How the loop's thread fares. */
    public CompletableFuture<LoopStatus> loopStatus() {
        return mailbox.ask(() -> lag.status(realTimePriority));
    }

    /** Tells how virtual servers are, for the instances that follow them. Others than these are as before. */
    public void servicesAre(List<ServiceState> services) {
        mailbox.post(() -> services.forEach(routers::serviceIs));
    }

    /** Packets that belonged to no instance, by kind. */
    public CompletableFuture<Map<AdvertRejection, Long>> strayPackets() {
        return mailbox.ask(packets::strays);
    }

    public CompletableFuture<List<VirtualRouterStatus>> status() {
        return mailbox.ask(routers::status);
    }

    /** Scripts and interfaces that are tracked, as they are now. */
    public CompletableFuture<List<TrackerStatus>> trackerStatus() {
        return mailbox.ask(routers::trackerStatus);
    }

    /** Hands over or resigns everywhere and ends the thread: within 0.3 s, with version 2 and slow backups 1.1 s. */
    public void stop() throws InterruptedException {
        if (thread.getState() == Thread.State.NEW) {
            closeAll();
            return;
        }
        mailbox.ask(() -> {
            handingOver = true;
            routers.handovers().stop();
            return null;
        });
        thread.join(TimeUnit.SECONDS.toMillis(10));
    }

    private void run() {
        nextHeartbeatNs = System.nanoTime();
        lag = new LoopLag(nextHeartbeatNs);
        try {
            while (!stopping) {
                cycle();
            }
        } catch (IOException | RuntimeException | Error e) {
            resignAfter(e);
        } finally {
            closeAll();
        }
    }

    private void cycle() throws IOException {
        watchSockets();
        long beforeNs = System.nanoTime();
        long deadlineNs = lag.deadlineNs(routers.nextDeadlineNs(nextHeartbeatNs), beforeNs);
        poller.poll(deadlineNs - beforeNs);
        noteLag(deadlineNs, beforeNs, System.nanoTime());
        turn.take();
        long nowNs = System.nanoTime();
        if (nowNs - nextHeartbeatNs >= 0) {
            nextHeartbeatNs = nowNs + HEARTBEAT_NS;
            stallNs = routers.shortestIntervalNs(HEARTBEAT_NS) / 2;
            lag.heartbeat();
            routers.retry();
            listener.loop(lag.status(realTimePriority));
            Map<String, VrrpState> states = new LinkedHashMap<>();
            routers.instances().forEach(
                    instance -> states.put(instance.config().name(), instance.router().state()));
            listener.heartbeat(states, routers.held());
        }
        if (handingOver && routers.handovers().stopped()) {
            stopping = true;
            routers.kernelTells(monitor.read()); // that the VIPs are gone belongs into the log
        }
    }

    private final class Turn implements LoopTurn<IOException> {
        @Override
        public void receivePackets() throws IOException {
            for (SocketSet.Receiver receiver : receivers) {
                packets.drain(receiver, routers.instances());
            }
        }

        @Override
        public void hearKernel() throws IOException {
            if (poller.ready(MONITOR)) {
                routers.kernelTells(monitor.read());
            }
        }

        @Override
        public void openMailbox() {
            if (poller.ready(MAILBOX)) {
                mailbox.runSome();
            }
        }

        @Override
        public void actOnTimers() {
            routers.actOnTimers(System.nanoTime());
        }
    }

    /** Polls what is open now. */
    private void watchSockets() {
        List<SocketSet.Receiver> open = routers.receivers();
        if (poller != null && open.equals(receivers)) {
            return;
        }
        receivers = open;
        List<Fd> fds = new ArrayList<>();
        fds.add(MAILBOX, mailbox.fd());
        fds.add(MONITOR, monitor.fd());
        fds.addAll(SocketSet.fds(receivers));
        poller = new Poller(fds);
    }

    /**
     * A stall is half of the shortest advert interval: with less, no peer can have missed more than one advert. Told
     * once a second, unless it gets worse.
     */
    private void noteLag(long deadlineNs, long beforeNs, long nowNs) {
        long sleptNs = deadlineNs - beforeNs > 0 ? nowNs - deadlineNs : nowNs - beforeNs;
        if (lag.woke(nowNs - deadlineNs, sleptNs, stallNs)) {
            listener.stall(nowNs - deadlineNs, stallNs);
        }
        if (lag.measured(nowNs)) {
            for (Instance instance : routers.instances()) {
                if (instance.config().advertIntervalNs() < LoopLag.INTERVAL_TO_PAUSE_MIN * lag.pauseNs()) {
                    listener.pauses(instance.config(), lag.pauseNs());
                }
            }
        }
    }

    private void schedule(int priority) {
        try {
            Scheduling.realTime(priority);
            realTimePriority = priority;
            if (priority > 0) {
                Scheduling.favourCollector();
            }
        } catch (SysException e) {
            listener.realTimeRefused(priority, e.getMessage());
        }
    }

    /** Something is broken; a VIP that stays behind would be worse than a second exception. */
    private void resignAfter(Throwable cause) {
        try {
            routers.resign();
        } catch (RuntimeException | Error e) {
            cause.addSuppressed(e);
        } finally {
            listener.failed(cause);
        }
    }

    private void closeAll() {
        mailbox.close();
        routers.close();
        monitor.close();
    }
}
