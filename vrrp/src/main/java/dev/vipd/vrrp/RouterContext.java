package dev.vipd.vrrp;

import dev.vipd.vrrp.wire.AdvertRejection;
import dev.vipd.vrrp.wire.DecodeResult.Decoded;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the roles of one virtual router share: configuration, timers, counters, and the effects being collected. */
final class RouterContext {
    final VrrpTimers timers = new VrrpTimers();
    final VrrpCounters counters = new VrrpCounters();
    final ReportMemory memory = new ReportMemory();
    /** What the router has to wait for before it becomes master. */
    final Set<ClaimBlock> claimBlocks = new LinkedHashSet<>();

    VirtualRouterConfig config;
    /** 1..254, or 255 for the owner. */
    int effectivePriority;
    /** Time of the event being handled. */
    long nowNs;

    private Optional<InetAddress> source;
    private InetAddress lastSource;
    /** Sender of the last advert accepted. */
    private InetAddress lastHeard;
    private final List<VrrpEffect> actions = new ArrayList<>();
    private final List<VrrpEffect> reports = new ArrayList<>();

    RouterContext(VirtualRouterConfig config, Optional<InetAddress> source, long nowNs) {
        this.config = config;
        this.effectivePriority = config.priority();
        this.nowNs = nowNs;
        source(source);
    }

    void source(Optional<InetAddress> address) {
        source = address;
        lastSource = address.orElse(lastSource);
    }

    Optional<InetAddress> source() {
        return source;
    }

    /** Also while the address is just gone: the last advert, with priority 0, still says who resigned. */
    InetAddress sourceOfAdverts() {
        return lastSource;
    }

    /** Preempt_Mode; the owner always preempts (RFC 9568, 6.1). */
    boolean preempts() {
        return config.election().preempt() || config.owner();
    }

    long skewNs(long masterIntervalNs) {
        return VrrpTimers.skewNs(config.version(), effectivePriority, masterIntervalNs);
    }

    long masterDownNs(long masterIntervalNs) {
        return VrrpTimers.masterDownNs(config.version(), effectivePriority, masterIntervalNs);
    }

    void act(VrrpEffect effect) {
        actions.add(effect);
    }

    void report(VrrpReport report) {
        reports.add(new VrrpEffect.Report(report));
    }

    void rejected(AdvertRejection kind, Optional<InetAddress> from, String detail) {
        counters.rejected(kind);
        memory.firstComplaint(kind, from)
                .ifPresent(suppressed -> report(new VrrpReport.Rejected(kind, from, detail, suppressed)));
    }

    void accepted(Decoded packet) {
        counters.received(packet.advert().version(), packet.advert().priority(), packet.checksumForm());
        boolean again = packet.source().equals(lastHeard);
        lastHeard = packet.source();
        AdvertChecks.mismatches(config, packet, again).forEach((kind, detail) -> {
            counters.mismatched(kind);
            memory.firstComplaint(kind, Optional.of(packet.source()))
                    .ifPresent(suppressed ->
                            report(new VrrpReport.Mismatch(kind, packet.source(), detail, suppressed)));
        });
        memory.heard(packet.advert(), packet.source(), nowNs, config.advertIntervalNs())
                .ifPresent(note -> report(new VrrpReport.AdvertHeard(packet.advert(), packet.source(), note)));
    }

    /** The effects since the last call: what is to be done, then what is to be told. */
    List<VrrpEffect> takeEffects() {
        actions.addAll(reports);
        List<VrrpEffect> effects = List.copyOf(actions);
        actions.clear();
        reports.clear();
        return effects;
    }
}
