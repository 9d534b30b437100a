package dev.vipd.vrrp;

import dev.vipd.vrrp.StateReason.Cause;
import dev.vipd.vrrp.VrrpEvent.ClaimBlocked;
import dev.vipd.vrrp.VrrpEvent.ClaimFreed;
import dev.vipd.vrrp.VrrpEvent.Deadline;
import dev.vipd.vrrp.VrrpEvent.FaultCleared;
import dev.vipd.vrrp.VrrpEvent.FaultRaised;
import dev.vipd.vrrp.VrrpEvent.HandOver;
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
import dev.vipd.vrrp.wire.DecodeResult.Decoded;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;

/** What a virtual router does in MASTER, RFC 9568's Active (6.4.3). */
final class MasterRole {
    /**
     * Adverts sent at once in answer to others', between two by timer. More would let two masters that each take the
     * other for the lesser (addresses rewritten on the way) answer one another without end.
     */
    private static final int MAX_REPLIES_PER_INTERVAL = 8;

    /** keepalived's figures: an owner whose adverts another one ignores for so long gives way to it. */
    private static final int OTHER_OWNER_ADVERTS = 3;
    private static final double OTHER_OWNER_INTERVALS = 1.2;

    private final RouterContext context;
    private final HeldItems items;
    private final AdvertSender sender;
    private final Handover handover;
    private int replies;

    MasterRole(RouterContext context) {
        this.context = context;
        this.items = new HeldItems(context);
        this.sender = new AdvertSender(context);
        this.handover = new Handover(context, sender);
    }

    void enter() {
        replies = 0;
        sender.start();
        advertise();
        items.take();
    }

    /**
     * @param resign whether to say so with priority 0; one that yields to a better master does not (RFC 9568, 6.4.3)
     */
    void leave(boolean resign) {
        if (resign) {
            sender.send(0, context.config.advertIntervalNs());
        }
        handover.end(Optional.empty());
        items.drop();
        context.conflicts.notMaster();
    }

    Optional<Transition> advert(Decoded packet) {
        int priority = packet.advert().priority();
        if (handover.goal().isPresent()) {
            return priority == 0 ? Optional.empty() : handedOver(Optional.of(packet));
        }
        if (priority == 0) {
            if (mayReply()) {
                advertise();
            }
            return Optional.empty();
        }
        int own = sender.priority();
        boolean higherAddress = compare(packet.source(), context.sourceOfAdverts()) > 0;
        if (priority > own || priority == own && higherAddress) {
            return yieldTo(packet, priority > own ? Cause.HIGHER_PRIO : Cause.HIGHER_IP);
        }
        return priority == VirtualRouterConfig.OWNER_PRIORITY ? otherOwner(packet) : lesser(packet);
    }

    /** Who was silent for so long that a peer may be master has to listen before it speaks. */
    boolean slept() {
        VirtualRouterConfig config = context.config;
        // of the best backup that there can be: it is the first to take over
        long takeOverNs = VrrpTimers.masterDownNs(
                config.version(),
                VirtualRouterConfig.OWNER_PRIORITY - 1,
                config.advertIntervalNs(),
                config.election().downTimerAdverts());
        return handover.goal().isEmpty() && context.nowNs - sender.lastSentNs() > takeOverNs;
    }

    /** Whether it slept, and would advertise or announce for this event; packets and timers look for themselves. */
    boolean mustListenBefore(VrrpEvent event) {
        return slept() && switch (event) {
            case HoldingLost _, HoldingAddFailed _, PriorityChanged _, Reconfigured _ -> true;
            case SourceAddressChanged(Optional<InetAddress> source) -> source.isPresent();
            case Startup _, Shutdown _, HandOver _, Deadline _, PacketReceived _, FaultRaised _, FaultCleared _,
                ClaimBlocked _, ClaimFreed _, Yield _ -> false;
        };
    }

    Optional<Transition> deadline() {
        if (context.timers.take(Timer.ADVERT, context.nowNs)) {
            replies = 0;
            advertise();
        }
        Optional<Transition> left = handover.deadline() ? handedOver(Optional.empty()) : Optional.empty();
        if (left.isPresent()) {
            return left; // who is about to go must not draw traffic to itself
        }
        items.deadline();
        if (context.conflicts.endSilent()) {
            // what the other left in switches and caches
            items.announceConflict();
        }
        return Optional.empty();
    }

    /** Sends an advert now and starts Adver_Timer; not while handing over, when silence is the message. */
    void advertise() {
        if (handover.goal().isEmpty()) {
            sender.send(sender.priority(), context.config.advertIntervalNs());
            context.timers.arm(Timer.ADVERT, context.nowNs + context.config.advertIntervalNs());
        }
    }

    void handOver(HandoverGoal goal) {
        handover.begin(goal);
    }

    /** Who is to stop stops, whatever cuts the handover short: as backup or in FAULT it would stay for ever. */
    Transition cutShort(Transition wanted) {
        boolean stops = handover.goal().equals(Optional.of(HandoverGoal.STOP)) && wanted.to() != VrrpState.INIT;
        return stops
                ? new Transition(VrrpState.INIT, StateReason.of(Cause.SHUTDOWN), wanted.heard())
                : wanted;
    }

    /** The operator thought better of it. */
    void stay() {
        handover.end(Optional.empty());
        advertise();
    }

    Optional<HandoverGoal> handover() {
        return handover.goal();
    }

    HeldItems items() {
        return items;
    }

    int advertisedPriority() {
        return sender.priority();
    }

    /**
     * The end of a handover. Where an operator only wanted another master and there is none, this one stays: to leave
     * would serve nobody.
     *
     * @param successor its advert; empty: nobody took over
     */
    private Optional<Transition> handedOver(Optional<Decoded> successor) {
        HandoverGoal goal = handover.goal().orElseThrow();
        handover.end(successor.map(Decoded::source));
        return switch (goal) {
            case STOP -> leaving(VrrpState.INIT, StateReason.of(Cause.SHUTDOWN), successor);
            case MAINTENANCE -> leaving(VrrpState.FAULT, StateReason.of(FaultReason.MAINTENANCE), successor);
            case FAILOVER -> {
                if (successor.isEmpty()) {
                    advertise();
                    yield Optional.empty();
                }
                yield leaving(VrrpState.BACKUP, StateReason.of(Cause.FAILOVER), successor);
            }
        };
    }

    private static Optional<Transition> leaving(VrrpState to, StateReason why, Optional<Decoded> successor) {
        return Optional.of(new Transition(to, why, successor));
    }

    private Optional<Transition> yieldTo(Decoded packet, Cause cause) {
        if (context.config.election().higherPrioSendAdvert()) {
            sender.send(sender.priority(), context.config.advertIntervalNs());
        }
        return leaving(VrrpState.BACKUP, StateReason.of(cause), Optional.of(packet));
    }

    /** Another master that has to yield: it is told so, and what its adverts and ARP misled is taught again. */
    private Optional<Transition> lesser(Decoded packet) {
        context.conflicts.master(Conflict.Kind.MASTER, packet);
        answer();
        return Optional.empty();
    }

    /**
     * Of two owners the one with the lower address yields, as any master of equal priority does. One that goes on all
     * the same ignores adverts (RFC 9568, 7.1 as printed): then this one yields.
     */
    private Optional<Transition> otherOwner(Decoded packet) {
        int adverts = context.conflicts.master(Conflict.Kind.OWNER, packet);
        long lastedNs = context.nowNs - context.conflicts.sinceNs(Conflict.Kind.OWNER, packet);
        if (adverts >= OTHER_OWNER_ADVERTS
                && lastedNs >= OTHER_OWNER_INTERVALS * context.config.advertIntervalNs()) {
            return yieldTo(packet, Cause.OTHER_OWNER);
        }
        answer();
        return Optional.empty();
    }

    /** New in RFC 9568: an advert at once re-teaches switches. It does not restart Adver_Timer. */
    private void answer() {
        ElectionConfig election = context.config.election();
        boolean silent = election.lowerPrioNoAdvert() || election.strict() && context.config.version() == 2;
        if (!silent && mayReply()) {
            sender.send(sender.priority(), context.config.advertIntervalNs());
        }
        items.announceConflict();
    }

    private boolean mayReply() {
        return replies++ < MAX_REPLIES_PER_INTERVAL;
    }

    private static int compare(InetAddress a, InetAddress b) {
        return Arrays.compareUnsigned(a.getAddress(), b.getAddress());
    }
}
