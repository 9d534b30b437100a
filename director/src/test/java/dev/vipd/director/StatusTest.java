package dev.vipd.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.director.config.ServiceConfig;
import dev.vipd.director.json.Json;
import dev.vipd.director.metrics.Exposition;
import dev.vipd.director.metrics.IpvsMetrics;
import dev.vipd.director.metrics.ServiceMetrics;
import dev.vipd.healthcheck.pool.Admin;
import dev.vipd.healthcheck.pool.PoolConfig;
import dev.vipd.ipvs.Destination;
import dev.vipd.ipvs.IpvsTable;
import dev.vipd.ipvs.Observation;
import dev.vipd.ipvs.Scheduling;
import dev.vipd.ipvs.Service;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.Traffic;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Both forms of the status, whole, for a made-up daemon. */
class StatusTest {
    private static String golden(String name) throws IOException {
        try (InputStream in = StatusTest.class.getResourceAsStream("/status/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("@VERSION@", Version.text())
                    .replace("@PID@", String.valueOf(ProcessHandle.current().pid()));
        }
    }

    @Test
    void forPeople() throws IOException {
        assertEquals(golden("status.txt"), StatusText.of(Snapshots.whole()));
    }

    @Test
    void forPrograms() throws IOException {
        assertEquals(golden("status.json"), Json.pretty(StatusJson.of(Snapshots.whole())) + "\n");
    }

    private static final String BACKEND = "{local_address=\"192.0.2.100\",local_mark=\"\",local_port=\"80\","
            + "proto=\"TCP\",remote_address=\"192.0.2.11\",remote_port=\"80\"}";
    private static final Traffic TOTALS = new Traffic(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);

    /** Names and labels that dashboards for keepalived and of node_exporter know, and what is vipd's own. */
    @Test
    void forPrometheus() {
        StatusSnapshot status = Snapshots.whole();
        String text =
                Exposition.of(status.instances(), status.trackers(), status.strayPackets(), status.loop(),
                        status.hooks(), new ServiceMetrics(status.services().summaries(), status.services().members(),
                                status.checksByService(), status.services().past(), status.startLags()),
                        new IpvsMetrics(status.observed(), Optional.of(TOTALS), status.services().desired().names(),
                                status.syncs()));
        for (String line : List.of(
                "keepalived_up 1.0",
                "keepalived_vrrp_state{iname=\"VI_1\",intf=\"eth0\",ip_address=\"192.0.2.100\",vrid=\"51\"} 2.0",
                "vipd_vrrp_state{iname=\"VI_2\",intf=\"eth0\",vrid=\"52\"} 1.0",
                "keepalived_advertisements_sent_total{iname=\"VI_1\",intf=\"eth0\",vrid=\"51\"} 42.0",
                "keepalived_ip_ttl_errors_total{iname=\"VI_1\",intf=\"eth0\",vrid=\"51\"} 3.0",
                "vipd_vrrp_conflict{iname=\"VI_1\",intf=\"eth0\",vrid=\"51\"} 1.0",
                "vipd_hook_ok{hook=\"notify_master\",kind=\"instance\",name=\"VI_1\"} 0.0",
                "vipd_hook_skipped_total{hook=\"notify_master\",kind=\"instance\",name=\"VI_1\"} 2.0",
                "vipd_service_up{service=\"web\"} 1.0",
                "vipd_real_server_up{server=\"192.0.2.12:80\",service=\"web\"} 0.0",
                "vipd_real_server_weight{server=\"192.0.2.11:80\",service=\"web\"} 1.0",
                "vipd_check_probes_total{result=\"passed\",service=\"web\"} 3.0",
                "vipd_check_duration_seconds_bucket{service=\"web\",le=\"0.001\"} 0",
                "vipd_check_duration_seconds_bucket{service=\"web\",le=\"0.0025\"} 3",
                "vipd_check_duration_seconds_bucket{service=\"web\",le=\"+Inf\"} 3",
                "vipd_check_start_lag_seconds_bucket{le=\"0.01\"} 13",
                "vipd_loop_lag_seconds_bucket{le=\"+Inf\"} 8",
                "node_ipvs_connections_total 1.0",
                "node_ipvs_incoming_packets_total 2.0",
                "node_ipvs_outgoing_packets_total 3.0",
                "node_ipvs_incoming_bytes_total 4.0",
                "node_ipvs_outgoing_bytes_total 5.0",
                "node_ipvs_backend_connections_active" + BACKEND + " 12.0",
                "node_ipvs_backend_connections_inactive" + BACKEND + " 3.0",
                "node_ipvs_backend_weight" + BACKEND + " 1.0",
                "vipd_ipvs_service_incoming_bytes_total{key=\"tcp:192.0.2.100:80\",service=\"web\"} 4000.0",
                "vipd_ipvs_service_connections_total{key=\"tcp:192.0.2.100:443\",service=\"\"} 0.0",
                "vipd_ipvs_readable 1.0",
                "vipd_ipvs_syncs_total 4.0",
                "vipd_ipvs_ops_total 30.0",
                "vipd_ipvs_failures_total 2.0",
                "vipd_ipvs_drift_total 1.0",
                "vipd_ipvs_reconcile_seconds_count 3",
                "vipd_ipvs_reconcile_seconds_sum 0.0125",
                "vipd_ipvs_reconcile_last_seconds 0.0025",
                "vipd_vrrp_effective_priority{iname=\"VI_2\",intf=\"eth0\",vrid=\"52\"} 140.0")) {
            assertTrue(text.contains("\n" + line + "\n"), () -> line + "\nnot in\n" + text);
        }
    }

    /** Where node_exporter reads the rows they are in hexadecimal, and so is the mark. */
    @Test
    void rowsOfEveryKindHaveTheLabelsOfNodeExporter() {
        ServiceKey mark = new ServiceKey.Mark(0xfa10, true);
        ServiceKey sctp = ServiceKey.of(ServiceKey.Protocol.SCTP, InetAddress.ofLiteral("2001:db8::1"), 2905);
        Destination row = Destination.of(Samples.RS1, sctp);
        IpvsTable table = new IpvsTable(List.of(
                IpvsTable.Entry.of(Service.of(mark, Scheduling.of("rr", true)), List.of(row)),
                IpvsTable.Entry.of(Service.of(sctp, Scheduling.of("rr", true)), List.of(row))));
        StatusSnapshot s = Snapshots.empty();
        String text = Exposition.of(s.instances(), s.trackers(), s.strayPackets(), s.loop(), s.hooks(),
                new ServiceMetrics(List.of(), Map.of(), Map.of(), Map.of(), s.startLags()),
                new IpvsMetrics(Optional.of(new Observation(table, Map.of(), Map.of(), 0)), Optional.empty(),
                        Map.of(mark, "web"), s.syncs()));
        String remote = "remote_address=\"192.0.2.11\",remote_port=\"2905\"";
        assertTrue(text.contains("node_ipvs_backend_weight{local_address=\"\",local_mark=\"0000FA10\",local_port=\"0\","
                + "proto=\"FWM\"," + remote + "} 1.0\n"), text);
        assertTrue(text.contains("node_ipvs_backend_weight{local_address=\"2001:db8::1\",local_mark=\"\","
                + "local_port=\"2905\",proto=\"SCTP\"," + remote + "} 1.0\n"), text);
        assertFalse(text.contains("node_ipvs_connections_total"), text);
    }

    @Test
    void aCheckThatRealServersShareIsCountedOnce() {
        PoolConfig web = Snapshots.WEB.pool();
        List<PoolConfig.Member> members = web.members().stream()
                .map(member -> new PoolConfig.Member(member.id(), 1, List.of(Samples.tcp(Samples.RS1))))
                .toList();
        PoolConfig shared = new PoolConfig("web", members, List.of(), 1, 0, false, 0, 0);
        StatusSnapshot s = Snapshots.whole();
        StatusSnapshot status = new StatusSnapshot(
                Samples.config(List.of(), List.of(new ServiceConfig(Snapshots.WEB.server(), shared, 0))), s.file(),
                s.nowNs(), s.instances(), s.trackers(), s.strayPackets(), s.loop(), s.hooks(), s.services(),
                s.checks(), s.startLags(), s.observed(), s.info(), s.syncs());
        assertEquals(2, shared.members().size());
        assertEquals(1, status.checksByService().get("web").size());
    }

    @Test
    void aDrainSaysWhatIsLeft() {
        ServerOrders.Server one = new ServerOrders.Server("web", "192.0.2.11:80");
        Drains.Progress drain = new Drains.Progress(one, false, Snapshots.NOW - 1, OptionalLong.of(12),
                OptionalLong.of(Snapshots.NOW + 260 * Samples.SECOND));
        HealthBoard board = new HealthBoard();
        board.configure(List.of(Snapshots.WEB.pool()), Map.of("web", Map.of(
                one.address(), Admin.DRAIN, "192.0.2.12:80", Admin.DRAINED)), Snapshots.NOW);
        board.settle(Snapshots.NOW);
        StatusSnapshot s = Snapshots.whole();
        Services.View services = new Services.View(
                s.services().desired(), board.summaries(), Map.of("web", board.members("web", Snapshots.NOW)),
                Map.of(), Map.of(one, drain));
        StatusSnapshot status = new StatusSnapshot(
                s.config(), s.file(), s.nowNs(), s.instances(), s.trackers(), s.strayPackets(), s.loop(), s.hooks(),
                services, s.checks(), s.startLags(), s.observed(), s.info(), s.syncs());
        String text = StatusText.of(status).replaceAll(" +", " ");
        assertTrue(text.contains("\n -> 192.0.2.11:80 weight 0 DRAIN 0.0s operator, 12 connections left, out in 4m20s"
                + " at the latest; its checks: tcp: passed\n"), text);
        assertTrue(text.contains("\n -> 192.0.2.12:80 weight 3 DRAINED 0.0s operator; its checks: "), text);
        String json = Json.compact(StatusJson.of(status));
        assertTrue(json.contains("\"drain\":{\"connections_left\":12,\"out_within_s\":260.0}"), json);
    }

    @Test
    void withoutTheKernelsTable() {
        String text = StatusText.of(Snapshots.withoutKernel());
        assertTrue(text.endsWith("\nKERNEL TABLE  can't be reached; the log says why (ipvs.unavailable)\n"), text);
        String json = Json.compact(StatusJson.of(Snapshots.withoutKernel()));
        assertTrue(json.endsWith("\"ipvs\":{\"available\":false,\"foreign_services\":0,\"services\":[]}}"), json);
    }

    @Test
    void nothingConfiguredIsOneLine() {
        assertEquals(1, StatusText.of(Snapshots.empty()).lines().count());
    }
}
