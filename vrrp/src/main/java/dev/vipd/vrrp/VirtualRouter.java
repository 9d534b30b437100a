package dev.vipd.vrrp;

import dev.vipd.vrrp.StateReason.Cause;
import dev.vipd.vrrp.VrrpEvent.ClaimBlocked;
import dev.vipd.vrrp.VrrpEvent.ClaimFreed;
import dev.vipd.vrrp.VrrpEvent.Deadline;
import dev.vipd.vrrp.VrrpEvent.FaultCleared;
import dev.vipd.vrrp.VrrpEvent.FaultRaised;
import dev.vipd.vrrp.VrrpEvent.HoldingAddFailed;
import dev.vipd.vrrp.VrrpEvent.HoldingLost;
import dev.vipd.vrrp.VrrpEvent.PacketReceived;
import dev.vipd.vrrp.VrrpEvent.PriorityChanged;
import dev.vipd.vrrp.VrrpEvent.Reconfigured;
import dev.vipd.vrrp.VrrpEvent.Shutdown;
import dev.vipd.vrrp.VrrpEvent.SourceAddressChanged;
import dev.vipd.vrrp.VrrpEvent.Startup;
import dev.vipd.vrrp.VrrpEvent.Yield;
import dev.vipd.vrrp.VrrpTimers.Timer;
import dev.vipd.vrrp.wire.AdvertRejection;
import dev.vipd.vrrp.wire.DecodeResult;
import dev.vipd.vrrp.wire.DecodeResult.Decoded;
import dev.vipd.vrrp.wire.DecodeResult.Rejected;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One virtual router: the state machine of RFC 9568, 6 (version 3) and RFC 3768, 6 (version 2) with keepalived's FAULT.
 *
 * <pre>
 * INIT    -> BACKUP  startup             BACKUP -> MASTER  master_down, prio_zero, preempt; owner by a reload
 * INIT    -> MASTER  owner               MASTER -> BACKUP  higher_prio, higher_ip
 * INIT    -> FAULT   fault               FAULT  -> BACKUP  recovered
 * BACKUP, MASTER -> FAULT  fault         FAULT  -> MASTER  recovered, as owner
 * any     -> INIT    shutdown
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
    private final BackupRole backup;
    private final MasterRole master;
    private final Set<FaultReason> faults = new LinkedHashSet<>();

    private VrrpState state = VrrpState.INIT;
    private Optional<FaultReason> vanishing = Optional.empty();
    private StateReason why = StateReason.of(Cause.CREATED);
    private long sinceNs;
    private long term;

    /**
     * A router in INIT.
     *
     * @param source the address to send adverts from, which also decides between equal priorities
     * @param nowNs  on the clock of all later calls
     */
    public VirtualRouter(VirtualRouterConfig config, Optional<InetAddress> source, long nowNs) {
        context = new RouterContext(config, source, nowNs);
        backup = new BackupRole(context);
        master = new MasterRole(context);
        sinceNs = nowNs;
        if (source.isEmpty()) {
            faults.add(NO_SOURCE);
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
        switch (event) {
            case Startup() -> startup();
            case Shutdown() -> shutdown();
            case Deadline() -> deadline();
            case PacketReceived(DecodeResult packet) -> received(packet);
            case FaultRaised(FaultReason reason) -> faultRaised(reason);
            case FaultCleared(FaultReason reason) -> faultCleared(reason);
            case PriorityChanged(int effective, String cause) -> priorityChanged(effective, cause);
            case SourceAddressChanged(Optional<InetAddress> source) -> sourceChanged(source);
            case ClaimBlocked(ClaimBlock block) -> context.claimBlocks.add(block);
            case ClaimFreed(ClaimBlock block) -> claimFreed(block);
            case Yield() -> {
                if (state == VrrpState.MASTER) {
                    changeState(new Transition(VrrpState.BACKUP, Cause.SYNC_GROUP));
                }
            }
            case HoldingLost(Holding item) -> {
                if (state == VrrpState.MASTER) {
                    master.items().lost(item).ifPresent(this::giveUp);
                }
            }
            case HoldingAddFailed(Holding item, String cause) -> {
                if (state == VrrpState.MASTER) {
                    master.items().addFailed(item, cause);
                }
            }
            case Reconfigured reconfigured -> reconfigured(reconfigured);
        }
        return context.takeEffects();
    }

    /**
     * When {@link Deadline} is due next, on the clock of {@link #on}; empty: not before another event. Compare by
     * subtraction.
     */
    public OptionalLong nextDeadlineNs() {
        return context.timers.next();
    }

    public VrrpState state() {
        return state;
    }

    /** The configuration in force. */
    public VirtualRouterConfig config() {
        return context.config;
    }

    /** Whether this keeps it in FAULT, or would. */
    public boolean hasFault(FaultReason reason) {
        return faults.contains(reason);
    }

    /** Whether anything else than this does. */
    public boolean hasFaultBesides(FaultReason reason) {
        return faults.size() > (faults.contains(reason) ? 1 : 0);
    }

    /** Whether it would be master now, but for this. */
    public boolean awaitsNothingBut(ClaimBlock block) {
        return state == VrrpState.BACKUP
                && backup.awaitsClaim()
                && context.claimBlocks.size() == (context.claimBlocks.contains(block) ? 1 : 0);
    }

    /** How it is now. */
    public VirtualRouterStatus status() {
        boolean learned = state == VrrpState.BACKUP;
        long intervalNs = learned ? backup.masterIntervalNs() : context.config.advertIntervalNs();
        return new VirtualRouterStatus(
                context.config,
                state,
                sinceNs,
                why,
                List.copyOf(faults),
                List.copyOf(context.claimBlocks),
                state == VrrpState.BACKUP && backup.awaitsClaim(),
                context.effectivePriority,
                context.source(),
                masterNow(),
                intervalNs,
                context.masterDownNs(intervalNs),
                context.skewNs(intervalNs),
                master.conflict(),
                master.items().missing(),
                term,
                context.counters.snapshot());
    }

    private Optional<VirtualRouterStatus.Peer> masterNow() {
        return switch (state) {
            case MASTER -> Optional.of(new VirtualRouterStatus.Peer(
                    context.sourceOfAdverts(), context.effectivePriority, context.config.advertIntervalNs()));
            case BACKUP -> backup.master();
            case INIT, FAULT -> Optional.empty();
        };
    }

    private void startup() {
        if (state != VrrpState.INIT) {
            return;
        }
        if (faults.isEmpty()) {
            changeState(
                    context.config.owner()
                            ? new Transition(VrrpState.MASTER, Cause.OWNER)
                            : new Transition(VrrpState.BACKUP, Cause.STARTUP));
        } else {
            changeState(new Transition(
                    VrrpState.FAULT, StateReason.of(faults.iterator().next()), Optional.empty()));
        }
    }

    private void shutdown() {
        vanishing.ifPresent(faults::remove);
        if (state != VrrpState.INIT) {
            changeState(new Transition(VrrpState.INIT, Cause.SHUTDOWN));
        }
    }

    private void deadline() {
        switch (state) {
            case MASTER -> master.deadline();
            case BACKUP -> backup.deadline().ifPresent(this::changeState);
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
        context.timers.arm(Timer.HOLDING_RETRY, context.nowNs + VANISHING_FAULT_NS);
    }

    /** A packet that is discarded for whatever reason changes nothing but counters: it touches no timer. */
    private void received(DecodeResult packet) {
        switch (packet) {
            case Rejected rejected -> {
                AdvertChecks.Failure failure = AdvertChecks.failure(context.config, rejected);
                context.rejected(failure.kind(), rejected.source(), failure.detail());
            }
            case Decoded decoded -> AdvertChecks.failure(context.config, decoded)
                    .or(() -> ownAddress(decoded))
                    .ifPresentOrElse(
                            failure -> context.rejected(
                                    failure.kind(), Optional.of(decoded.source()), failure.detail()),
                            () -> accepted(decoded));
        }
    }

    private void accepted(Decoded packet) {
        switch (state) {
            case MASTER -> {
                context.accepted(packet);
                master.advert(packet).ifPresent(this::changeState);
            }
            case BACKUP -> {
                context.accepted(packet);
                backup.advert(packet);
            }
            case INIT, FAULT -> context.counters.ignored();
        }
    }

    /** Neither could ever yield to the other, and each answer would call for another. */
    private Optional<AdvertChecks.Failure> ownAddress(Decoded packet) {
        boolean own = state == VrrpState.MASTER
                && packet.advert().priority() == context.effectivePriority
                && packet.source().equals(context.sourceOfAdverts());
        return own
                ? Optional.of(new AdvertChecks.Failure(AdvertRejection.OWN_ADDRESS, "own address and priority"))
                : Optional.empty();
    }

    private void faultRaised(FaultReason reason) {
        boolean first = faults.add(reason) && faults.size() == 1;
        if (first && state != VrrpState.INIT) {
            changeState(new Transition(VrrpState.FAULT, StateReason.of(reason), Optional.empty()));
        }
    }

    private void faultCleared(FaultReason reason) {
        boolean last = faults.remove(reason) && faults.isEmpty();
        if (last && state == VrrpState.FAULT) {
            changeState(new Transition(
                    context.config.owner() ? VrrpState.MASTER : VrrpState.BACKUP, Cause.RECOVERED));
        }
    }

    private void claimFreed(ClaimBlock block) {
        if (context.claimBlocks.remove(block) && state == VrrpState.BACKUP) {
            backup.claim().ifPresent(this::changeState);
        }
    }

    private void sourceChanged(Optional<InetAddress> source) {
        if (source.equals(context.source())) {
            return;
        }
        context.source(source);
        if (source.isEmpty()) {
            faultRaised(NO_SOURCE);
        } else if (state == VrrpState.MASTER) {
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
        setPriority(effective, cause);
        switch (state) {
            case MASTER -> master.advertise();
            case BACKUP -> backup.retime();
            case INIT, FAULT -> {}
        }
    }

    private void setPriority(int effective, String cause) {
        if (effective != context.effectivePriority) {
            context.report(new VrrpReport.PriorityChanged(context.effectivePriority, effective, cause));
            context.effectivePriority = effective;
        }
    }

    private void reconfigured(Reconfigured event) {
        VirtualRouterConfig old = context.config;
        VirtualRouterConfig config = event.config();
        if (!config.name().equals(old.name())
                || !config.interfaceName().equals(old.interfaceName())
                || config.virtualRouterId() != old.virtualRouterId()
                || config.version() != old.version()
                || config.owner() != (event.effectivePriority() == VirtualRouterConfig.OWNER_PRIORITY)) {
            throw new IllegalArgumentException("not a new configuration of " + old.name() + ": " + event);
        }
        if (config.equals(old) && event.effectivePriority() == context.effectivePriority) {
            return;
        }
        context.config = config;
        setPriority(event.effectivePriority(), "reload");
        switch (state) {
            case MASTER -> {
                master.advertise();
                master.items().reconfigure(old);
            }
            case BACKUP -> {
                if (config.owner()) {
                    changeState(new Transition(VrrpState.MASTER, Cause.OWNER));
                } else {
                    backup.retime();
                }
            }
            case INIT, FAULT -> {}
        }
    }

    /** The only place where the state changes. */
    private void changeState(Transition transition) {
        VrrpState from = state;
        if (from == VrrpState.MASTER) {
            master.leave(transition.to() != VrrpState.BACKUP);
        }
        context.timers.cancelAll();
        context.memory.clear();
        state = transition.to();
        why = transition.why();
        sinceNs = context.nowNs;
        switch (state) {
            case MASTER -> {
                term++;
                context.counters.becameMaster(why.cause());
                master.enter();
            }
            case BACKUP -> backup.enter(transition.heard());
            case INIT, FAULT -> {}
        }
        if (from == VrrpState.INIT && state != VrrpState.MASTER) {
            // a predecessor that crashed as master leaves its addresses behind
            context.act(new VrrpEffect.RemoveHoldings(context.config.holding().all()));
        }
        context.report(new VrrpReport.StateChanged(from, state, why, context.effectivePriority, term));
    }
}
