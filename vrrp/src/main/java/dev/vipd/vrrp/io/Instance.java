package dev.vipd.vrrp.io;

import dev.vipd.vrrp.FaultReason;
import dev.vipd.vrrp.InstanceTracking;
import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.TrackerReading;
import dev.vipd.vrrp.VirtualRouter;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VrrpEvent;
import dev.vipd.vrrp.wire.DecodeResult;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A virtual router and the executor that carries out what it wants. */
final class Instance {
    /** A failed effect comes back as an event that may have effects again; more rounds than this are a loop. */
    private static final int ROUNDS_MAX = 8;

    private final VirtualRouter router;
    private final InstanceTracking tracking;
    private final EffectExecutor executor;
    private final Deadlines<Instance> deadlines;
    private final Deadlines.Entry<Instance> deadline = new Deadlines.Entry<>(this);
    private Optional<InetAddress> source;
    private Optional<String> socketTrouble = Optional.empty();

    /**
     * @param trackers  what is known of all trackers
     * @param deadlines where it enters when it is to be called next
     */
    Instance(
            VirtualRouterConfig config,
            Optional<InetAddress> source,
            Map<TrackerId, TrackerReading> trackers,
            EffectExecutor executor,
            Deadlines<Instance> deadlines,
            long nowNs) {
        this.router = new VirtualRouter(config, source, nowNs);
        this.tracking = new InstanceTracking(config, trackers);
        this.executor = executor;
        this.deadlines = deadlines;
        this.source = source;
    }

    VirtualRouterConfig config() {
        return router.config();
    }

    VirtualRouter router() {
        return router;
    }

    /** Gives the event to the router and carries out the effects, those of their failures included. */
    void on(VrrpEvent event, long nowNs) {
        Deque<VrrpEvent> events = new ArrayDeque<>();
        events.add(event);
        for (int round = 0; !events.isEmpty() && round < ROUNDS_MAX; round++) {
            for (int n = events.size(); n > 0; n--) {
                events.addAll(executor.execute(router.config(), router.on(events.remove(), nowNs)));
            }
        }
        deadlines.set(deadline, router.nextDeadlineNs());
    }

    /** The instance is no more. */
    void close() {
        deadlines.set(deadline, OptionalLong.empty());
    }

    /** Gives a packet of its VRID to the router. */
    void received(DecodeResult packet, long nowNs) {
        on(new VrrpEvent.PacketReceived(executor.sequences().check(router.config(), packet)), nowNs);
    }

    /** Gives what the trackers say, then starts. */
    void start(long nowNs) {
        tracking.initialEvents().forEach(event -> on(event, nowNs));
        on(new VrrpEvent.Startup(), nowNs);
    }

    void trackerIs(TrackerId tracker, TrackerReading reading, long nowNs) {
        tracking.on(tracker, reading).forEach(event -> on(event, nowNs));
    }

    /** Takes the configuration of a reload. */
    void reconfigure(VirtualRouterConfig config, Map<TrackerId, TrackerReading> trackers, long nowNs) {
        tracking.reconfigure(config, trackers).forEach(event -> on(event, nowNs));
    }

    void sourceIs(Optional<InetAddress> now, long nowNs) {
        if (!now.equals(source)) {
            source = now;
            on(new VrrpEvent.SourceAddressChanged(now), nowNs);
        }
    }

    /** @param trouble why the socket it needs can't be opened, if so */
    void socketIs(Optional<String> trouble, long nowNs) {
        if (trouble.isPresent() != socketTrouble.isPresent()) {
            FaultReason fault = new FaultReason(FaultReason.Kind.SOCKET, "");
            on(trouble.isPresent() ? new VrrpEvent.FaultRaised(fault) : new VrrpEvent.FaultCleared(fault), nowNs);
        }
        socketTrouble = trouble;
    }

    Optional<String> socketTrouble() {
        return socketTrouble;
    }

    /** Whether both are the same virtual router, so that a reload may change one into the other. */
    static boolean sameRouter(VirtualRouterConfig a, VirtualRouterConfig b) {
        return a.name().equals(b.name())
                && a.interfaceName().equals(b.interfaceName())
                && a.virtualRouterId() == b.virtualRouterId()
                && a.version() == b.version()
                && a.holding().vmac().equals(b.holding().vmac());
    }
}
