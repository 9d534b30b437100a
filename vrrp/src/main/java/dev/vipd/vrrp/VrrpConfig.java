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

    /** Without anything static. */
    public VrrpConfig(List<VirtualRouterConfig> instances, List<SyncGroupConfig> syncGroups, TrackersConfig trackers) {
        this(instances, syncGroups, trackers, List.of());
    }
}
