package dev.vipd.director.metrics;

import dev.vipd.healthcheck.HealthState;
import dev.vipd.healthcheck.ProbeStats;
import dev.vipd.healthcheck.pool.MemberStatus;
import dev.vipd.healthcheck.pool.PoolSummary;
import dev.vipd.healthcheck.probe.CheckStatus;
import dev.vipd.healthcheck.probe.HealthChecker;
import io.micrometer.core.instrument.Tags;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Virtual servers, their real servers and checks, for Prometheus. What is counted of checks is the sum over those that a
 * service has now: a reload that takes one out, or changes it, takes its counts along.
 *
 * @param pools     one for each virtual server
 * @param members   its real servers, by its name
 * @param checks    what is checked for it, by its name; a check that several share is told of each
 * @param startLags how late probes were begun
 */
public record ServiceMetrics(
        List<PoolSummary> pools,
        Map<String, List<MemberStatus>> members,
        Map<String, List<CheckStatus>> checks,
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
            checks(exposition, pool.name(), checks.getOrDefault(pool.name(), List.of()));
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

    private static void checks(Exposition exposition, String service, List<CheckStatus> checks) {
        if (checks.isEmpty()) {
            return;
        }
        long passed = 0;
        long failed = 0;
        long localFaults = 0;
        long totalNs = 0;
        long transitions = 0;
        long[] buckets = new long[ProbeStats.BOUNDS_NS.size() + 1];
        for (CheckStatus check : checks) {
            ProbeStats.Counts counts = check.stats();
            passed += counts.passed();
            failed += counts.failed();
            localFaults += counts.localFaults();
            totalNs += counts.totalNs();
            transitions += counts.transitions();
            for (int i = 0; i < buckets.length; i++) {
                buckets[i] += counts.buckets().get(i);
            }
        }
        Tags tags = Tags.of("service", service);
        exposition.counter("vipd.check.probes", tags.and("result", "passed"), passed);
        exposition.counter("vipd.check.probes", tags.and("result", "failed"), failed);
        exposition.counter("vipd.check.probes", tags.and("result", "local_fault"), localFaults);
        exposition.counter("vipd.check.transitions", tags, transitions);
        List<Long> counts = new ArrayList<>();
        for (long bucket : buckets) {
            counts.add(bucket);
        }
        exposition.histogram("vipd_check_duration_seconds", Labels.of("service", service), ProbeStats.BOUNDS_NS, counts,
                totalNs / 1e9);
    }
}
