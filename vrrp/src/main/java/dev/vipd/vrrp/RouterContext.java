package dev.vipd.vrrp;

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
    final ConflictWatch conflicts = new ConflictWatch(this);
    /** What the router has to wait for before it becomes master. */
    final Set<ClaimBlock> claimBlocks = new LinkedHashSet<>();

    VirtualRouterConfig config;
    /** 1..254, or 255 for the owner. */
    int effectivePriority;
    /** Time of the event being handled. */
    long nowNs;
    /** Where the advert that was accepted last came from. */
    Optional<InetAddress> lastAdvertSource = Optional.empty();

    private Optional<InetAddress> source;
    private InetAddress lastSource;
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

    /** Whether nothing but other members of its sync group keeps it from becoming master. */
    boolean awaitsMatesOnly() {
        return claimBlocks.stream().allMatch(block -> block.kind() == ClaimBlock.Kind.SYNC_GROUP);
    }

    /** Also while the address is just gone: the last advert, with priority 0, still says who resigned. */
    InetAddress sourceOfAdverts() {
        return lastSource;
    }

    void setPriority(int effective, String why) {
        if (effective != effectivePriority) {
            report(new VrrpReport.PriorityChanged(effectivePriority, effective, why));
            effectivePriority = effective;
        }
    }

    /** Preempt_Mode; the owner always preempts (RFC 9568, 6.1). */
    boolean preempts() {
        return config.election().preempt() || config.owner();
    }

    long skewNs(long masterIntervalNs) {
        return VrrpTimers.skewNs(config.version(), effectivePriority, masterIntervalNs);
    }

    long masterDownNs(long masterIntervalNs) {
        return VrrpTimers.masterDownNs(
                config.version(), effectivePriority, masterIntervalNs, config.election().downTimerAdverts());
    }

    /** What a peer with this router's priority and interval takes to find that this one is down. */
    long ownMasterDownNs() {
        return masterDownNs(config.advertIntervalNs());
    }

    void act(VrrpEffect effect) {
        actions.add(effect);
    }

    void report(VrrpReport report) {
        reports.add(new VrrpEffect.Report(report));
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
