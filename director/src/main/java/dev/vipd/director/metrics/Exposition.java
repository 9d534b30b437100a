package dev.vipd.director.metrics;

import dev.vipd.director.hooks.HookStatus;
import dev.vipd.vrrp.FaultReason;
import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.TrackerState;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouterStatus;
import dev.vipd.vrrp.VrrpStats;
import dev.vipd.vrrp.io.LoopStatus;
import dev.vipd.vrrp.io.TrackerStatus;
import dev.vipd.vrrp.wire.AdvertRejection;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What Prometheus scrapes. The names that dashboards for keepalived use are kept ({@code keepalived_*}, labels {@code
 * iname}, {@code intf}, {@code vrid}), and those of node_exporter for IPVS ({@code node_ipvs_*}); what neither has a
 * word for begins with {@code vipd_}.
 *
 * <p>Each scrape is made anew from the parts' own counters, so that nothing of a removed instance stays behind.
 */
public final class Exposition {
    private static final double NS_PER_SECOND = 1e9;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<String, List<HistogramDataPointSnapshot>> histograms = new LinkedHashMap<>();

    private Exposition() {}

    /**
     * The text of one scrape.
     *
     * @param strays packets that belonged to no instance, by kind
     */
    public static String of(
            List<VirtualRouterStatus> routers,
            List<TrackerStatus> trackers,
            Map<AdvertRejection, Long> strays,
            LoopStatus loop,
            List<HookStatus> hooks,
            ServiceMetrics services,
            IpvsMetrics ipvs) {
        Exposition exposition = new Exposition();
        exposition.gauge("keepalived.up", Tags.empty(), 1);
        routers.forEach(exposition::router);
        trackers.forEach(exposition::tracker);
        strays.forEach((kind, count) ->
                exposition.counter("vipd.stray.packets", Tags.of("kind", kind.wireName()), count));
        exposition.loop(loop);
        hooks.forEach(exposition::hook);
        services.addTo(exposition);
        ipvs.addTo(exposition);
        return exposition.scrape();
    }

    private void router(VirtualRouterStatus router) {
        Tags tags = Tags.of(
                "iname", router.config().name(),
                "intf", router.config().interfaceName(),
                "vrid", Integer.toString(router.config().virtualRouterId()));
        int state = switch (router.state()) { // the numbers of keepalived's exporters
            case INIT -> 0;
            case BACKUP -> 1;
            case MASTER -> 2;
            case FAULT -> 3;
        };
        for (VirtualAddress address : router.config().addresses()) {
            gauge("keepalived.vrrp.state", tags.and("ip_address", address.address().getHostAddress()), state);
        }
        gauge("vipd.vrrp.state", tags, state);
        gauge("vipd.vrrp.effective.priority", tags, router.effectivePriority());
        gauge("vipd.vrrp.conflict", tags, router.conflicts().size());
        gauge("vipd.vrrp.missing", tags, router.missing().size());
        for (FaultReason fault : router.faults()) {
            gauge("vipd.vrrp.fault", tags.and("reason", fault.toString()), 1);
        }
        stats(router.stats(), tags);
    }

    private void stats(VrrpStats stats, Tags tags) {
        counter("keepalived.advertisements.received", tags, stats.advertsReceived());
        counter("keepalived.advertisements.sent", tags, stats.advertsSent());
        counter("keepalived.become.master", tags, stats.masterTransitions());
        counter("keepalived.priority.zero.received", tags, stats.priorityZeroReceived());
        counter("keepalived.priority.zero.sent", tags, stats.priorityZeroSent());
        counter("vipd.vrrp.conflicts", tags, stats.conflicts());
        counter("vipd.vrrp.restored", tags, stats.addressesRestored());
        counter("vipd.vrrp.add.failures", tags, stats.addressFailures());
        counter("vipd.vrrp.announce.rounds", tags, stats.announceRounds());
        counter("vipd.vrrp.adverts.ignored", tags, stats.advertsIgnored());
        stats.rejected().forEach((kind, count) ->
                counter("vipd.vrrp.adverts.rejected", tags.and("kind", kind.wireName()), count));
        stats.mismatched().forEach((kind, count) ->
                counter("vipd.vrrp.adverts.mismatched", tags.and("kind", kind.wireName()), count));
        counter("keepalived.packet.length.errors", tags, sum(stats,
                AdvertRejection.TRUNCATED, AdvertRejection.LENGTH, AdvertRejection.ADDRESS_COUNT));
        counter("keepalived.ip.ttl.errors", tags, sum(stats, AdvertRejection.TTL));
        counter("keepalived.advertisements.interval.errors", tags, sum(stats, AdvertRejection.INTERVAL));
        counter("keepalived.invalid.type.received", tags, sum(stats, AdvertRejection.TYPE));
        counter("keepalived.authentication.invalid", tags, sum(stats, AdvertRejection.AUTH_TYPE_INVALID));
        counter("keepalived.authentication.mismatch", tags, sum(stats, AdvertRejection.AUTH_TYPE_MISMATCH));
    }

    private void loop(LoopStatus loop) {
        gauge("vipd.loop.realtime.priority", Tags.empty(), loop.realTimePriority());
        gauge("vipd.loop.lag.recent.seconds", Tags.empty(), loop.recentLagNsMax() / NS_PER_SECOND);
        counter("vipd.loop.stalls", Tags.empty(), loop.stalls());
        List<Long> bounds = loop.lag().stream().map(LoopStatus.Bucket::upToNs).toList();
        List<Long> counts = loop.lag().stream().map(LoopStatus.Bucket::count).toList();
        histogram("vipd_loop_lag_seconds", Labels.EMPTY, bounds.subList(0, bounds.size() - 1), counts, Double.NaN);
    }

    private void hook(HookStatus hook) {
        Tags tags = Tags.of("kind", hook.kind().name().toLowerCase(Locale.ROOT), "name", hook.name(),
                "hook", hook.hook());
        gauge("vipd.hook.ok", tags, hook.phase() == HookStatus.Phase.FAILED ? 0 : 1);
        counter("vipd.hook.failures", tags, hook.failures());
        counter("vipd.hook.skipped", tags, hook.skipped());
    }

    private void tracker(TrackerStatus tracker) {
        boolean up = tracker.state() == TrackerState.UP;
        TrackerId id = tracker.tracker();
        gauge("vipd.tracker.up", Tags.of("kind", id.kind().wireName(), "name", id.name()), up ? 1 : 0);
        if (id.kind() == TrackerId.Kind.SCRIPT) {
            gauge("keepalived.script.state", Tags.of("name", id.name()), up ? 1 : 0);
        }
    }

    private static long sum(VrrpStats stats, AdvertRejection... kinds) {
        long sum = 0;
        for (AdvertRejection kind : kinds) {
            sum += stats.rejected().getOrDefault(kind, 0L);
        }
        return sum;
    }

    void gauge(String name, Tags tags, double value) {
        Gauge.builder(name, () -> value).tags(tags).strongReference(true).register(registry);
    }

    /** Of the registry, since Micrometer keeps what it asks for the value by a weak reference only. */
    void counter(String name, Tags tags, long value) {
        FunctionCounter.builder(name, registry, _ -> value).tags(tags).register(registry);
    }

    /** How often something was done, and how long that took altogether. */
    void timer(String name, long count, long totalNs) {
        FunctionTimer.builder(name, registry, _ -> count, _ -> totalNs, TimeUnit.NANOSECONDS).register(registry);
    }

    /**
     * Adds a row to a histogram.
     *
     * @param boundsNs upper bounds but for the last bucket, whose is infinity
     * @param counts   of each bucket, not cumulated
     * @param sum      of all values in seconds; not a number where it is not known
     */
    void histogram(String name, Labels labels, List<Long> boundsNs, List<Long> counts, double sum) {
        List<Double> bounds = new ArrayList<>();
        boundsNs.forEach(bound -> bounds.add(bound / NS_PER_SECOND));
        bounds.add(Double.POSITIVE_INFINITY);
        histograms.computeIfAbsent(name, _ -> new ArrayList<>()).add(HistogramDataPointSnapshot.builder()
                .labels(labels)
                .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, counts))
                .sum(sum)
                .build());
    }

    /** Micrometer has no histogram that is counted elsewhere; the library below it has. */
    private String scrape() {
        histograms.forEach((name, points) -> registry.getPrometheusRegistry().register(
                (Collector) () -> new HistogramSnapshot(new MetricMetadata(name), points)));
        return registry.scrape();
    }
}
