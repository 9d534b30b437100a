package dev.vipd.director;

import dev.vipd.director.events.EventId;
import dev.vipd.director.events.EventLog;
import dev.vipd.director.events.Level;
import dev.vipd.vrrp.Conflict;
import dev.vipd.vrrp.Holding;
import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRoute;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VirtualRule;
import dev.vipd.vrrp.VrrpEffect;
import dev.vipd.vrrp.VrrpReport;
import dev.vipd.vrrp.VrrpState;
import dev.vipd.vrrp.io.LoopStatus;
import dev.vipd.vrrp.io.VrrpListener;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What the VRRP loop tells, as events. Runs on the {@code vrrp} thread: only stamps and hands over. */
final class VrrpEvents implements VrrpListener {
    private static final long NS_PER_MS = 1_000_000;
    private static final long CLOCK_STEP_MS = 500;

    private final EventLog log;
    private final BiConsumer<VirtualRouterConfig, VrrpReport> hooks;
    private final Consumer<Throwable> onFailure;
    private long wallMinusMonoMs;
    private boolean clocksSeen;
    private LoopStatus loop;

    /**
     * @param hooks     told of every report, after the log
     * @param onFailure told when the loop can't go on
     */
    VrrpEvents(
            EventLog log, BiConsumer<VirtualRouterConfig, VrrpReport> hooks, Consumer<Throwable> onFailure) {
        this.log = log;
        this.hooks = hooks;
        this.onFailure = onFailure;
    }

    @Override
    public void report(VirtualRouterConfig instance, VrrpReport report) {
        String inst = instance.name();
        String label = "(" + inst + ") ";
        switch (report) {
            case VrrpReport.StateChanged r -> state(instance, r);
            case VrrpReport.PriorityChanged r -> log.emit(Level.INFO, EventId.VRRP_PRIORITY,
                    label + "Changing effective priority from " + r.from() + " to " + r.to(),
                    "inst", inst, "from", r.from(), "to", r.to(), "why", r.why());
            case VrrpReport.ConflictBegun(Conflict c) -> log.emit(Level.WARN, EventId.VRRP_CONFLICT,
                    label + "another master, or what looks like one: " + c.kind().wireName() + " " + c.detail(),
                    "inst", inst, "kind", c.kind().wireName(), "peer", address(c.peer()), "prio", priority(c));
            case VrrpReport.ConflictEnded(Conflict c) -> log.emit(Level.INFO, EventId.VRRP_CONFLICT_END,
                    label + "the other master is not heard any more",
                    "inst", inst, "kind", c.kind().wireName(), "peer", address(c.peer()), "prio", priority(c));
            case VrrpReport.HandoverBegun r -> log.emit(Level.INFO, EventId.VRRP_HANDOVER,
                    label + "hands over, and stays MASTER until another one is",
                    "inst", inst, "goal", r.goal().wireName());
            case VrrpReport.HandoverEnded r -> log.emit(Level.INFO, EventId.VRRP_HANDOVER_END,
                    label + r.successor().map(peer -> "handed over to " + peer.getHostAddress())
                            .orElse("nobody took over"),
                    "inst", inst, "goal", r.goal().wireName(), "peer", address(r.successor()),
                    "took_ms", r.tookNs() / 1_000_000);
            case VrrpReport.Rejected r -> log.emit(Level.WARN, EventId.VRRP_REJECTED,
                    label + "advert discarded: " + r.detail(),
                    "if", instance.interfaceName(), "inst", inst, "src", address(r.source()),
                    "why", r.kind().wireName(), "suppressed", r.suppressed());
            case VrrpReport.Mismatch r -> log.emit(Level.WARN, EventId.VRRP_MISMATCH,
                    label + "advert is not as configured here: " + r.detail(),
                    "inst", inst, "src", r.source().getHostAddress(), "why", r.kind().wireName(),
                    "suppressed", r.suppressed());
            case VrrpReport.AdvertSent sent -> {} // comes by advertSent, when it was sent
            case VrrpReport.AdvertHeard r -> log.emit(Level.INFO, EventId.VRRP_ADVERT_RX,
                    label + "advert heard from " + r.source().getHostAddress(),
                    "inst", inst, "src", r.source().getHostAddress(), "prio", r.advert().priority(),
                    "int_cs", r.advert().advertIntervalCs(), "why", r.why().wireName(),
                    "hash", AdvertDigest.of(r.advert(), r.source()));
            case VrrpReport.HoldingFailed r -> failed(instance, r.item(), "add", r.why());
            case VrrpReport.HoldingRestored r -> restored(instance, r.item());
        }
        hooks.accept(instance, report);
    }

    private static Object priority(Conflict conflict) {
        return conflict.priority().isPresent() ? conflict.priority().getAsInt() : "-";
    }

    @Override
    public void advertSent(VirtualRouterConfig instance, VrrpReport.AdvertSent sent, long sentNs) {
        String destinations =
                sent.destinations().stream().map(InetAddress::getHostAddress).collect(Collectors.joining(","));
        log.emitAt(sentNs, Level.INFO, EventId.VRRP_ADVERT_TX,
                "(" + instance.name() + ") " + (sent.advert().priority() == 0 ? "sent 0 priority" : "advert sent"),
                "inst", instance.name(), "src", sent.source().getHostAddress(), "dst", destinations,
                "prio", sent.advert().priority(), "int_cs", sent.advert().advertIntervalCs(),
                "why", sent.why().wireName(), "hash", AdvertDigest.of(sent.advert(), sent.source()));
    }

    private void state(VirtualRouterConfig instance, VrrpReport.StateChanged r) {
        Level level = r.to() == VrrpState.FAULT ? Level.WARN : Level.INFO;
        String text = "(" + instance.name() + ") Entering " + r.to() + " STATE"
                + (r.from() == VrrpState.INIT ? " (init)" : "");
        log.emit(level, EventId.VRRP_STATE, text,
                "inst", instance.name(), "vrid", instance.virtualRouterId(), "af", instance.ipv6() ? 6 : 4,
                "if", instance.interfaceName(),
                "from", r.from(), "to", r.to(), "why", r.why(), "prio", r.priority(), "term", r.term());
    }

    @Override
    public void address(
            VirtualRouterConfig instance, AddressChange change, VirtualAddress address, String dev, long ackNs) {
        String inst = instance.name();
        String label = "(" + inst + ") ";
        switch (change) {
            case ADDED -> log.emit(Level.INFO, EventId.VRRP_VIP_ADD, label + "VIP " + address + " added to " + dev,
                    "inst", inst, "vip", address, "dev", dev, "ack_us", ackNs / 1000);
            case DELETED -> log.emit(Level.INFO, EventId.VRRP_VIP_DEL,
                    label + "VIP " + address + " removed from " + dev,
                    "inst", inst, "vip", address, "dev", dev, "ack_us", ackNs / 1000);
            case SEEN -> log.emit(Level.INFO, EventId.VRRP_VIP_SEEN, label + "the kernel has " + address + " on " + dev,
                    "inst", inst, "vip", address, "dev", dev);
            case GONE -> log.emit(Level.INFO, EventId.VRRP_VIP_GONE, label + address + " is gone from " + dev,
                    "inst", inst, "vip", address, "dev", dev);
        }
    }

    @Override
    public void routed(VirtualRouterConfig instance, boolean added, Holding item, long ackNs) {
        log.emit(Level.INFO, added ? EventId.VRRP_ROUTE_ADD : EventId.VRRP_ROUTE_DEL,
                "(" + instance.name() + ") " + kind(item) + " " + item + (added ? " added" : " removed"),
                "inst", instance.name(), "kind", kind(item), "item", item, "ack_us", ackNs / 1000);
    }

    @Override
    public void deleteFailed(VirtualRouterConfig instance, Holding item, String why) {
        failed(instance, item, "delete", why);
    }

    @Override
    public void hostTrouble(String what, String why) {
        log.emit(Level.ERROR, EventId.VRRP_HOST_TROUBLE, "could not " + what + ": " + why, "what", what, "why", why);
    }

    private void failed(VirtualRouterConfig instance, Holding item, String op, String why) {
        String text = "(" + instance.name() + ") " + kind(item) + " " + item + " could not be "
                + (op.equals("add") ? "added: " : "removed: ") + why;
        if (item instanceof VirtualAddress address) {
            log.emit(Level.ERROR, EventId.VRRP_VIP_FAILED, text,
                    "inst", instance.name(), "vip", item, "dev", instance.deviceOf(address), "op", op,
                    "why", why);
        } else {
            log.emit(Level.ERROR, EventId.VRRP_ROUTE_FAILED, text,
                    "inst", instance.name(), "kind", kind(item), "item", item, "op", op, "why", why);
        }
    }

    private void restored(VirtualRouterConfig instance, Holding item) {
        String text = "(" + instance.name() + ") " + kind(item) + " " + item
                + " was deleted by somebody else and is put back";
        if (item instanceof VirtualAddress address) {
            log.emit(Level.WARN, EventId.VRRP_VIP_RESTORED, text,
                    "inst", instance.name(), "vip", item, "dev", instance.deviceOf(address));
        } else {
            log.emit(Level.WARN, EventId.VRRP_ROUTE_RESTORED, text,
                    "inst", instance.name(), "kind", kind(item), "item", item);
        }
    }

    private static String kind(Holding item) {
        return switch (item) {
            case VirtualAddress address -> "VIP";
            case VirtualRoute route -> "route";
            case VirtualRule rule -> "rule";
        };
    }

    @Override
    public void announced(
            VirtualRouterConfig instance, VirtualAddress address, int frames, VrrpEffect.Announce.Round round) {
        String what = address.address() instanceof Inet6Address ? "unsolicited neighbour advert" : "gratuitous ARP";
        log.emit(Level.INFO, EventId.VRRP_ANNOUNCE,
                "Sending " + what + " on " + instance.deviceOf(address) + " for "
                        + address.address().getHostAddress(),
                "inst", instance.name(), "vip", address, "dev", instance.deviceOf(address), "n", frames,
                "round", round.wireName());
    }

    @Override
    public void sendFailed(VirtualRouterConfig instance, String why) {
        log.emit(Level.ERROR, EventId.VRRP_SEND_FAILED, "(" + instance.name() + ") " + why,
                "inst", instance.name(), "why", why);
    }

    @Override
    public void strayPacket(String interfaceName, String kind, String source, String detail, long suppressed) {
        log.emit(Level.WARN, EventId.VRRP_REJECTED, "packet discarded on " + interfaceName + ": " + detail,
                "if", interfaceName, "inst", "-", "src", source, "why", kind, "suppressed", suppressed);
    }

    @Override
    public void tracker(String kind, String name, boolean up, String why) {
        log.emit(up ? Level.INFO : Level.WARN, up ? EventId.TRACK_UP : EventId.TRACK_DOWN,
                kind + " " + name + " is " + (up ? "up" : "down") + ": " + why,
                "kind", kind, "name", name, "why", why);
    }

    @Override
    public void trackerTrouble(TrackerId tracker, String why) {
        String kind = tracker.kind().wireName();
        log.emit(Level.WARN, EventId.TRACK_TROUBLE, kind + " " + tracker.name() + ": " + why,
                "kind", kind, "name", tracker.name(), "why", why);
    }

    @Override
    public void dryRun(String what) {
        log.emit(Level.INFO, EventId.DRY_RUN, "dry run: would " + what, "what", what);
    }

    @Override
    public void stall(long lateNs, long limitNs) {
        log.emit(Level.WARN, EventId.DAEMON_STALL,
                "a timer of the vrrp thread was looked at " + lateNs / NS_PER_MS + " ms late",
                "thread", "vrrp", "late_ms", lateNs / NS_PER_MS, "limit_ms", limitNs / NS_PER_MS);
    }

    @Override
    public void realTimeRefused(int priority, String why) {
        log.emit(Level.WARN, EventId.DAEMON_REALTIME,
                "the vrrp thread runs without real-time scheduling, and a busy machine may delay its adverts: " + why
                        + "; grant CAP_SYS_NICE or LimitRTPRIO=" + priority + " (not with RestrictRealtime=yes), or set"
                        + " global.vrrp_rt_priority: 0",
                "thread", "vrrp", "prio", priority, "why", why);
    }

    @Override
    public void pauses(VirtualRouterConfig instance, long pauseNs) {
        long intervalMs = instance.advertIntervalNs() / NS_PER_MS;
        log.emit(Level.WARN, EventId.DAEMON_PAUSES,
                "(" + instance.name() + ") this machine was found to pause for " + pauseNs / 1000 + " us, which is more"
                        + " than a tenth of advert_int " + intervalMs + " ms; a longer one keeps false failovers away",
                "inst", instance.name(), "pause_us", pauseNs / 1000, "int_ms", intervalMs);
    }

    @Override
    public void loop(LoopStatus status) {
        loop = status;
    }

    @Override
    public void heartbeat(Map<String, VrrpState> instances, List<VirtualAddress> held) {
        noteClockStep();
        String states = instances.entrySet().stream()
                .map(instance -> instance.getKey() + ":" + instance.getValue())
                .collect(Collectors.joining(","));
        String owned = held.stream().map(VirtualAddress::toString).collect(Collectors.joining(","));
        log.emit(Level.INFO, EventId.DAEMON_HEARTBEAT, "",
                "states", states.isEmpty() ? "-" : states, "owned", owned.isEmpty() ? "-" : owned,
                "lag_us", loop.recentLagNsMax() / 1000, "stalls", loop.stalls());
    }

    @Override
    public void failed(Throwable cause) {
        onFailure.accept(cause);
    }

    /** The wall clock is only watched, never used: a step matters to whoever compares two logs by it. */
    private void noteClockStep() {
        long nowMs = System.currentTimeMillis() - System.nanoTime() / NS_PER_MS;
        if (clocksSeen && Math.abs(nowMs - wallMinusMonoMs) > CLOCK_STEP_MS) {
            log.emit(Level.WARN, EventId.DAEMON_CLOCK_STEP,
                    "the wall clock was set by " + (nowMs - wallMinusMonoMs) + " ms",
                    "delta_ms", nowMs - wallMinusMonoMs);
        }
        wallMinusMonoMs = nowMs;
        clocksSeen = true;
    }

    private static String address(Optional<InetAddress> address) {
        return address.map(InetAddress::getHostAddress).orElse("-");
    }
}
