package dev.vipd.vrrp.sim;

import static dev.vipd.vrrp.sim.Violation.require;

import dev.vipd.vrrp.FaultReason;
import dev.vipd.vrrp.HandoverGoal;
import dev.vipd.vrrp.Holding;
import dev.vipd.vrrp.InstanceTracking;
import dev.vipd.vrrp.StateReason.Cause;
import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.TrackerReading;
import dev.vipd.vrrp.VirtualRouter;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VrrpEffect;
import dev.vipd.vrrp.VrrpEvent;
import dev.vipd.vrrp.VrrpEvent.Deadline;
import dev.vipd.vrrp.VrrpEvent.FaultRaised;
import dev.vipd.vrrp.VrrpEvent.HoldingAddFailed;
import dev.vipd.vrrp.VrrpEvent.HoldingLost;
import dev.vipd.vrrp.VrrpEvent.PacketReceived;
import dev.vipd.vrrp.VrrpEvent.Startup;
import dev.vipd.vrrp.VrrpState;
import dev.vipd.vrrp.wire.DecodeResult;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One virtual router of one host: what the process has of it, and what the kernel has, which outlives the process. It
 * stands for what {@code vrrp.io} does around a router.
 */
final class SimRouter {
    private final SimHost host;
    private final World world;
    private final Lan lan;
    private VirtualRouterConfig config;

    // the kernel
    private final Set<Holding> present = new LinkedHashSet<>();
    private int refusing;
    private int deleting;
    private int overruns;
    private int sourceless;

    // the process
    private VirtualRouter router;
    private InstanceTracking tracking;
    private StepChecker checker;
    /** Added and not removed since, as far as the process knows. */
    private final Set<Holding> believed = new LinkedHashSet<>();

    SimRouter(SimHost host, VirtualRouterConfig config, Lan lan, World world) {
        this.host = host;
        this.lan = lan;
        this.config = config;
        this.world = world;
    }

    VirtualRouterConfig config() {
        return config;
    }

    InetAddress address() {
        return config.sourceAddress().orElseThrow();
    }

    VirtualRouter router() {
        return router;
    }

    Set<Holding> present() {
        return present;
    }

    /** Deleted by somebody else, and the process has not heard of it. */
    Set<Holding> untold() {
        Set<Holding> gone = new LinkedHashSet<>(believed);
        gone.removeAll(present);
        return gone;
    }

    boolean master() {
        return router != null && router.state() == VrrpState.MASTER;
    }

    int priority() {
        return tracking.effectivePriority();
    }

    /** In FAULT since its addresses kept vanishing. */
    boolean vanishing() {
        return router.state() == VrrpState.FAULT
                && router.status().faults().stream().anyMatch(fault -> fault.kind() == FaultReason.Kind.HOLDING);
    }

    /** The priority in its adverts. */
    int advertised() {
        return router.status().master().orElseThrow().priority();
    }

    long silenceNs() {
        return checker.silenceNs(host.localNs());
    }

    void create(Map<TrackerId, TrackerReading> trackers) {
        believed.clear();
        router = new VirtualRouter(config, source(), host.localNs());
        tracking = new InstanceTracking(config, trackers);
        checker = new StepChecker(router);
    }

    /** @param aliveAgoNs since when a predecessor that was killed is dead, at most; empty: there was none */
    void boot(boolean maintenance, OptionalLong aliveAgoNs) {
        boolean left = !present.isEmpty() && present.containsAll(config.holding().all());
        if (left && aliveAgoNs.isPresent() && config.election().resume()) {
            tracking.awaitNothing();
        }
        checker.priority(tracking.effectivePriority());
        tracking.initialEvents().forEach(this::give);
        if (maintenance) {
            give(new FaultRaised(FaultReason.MAINTENANCE));
        }
        give(new Startup(left ? aliveAgoNs : OptionalLong.empty()));
    }

    void die() {
        router = null;
    }

    void packet(DecodeResult packet) {
        give(new PacketReceived(packet));
    }

    OptionalLong nextDeadlineNs() {
        return router == null ? OptionalLong.empty() : router.nextDeadlineNs();
    }

    void actOnTimer() {
        OptionalLong deadline = nextDeadlineNs();
        if (deadline.isPresent() && host.localNs() - deadline.getAsLong() >= 0) {
            give(new Deadline());
        }
    }

    void tracker(TrackerId tracker, TrackerReading state) {
        follow(tracking.on(tracker, state));
    }

    void reload(VirtualRouterConfig newConfig, Map<TrackerId, TrackerReading> trackers) {
        config = newConfig;
        follow(tracking.reconfigure(newConfig, trackers));
    }

    void maintenance(boolean on) {
        give(on
                ? new VrrpEvent.HandOver(HandoverGoal.MAINTENANCE)
                : new VrrpEvent.FaultCleared(FaultReason.MAINTENANCE));
    }

    void failover() {
        if (master()) {
            give(new VrrpEvent.HandOver(HandoverGoal.FAILOVER));
        }
    }

    void stop() {
        give(new VrrpEvent.HandOver(HandoverGoal.STOP));
    }

    boolean stopped() {
        return router.state() == VrrpState.INIT;
    }

    /** Holds what a predecessor left, until it is clear who is master. */
    boolean resuming() {
        return router.state() == VrrpState.BACKUP && router.status().why().cause() == Cause.RESUME;
    }

    /** Silent, to have a successor take over. */
    boolean handingOver() {
        return checker.handingOver();
    }

    private void follow(List<VrrpEvent> events) {
        checker.priority(tracking.effectivePriority());
        events.forEach(this::give);
        if (!events.isEmpty()) {
            world.conditionsChanged();
        }
    }

    /** Tells the process what the kernel has lost, as the monitor or a fresh dump shows it. */
    void tellLosses() {
        for (Holding lost : untold()) {
            believed.remove(lost);
            give(new HoldingLost(lost));
        }
    }

    // what happens to the kernel

    void source(int by) {
        sourceless += by;
    }

    /** The process learns which address the interface has. */
    void tellSource() {
        give(new VrrpEvent.SourceAddressChanged(source()));
    }

    /** @param acknowledged it says that it added them, and somebody deletes them at once */
    void refuse(int by, boolean acknowledged) {
        if (acknowledged) {
            deleting += by;
        } else {
            refusing += by;
        }
    }

    void overrun(int by) {
        overruns += by;
        if (overruns == 0) {
            host.notice(this::tellLosses);
        }
    }

    /** Somebody else, or the end of their lease, deletes the addresses. */
    void delete() {
        present.clear();
        if (overruns == 0) {
            world.after(world.draw(host.id()) % 3_000_000, () -> host.notice(this::tellLosses));
        }
    }

    private Optional<InetAddress> source() {
        return sourceless > 0 ? Optional.empty() : Optional.of(address());
    }

    void give(VrrpEvent event) {
        if (router == null) {
            return;
        }
        boolean was = master();
        List<VrrpEffect> effects = checker.on(event, host.localNs());
        if (master() && !was) {
            world.takeover();
            require(!(event instanceof Deadline) || host.heardAll(), "no timer acts while a packet waits",
                    () -> "host " + host.id() + " became master");
        }
        if (!effects.isEmpty() || !(event instanceof PacketReceived)) {
            world.note(host, 1 + event.getClass().getSimpleName().length() + effects.size() * 64L
                    + router.state().ordinal() * 8192L,
                    () -> Words.of(host, event, router, effects));
        }
        List<Holding> failed = new ArrayList<>();
        for (VrrpEffect effect : effects) {
            carryOut(effect, failed);
        }
        for (Holding item : failed) {
            give(new HoldingAddFailed(item, "EPERM"));
        }
    }

    private void carryOut(VrrpEffect effect, List<Holding> failed) {
        switch (effect) {
            case VrrpEffect.SendAdvert advert -> lan.send(host, this, advert);
            case VrrpEffect.AddHoldings(List<? extends Holding> items) -> items.forEach(item -> add(item, failed));
            case VrrpEffect.RemoveHoldings(List<? extends Holding> items) -> {
                items.forEach(present::remove);
                items.forEach(believed::remove);
            }
            case VrrpEffect.Announce announce -> {
                for (Holding vip : announce.addresses()) {
                    require(present.contains(vip) || failed.contains(vip) || believed.contains(vip),
                            "nobody announces what it does not hold", () -> host.id() + " " + vip);
                }
            }
            case VrrpEffect.Report _ -> {}
        }
    }

    private void add(Holding item, List<Holding> failed) {
        if (refusing > 0 && !present.contains(item)) {
            failed.add(item);
            return;
        }
        present.add(item);
        believed.add(item);
        if (deleting > 0) {
            delete();
        }
    }
}
