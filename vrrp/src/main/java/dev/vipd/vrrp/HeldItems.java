package dev.vipd.vrrp;

import dev.vipd.vrrp.VrrpTimers.Timer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a master holds: adds it, puts back what others delete, tries again what the kernel refused, announces it. */
final class HeldItems {
    private static final int RESTORED_MAX = 5;
    private static final int WINDOW_INTERVALS = 10;

    private final RouterContext context;
    private final AnnounceRounds announce;
    private final Set<Holding> missing = new LinkedHashSet<>();
    /** When each was lost and put back; at most {@link #RESTORED_MAX} of each. */
    private final Map<Holding, Deque<Long>> losses = new HashMap<>();
    private final Map<Holding, String> failures = new HashMap<>();

    HeldItems(RouterContext context) {
        this.context = context;
        this.announce = new AnnounceRounds(context);
    }

    /** On becoming master. */
    void take() {
        missing.clear();
        losses.clear();
        failures.clear();
        context.act(new VrrpEffect.AddHoldings(context.config.holding().all()));
        announce.start(addresses(context.config.holding().all()));
    }

    /** On ceasing to be. */
    void drop() {
        context.act(new VrrpEffect.RemoveHoldings(context.config.holding().all()));
        missing.clear();
    }

    /** Goes on with another configuration: moves what differs. What only has other options is added again. */
    void reconfigure(VirtualRouterConfig old) {
        List<Holding> now = context.config.holding().all();
        List<Holding> added = without(now, old.holding().all());
        List<Holding> gone = without(old.holding().all(), now);
        Set<Object> kept = now.stream().map(Holding::identity).collect(Collectors.toSet());
        List<Holding> removed = gone.stream().filter(item -> !kept.contains(item.identity())).toList();
        if (!added.isEmpty()) {
            context.act(new VrrpEffect.AddHoldings(added));
        }
        if (!removed.isEmpty()) {
            context.act(new VrrpEffect.RemoveHoldings(removed));
        }
        gone.forEach(missing::remove);
        gone.forEach(losses::remove);
        gone.forEach(failures::remove);
        announce.added(addresses(added));
        announce.retimeRefresh();
    }

    /**
     * Somebody deleted it: it is put back at once.
     *
     * @return a fault when it has been put back {@value #RESTORED_MAX} times in the last {@value #WINDOW_INTERVALS}
     *         advert intervals: whoever deletes it will not have it here
     */
    Optional<FaultReason> lost(Holding item) {
        if (!context.config.holding().all().contains(item) || item.noTrack()) {
            return Optional.empty();
        }
        context.counters.addressRestored();
        Deque<Long> times = losses.computeIfAbsent(item, _ -> new ArrayDeque<>());
        while (!times.isEmpty()
                && context.nowNs - times.getFirst() >= WINDOW_INTERVALS * context.config.advertIntervalNs()) {
            times.removeFirst();
        }
        if (times.size() >= RESTORED_MAX) {
            return Optional.of(new FaultReason(FaultReason.Kind.HOLDING, item.toString()));
        }
        times.addLast(context.nowNs);
        context.report(new VrrpReport.HoldingRestored(item));
        restore(List.of(item));
        return Optional.empty();
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
