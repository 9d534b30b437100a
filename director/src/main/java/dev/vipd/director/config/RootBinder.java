package dev.vipd.director.config;

import dev.vipd.director.config.AnnounceKeys.Pace;
import dev.vipd.vrrp.InterfaceDelay;
import dev.vipd.vrrp.StaticHolding;
import dev.vipd.vrrp.SyncGroupConfig;
import dev.vipd.vrrp.TrackerId.Kind;
import dev.vipd.vrrp.TrackersConfig;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** The top of the file. */
final class RootBinder {
    private final Findings findings;
    private final NotifyBinder notify = new NotifyBinder();
    private final Map<Kind, Map<String, Block>> watched = new EnumMap<>(Kind.class);

    RootBinder(Findings findings) {
        this.findings = findings;
    }

    /** Empty when an error was found. */
    Optional<VipdConfig> bind(Block root) {
        Block globalBlock = root.blockOrAbsent("global", "{ router_id: lb1 }");
        GlobalConfig global = GlobalBinder.bind(globalBlock);
        notify.global(globalBlock);
        VrrpDefaults defaults = VrrpDefaults.of(globalBlock, garpGroups(root));
        StaticBinder statics = new StaticBinder(
                globalBlock.value("default_interface").flatMap(InstanceBinder::interfaceName));
        LvsBinder lvs = new LvsBinder(globalBlock);
        globalBlock.finish();

        TrackBinder tracks = new TrackBinder();
        TrackersConfig trackers = trackers(root, tracks);
        InstanceBinder instanceBinder = new InstanceBinder(tracks, defaults);
        List<VirtualRouterConfig> instances = section(root, "vrrp_instances",
                "VI_1: { interface: eth0, virtual_router_id: 51, virtual_ipaddress: [ 192.0.2.1/24 ] }",
                (name, block) -> {
                    notify.instance(name, block);
                    return instanceBinder.bind(name, block);
                });
        root.value("interface_up_down_delays").ifPresent(v ->
                WatchBinder.warnOfSlowFaults(v, trackers.interfaceDelays(), instances));
        List<String> names = root.namesIn("vrrp_instances");
        List<SyncGroupConfig> groups = section(root, "vrrp_sync_groups", "G: { group: [ VI_1, VI_2 ] }",
                new SyncGroupBinder(names, instances, tracks, notify)::bind);
        watched.forEach(tracks::warnUnused);
        section(root, "track_groups", "T: { group: [ VI_1 ] }", (name, block) -> statics.group(name, block, names));
        List<StaticHolding> held = statics.bind(root);
        TlsBinder tls = new TlsBinder();
        GroupBinder addressGroups = new GroupBinder();
        addressGroups.define(root);
        ServiceBinder serviceBinder = new ServiceBinder(notify, tls, addressGroups, lvs);
        List<ServiceConfig> services = serviceBinder.finish(section(root, "virtual_servers",
                "web: { address: 192.0.2.1:80, real_servers: [ { address: 192.0.2.11:80 } ] }", serviceBinder::bind));
        LvsConfig lvsConfig = lvs.bind(instances, names, serviceBinder.marks());
        root.finish();
        if (!findings.hasErrors() && instances.isEmpty() && services.isEmpty()) {
            root.error("there is nothing to do; give vrrp_instances or virtual_servers");
        }
        return findings.hasErrors()
                ? Optional.empty()
                : Optional.of(new VipdConfig(
                        global, trackers, groups, held, instances, services, notify.hooks(),
                        new HostFiles(notify.scripts(), tls.authorities(), tls.pairs()), lvsConfig));
    }

    /** Everything that can be followed; {@code tracks} knows it then. */
    private TrackersConfig trackers(Block root, TrackBinder tracks) {
        ScriptBinder scripts = new ScriptBinder(notify);
        WatchBinder watches = new WatchBinder();
        TrackersConfig trackers = new TrackersConfig(
                section(root, "vrrp_scripts", "chk: { script: /usr/bin/true }", scripts::bind),
                section(root, "vrrp_track_process", "haproxy: { process: haproxy }", watches::process),
                section(root, "track_file", "maintenance: { file: /run/maintenance }", watches::file),
                section(root, "vrrp_track_ping", "gateway: { address: 192.0.2.254 }", watches::ping),
                interfaceDelays(root));
        tracks.define(Kind.SCRIPT, scripts.weights());
        watched.put(Kind.SCRIPT, scripts.blocks());
        for (Kind kind : List.of(Kind.PROCESS, Kind.FILE, Kind.PING)) {
            tracks.define(kind, watches.weights(kind));
            watched.put(kind, watches.blocks(kind));
        }
        Map<String, Integer> services = new LinkedHashMap<>();
        root.namesIn("virtual_servers").forEach(name -> services.put(name, 0));
        tracks.define(Kind.SERVICE, services);
        return trackers;
    }

    /** Named by interfaces, whose names are freer than others. */
    private static List<InterfaceDelay> interfaceDelays(Block root) {
        List<InterfaceDelay> delays = new ArrayList<>();
        root.value("interface_up_down_delays")
                .flatMap(v -> v.block("{ eth0: { down: 2s, up: 1s } }"))
                .ifPresent(b -> b.all().forEach((device, value) ->
                        WatchBinder.delay(device, value).ifPresent(delays::add)));
        return delays;
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
        named.forEach((name, value) -> value.block(example.substring(example.indexOf('{')))
                .flatMap(block -> binder.apply(name, block))
                .ifPresent(bound::add));
        return bound;
    }
}
