package dev.vipd.director.config;

import dev.vipd.director.config.AnnounceKeys.Pace;
import dev.vipd.vrrp.TrackScriptConfig;
import dev.vipd.vrrp.TrackersConfig;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** The top of the file. */
final class RootBinder {
    private final Findings findings;
    private final NotifyBinder notify = new NotifyBinder();
    private final Map<String, Integer> lines = new HashMap<>();

    RootBinder(Findings findings) {
        this.findings = findings;
    }

    /** Empty when an error was found. */
    Optional<VipdConfig> bind(Block root) {
        Block globalBlock = root.blockOrAbsent("global", "{ router_id: lb1 }");
        GlobalConfig global = GlobalBinder.bind(globalBlock);
        notify.global(globalBlock);
        VrrpDefaults defaults = VrrpDefaults.of(globalBlock, garpGroups(root));
        globalBlock.finish();

        ScriptBinder scriptBinder = new ScriptBinder(notify);
        List<TrackScriptConfig> scripts = section(root, "vrrp_scripts",
                "chk: { script: /usr/bin/true }", scriptBinder::bind);
        TrackersConfig trackers = new TrackersConfig(scripts, List.of(), List.of(), List.of(), List.of());
        TrackBinder tracks = new TrackBinder(scriptBinder.weights());
        InstanceBinder instanceBinder = new InstanceBinder(tracks, defaults);
        List<VirtualRouterConfig> instances = section(root, "vrrp_instances",
                "VI_1: { interface: eth0, virtual_router_id: 51, virtual_ipaddress: [ 192.0.2.1/24 ] }",
                (name, block) -> {
                    notify.instance(name, block);
                    return instanceBinder.bind(name, block);
                });
        scriptBinder.warnUnused(tracks.usedScripts());
        List<ServiceConfig> services = section(root, "virtual_servers",
                "web: { address: 192.0.2.1:80, real_servers: [ { address: 192.0.2.11:80 } ] }",
                new ServiceBinder()::bind);
        root.finish();
        if (!findings.hasErrors() && instances.isEmpty() && services.isEmpty()) {
            root.error("there is nothing to do; give vrrp_instances or virtual_servers");
        }
        return findings.hasErrors()
                ? Optional.empty()
                : Optional.of(new VipdConfig(global, trackers, List.of(), instances, services, notify.hooks(), lines));
    }

    private Map<String, Pace> garpGroups(Block root) {
        Map<String, Block> groups = new LinkedHashMap<>();
        section(root, "garp_groups", "uplink: { garp_interval: 1ms, interfaces: [ eth0 ] }",
                (name, block) -> Optional.ofNullable(groups.put(name, block)));
        return VrrpDefaults.garpGroups(groups);
    }

    /** A section whose keys are names of blocks of one kind. */
    private <T> List<T> section(Block root, String key, String example, BiFunction<String, Block, Optional<T>> binder) {
        Map<String, Value> named = root.value(key)
                .flatMap(v -> v.block("{ " + example + " }"))
                .map(Block::named)
                .orElseGet(LinkedHashMap::new);
        List<T> bound = new ArrayList<>();
        named.forEach((name, value) -> {
            lines.put(value.path(), value.owner().line());
            value.block(example.substring(example.indexOf('{')))
                    .flatMap(block -> binder.apply(name, block))
                    .ifPresent(bound::add);
        });
        return bound;
    }
}
