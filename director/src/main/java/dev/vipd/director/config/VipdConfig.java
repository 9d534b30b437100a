package dev.vipd.director.config;

import dev.vipd.vrrp.StaticHolding;
import dev.vipd.vrrp.SyncGroupConfig;
import dev.vipd.vrrp.TrackersConfig;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VrrpConfig;
import java.util.List;

/**
 * A whole valid configuration. The lists keep the order of the file.
 *
 * @param global    {@code global}
 * @param trackers  {@code vrrp_scripts}, {@code vrrp_track_process} and the like
 * @param syncGroups {@code vrrp_sync_groups}
 * @param statics   {@code static_ipaddress}, {@code static_routes}, {@code static_rules}
 * @param instances {@code vrrp_instances}
 * @param services  {@code virtual_servers}
 * @param hooks     {@code notify_*}, {@code quorum_up} and the like, {@code notify_fifo}, {@code webhook}
 * @param files     what of this host's files all of these name, and where
 * @param lvs       {@code lvs_timeouts}, {@code lvs_sysctls}, {@code lvs_sync_daemon} and the like
 */
public record VipdConfig(
        GlobalConfig global,
        TrackersConfig trackers,
        List<SyncGroupConfig> syncGroups,
        List<StaticHolding> statics,
        List<VirtualRouterConfig> instances,
        List<ServiceConfig> services,
        HooksConfig hooks,
        HostFiles files,
        LvsConfig lvs) {
    public VipdConfig {
        syncGroups = List.copyOf(syncGroups);
        statics = List.copyOf(statics);
        instances = List.copyOf(instances);
        services = List.copyOf(services);
    }

    /** What is for the {@code vrrp} thread. */
    public VrrpConfig vrrp() {
        return new VrrpConfig(instances, syncGroups, trackers, statics);
    }
}
