package dev.vipd.vrrp;

import java.util.List;

/**
 * Everything that instances can follow, but for interfaces and services, which need no definition.
 *
 * @param scripts         {@code vrrp_scripts}
 * @param processes       {@code vrrp_track_process}
 * @param files           {@code track_file}
 * @param pings           {@code vrrp_track_ping}
 * @param interfaceDelays {@code interface_up_down_delays}
 */
public record TrackersConfig(
        List<TrackScriptConfig> scripts,
        List<TrackProcessConfig> processes,
        List<TrackFileConfig> files,
        List<TrackPingConfig> pings,
        List<InterfaceDelay> interfaceDelays) {
    public static final TrackersConfig NONE =
            new TrackersConfig(List.of(), List.of(), List.of(), List.of(), List.of());

    public TrackersConfig {
        scripts = List.copyOf(scripts);
        processes = List.copyOf(processes);
        files = List.copyOf(files);
        pings = List.copyOf(pings);
        interfaceDelays = List.copyOf(interfaceDelays);
    }
}
