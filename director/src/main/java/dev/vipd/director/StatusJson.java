package dev.vipd.director;

import dev.vipd.director.hooks.HookStatus;
import dev.vipd.ipvs.ForwardingMethod;
import dev.vipd.ipvs.JudgedTable;
import dev.vipd.ipvs.Judgement;
import dev.vipd.vrrp.ClaimBlock;
import dev.vipd.vrrp.Conflict;
import dev.vipd.vrrp.FaultReason;
import dev.vipd.vrrp.HandoverGoal;
import dev.vipd.vrrp.Holding;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouterStatus;
import dev.vipd.vrrp.VrrpStats;
import dev.vipd.vrrp.io.LoopStatus;
import dev.vipd.vrrp.wire.AdvertRejection;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code vipd status --json}. Keys are only ever added; {@code format} counts what breaks readers. */
final class StatusJson {
    private static final int FORMAT = 1;
    private static final double NS_PER_MS = 1e6;

    private final StatusSnapshot status;

    private StatusJson(StatusSnapshot status) {
        this.status = status;
    }

    static Map<String, Object> of(StatusSnapshot status) {
        StatusJson json = new StatusJson(status);
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("format", FORMAT);
        all.put("node", status.config().global().routerId());
        all.put("version", Version.text());
        all.put("pid", ProcessHandle.current().pid());
        all.put("config", status.file().toString());
        all.put("instances", status.instances().stream().map(json::instance).toList());
        all.put("trackers", status.trackers().stream()
                .map(tracker -> object(
                        "kind", tracker.tracker().kind().wireName(), "name", tracker.tracker().name(),
                        "state", tracker.state(), "value", tracker.reading().value(),
                        "since_s", status.secondsSince(tracker.sinceNs()),
                        "why", tracker.why()))
                .toList());
        all.put("loop", loop(status.loop()));
        all.put("stray_packets", counts(status.strayPackets()));
        all.put("hooks", status.hooks().stream().map(json::hook).toList());
        all.put("services", ServicesJson.of(status));
        all.put("checks", json.checks());
        all.put("ipvs", json.ipvs());
        return all;
    }

    private Map<String, Object> instance(VirtualRouterStatus router) {
        return object(
                "name", router.config().name(),
                "interface", router.config().interfaceName(),
                "virtual_router_id", router.config().virtualRouterId(),
                "version", router.config().version(),
                "state", router.state(),
                "since_s", status.secondsSince(router.sinceNs()),
                "why", router.why().toString(),
                "faults", router.faults().stream().map(FaultReason::toString).toList(),
                "claim_blocks", router.claimBlocks().stream().map(ClaimBlock::toString).toList(),
                "awaits_claim", router.awaitsClaim(),
                "priority", router.config().priority(),
                "effective_priority", router.effectivePriority(),
                "source", router.source().map(InetAddress::getHostAddress),
                "master", router.master().map(StatusJson::peer),
                "conflicts", router.conflicts().stream().map(this::conflict).toList(),
                "handover", router.handover().map(HandoverGoal::wireName),
                "stands_aside", router.standsAside(),
                "advert_interval_ms", router.masterAdvertIntervalNs() / NS_PER_MS,
                "master_down_interval_ms", router.masterDownIntervalNs() / NS_PER_MS,
                "skew_ms", router.skewNs() / NS_PER_MS,
                "addresses", router.config().addresses().stream().map(VirtualAddress::toString).toList(),
                "missing_addresses", router.missing().stream().map(Holding::toString).toList(),
                "term", router.term(),
                "last_advert_source", router.lastAdvertSource().map(InetAddress::getHostAddress),
                "stats", stats(router.stats()));
    }

    private static Map<String, Object> loop(LoopStatus loop) {
        return object(
                "realtime_priority", loop.realTimePriority(),
                "lag_ms_max", loop.lagNsMax() / NS_PER_MS,
                "lag_ms_max_recent", loop.recentLagNsMax() / NS_PER_MS,
                "stalls", loop.stalls(),
                "pause_ms_max", loop.pauseNsMax() / NS_PER_MS,
                "lag", loop.lag().stream()
                        .filter(bucket -> bucket.count() > 0)
                        .map(bucket -> object(
                                "up_to_ms", Optional.of(bucket.upToNs() / NS_PER_MS)
                                        .filter(ms -> bucket.upToNs() < Long.MAX_VALUE),
                                "count", bucket.count()))
                        .toList());
    }

    private static Map<String, Object> peer(VirtualRouterStatus.Peer peer) {
        return object("address", peer.address().getHostAddress(), "priority", peer.priority());
    }

    private Map<String, Object> conflict(Conflict conflict) {
        return object(
                "kind", conflict.kind().wireName(),
                "address", conflict.peer().map(InetAddress::getHostAddress),
                "priority", conflict.priority().isPresent() ? conflict.priority().getAsInt() : null,
                "since_s", status.secondsSince(conflict.sinceNs()),
                "detail", conflict.detail());
    }

    private static Map<String, Long> counts(Map<AdvertRejection, Long> byKind) {
        Map<String, Long> counts = new TreeMap<>();
        byKind.forEach((kind, count) -> counts.put(kind.wireName(), count));
        return counts;
    }

    private static Map<String, Object> stats(VrrpStats stats) {
        Map<String, Long> mismatched = new TreeMap<>();
        stats.mismatched().forEach((kind, count) -> mismatched.put(kind.wireName(), count));
        return object(
                "master_transitions", stats.masterTransitions(),
                "new_master_reason", stats.newMasterReasonName(),
                "protocol_error_reason", stats.protocolErrorName(),
                "adverts_received", stats.advertsReceived(),
                "adverts_sent", stats.advertsSent(),
                "priority_zero_received", stats.priorityZeroReceived(),
                "priority_zero_sent", stats.priorityZeroSent(),
                "adverts_ignored", stats.advertsIgnored(),
                "rejected", counts(stats.rejected()),
                "mismatched", mismatched,
                "conflicts", stats.conflicts(),
                "announce_rounds", stats.announceRounds(),
                "addresses_restored", stats.addressesRestored(),
                "address_failures", stats.addressFailures());
    }

    private Map<String, Object> hook(HookStatus hook) {
        return object(
                "kind", hook.kind(),
                "name", hook.name(),
                "hook", hook.hook(),
                "state", hook.state(),
                "phase", hook.phase(),
                "since_s", status.secondsSince(hook.sinceNs()),
                "took_ms", hook.tookMs(),
                "result", hook.result(),
                "last_line", hook.lastLine(),
                "failures", hook.failures(),
                "skipped", hook.skipped());
    }

    /** How late probes were begun, on all check threads; {@code lag_ms_p99} is the bound that 99 in 100 keep. */
    private Map<String, Object> checks() {
        List<Map<String, Object>> buckets = new ArrayList<>();
        List<Long> bounds = status.startLags().upToNs();
        List<Long> counts = status.startLags().counts();
        long all = counts.stream().mapToLong(Long::longValue).sum();
        long soFar = 0;
        Optional<Double> p99 = Optional.empty();
        for (int i = 0; i <= bounds.size(); i++) {
            Optional<Double> upToMs =
                    i < bounds.size() ? Optional.of(bounds.get(i) / NS_PER_MS) : Optional.empty();
            soFar += counts.get(i);
            if (p99.isEmpty() && all > 0 && 100 * soFar >= 99 * all) {
                p99 = upToMs;
            }
            if (counts.get(i) > 0) {
                buckets.add(object("up_to_ms", upToMs, "count", counts.get(i)));
            }
        }
        return object("count", status.checks().size(), "lag_ms_p99", p99, "start_lag", buckets);
    }

    /** What is in the kernel; what is missing there is no row. */
    private Map<String, Object> ipvs() {
        JudgedTable table = status.judged();
        return object(
                "available", status.observed().isPresent(),
                "foreign_services", table.foreignServices(),
                "services", table.services().stream()
                        .filter(JudgedTable.ServiceRow::present)
                        .map(StatusJson::row)
                        .toList());
    }

    private static Map<String, Object> row(JudgedTable.ServiceRow row) {
        return object(
                "key", row.service().key().toString(),
                "scheduler", row.service().scheduler(),
                "persistence_timeout", row.service().timeoutSec(),
                "ours", row.judgement().kind() != Judgement.Kind.FOREIGN,
                "judgement", row.judgement().word(),
                "destinations", row.destinations().stream()
                        .filter(JudgedTable.DestinationRow::present)
                        .map(StatusJson::row)
                        .toList());
    }

    private static Map<String, Object> row(JudgedTable.DestinationRow row) {
        return object(
                "address", row.destination().at().toString(),
                "weight", row.destination().weight(),
                "method", ForwardingMethod.word(row.destination().forwarding()),
                "active", row.load().active(),
                "inactive", row.load().inactive(),
                "judgement", row.judgement().word());
    }

    static Map<String, Object> object(Object... keyValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keyValues.length; i += 2) {
            map.put((String) keyValues[i], keyValues[i + 1]);
        }
        return map;
    }
}
