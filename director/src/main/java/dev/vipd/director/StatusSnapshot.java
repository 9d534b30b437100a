package dev.vipd.director;

import dev.vipd.director.config.VipdConfig;
import dev.vipd.director.hooks.HookStatus;
import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.probe.CheckStatus;
import dev.vipd.healthcheck.probe.HealthChecker;
import dev.vipd.ipvs.JudgedTable;
import dev.vipd.ipvs.Observation;
import dev.vipd.ipvs.kernel.IpvsInfo;
import dev.vipd.ipvs.sync.SyncStats;
import dev.vipd.vrrp.VirtualRouterStatus;
import dev.vipd.vrrp.io.LoopStatus;
import dev.vipd.vrrp.io.TrackerStatus;
import dev.vipd.vrrp.wire.AdvertRejection;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The daemon at one moment: what {@code vipd status} shows.
 *
 * @param nowNs    when it was taken, on the clock of all {@code sinceNs}
 * @param strayPackets VRRP packets that belonged to no instance, by kind
 * @param hooks    what became of each hook that was run
 * @param services what the checks make of the virtual servers
 * @param checks   each check that is made, in no particular order
 * @param startLags how late probes were begun
 * @param observed the kernel's IPVS table; empty when there is no virtual server or the table can't be reached
 * @param info     which IPVS the kernel has; empty with {@code observed}
 * @param syncs    what the reconciler has done
 */
record StatusSnapshot(
        VipdConfig config,
        Path file,
        long nowNs,
        List<VirtualRouterStatus> instances,
        List<TrackerStatus> trackers,
        Map<AdvertRejection, Long> strayPackets,
        LoopStatus loop,
        List<HookStatus> hooks,
        Services.View services,
        List<CheckStatus> checks,
        HealthChecker.StartLags startLags,
        Optional<Observation> observed,
        Optional<IpvsInfo> info,
        SyncStats syncs) {

    /** What each row of the kernel's table is to us; none when it can't be reached. */
    JudgedTable judged() {
        return observed
                .map(it -> JudgedTable.of(services.desired(), it, DrainingRows.of(config.services(), services)))
                .orElse(new JudgedTable(List.of(), 0));
    }

    /** Seconds since then. */
    double secondsSince(long sinceNs) {
        return Math.round((nowNs - sinceNs) / 1e6) / 1e3;
    }

    /** The checks by what they check. */
    Map<CheckConfig, CheckStatus> checksByConfig() {
        Map<CheckConfig, CheckStatus> all = HashMap.newHashMap(checks.size());
        checks.forEach(status -> all.put(status.check(), status));
        return all;
    }

    /** The checks of the real servers of each service, each once. */
    Map<String, List<CheckStatus>> checksByService() {
        Map<CheckConfig, CheckStatus> byConfig = checksByConfig();
        Map<String, List<CheckStatus>> all = new HashMap<>();
        config.services().forEach(service -> all.put(service.server().name(), service.pool().members().stream()
                .flatMap(member -> member.checks().stream())
                .distinct()
                .map(byConfig::get)
                .filter(Objects::nonNull)
                .toList()));
        return all;
    }
}
