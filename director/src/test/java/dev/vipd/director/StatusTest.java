package dev.vipd.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.director.config.ServiceConfig;
import dev.vipd.director.json.Json;
import dev.vipd.director.metrics.Exposition;
import dev.vipd.director.metrics.ServiceMetrics;
import dev.vipd.healthcheck.pool.Admin;
import dev.vipd.healthcheck.pool.PoolConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
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

    /** Names and labels that dashboards for keepalived know, and what is vipd's own. */
    @Test
    void forPrometheus() {
        StatusSnapshot status = Snapshots.whole();
        String text =
                Exposition.of(status.instances(), status.trackers(), status.strayPackets(), status.loop(),
                        status.hooks(), new ServiceMetrics(status.services().summaries(), status.services().members(),
                                status.checksByService(), status.services().past(), status.startLags()));
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
                "vipd_vrrp_effective_priority{iname=\"VI_2\",intf=\"eth0\",vrid=\"52\"} 140.0")) {
            assertTrue(text.contains("\n" + line + "\n"), () -> line + "\nnot in\n" + text);
        }
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
                s.checks(), s.startLags(), s.observed());
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
                services, s.checks(), s.startLags(), s.observed());
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
