package dev.vipd.vrrp;

import java.util.List;

/**
 * What the {@code vrrp} thread runs.
 *
 * @param instances  {@code vrrp_instances}
 * @param syncGroups {@code vrrp_sync_groups}; each of their members is one of the instances, of one group at most
 * @param trackers   what is there to follow
 */
public record VrrpConfig(
        List<VirtualRouterConfig> instances, List<SyncGroupConfig> syncGroups, TrackersConfig trackers) {
    public VrrpConfig {
        instances = List.copyOf(instances);
        syncGroups = List.copyOf(syncGroups);
    }
}
