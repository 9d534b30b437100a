package dev.vipd.vrrp;

import dev.vipd.vrrp.VrrpTimers.Timer;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a master holds: adds it, puts back what others delete, tries again what the kernel refused, announces it. */
final class HeldItems {
    private final RouterContext context;
    private final AnnounceRounds announce;
    private final Set<Holding> missing = new LinkedHashSet<>();
    private final Map<Holding, Long> restoredAtNs = new HashMap<>();
    private final Map<Holding, String> failures = new HashMap<>();

    HeldItems(RouterContext context) {
        this.context = context;
        this.announce = new AnnounceRounds(context);
    }

    /** On becoming master. */
    void take() {
        missing.clear();
        restoredAtNs.clear();
        failures.clear();
        context.act(new VrrpEffect.AddHoldings(context.config.holding().all()));
        announce.start(addresses(context.config.holding().all()));
    }

    /** On ceasing to be. */
    void drop() {
        context.act(new VrrpEffect.RemoveHoldings(context.config.holding().all()));
        missing.clear();
    }

    /** Goes on with another configuration: moves what differs. */
    void reconfigure(VirtualRouterConfig old) {
        List<Holding> added = without(context.config.holding().all(), old.holding().all());
        List<Holding> removed = without(old.holding().all(), context.config.holding().all());
        if (!added.isEmpty()) {
            context.act(new VrrpEffect.AddHoldings(added));
        }
        if (!removed.isEmpty()) {
            context.act(new VrrpEffect.RemoveHoldings(removed));
            removed.forEach(missing::remove);
            removed.forEach(restoredAtNs::remove);
            removed.forEach(failures::remove);
        }
        announce.added(addresses(added));
        announce.retimeRefresh();
    }

    /** Somebody deleted it: it is put back at once, but not more often than each advert interval. */
    void lost(Holding item) {
        if (!context.config.holding().all().contains(item)) {
            return;
        }
        Long restoredNs = restoredAtNs.get(item);
        long intervalNs = context.config.advertIntervalNs();
        if (restoredNs != null && context.nowNs - restoredNs < intervalNs) {
            missing.add(item);
            context.timers.armIfIdle(Timer.HOLDING_RETRY, restoredNs + intervalNs);
        } else {
            context.counters.addressRestored();
            context.report(new VrrpReport.HoldingRestored(item));
            restore(List.of(item));
        }
    }

    void addFailed(Holding item, String why) {
        if (!context.config.holding().all().contains(item)) {
            return;
        }
        context.counters.addressFailed();
        missing.add(item);
        context.timers.armIfIdle(Timer.HOLDING_RETRY, context.nowNs + context.config.advertIntervalNs());
        if (!why.equals(failures.put(item, why))) {
            context.report(new VrrpReport.HoldingFailed(item, why));
        }
    }

    void deadline() {
        if (context.timers.take(Timer.HOLDING_RETRY, context.nowNs)) {
            restore(List.copyOf(missing));
        }
        announce.deadline(heldAddresses());
    }

    /** Another router claimed the addresses. */
    void announceConflict() {
        announce.conflict(heldAddresses());
    }

    List<Holding> missing() {
        return List.copyOf(missing);
    }

    private List<VirtualAddress> heldAddresses() {
        return addresses(without(context.config.holding().all(), missing));
    }

    /** Adds and announces; what fails again comes back by {@link #addFailed}. */
    private void restore(List<Holding> items) {
        items.forEach(item -> restoredAtNs.put(item, context.nowNs));
        items.forEach(missing::remove);
        context.act(new VrrpEffect.AddHoldings(items));
        announce.added(addresses(items));
    }

    private static List<VirtualAddress> addresses(List<Holding> items) {
        return items.stream()
                .filter(VirtualAddress.class::isInstance)
                .map(VirtualAddress.class::cast)
                .toList();
    }

    private static List<Holding> without(List<Holding> all, Collection<Holding> left) {
        return all.stream().filter(item -> !left.contains(item)).toList();
    }
}
