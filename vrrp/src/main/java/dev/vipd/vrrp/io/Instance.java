package dev.vipd.vrrp.io;

import dev.vipd.vrrp.FaultReason;
import dev.vipd.vrrp.HandoverGoal;
import dev.vipd.vrrp.InstanceTracking;
import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.TrackerReading;
import dev.vipd.vrrp.VirtualRouter;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VrrpEffect;
import dev.vipd.vrrp.VrrpEvent;
import dev.vipd.vrrp.VrrpReport;
import dev.vipd.vrrp.wire.DecodeResult;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

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
    private CompletableFuture<VrrpReport.HandoverEnded> handover = CompletableFuture.completedFuture(null);

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
        List<VrrpEvent> events = List.of(event);
        for (int round = 0; !events.isEmpty() && round < ROUNDS_MAX; round++) {
            List<VrrpEvent> failures = new ArrayList<>();
            for (VrrpEvent next : events) {
                List<VrrpEffect> effects = router.on(next, nowNs); // first: it may bring another config
                failures.addAll(executor.execute(router.config(), effects));
                effects.forEach(this::noteHandover);
            }
            events = failures;
        }
        deadlines.set(deadline, router.nextDeadlineNs());
    }

    /** The instance is no more. */
    void close() {
        handover.completeExceptionally(new IllegalStateException(config().name() + " has ended"));
        deadlines.set(deadline, OptionalLong.empty());
    }

    /** Gives a packet of its VRID to the router. */
    void received(DecodeResult packet, long nowNs) {
        on(new VrrpEvent.PacketReceived(executor.sequences().check(router.config(), packet)), nowNs);
    }

    /**
     * Has a master hand over, and another go at once.
     *
     * @return completes when it has ended
     */
    CompletableFuture<VrrpReport.HandoverEnded> handOver(HandoverGoal goal, long nowNs) {
        CompletableFuture<VrrpReport.HandoverEnded> end = handover.isDone() ? new CompletableFuture<>() : handover;
        handover = end;
        on(new VrrpEvent.HandOver(goal), nowNs);
        if (router.status().handover().isEmpty()) { // not as master, or handover: off
            end.complete(new VrrpReport.HandoverEnded(goal, Optional.empty(), 0));
        }
        return end;
    }

    private void noteHandover(VrrpEffect effect) {
        if (effect instanceof VrrpEffect.Report(VrrpReport.HandoverEnded end)) {
            handover.complete(end);
        }
    }

    /**
     * Gives what the trackers say, then starts.
     *
     * @param leftHeldNs as in {@link VrrpEvent.Startup}
     */
    void start(OptionalLong leftHeldNs, long nowNs) {
        if (leftHeldNs.isPresent() && config().election().resume()) {
            tracking.awaitNothing();
        }
        tracking.initialEvents().forEach(event -> on(event, nowNs));
        on(new VrrpEvent.Startup(leftHeldNs), nowNs);
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
}
