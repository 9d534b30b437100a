package dev.vipd.director.metrics;

import dev.vipd.healthcheck.HealthState;
import dev.vipd.healthcheck.ProbeStats;
import dev.vipd.healthcheck.pool.MemberStatus;
import dev.vipd.healthcheck.pool.PoolSummary;
import dev.vipd.healthcheck.probe.CheckStatus;
import dev.vipd.healthcheck.probe.HealthChecker;
import io.micrometer.core.instrument.Tags;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.Map;

/**
 * Virtual servers, their real servers and checks, for Prometheus.
 *
 * @param pools     one for each virtual server
 * @param members   its real servers, by its name
 * @param checks    what is checked for it, by its name; a check that several share is told of each
 * @param past      probes of checks that a service had before a reload, by its name
 * @param startLags how late probes were begun
 */
public record ServiceMetrics(
        List<PoolSummary> pools,
        Map<String, List<MemberStatus>> members,
        Map<String, List<CheckStatus>> checks,
        Map<String, ProbeStats.Counts> past,
        HealthChecker.StartLags startLags) {

    void addTo(Exposition exposition) {
        for (PoolSummary pool : pools) {
            Tags tags = Tags.of("service", pool.name());
            exposition.gauge("vipd.service.up", tags, pool.met() ? 1 : 0);
            exposition.gauge("vipd.service.live.weight", tags, pool.liveWeight());
            exposition.gauge("vipd.service.quorum", tags, pool.quorum());
            exposition.gauge("vipd.service.panic", tags, pool.panic() ? 1 : 0);
            exposition.gauge("vipd.service.sorry", tags, pool.sorry().size());
            members.getOrDefault(pool.name(), List.of()).forEach(member -> member(exposition, tags, member));
            List<CheckStatus> now = checks.getOrDefault(pool.name(), List.of());
            if (!now.isEmpty() || past.containsKey(pool.name())) {
                checks(exposition, pool.name(), now.stream()
                        .map(CheckStatus::stats)
                        .reduce(past.getOrDefault(pool.name(), ProbeStats.Counts.NONE), ProbeStats.Counts::plus));
            }
        }
        exposition.histogram("vipd_check_start_lag_seconds", Labels.EMPTY, startLags.upToNs(), startLags.counts(),
                Double.NaN);
    }

    private static void member(Exposition exposition, Tags service, MemberStatus member) {
        Tags tags = service.and("server", member.id());
        exposition.gauge("vipd.real.server.up", tags, member.health() == HealthState.UP ? 1 : 0);
        exposition.gauge("vipd.real.server.weight", tags, member.share().weight());
        exposition.gauge("vipd.real.server.in.table", tags, member.share().present() ? 1 : 0);
        exposition.gauge("vipd.real.server.state", tags.and("state", member.state().toString()), 1);
    }

    private static void checks(Exposition exposition, String service, ProbeStats.Counts counts) {
        Tags tags = Tags.of("service", service);
        exposition.counter("vipd.check.probes", tags.and("result", "passed"), counts.passed());
        exposition.counter("vipd.check.probes", tags.and("result", "failed"), counts.failed());
        exposition.counter("vipd.check.probes", tags.and("result", "local_fault"), counts.localFaults());
        exposition.counter("vipd.check.transitions", tags, counts.transitions());
        exposition.histogram("vipd_check_duration_seconds", Labels.of("service", service), ProbeStats.BOUNDS_NS,
                counts.buckets(), counts.totalNs() / 1e9);
    }
}
