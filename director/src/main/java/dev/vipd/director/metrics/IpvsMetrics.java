package dev.vipd.director.metrics;

import dev.vipd.ipvs.Endpoint;
import dev.vipd.ipvs.Endpoints;
import dev.vipd.ipvs.IpvsTable;
import dev.vipd.ipvs.Observation;
import dev.vipd.ipvs.Observation.Load;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.Traffic;
import dev.vipd.ipvs.sync.SyncStats;
import io.micrometer.core.instrument.Tags;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The kernel's IPVS for Prometheus, under the names and labels that node_exporter's collector {@code ipvs} gave it,
 * with {@code proto} SCTP as well; and what vipd does there.
 *
 * @param observed the table; empty when there is no virtual server or it can't be reached
 * @param totals   of all services together; empty when the kernel tells none
 * @param names    of the virtual servers; without any, only {@code totals} are told
 * @param syncs    what the reconciler has done
 */
public record IpvsMetrics(
        Optional<Observation> observed, Optional<Traffic> totals, Map<ServiceKey, String> names, SyncStats syncs) {

    void addTo(Exposition exposition) {
        totals.ifPresent(it -> traffic(exposition, "node.ipvs", Tags.empty(), it));
        if (names.isEmpty()) {
            return; // nothing of IPVS is ours to look after
        }
        exposition.gauge("vipd.ipvs.readable", Tags.empty(), observed.isPresent() ? 1 : 0);
        observed.ifPresent(it -> it.table().entries().forEach(entry -> service(exposition, it, entry)));
        exposition.counter("vipd.ipvs.syncs", Tags.empty(), syncs.syncs());
        exposition.counter("vipd.ipvs.ops", Tags.empty(), syncs.ops());
        exposition.counter("vipd.ipvs.failures", Tags.empty(), syncs.failures());
        exposition.counter("vipd.ipvs.drift", Tags.empty(), syncs.drifts());
        exposition.timer("vipd.ipvs.reconcile", syncs.reconciles(), syncs.reconcileNs());
        exposition.gauge("vipd.ipvs.reconcile.last.seconds", Tags.empty(), syncs.lastReconcileNs() / 1e9);
    }

    private void service(Exposition exposition, Observation seen, IpvsTable.Entry entry) {
        ServiceKey key = entry.service().key();
        traffic(exposition, "vipd.ipvs.service",
                Tags.of("service", names.getOrDefault(key, ""), "key", key.toString()), seen.of(key));
        Tags local = local(key);
        entry.destinations().values().forEach(row ->
                backend(exposition, local, row.at(), row.weight(), seen.of(key, row.at())));
    }

    private static void backend(Exposition exposition, Tags local, Endpoint at, int weight, Load load) {
        Tags tags = local.and(
                "remote_address", Endpoints.text(at.address()), "remote_port", Integer.toString(at.port()));
        exposition.gauge("node.ipvs.backend.connections.active", tags, load.active());
        exposition.gauge("node.ipvs.backend.connections.inactive", tags, load.inactive());
        exposition.gauge("node.ipvs.backend.weight", tags, weight);
    }

    /** A mark is written as in /proc/net/ip_vs, which node_exporter reads; that says nothing of its family. */
    private static Tags local(ServiceKey key) {
        return switch (key) {
            case ServiceKey.At at -> Tags.of(
                    "local_address", Endpoints.text(at.address()), "local_port", Integer.toString(at.port()),
                    "local_mark", "", "proto", at.protocol().name());
            case ServiceKey.Mark mark -> Tags.of(
                    "local_address", "", "local_port", "0",
                    "local_mark", String.format(Locale.ROOT, "%08X", mark.mark()), "proto", "FWM");
        };
    }

    private static void traffic(Exposition exposition, String prefix, Tags tags, Traffic traffic) {
        exposition.counter(prefix + ".connections", tags, traffic.connections());
        exposition.counter(prefix + ".incoming.packets", tags, traffic.inPackets());
        exposition.counter(prefix + ".outgoing.packets", tags, traffic.outPackets());
        exposition.counter(prefix + ".incoming.bytes", tags, traffic.inBytes());
        exposition.counter(prefix + ".outgoing.bytes", tags, traffic.outBytes());
    }
}
