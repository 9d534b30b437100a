package dev.vipd.director;

import static dev.vipd.director.Samples.RS1;
import static dev.vipd.director.Samples.RS2;
import static dev.vipd.director.Samples.SECOND;
import static dev.vipd.director.Samples.ip;

import dev.vipd.director.config.ServiceConfig;
import dev.vipd.director.config.VipdConfig;
import dev.vipd.director.hooks.HookEvent;
import dev.vipd.director.hooks.HookState;
import dev.vipd.director.hooks.HookStatus;
import dev.vipd.healthcheck.Advice;
import dev.vipd.healthcheck.CheckOutcome;
import dev.vipd.healthcheck.HealthState;
import dev.vipd.healthcheck.HealthTransition;
import dev.vipd.healthcheck.ProbeStats;
import dev.vipd.healthcheck.Verdict;
import dev.vipd.healthcheck.probe.CheckStatus;
import dev.vipd.healthcheck.probe.HealthChecker;
import dev.vipd.ipvs.DesiredTable;
import dev.vipd.ipvs.Endpoint;
import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.IpvsTable;
import dev.vipd.ipvs.Observation;
import dev.vipd.ipvs.Service;
import dev.vipd.ipvs.Traffic;
import dev.vipd.ipvs.kernel.IpvsInfo;
import dev.vipd.ipvs.sync.SyncStats;
import dev.vipd.vrrp.Conflict;
import dev.vipd.vrrp.FaultReason;
import dev.vipd.vrrp.StateReason;
import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.TrackerReading;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VirtualRouterStatus;
import dev.vipd.vrrp.VrrpState;
import dev.vipd.vrrp.VrrpStats;
import dev.vipd.vrrp.io.LoopStatus;
import dev.vipd.vrrp.io.TrackerStatus;
import dev.vipd.vrrp.wire.AdvertRejection;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** A made-up daemon: master of one virtual router, backup of another with a fault, one real server down. */
final class Snapshots {
    static final long NOW = 1_000_000 * SECOND;
    static final ServiceConfig WEB = Samples.service("web", 80, RS1, RS2);
    private static final VipdConfig CONFIG = Samples.config(
            List.of(Samples.instance("VI_1", 51, 100), Samples.instance("VI_2", 52, 150)), List.of(WEB));

    static final LoopStatus LOOP = new LoopStatus(
            10,
            List.of(new LoopStatus.Bucket(50_000, 0), new LoopStatus.Bucket(100_000, 7),
                    new LoopStatus.Bucket(Long.MAX_VALUE, 1)),
            1_234_500_000, 1_500_000, 2, 600_000);

    private static final List<HookStatus> HOOKS = List.of(
            new HookStatus(HookEvent.Kind.INSTANCE, "VI_1", "notify_master", HookState.MASTER, HookStatus.Phase.FAILED,
                    NOW - 83 * SECOND, 412, "exit 1", "no route to the API", 1, 2),
            new HookStatus(HookEvent.Kind.INSTANCE, "VI_2", "webhook", HookState.BACKUP, HookStatus.Phase.OK,
                    NOW - 7_260 * SECOND, 12, "HTTP 204", "", 0, 0));

    private Snapshots() {}

    private static VirtualRouterStatus router(
            VirtualRouterConfig config, VrrpState state, long agoNs, StateReason.Cause why, List<FaultReason> faults,
            int priority, VirtualRouterStatus.Peer master, Conflict conflict) {
        VrrpStats stats = new VrrpStats(
                1, Optional.empty(), 7, 42, 0, 1, 0, Map.of(), Map.of(AdvertRejection.TTL, 3L), Map.of(),
                Optional.empty(), Optional.empty(), 0, 1, 0, 0);
        return new VirtualRouterStatus(
                config, state, NOW - agoNs, new StateReason(why, Optional.empty()), faults, List.of(), false, priority,
                Optional.of(ip("192.0.2.1")), Optional.ofNullable(master), SECOND, 3_609_375_000L, 609_375_000L,
                Stream.ofNullable(conflict).toList(), Optional.empty(), false,
                conflict == null ? List.of() : List.of(config.addresses().getLast()), 1,
                Optional.empty(), OptionalLong.of(NOW - agoNs), NOW - agoNs, stats);
    }

    /** VI_1 is master, in conflict with another, and lacks an address; VI_2 is backup, its priority lowered. */
    static List<VirtualRouterStatus> routers() {
        VirtualRouterStatus.Peer self = new VirtualRouterStatus.Peer(ip("192.0.2.1"), 100, SECOND);
        Conflict other = new Conflict(
                Conflict.Kind.MASTER, Optional.of(ip("192.0.2.2")), OptionalInt.of(90), NOW - 2 * SECOND, "");
        return List.of(
                router(CONFIG.instances().get(0), VrrpState.MASTER, 83_500_000_000L, StateReason.Cause.MASTER_DOWN,
                        List.of(), 100, self, other),
                router(CONFIG.instances().get(1), VrrpState.BACKUP, 7_260 * SECOND, StateReason.Cause.STARTUP,
                        List.of(), 140, null, null));
    }

    static StatusSnapshot whole() {
        ProbeStats stats = new ProbeStats();
        stats.count(new CheckOutcome.Passed(2_000_000));
        CheckStatus bad = new CheckStatus(
                Samples.tcp(RS2), new Verdict(HealthState.DOWN, Advice.NONE, "connect refused"), NOW - 5 * SECOND,
                Optional.of(new CheckOutcome.Failed("connect refused", 1_500_000)), NOW - SECOND, 0, 4, 20 * SECOND,
                List.of(new HealthTransition(HealthState.UP, HealthState.DOWN, "connect refused", NOW - 5 * SECOND)),
                stats.counts());
        CheckStatus good = new CheckStatus(
                Samples.tcp(RS1), new Verdict(HealthState.UP, Advice.NONE, "not checked yet"), NOW - 200_000 * SECOND,
                Optional.of(new CheckOutcome.Passed(2_000_000)), NOW - SECOND, 9, 0, 0, List.of(), stats.counts());
        HealthBoard board = new HealthBoard();
        board.configure(List.of(WEB.pool()), Map.of(), NOW - 200_000 * SECOND);
        board.on(bad.check(), bad.verdict(), NOW - 5 * SECOND);
        board.settle(NOW - 5 * SECOND);
        DesiredTable desired = DesiredTable.of(List.of(WEB.server()), board::shares);
        Services.View services = new Services.View(
                desired, board.summaries(), Map.of("web", board.members("web", NOW)), Map.of("web", stats.counts()),
                drains());
        Service foreign = Samples.kernelService("other", 443);
        IpvsTable table = desired.table().with(List.of(new IpvsOp.AddService(foreign)));
        Observation.DestinationId row = new Observation.DestinationId(
                WEB.server().keys().getFirst(), new Endpoint(RS1.address(), RS1.port()));
        Observation observed = new Observation(
                table, Map.of(WEB.server().keys().getFirst(), new Traffic(3, 18, 12, 4000, 852, 0, 0, 0, 0, 0)),
                Map.of(row, new Observation.Load(12, 3, 0, Traffic.NONE)), 2);
        List<TrackerStatus> trackers = List.of(
                new TrackerStatus(TrackerId.networkInterface("eth0"), TrackerReading.UP, NOW - 600 * SECOND, "up"),
                new TrackerStatus(
                        TrackerId.script("chk"), TrackerReading.DOWN, NOW - SECOND / 4, "exited with status 1"));
        return new StatusSnapshot(
                CONFIG, Path.of("/etc/vipd/vipd.yaml"), NOW, routers(), trackers,
                Map.of(AdvertRejection.VRID, 3L, AdvertRejection.TTL, 1L), LOOP, HOOKS, services, List.of(bad, good),
                new HealthChecker.StartLags(List.of(5_000_000L, 10_000_000L), List.of(12L, 1L, 0L)),
                Optional.of(observed), Optional.of(new IpvsInfo("1.2.1", 4096)),
                new SyncStats(4, 30, 2, 1, 3, 12_500_000, 2_500_000));
    }

    private static Map<ServerOrders.Server, Drains.Progress> drains() {
        ServerOrders.Server left = new ServerOrders.Server("web", "192.0.2.13:80");
        ServerOrders.Server other = new ServerOrders.Server("api", "192.0.2.13:80");
        return Map.of(
                left, new Drains.Progress(
                        left, true, NOW - 40 * SECOND, OptionalLong.of(3), OptionalLong.of(NOW + 260 * SECOND)),
                other, new Drains.Progress(
                        other, true, NOW - 9 * SECOND, OptionalLong.empty(), OptionalLong.empty()));
    }

    /** With services, but without a look at the kernel's table. */
    static StatusSnapshot withoutKernel() {
        StatusSnapshot s = whole();
        return new StatusSnapshot(
                s.config(), s.file(), s.nowNs(), s.instances(), s.trackers(), s.strayPackets(), s.loop(), s.hooks(),
                s.services(), s.checks(), s.startLags(), Optional.empty(), Optional.empty(), s.syncs());
    }

    /** Nothing configured. */
    static StatusSnapshot empty() {
        return new StatusSnapshot(
                Samples.config(List.of(), List.of()), Path.of("/etc/vipd/vipd.yaml"), NOW, List.of(), List.of(),
                Map.of(), LOOP, List.of(), Services.View.EMPTY, List.of(),
                new HealthChecker.StartLags(List.of(), List.of(0L)), Optional.empty(), Optional.empty(),
                SyncStats.NONE);
    }
}
