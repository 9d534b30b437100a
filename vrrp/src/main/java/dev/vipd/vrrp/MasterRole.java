package dev.vipd.vrrp;

import dev.vipd.vrrp.StateReason.Cause;
import dev.vipd.vrrp.VrrpEffect.SendAdvert;
import dev.vipd.vrrp.VrrpReport.Note;
import dev.vipd.vrrp.VrrpTimers.Timer;
import dev.vipd.vrrp.wire.AdvertCodec;
import dev.vipd.vrrp.wire.Advertisement;
import dev.vipd.vrrp.wire.DecodeResult.Decoded;
import dev.vipd.vrrp.wire.Ipv4;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a virtual router does in MASTER, RFC 9568's Active (6.4.3). */
final class MasterRole {
    /**
     * Adverts sent at once in answer to others', between two by timer. More would let two masters that each take the
     * other for the lesser (addresses rewritten on the way) answer one another without end.
     */
    private static final int MAX_REPLIES_PER_INTERVAL = 8;

    private final RouterContext context;
    private final AnnounceRounds announce;
    private final Set<VirtualAddress> missing = new LinkedHashSet<>();
    private final Map<VirtualAddress, Long> restoredAtNs = new HashMap<>();
    private final Map<VirtualAddress, String> failures = new HashMap<>();
    private Optional<VirtualRouterStatus.Peer> conflict = Optional.empty();
    private Optional<SendAdvert> lastSent = Optional.empty();
    private int replies;

    MasterRole(RouterContext context) {
        this.context = context;
        this.announce = new AnnounceRounds(context);
    }

    void enter() {
        missing.clear();
        restoredAtNs.clear();
        failures.clear();
        conflict = Optional.empty();
        lastSent = Optional.empty();
        replies = 0;
        advertise();
        context.act(new VrrpEffect.AddAddresses(context.config.addresses()));
        announce.start(context.config.addresses());
    }

    /**
     * @param resign whether to say so with priority 0; one that yields to a better master does not (RFC 9568, 6.4.3)
     */
    void leave(boolean resign) {
        if (resign) {
            send(0);
        }
        context.act(new VrrpEffect.RemoveAddresses(context.config.addresses()));
        missing.clear();
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
        announce.conflict(held());
        return Optional.empty();
    }

    void deadline() {
        if (context.timers.take(Timer.ADVERT, context.nowNs)) {
            replies = 0;
            advertise();
        }
        if (context.timers.take(Timer.ADDRESS_RETRY, context.nowNs)) {
            restore(List.copyOf(missing));
        }
        announce.deadline(held());
        if (context.timers.take(Timer.CONFLICT_END, context.nowNs)) {
            endConflict();
        }
    }

    /** Sends an advert now and starts Adver_Timer. */
    void advertise() {
        send(context.effectivePriority);
        context.timers.arm(Timer.ADVERT, context.nowNs + context.config.advertIntervalNs());
    }

    /** Goes on with another configuration: advertises it and moves the addresses that differ. */
    void reconfigure(VirtualRouterConfig old) {
        advertise();
        List<VirtualAddress> added = without(context.config.addresses(), old.addresses());
        List<VirtualAddress> removed = without(old.addresses(), context.config.addresses());
        if (!added.isEmpty()) {
            context.act(new VrrpEffect.AddAddresses(added));
        }
        if (!removed.isEmpty()) {
            context.act(new VrrpEffect.RemoveAddresses(removed));
            removed.forEach(missing::remove);
            removed.forEach(restoredAtNs::remove);
            removed.forEach(failures::remove);
        }
        announce.added(added);
        announce.retimeRefresh();
    }

    /** Somebody deleted a VIP: it is put back at once, but not more often than each advert interval. */
    void addressLost(VirtualAddress address) {
        if (!context.config.addresses().contains(address)) {
            return;
        }
        Long restoredNs = restoredAtNs.get(address);
        long intervalNs = context.config.advertIntervalNs();
        if (restoredNs != null && context.nowNs - restoredNs < intervalNs) {
            missing.add(address);
            context.timers.armIfIdle(Timer.ADDRESS_RETRY, restoredNs + intervalNs);
        } else {
            context.counters.addressRestored();
            context.report(new VrrpReport.AddressRestored(address));
            restore(List.of(address));
        }
    }

    void addressAddFailed(VirtualAddress address, String why) {
        if (!context.config.addresses().contains(address)) {
            return;
        }
        context.counters.addressFailed();
        missing.add(address);
        context.timers.armIfIdle(Timer.ADDRESS_RETRY, context.nowNs + context.config.advertIntervalNs());
        if (!why.equals(failures.put(address, why))) {
            context.report(new VrrpReport.AddressFailed(address, why));
        }
    }

    Optional<VirtualRouterStatus.Peer> conflict() {
        return conflict;
    }

    List<VirtualAddress> missing() {
        return List.copyOf(missing);
    }

    private List<VirtualAddress> held() {
        return without(context.config.addresses(), missing);
    }

    /** Adds and announces; what fails again comes back by {@link #addressAddFailed}. */
    private void restore(List<VirtualAddress> addresses) {
        addresses.forEach(address -> restoredAtNs.put(address, context.nowNs));
        addresses.forEach(missing::remove);
        context.act(new VrrpEffect.AddAddresses(addresses));
        announce.added(addresses);
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
        List<Inet4Address> addresses = new ArrayList<>();
        for (VirtualAddress virtual : config.addresses()) {
            addresses.add((Inet4Address) virtual.address());
        }
        Advertisement advert = new Advertisement(
                config.version(), config.virtualRouterId(), priority, config.advertIntervalNs(), addresses);
        List<Inet4Address> destinations =
                config.unicastPeers().isEmpty() ? List.of(AdvertCodec.GROUP) : config.unicastPeers();
        SendAdvert effect =
                new SendAdvert(advert, context.sourceOfAdverts(), destinations, config.checksum());
        context.act(effect);
        context.counters.sent(priority);
        if (!lastSent.equals(Optional.of(effect))) {
            Note why = priority == 0 ? Note.PRIO_ZERO : lastSent.isEmpty() ? Note.FIRST : Note.CHANGE;
            context.report(new VrrpReport.AdvertSent(advert, effect.source(), destinations, why));
            lastSent = Optional.of(effect);
        }
    }

    private static List<VirtualAddress> without(List<VirtualAddress> all, Collection<VirtualAddress> left) {
        return all.stream().filter(address -> !left.contains(address)).toList();
    }

    private static int compare(Inet4Address a, Inet4Address b) {
        return Integer.compareUnsigned(Ipv4.toInt(a), Ipv4.toInt(b));
    }
}
