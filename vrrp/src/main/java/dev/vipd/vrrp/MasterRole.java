package dev.vipd.vrrp;

import dev.vipd.vrrp.StateReason.Cause;
import dev.vipd.vrrp.VrrpEffect.SendAdvert;
import dev.vipd.vrrp.VrrpReport.Note;
import dev.vipd.vrrp.VrrpTimers.Timer;
import dev.vipd.vrrp.wire.Advertisement;
import dev.vipd.vrrp.wire.DecodeResult.Decoded;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a virtual router does in MASTER, RFC 9568's Active (6.4.3). */
final class MasterRole {
    /**
     * Adverts sent at once in answer to others', between two by timer. More would let two masters that each take the
     * other for the lesser (addresses rewritten on the way) answer one another without end.
     */
    private static final int MAX_REPLIES_PER_INTERVAL = 8;

    private final RouterContext context;
    private final HeldItems items;
    private Optional<VirtualRouterStatus.Peer> conflict = Optional.empty();
    private Optional<SendAdvert> lastSent = Optional.empty();
    private int replies;

    MasterRole(RouterContext context) {
        this.context = context;
        this.items = new HeldItems(context);
    }

    void enter() {
        conflict = Optional.empty();
        lastSent = Optional.empty();
        replies = 0;
        advertise();
        items.take();
    }

    /**
     * @param resign whether to say so with priority 0; one that yields to a better master does not (RFC 9568, 6.4.3)
     */
    void leave(boolean resign) {
        if (resign) {
            send(0);
        }
        items.drop();
        endConflict();
    }

    Optional<Transition> advert(Decoded packet) {
        int priority = packet.advert().priority();
        if (priority == 0) {
            conflict.filter(peer -> peer.address().equals(packet.source())).ifPresent(_ -> endConflict());
            if (mayReply()) {
                advertise();
            }
            return Optional.empty();
        }
        if (priority > context.effectivePriority) {
            return yieldTo(packet, Cause.HIGHER_PRIO);
        }
        if (priority == context.effectivePriority && compare(packet.source(), context.sourceOfAdverts()) > 0) {
            return yieldTo(packet, Cause.HIGHER_IP);
        }
        noteConflict(packet);
        // new in RFC 9568: re-teaches switches that the other's advert misled. It does not restart Adver_Timer
        if (mayReply()) {
            send(context.effectivePriority);
        }
        items.announceConflict();
        return Optional.empty();
    }

    void deadline() {
        if (context.timers.take(Timer.ADVERT, context.nowNs)) {
            replies = 0;
            advertise();
        }
        items.deadline();
        if (context.timers.take(Timer.CONFLICT_END, context.nowNs)) {
            endConflict();
        }
    }

    /** Sends an advert now and starts Adver_Timer. */
    void advertise() {
        send(context.effectivePriority);
        context.timers.arm(Timer.ADVERT, context.nowNs + context.config.advertIntervalNs());
    }

    HeldItems items() {
        return items;
    }

    Optional<VirtualRouterStatus.Peer> conflict() {
        return conflict;
    }

    private Optional<Transition> yieldTo(Decoded packet, Cause cause) {
        return Optional.of(new Transition(VrrpState.BACKUP, StateReason.of(cause), Optional.of(packet)));
    }

    /** One conflict at a time: while it lasts, a third master is not reported. */
    private void noteConflict(Decoded packet) {
        Advertisement advert = packet.advert();
        if (conflict.isEmpty()) {
            context.counters.conflict();
            context.report(new VrrpReport.Conflict(packet.source(), advert.priority()));
        } else if (!conflict.get().address().equals(packet.source())) {
            return;
        }
        conflict = Optional.of(
                new VirtualRouterStatus.Peer(packet.source(), advert.priority(), advert.advertIntervalNs()));
        long silenceNs = VrrpTimers.masterDownNs(advert.version(), advert.priority(), advert.advertIntervalNs());
        context.timers.arm(Timer.CONFLICT_END, context.nowNs + silenceNs);
    }

    private void endConflict() {
        conflict.ifPresent(
                peer -> context.report(new VrrpReport.ConflictEnd(peer.address(), peer.priority())));
        conflict = Optional.empty();
        context.timers.cancel(Timer.CONFLICT_END);
    }

    private boolean mayReply() {
        return replies++ < MAX_REPLIES_PER_INTERVAL;
    }

    private void send(int priority) {
        VirtualRouterConfig config = context.config;
        Advertisement advert = config.advert(priority);
        List<InetAddress> destinations = config.destinations();
        SendAdvert effect =
                new SendAdvert(advert, context.sourceOfAdverts(), destinations, config.transport().checksum());
        context.act(effect);
        context.counters.sent(priority);
        if (!lastSent.equals(Optional.of(effect))) {
            Note why = priority == 0 ? Note.PRIO_ZERO : lastSent.isEmpty() ? Note.FIRST : Note.CHANGE;
            context.report(new VrrpReport.AdvertSent(advert, effect.source(), destinations, why));
            lastSent = Optional.of(effect);
        }
    }

    private static int compare(InetAddress a, InetAddress b) {
        return Arrays.compareUnsigned(a.getAddress(), b.getAddress());
    }
}
