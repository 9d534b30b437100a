package dev.vipd.director.config;

import dev.vipd.vrrp.TrackScriptConfig;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.util.List;
import java.util.Map;

/**
 * A whole valid configuration. The lists keep the order of the file.
 *
 * @param global    {@code global}
 * @param scripts   {@code vrrp_scripts}
 * @param instances {@code vrrp_instances}
 * @param services  {@code virtual_servers}
 * @param lines     1-based line where an instance or service stands, by path ({@code vrrp_instances.VI_1}). It is kept
 *                  apart from them so that a block that only moved in the file equals what it was
 */
public record VipdConfig(
        GlobalConfig global,
        List<TrackScriptConfig> scripts,
        List<VirtualRouterConfig> instances,
        List<ServiceConfig> services,
        Map<String, Integer> lines) {
    public VipdConfig {
        scripts = List.copyOf(scripts);
        instances = List.copyOf(instances);
        services = List.copyOf(services);
        lines = Map.copyOf(lines);
    }
}
