package dev.vipd.vrrp;

import java.util.List;

/**
 * What the {@code vrrp} thread runs.
 *
 * @param instances  {@code vrrp_instances}
 * @param syncGroups {@code vrrp_sync_groups}; each of their members is one of the instances, of one group at most
 * @param trackers   what is there to follow
 * @param statics    {@code static_ipaddress}, {@code static_routes}, {@code static_rules}, in this order
 */
public record VrrpConfig(
        List<VirtualRouterConfig> instances,
        List<SyncGroupConfig> syncGroups,
        TrackersConfig trackers,
        List<StaticHolding> statics) {
    public VrrpConfig {
        instances = List.copyOf(instances);
        syncGroups = List.copyOf(syncGroups);
        statics = List.copyOf(statics);
    }

    /** Whether any route or rule is to be held, by an instance or for the daemon's life. */
    public boolean hasRoutes() {
        return instances.stream().anyMatch(instance -> !instance.holding().routes().isEmpty()
                        || !instance.holding().rules().isEmpty())
                || statics.stream().anyMatch(held -> !(held.item() instanceof VirtualAddress));
    }

    /** Without anything static. */
    public VrrpConfig(List<VirtualRouterConfig> instances, List<SyncGroupConfig> syncGroups, TrackersConfig trackers) {
        this(instances, syncGroups, trackers, List.of());
    }
}
