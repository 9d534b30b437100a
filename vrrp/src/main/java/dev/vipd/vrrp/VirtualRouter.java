package dev.vipd.vrrp;

import dev.vipd.vrrp.StateReason.Cause;
import dev.vipd.vrrp.VrrpTimers.Timer;
import dev.vipd.vrrp.wire.DecodeResult;
import dev.vipd.vrrp.wire.DecodeResult.Decoded;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One virtual router: the state machine of RFC 9568, 6 (version 3) and RFC 3768, 6 (version 2) with keepalived's FAULT.
 *
 * <pre>
 * INIT    -> BACKUP  startup, resume     BACKUP -> MASTER  master_down, prio_zero, preempt, resume; owner
 * INIT    -> MASTER  owner, resume       MASTER -> BACKUP  higher_prio, higher_ip, other_owner, stall, failover,
 * INIT    -> FAULT   fault                                 sync_group
 * BACKUP, MASTER -> FAULT  fault         FAULT  -> BACKUP  recovered
 * any     -> INIT    shutdown            FAULT  -> MASTER  recovered, as owner
 * </pre>
 *
 * <p>It has no clock, thread or socket: the caller gives events with the time and carries out the effects, in order:
 *
 * <pre>
 * for (;;) {
 *     wait for packets until router.nextDeadlineNs();
 *     for each packet: carryOut(router.on(new PacketReceived(AdvertCodec.decode(packet)), now));
 *     carryOut(router.on(new Deadline(), now));
 * }
 * </pre>
 *
 * Not thread-safe: one thread calls.
 */
public final class VirtualRouter {
    private static final FaultReason NO_SOURCE = new FaultReason(FaultReason.Kind.SOURCE_ADDRESS, "");
    /** How long an instance stays in FAULT when what it holds kept vanishing. */
    private static final long VANISHING_FAULT_NS = 30_000_000_000L;

    private final RouterContext context;
    private final Reception reception;
    private final BackupRole backup;
    private final MasterRole master;
    private final StartupDelay startupDelay;
    private final Standing standing;
    private Optional<FaultReason> vanishing = Optional.empty();

    /**
     * A router in INIT.
     *
     * @param source the address to send adverts from, which also decides between equal priorities
     * @param nowNs  on the clock of all later calls
     */
    public VirtualRouter(VirtualRouterConfig config, Optional<InetAddress> source, long nowNs) {
        context = new RouterContext(config, source, nowNs);
        reception = new Reception(context);
        startupDelay = new StartupDelay(context);
        backup = new BackupRole(context);
        master = new MasterRole(context);
        standing = new Standing(nowNs);
        if (source.isEmpty()) {
            standing.faults.add(NO_SOURCE);
        }
    }

    /**
     * Handles one event.
     *
     * @param nowNs {@code System.nanoTime()} or the like; never before that of an earlier call
     * @return what to do, in this order; may be empty
     */
    public List<VrrpEffect> on(VrrpEvent event, long nowNs) {
        context.nowNs = nowNs;
        if (standing.state == VrrpState.MASTER && master.mustListenBefore(event)) {
            changeState(new Transition(VrrpState.BACKUP, Cause.STALL));
        }
        switch (event) {
            case VrrpEvent.Startup(OptionalLong leftHeldNs) -> startup(leftHeldNs);
            case VrrpEvent.Shutdown() -> shutdown();
            case VrrpEvent.HandOver(HandoverGoal goal) -> handOver(goal);
            case VrrpEvent.Deadline() -> deadline();
            case VrrpEvent.PacketReceived(DecodeResult packet) -> received(packet);
            case VrrpEvent.FaultRaised(FaultReason reason) -> faultRaised(reason);
            case VrrpEvent.FaultCleared(FaultReason reason) -> faultCleared(reason);
            case VrrpEvent.PriorityChanged(int effective, String cause) -> priorityChanged(effective, cause);
            case VrrpEvent.SourceAddressChanged(Optional<InetAddress> source) -> sourceChanged(source);
            case VrrpEvent.ClaimBlocked(ClaimBlock block) -> context.claimBlocks.add(block);
            case VrrpEvent.ClaimFreed(ClaimBlock block) -> claimFreed(block);
            case VrrpEvent.Yield() -> yieldToMate();
            case VrrpEvent.HoldingLost(Holding item) -> {
                if (standing.state == VrrpState.MASTER) {
                    master.items().lost(item).ifPresent(this::giveUp);
                }
            }
            case VrrpEvent.HoldingAddFailed(Holding item, String cause) -> {
                if (standing.state == VrrpState.MASTER) {
                    master.items().addFailed(item, cause);
                }
            }
            case VrrpEvent.Reconfigured reload -> reconfigured(reload);
        }
        return context.takeEffects();
    }

    /** When {@link VrrpEvent.Deadline} is due next, on the clock of {@link #on}; compare by subtraction. */
    public OptionalLong nextDeadlineNs() {
        return context.timers.next();
    }

    public VrrpState state() {
        return standing.state;
    }

    /** The configuration in force. */
    public VirtualRouterConfig config() {
        return context.config;
    }

    /** Whether this keeps it in FAULT, or would. */
    public boolean hasFault(FaultReason reason) {
        return standing.faults.contains(reason);
    }

    /** Whether anything else than this does. */
    public boolean hasFaultBesides(FaultReason reason) {
        return standing.faults.size() > (standing.faults.contains(reason) ? 1 : 0);
    }

    /** Whether this keeps it from becoming master, or would. */
    public boolean isBlockedBy(ClaimBlock block) {
        return context.claimBlocks.contains(block);
    }

    /** Whether it would be master now, but for this. */
    public boolean awaitsNothingBut(ClaimBlock block) {
        int others = context.claimBlocks.size() - (isBlockedBy(block) ? 1 : 0);
        return standing.state == VrrpState.BACKUP && backup.awaitsClaim() && others == 0;
    }

    /** How it is now. */
    public VirtualRouterStatus status() {
        return standing.status(context, backup, master);
    }

    private void startup(OptionalLong leftHeldNs) {
        if (standing.state != VrrpState.INIT) {
            return;
        }
        standing.upSinceNs = OptionalLong.of(context.nowNs);
        boolean resumes = leftHeldNs.isPresent() && context.config.election().resume();
        if (!resumes) {
            startupDelay.begin();
        }
        if (!standing.faults.isEmpty()) {
            changeState(new Transition(
                    VrrpState.FAULT, StateReason.of(standing.faults.iterator().next()), Optional.empty()));
        } else if (context.config.owner() && context.claimBlocks.isEmpty()) {
            changeState(new Transition(VrrpState.MASTER, Cause.OWNER));
        } else if (resumes && context.claimBlocks.isEmpty() && backup.unnoticed(leftHeldNs.getAsLong())) {
            changeState(new Transition(VrrpState.MASTER, Cause.RESUME));
        } else {
            changeState(new Transition(VrrpState.BACKUP, resumes ? Cause.RESUME : Cause.STARTUP));
        }
    }

    private void shutdown() {
        vanishing.ifPresent(standing.faults::remove);
        if (standing.state != VrrpState.INIT) {
            changeState(new Transition(VrrpState.INIT, Cause.SHUTDOWN));
        }
    }

    private void handOver(HandoverGoal goal) {
        if (standing.state == VrrpState.MASTER && context.config.election().handover() && !master.slept()) {
            master.handOver(goal);
            return;
        }
        switch (goal) {
            case STOP -> shutdown();
            case MAINTENANCE -> faultRaised(FaultReason.MAINTENANCE);
            case FAILOVER -> {
                if (standing.state == VrrpState.MASTER) {
                    changeState(new Transition(VrrpState.BACKUP, Cause.FAILOVER));
                }
            }
        }
    }

    /** Who leaves altogether goes on handing over; who was to be BACKUP in the end is it now. */
    private void yieldToMate() {
        Optional<HandoverGoal> goal = master.handover();
        boolean failover = goal.equals(Optional.of(HandoverGoal.FAILOVER));
        if (standing.state == VrrpState.MASTER && (goal.isEmpty() || failover)) {
            changeState(new Transition(VrrpState.BACKUP, Cause.SYNC_GROUP));
            if (failover) {
                backup.standAside();
            }
        }
    }

    /** Whether a master slept for so long that it listens first, as a backup: it is one now. */
    private boolean wokeUp() {
        boolean slept = master.slept();
        if (slept) {
            changeState(new Transition(VrrpState.BACKUP, Cause.STALL));
        }
        return slept;
    }

    private void deadline() {
        switch (standing.state) {
            case MASTER -> {
                if (!wokeUp()) {
                    master.deadline().ifPresent(this::changeState);
                }
            }
            case BACKUP -> {
                if (context.timers.take(Timer.STARTUP_DELAY, context.nowNs)) {
                    claimFreed(ClaimBlock.STARTUP);
                }
                if (standing.state == VrrpState.BACKUP) {
                    backup.deadline().ifPresent(this::changeState);
                }
            }
            case FAULT -> {
                if (context.timers.take(Timer.HOLDING_RETRY, context.nowNs)) {
                    vanishing.ifPresent(this::faultCleared);
                }
            }
            case INIT -> {}
        }
    }

    /** Somebody will not have it that this host holds what it should. Another tries, and this one later again. */
    private void giveUp(FaultReason reason) {
        vanishing = Optional.of(reason);
        faultRaised(reason);
        if (standing.state == VrrpState.FAULT) {
            context.timers.arm(Timer.HOLDING_RETRY, context.nowNs + VANISHING_FAULT_NS);
        }
    }

    private void received(DecodeResult packet) {
        int advertised = standing.state == VrrpState.MASTER ? master.advertisedPriority() : 0;
        reception.accept(packet, standing.state, advertised).ifPresent(this::accepted);
    }

    private void accepted(Decoded packet) {
        switch (standing.state) {
            case MASTER -> {
                if (wokeUp()) {
                    backup.advert(packet);
                } else {
                    master.advert(packet).ifPresent(this::changeState);
                }
            }
            case BACKUP -> backup.advert(packet).ifPresent(this::changeState);
            case INIT, FAULT -> {}
        }
    }

    private void faultRaised(FaultReason reason) {
        boolean first = standing.faults.add(reason) && standing.faults.size() == 1;
        if (first && standing.state != VrrpState.INIT) {
            changeState(new Transition(VrrpState.FAULT, StateReason.of(reason), Optional.empty()));
        }
    }

    private void faultCleared(FaultReason reason) {
        if (reason.equals(FaultReason.MAINTENANCE)
                && master.handover().equals(Optional.of(HandoverGoal.MAINTENANCE))) {
            master.stay();
        }
        boolean last = standing.faults.remove(reason) && standing.faults.isEmpty();
        if (last && standing.state == VrrpState.FAULT) {
            startupDelay.enter(standing.state);
            changeState(new Transition(mayClaimAsOwner() ? VrrpState.MASTER : VrrpState.BACKUP, Cause.RECOVERED));
        }
    }

    private void claimFreed(ClaimBlock block) {
        if (context.claimBlocks.remove(block) && standing.state == VrrpState.BACKUP) {
            if (block.equals(ClaimBlock.STARTUP) && mayClaimAsOwner()) {
                changeState(new Transition(VrrpState.MASTER, Cause.OWNER));
            } else {
                backup.claim().ifPresent(this::changeState);
            }
        }
    }

    /** The address owner waits for nobody (RFC 9568, 6.4.1), unless something has to come first. */
    private boolean mayClaimAsOwner() {
        return context.config.owner() && context.claimBlocks.isEmpty() && !backup.standsAside();
    }

    private void sourceChanged(Optional<InetAddress> source) {
        if (source.equals(context.source())) {
            return;
        }
        context.source(source);
        if (source.isEmpty()) {
            faultRaised(NO_SOURCE);
        } else if (standing.state == VrrpState.MASTER) {
            master.advertise();
        } else {
            faultCleared(NO_SOURCE);
        }
    }

    private void priorityChanged(int effective, String cause) {
        if (effective < 1 || effective >= VirtualRouterConfig.OWNER_PRIORITY) {
            throw new IllegalArgumentException("effective priority " + effective);
        }
        if (context.config.owner() || effective == context.effectivePriority) {
            return;
        }
        context.setPriority(effective, cause);
        switch (standing.state) {
            case MASTER -> master.advertise();
            case BACKUP -> backup.retime();
            case INIT, FAULT -> {}
        }
    }

    private void reconfigured(VrrpEvent.Reconfigured event) {
        VirtualRouterConfig old = context.config;
        VirtualRouterConfig config = event.config();
        if (!config.sameRouter(old)
                || config.owner() != (event.effectivePriority() == VirtualRouterConfig.OWNER_PRIORITY)) {
            throw new IllegalArgumentException("not a new configuration of " + old.name() + ": " + event);
        }
        if (config.equals(old) && event.effectivePriority() == context.effectivePriority) {
            return;
        }
        context.config = config;
        context.setPriority(event.effectivePriority(), "reload");
        switch (standing.state) {
            case MASTER -> {
                master.advertise();
                master.items().reconfigure(old);
            }
            case BACKUP -> {
                backup.dropHoldingsOf(old);
                if (!old.owner() && mayClaimAsOwner() && standing.why.cause() != Cause.STALL) {
                    changeState(new Transition(VrrpState.MASTER, Cause.OWNER));
                } else {
                    backup.retime();
                }
            }
            case INIT, FAULT -> {}
        }
    }

    /** The only place where the state changes. */
    private void changeState(Transition wanted) {
        VrrpState from = standing.state;
        Transition transition = from == VrrpState.MASTER ? master.cutShort(wanted) : wanted;
        if (from == VrrpState.MASTER) {
            if (master.handover().equals(Optional.of(HandoverGoal.MAINTENANCE))) {
                standing.faults.add(FaultReason.MAINTENANCE); // whatever cut the handover short
            }
            boolean leaves = transition.to() != VrrpState.BACKUP || transition.why().cause() == Cause.FAILOVER;
            // where there is a successor already, priority 0 would only have a third router take over
            master.leave(leaves && transition.heard().isEmpty());
        } else if (from == VrrpState.BACKUP) {
            backup.leave(transition.to());
        }
        context.timers.cancelAll();
        context.memory.clear();
        standing.enter(transition, context.nowNs);
        switch (standing.state) {
            case MASTER -> {
                context.counters.becameMaster(transition.why().cause());
                master.enter();
            }
            case BACKUP -> enterBackup(transition);
            case INIT, FAULT -> context.conflicts.notTakingPart();
        }
        boolean keeps = standing.state == VrrpState.MASTER || transition.why().cause() == Cause.RESUME;
        if (from == VrrpState.INIT && !keeps) {
            // a predecessor that crashed as master leaves its addresses behind
            context.act(new VrrpEffect.RemoveHoldings(context.config.holding().all()));
        }
        context.report(new VrrpReport.StateChanged(
                from, standing.state, transition.why(), context.effectivePriority, standing.term));
    }

    private void enterBackup(Transition transition) {
        Cause cause = transition.why().cause();
        if (cause == Cause.RESUME || cause == Cause.STALL) {
            backup.listen(cause == Cause.RESUME);
        } else {
            backup.enter(transition.heard());
        }
        if (cause == Cause.FAILOVER) {
            backup.standAside();
        }
        startupDelay.enter(VrrpState.BACKUP);
    }
}
