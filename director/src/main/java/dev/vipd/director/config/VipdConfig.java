package dev.vipd.director.config;

import dev.vipd.vrrp.StaticHolding;
import dev.vipd.vrrp.SyncGroupConfig;
import dev.vipd.vrrp.TrackersConfig;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VrrpConfig;
import java.util.List;
import java.util.Map;

/**
 * A whole valid configuration. The lists keep the order of the file.
 *
 * @param global    {@code global}
 * @param trackers  {@code vrrp_scripts}, {@code vrrp_track_process} and the like
 * @param syncGroups {@code vrrp_sync_groups}
 * @param statics   {@code static_ipaddress}, {@code static_routes}, {@code static_rules}
 * @param instances {@code vrrp_instances}
 * @param services  {@code virtual_servers}
 * @param hooks     {@code notify_*}, {@code notify_fifo}, {@code webhook}
 * @param lines     1-based line where an instance or service stands, by path ({@code vrrp_instances.VI_1}). It is kept
 *                  apart from them so that a block that only moved in the file equals what it was
 */
public record VipdConfig(
        GlobalConfig global,
        TrackersConfig trackers,
        List<SyncGroupConfig> syncGroups,
        List<StaticHolding> statics,
        List<VirtualRouterConfig> instances,
        List<ServiceConfig> services,
        HooksConfig hooks,
        Map<String, Integer> lines) {
    public VipdConfig {
        syncGroups = List.copyOf(syncGroups);
        statics = List.copyOf(statics);
        instances = List.copyOf(instances);
        services = List.copyOf(services);
        lines = Map.copyOf(lines);
    }

    /** What is for the {@code vrrp} thread. */
    public VrrpConfig vrrp() {
        return new VrrpConfig(instances, syncGroups, trackers, statics);
    }
}
