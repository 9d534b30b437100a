package dev.vipd.vrrp.io;

import dev.vipd.vrrp.AnnounceConfig;
import dev.vipd.vrrp.ElectionConfig;
import dev.vipd.vrrp.FaultReason;
import dev.vipd.vrrp.Holding;
import dev.vipd.vrrp.HoldingConfig;
import dev.vipd.vrrp.StaticHolding;
import dev.vipd.vrrp.TrackingConfig;
import dev.vipd.vrrp.TransportConfig;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code static_ipaddress}, {@code static_routes}, {@code static_rules}: held as long as the daemon runs, and put back
 * like those of an instance. An address that was there before is the host's own and stays after us. They have no lease:
 * the host may need them without the daemon. Not thread-safe.
 */
final class Statics {
    /** Stands for an instance where one is asked for; as an owner, it leaves alone what was there before. */
    static final VirtualRouterConfig OWNER = new VirtualRouterConfig(
            "(static)", "", 1, 3, VirtualRouterConfig.OWNER_PRIORITY, 1_000_000_000L, ElectionConfig.DEFAULT,
            TransportConfig.DEFAULT,
            new HoldingConfig(List.of(), List.of(), List.of(), List.of(), true, false, 0, Optional.empty()),
            AnnounceConfig.DEFAULT, TrackingConfig.DEFAULT);

    /** Adds and removes for an instance. */
    interface Adder {
        /** @return those that it failed for, and why */
        Map<Holding, String> add(VirtualRouterConfig instance, List<Holding> items);

        void remove(VirtualRouterConfig instance, List<Holding> items);
    }

    private final Adder adder;
    private final VrrpListener listener;
    private List<StaticHolding> wanted = List.of();
    private final Map<Holding, String> missing = new LinkedHashMap<>();

    Statics(Adder adder, VrrpListener listener) {
        this.adder = adder;
        this.listener = listener;
    }

    /** Makes these what is held. */
    void update(List<StaticHolding> now) {
        if (now.equals(wanted)) {
            return;
        }
        Set<Object> kept = now.stream().map(item -> item.item().identity()).collect(Collectors.toSet());
        List<Holding> gone = items(wanted).stream().filter(item -> !kept.contains(item.identity())).toList();
        List<Holding> added = new ArrayList<>(items(now));
        added.removeAll(items(wanted));
        wanted = now;
        missing.keySet().retainAll(items(now));
        adder.remove(OWNER, gone);
        add(added);
    }

    /** Puts back what somebody else deleted. */
    void lost(List<Holding> items) {
        List<Holding> tracked = items.stream().filter(item -> !item.noTrack()).toList();
        tracked.forEach(item -> listener.hostTrouble(
                "keep the static " + item, "somebody else deleted it; it is put back"));
        add(tracked);
    }

    /** Tries again what failed. */
    void retry() {
        add(List.copyOf(missing.keySet()));
    }

    /** By the name of an instance, why its track groups keep it from taking part. */
    Map<String, Set<FaultReason>> faults() {
        return wanted.stream()
                .filter(item -> missing.containsKey(item.item()))
                .flatMap(item -> item.instances().stream().map(name -> Map.entry(
                        name, new FaultReason(FaultReason.Kind.HOLDING, "static " + item.item()))))
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toSet())));
    }

    void close() {
        update(List.of());
    }

    List<Holding> items() {
        return items(wanted);
    }

    private void add(List<Holding> items) {
        if (items.isEmpty()) {
            return;
        }
        Map<Holding, String> failed = adder.add(OWNER, items);
        for (Holding item : items) {
            String why = failed.get(item);
            if (why == null) {
                missing.remove(item);
            } else if (!why.equals(missing.put(item, why))) {
                listener.hostTrouble("add the static " + item, why);
            }
        }
    }

    private static List<Holding> items(List<StaticHolding> statics) {
        return statics.stream().map(StaticHolding::item).toList();
    }
}
