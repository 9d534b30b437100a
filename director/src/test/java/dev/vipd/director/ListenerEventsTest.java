package dev.vipd.director;

import static dev.vipd.director.Samples.ip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.director.events.Event;
import dev.vipd.director.events.EventFormat;
import dev.vipd.director.events.EventId;
import dev.vipd.director.events.EventLog;
import dev.vipd.healthcheck.Advice;
import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckOutcome;
import dev.vipd.healthcheck.HealthState;
import dev.vipd.healthcheck.Verdict;
import dev.vipd.healthcheck.pool.MemberState;
import dev.vipd.healthcheck.pool.PoolChange;
import dev.vipd.healthcheck.pool.PoolConfig;
import dev.vipd.ipvs.Destination;
import dev.vipd.ipvs.Drift;
import dev.vipd.ipvs.Endpoint;
import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.Service;
import dev.vipd.netlink.NetlinkException;
import dev.vipd.netlink.route.IpPrefix;
import dev.vipd.netlink.route.Route;
import dev.vipd.netlink.sys.Errno;
import dev.vipd.vrrp.AdvertMismatch;
import dev.vipd.vrrp.Conflict;
import dev.vipd.vrrp.FaultReason;
import dev.vipd.vrrp.HandoverGoal;
import dev.vipd.vrrp.Holding;
import dev.vipd.vrrp.StateReason;
import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRoute;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VrrpEffect;
import dev.vipd.vrrp.VrrpReport;
import dev.vipd.vrrp.VrrpState;
import dev.vipd.vrrp.io.VrrpListener;
import dev.vipd.vrrp.wire.AdvertRejection;
import dev.vipd.vrrp.wire.Advertisement;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the three listeners write, down to the order of the keys. */
class ListenerEventsTest {
    private static final VirtualRouterConfig VI_1 = Samples.instance("VI_1", 51, 100);
    private static final VirtualAddress VIP = VI_1.addresses().getFirst();
    private static final Advertisement ADVERT =
            new Advertisement(3, 51, 100, Samples.SECOND, List.of(ip("192.0.2.100")));
    private static final String DIGEST = AdvertDigest.of(ADVERT, ip("192.0.2.1"));

    /** The part of the lines behind {@code mono}, with the level before it; the text for people is left out. */
    private static List<String> lines(Consumer<EventLog> source) {
        List<Event> events = events(source);
        events.forEach(event -> assertEquals(
                event.id().keys(), event.fields().stream().map(Event.Field::key).toList(), event.id().id()));
        EventFormat format = new EventFormat("n", "b");
        return events.stream()
                .map(event -> event.level() + " " + event.id()
                        + format.line(event).replaceFirst(" \\| .*", "").replaceFirst(".* mono=\\S+", ""))
                .toList();
    }

    private static List<Event> events(Consumer<EventLog> source) {
        List<Event> events = new ArrayList<>();
        try (EventLog log = EventLog.open("n", new ByteArrayOutputStream())) {
            log.subscribe(events::add);
            source.accept(log);
        }
        return events; // the writer is joined by close
    }

    private static List<String> vrrp(Consumer<VrrpListener> calls) {
        return lines(log -> calls.accept(new VrrpEvents(log, (instance, report) -> {}, cause -> {})));
    }

    @Test
    void reportsOfARouter() {
        FaultReason eth0 = new FaultReason(FaultReason.Kind.INTERFACE, "eth0");
        StateReason fault = new StateReason(StateReason.Cause.FAULT, Optional.of(eth0));
        Conflict conflict = new Conflict(
                Conflict.Kind.MASTER, Optional.of(ip("192.0.2.2")), OptionalInt.of(90), 0, "");
        StateReason startup = new StateReason(StateReason.Cause.STARTUP, Optional.empty());
        List<VrrpReport> reports = List.of(
                new VrrpReport.StateChanged(VrrpState.INIT, VrrpState.BACKUP, startup, 100, 0),
                new VrrpReport.StateChanged(VrrpState.BACKUP, VrrpState.FAULT, fault, 100, 0),
                new VrrpReport.PriorityChanged(100, 90, "script:chk"),
                new VrrpReport.ConflictBegun(conflict),
                new VrrpReport.ConflictEnded(conflict),
                new VrrpReport.HandoverBegun(HandoverGoal.STOP),
                new VrrpReport.HandoverEnded(HandoverGoal.STOP, Optional.empty(), 210_000_000),
                new VrrpReport.Rejected(AdvertRejection.TTL, Optional.empty(), "TTL 1", 4),
                new VrrpReport.Mismatch(AdvertMismatch.INTERVAL, ip("192.0.2.2"), "2 s", 0),
                new VrrpReport.AdvertHeard(ADVERT, ip("192.0.2.1"), VrrpReport.Note.CHANGE),
                new VrrpReport.HoldingFailed(VIP, "EPERM"),
                new VrrpReport.HoldingRestored(VIP));
        assertEquals(
                List.of(
                        "INFO vrrp.state inst=VI_1 vrid=51 af=4 if=eth0 from=INIT to=BACKUP"
                                + " why=startup prio=100 term=0",
                        "WARN vrrp.state inst=VI_1 vrid=51 af=4 if=eth0 from=BACKUP to=FAULT"
                                + " why=fault:interface:eth0 prio=100 term=0",
                        "INFO vrrp.priority inst=VI_1 from=100 to=90 why=script:chk",
                        "WARN vrrp.conflict inst=VI_1 kind=master peer=192.0.2.2 prio=90",
                        "INFO vrrp.conflict_end inst=VI_1 kind=master peer=192.0.2.2 prio=90",
                        "INFO vrrp.handover inst=VI_1 goal=stop",
                        "INFO vrrp.handover_end inst=VI_1 goal=stop peer=- took_ms=210",
                        "WARN vrrp.rejected if=eth0 inst=VI_1 src=- why=ttl suppressed=4",
                        "WARN vrrp.mismatch inst=VI_1 src=192.0.2.2 why=interval suppressed=0",
                        "INFO vrrp.advert_rx inst=VI_1 src=192.0.2.1 prio=100 int_cs=100 why=change hash=" + DIGEST,
                        "ERROR vrrp.vip_failed inst=VI_1 vip=192.0.2.100/24 dev=eth0 op=add why=EPERM",
                        "WARN vrrp.vip_restored inst=VI_1 vip=192.0.2.100/24 dev=eth0"),
                vrrp(listener -> reports.forEach(report -> listener.report(VI_1, report))));
    }

    @Test
    void anAdvertThatWasSent() {
        VrrpReport.AdvertSent sent = new VrrpReport.AdvertSent(
                ADVERT, ip("192.0.2.1"), List.of(ip("192.0.2.2"), ip("192.0.2.3")), VrrpReport.Note.FIRST);
        assertEquals(
                List.of("INFO vrrp.advert_tx inst=VI_1 src=192.0.2.1 dst=192.0.2.2,192.0.2.3 prio=100 int_cs=100"
                        + " why=first hash=" + DIGEST),
                vrrp(listener -> listener.advertSent(VI_1, sent, System.nanoTime())));
    }

    @Test
    void addressesAndAnnouncements() {
        assertEquals(
                List.of(
                        "INFO vrrp.vip_add inst=VI_1 vip=192.0.2.100/24 dev=eth0 ack_us=12",
                        "INFO vrrp.vip_del inst=VI_1 vip=192.0.2.100/24 dev=eth0 ack_us=12",
                        "INFO vrrp.vip_seen inst=VI_1 vip=192.0.2.100/24 dev=eth0",
                        "INFO vrrp.vip_gone inst=VI_1 vip=192.0.2.100/24 dev=eth0",
                        "ERROR vrrp.vip_failed inst=VI_1 vip=192.0.2.100/24 dev=eth0 op=delete why=\"no way\"",
                        "INFO vrrp.announce inst=VI_1 vip=192.0.2.100/24 dev=eth0 n=5 round=second"),
                vrrp(listener -> {
                    for (VrrpListener.AddressChange change : VrrpListener.AddressChange.values()) {
                        listener.address(VI_1, change, VIP, "eth0", 12_345);
                    }
                    listener.deleteFailed(VI_1, VIP, "no way");
                    listener.announced(VI_1, VIP, 5, VrrpEffect.Announce.Round.SECOND);
                }));
    }

    @Test
    void routesAndTheHost() {
        Holding route = new VirtualRoute(
                new Route(Route.Type.BLACKHOLE, IpPrefix.host(ip("198.51.100.1")), Optional.empty(), 0,
                        Route.TABLE_MAIN, 0, 0, Route.RTPROT_VIPD, Optional.empty(), Map.of(), List.of()),
                List.of(), false);
        assertEquals(
                List.of(
                        "INFO vrrp.route_add inst=VI_1 kind=route item=ROUTE ack_us=12",
                        "INFO vrrp.route_del inst=VI_1 kind=route item=ROUTE ack_us=12",
                        "ERROR vrrp.route_failed inst=VI_1 kind=route item=ROUTE op=delete why=EPERM",
                        "WARN vrrp.route_restored inst=VI_1 kind=route item=ROUTE",
                        "ERROR vrrp.host_trouble what=\"set arp_ignore\" why=EROFS"),
                vrrp(listener -> {
                    listener.routed(VI_1, true, route, 12_345);
                    listener.routed(VI_1, false, route, 12_345);
                    listener.deleteFailed(VI_1, route, "EPERM");
                    listener.report(VI_1, new VrrpReport.HoldingRestored(route));
                    listener.hostTrouble("set arp_ignore", "EROFS");
                }).stream().map(line -> line.replace("\"" + route + "\"", "ROUTE")).toList());
    }

    @Test
    void theLoopItself() {
        assertEquals(
                List.of(
                        "ERROR vrrp.send_failed inst=VI_1 why=\"no socket\"",
                        "WARN vrrp.rejected if=eth0 inst=- src=192.0.2.7 why=vrid suppressed=3",
                        "INFO track.up kind=interface name=eth1 why=up",
                        "WARN track.down kind=script name=chk why=timed_out",
                        "WARN track.trouble kind=script name=chk why=gone",
                        "INFO dry_run what=\"add it\"",
                        "WARN daemon.stall thread=vrrp late_ms=700 limit_ms=500",
                        "WARN daemon.realtime thread=vrrp prio=10 why=EPERM",
                        "WARN daemon.pauses inst=VI_1 pause_us=150000 int_ms=1000",
                        "INFO daemon.heartbeat states=- owned=- lag_us=1500 stalls=2",
                        "INFO daemon.heartbeat states=VI_1:MASTER,VI_2:BACKUP owned=192.0.2.100/24,192.0.2.101/24"
                                + " lag_us=1500 stalls=2"),
                vrrp(listener -> {
                    listener.sendFailed(VI_1, "no socket");
                    listener.strayPacket("eth0", "vrid", "192.0.2.7", "VRID 9", 3);
                    listener.tracker("interface", "eth1", true, "up");
                    listener.tracker("script", "chk", false, "timed_out");
                    listener.trackerTrouble(TrackerId.script("chk"), "gone");
                    listener.dryRun("add it");
                    listener.stall(700_000_000, 500_000_000);
                    listener.realTimeRefused(10, "EPERM");
                    listener.pauses(VI_1, 150_000_000);
                    listener.loop(Snapshots.LOOP);
                    listener.heartbeat(Map.of(), List.of());
                    Map<String, VrrpState> states = new TreeMap<>(
                            Map.of("VI_1", VrrpState.MASTER, "VI_2", VrrpState.BACKUP));
                    listener.heartbeat(states, VI_1.addresses());
                }));
    }

    @Test
    void aFailureGoesToTheDirector() {
        List<Throwable> failures = new ArrayList<>();
        IllegalStateException broken = new IllegalStateException("broken");
        assertEquals(List.of(), events(log -> new VrrpEvents(
                log, (instance, report) -> {}, failures::add).failed(broken)));
        assertEquals(List.of(), events(log -> new IpvsEvents(log, false, failures::add).onFailed(broken)));
        assertEquals(List.of(broken, broken), failures);
    }

    @Test
    void checksTellOfEveryServerThatListsThem() {
        CheckConfig tcp = Samples.tcp(Samples.RS1);
        List<PoolConfig> pools = List.of(
                Samples.service("web", 80, Samples.RS1).pool(), Samples.service("api", 81, Samples.RS1).pool());
        String told = "check=tcp target=192.0.2.11:80 ok=";
        assertEquals(
                List.of(
                        "INFO check.result vs=web rs=192.0.2.11:80 " + told + "true why=passed ms=3",
                        "INFO check.result vs=api rs=192.0.2.11:80 " + told + "true why=passed ms=3",
                        "WARN check.result vs=web rs=192.0.2.11:80 " + told + "false why=\"connect refused\" ms=7",
                        "WARN check.result vs=api rs=192.0.2.11:80 " + told + "false why=\"connect refused\" ms=7"),
                lines(log -> {
                    HealthEvents health = new HealthEvents(log, () -> {});
                    health.onResult(tcp, new CheckOutcome.Passed(1)); // not configured: nobody's
                    health.configure(pools);
                    health.onResult(tcp, new CheckOutcome.Passed(3_900_000));
                    health.onResult(tcp, new CheckOutcome.Failed("connect refused", 7_000_000));
                }));
    }

    @Test
    void verdictsWaitInOrderAndTheDirectorIsWokenOnce() {
        List<String> woken = new ArrayList<>();
        CheckConfig tcp = Samples.tcp(Samples.RS1);
        lines(log -> {
            HealthEvents health = new HealthEvents(log, () -> woken.add("woken"));
            for (HealthState state : List.of(HealthState.DOWN, HealthState.UP)) {
                health.onVerdict(tcp, new Verdict(state, Advice.NONE, "why"), new CheckOutcome.Passed(1), 7);
            }
            assertEquals(1, woken.size());
            assertEquals(HealthState.DOWN, health.next().verdict().state());
            assertEquals(HealthState.UP, health.next().verdict().state());
            assertNull(health.next());
            health.onVerdict(tcp, new Verdict(HealthState.DOWN, Advice.NONE, "why"), new CheckOutcome.Passed(1), 8);
            assertEquals(2, woken.size());
        });
    }

    @Test
    void services() {
        assertEquals(
                List.of(
                        "WARN check.state vs=web rs=192.0.2.11:80 from=UP to=DOWN why=\"tcp: connect refused\"",
                        "WARN server.state vs=web rs=192.0.2.11:80 from=UP to=DRAIN why=operator",
                        "INFO server.state vs=web rs=192.0.2.11:80 from=DRAIN to=UP why=\"tcp: passed\"",
                        "WARN service.quorum vs=web state=down live=0 need=1",
                        "ERROR service.panic vs=web active=true down=2 of=3 kept=2",
                        "INFO service.panic vs=web active=false down=1 of=3 kept=0",
                        "WARN service.sorry vs=web rs=192.0.2.9:80 active=true"),
                lines(log -> {
                    ServiceEvents events = new ServiceEvents(log);
                    String rs1 = "192.0.2.11:80";
                    events.note(new PoolChange.HealthChanged(
                            "web", rs1, HealthState.UP, HealthState.DOWN, "tcp: connect refused", 5));
                    events.note(new PoolChange.MemberChanged("web", rs1, MemberState.UP, MemberState.DOWN, "x"));
                    events.note(new PoolChange.MemberChanged(
                            "web", rs1, MemberState.UP, MemberState.DRAIN, "operator"));
                    events.note(new PoolChange.MemberChanged(
                            "web", rs1, MemberState.DRAIN, MemberState.UP, "tcp: passed"));
                    events.note(new PoolChange.QuorumChanged("web", false, 0, 1));
                    events.note(new PoolChange.PanicChanged("web", true, 2, 3, 2));
                    events.note(new PoolChange.PanicChanged("web", false, 1, 3, 0));
                    events.note(new PoolChange.SorryChanged("web", "192.0.2.9:80", true));
                }));
    }

    private static IpvsEvents reconciler(EventLog log, boolean dryRun) {
        return new IpvsEvents(log, dryRun, cause -> {});
    }

    private static List<IpvsOp> operations() {
        Service service = Samples.kernelService("web", 80);
        Destination destination = Destination.of(Samples.RS2, service.key());
        return List.of(
                new IpvsOp.AddService(service), new IpvsOp.EditService(service),
                new IpvsOp.DeleteService(service.key()), new IpvsOp.AddDestination(service.key(), destination),
                new IpvsOp.EditDestination(service.key(), destination.withWeight(0)),
                new IpvsOp.DeleteDestination(service.key(), destination.at()));
    }

    @Test
    void operationsOnTheTable() {
        assertEquals(
                List.of(
                        "INFO ipvs.op op=add_service vs=web rs=- weight=- why=start ack_us=5",
                        "INFO ipvs.op op=edit_service vs=web rs=- weight=- why=start ack_us=5",
                        "INFO ipvs.op op=del_service vs=web rs=- weight=- why=start ack_us=5",
                        "INFO ipvs.op op=add_dest vs=web rs=192.0.2.12:80 weight=3 why=start ack_us=5",
                        "INFO ipvs.op op=edit_dest vs=web rs=192.0.2.12:80 weight=0 why=start ack_us=5",
                        "INFO ipvs.op op=del_dest vs=web rs=192.0.2.12:80 weight=- why=start ack_us=5"),
                lines(log -> operations().forEach(op -> reconciler(log, false).onOp("web", op, "start", 5_000))));
        assertEquals(
                List.of("INFO dry_run what=\"Adding VS tcp:192.0.2.100:80\""),
                lines(log -> reconciler(log, true).onOp("web", operations().getFirst(), "start", 5_000)));
        assertEquals(List.of(), lines(log -> reconciler(log, true).onSync(1, 0, 9_999, "start")),
                "nothing was brought up to date");
    }

    @Test
    void theRestOfTheReconciler() {
        Drift gone = new Drift(operations().getFirst().key(), Optional.empty(), "absent", "wlc",
                new Drift.Loss(3, 0));
        Drift row = new Drift(
                operations().getFirst().key(), Optional.of(new Endpoint(ip("192.0.2.12"), 80)), "weight 9", "weight 3",
                Drift.Loss.NONE);
        assertEquals(
                List.of(
                        "ERROR ipvs.op_failed op=add_dest vs=web rs=192.0.2.12:80 weight=3"
                                + " why=\"add destination: ENOENT: no such entry\"",
                        "WARN ipvs.drift vs=web rs=- found=absent want=wlc lost_servers=3 lost_conns=0",
                        "WARN ipvs.drift vs=web rs=192.0.2.12:80 found=\"weight 9\" want=\"weight 3\""
                                + " lost_servers=0 lost_conns=0",
                        "INFO ipvs.sync ops=1 failed=0 took_us=9 why=check",
                        "WARN ipvs.sync ops=2 failed=1 took_us=9 why=check",
                        "INFO ipvs.setting key=timeouts from=\"tcp=900\" to=\"tcp=60\" why=config",
                        "WARN ipvs.setting key=sync_daemon.master from=off to=\"eth0 id 51\" why=drift",
                        "ERROR ipvs.setting_failed key=sysctl.drop_entry to=4 why=EINVAL",
                        "WARN ipvs.fallback vs=web key=tcp:192.0.2.100:80 wanted=mh taken=wlc",
                        "WARN ipvs.memory why=\"can't keep that\"",
                        "ERROR ipvs.unavailable why=EPERM",
                        "INFO ipvs.available why=recovered"),
                lines(log -> {
                    IpvsEvents ipvs = reconciler(log, false);
                    ipvs.onOpFailed("web", operations().get(3),
                            new NetlinkException("add destination", Errno.ENOENT, ""));
                    ipvs.onDrift("web", gone);
                    ipvs.onDrift("web", row);
                    ipvs.onSync(1, 0, 9_999, "check");
                    ipvs.onSync(2, 1, 9_999, "check");
                    ipvs.onSetting("timeouts", "tcp=900", "tcp=60", "config");
                    ipvs.onSetting("sync_daemon.master", "off", "eth0 id 51", "drift");
                    ipvs.onSettingFailed("sysctl.drop_entry", "4", "EINVAL");
                    ipvs.onFallback("web", operations().getFirst().key(), "mh", "wlc");
                    ipvs.memoryTrouble("can't keep that");
                    ipvs.onUnavailable("EPERM");
                    ipvs.onAvailable();
                }));
    }

    /** Nothing of the listeners' is left out above: the ids that no test here names belong to others. */
    @Test
    void everyEventOfTheListenersIsTestedHere() throws Exception {
        Set<EventId> others = EnumSet.of(
                EventId.DAEMON_START, EventId.DAEMON_READY, EventId.DAEMON_STOP, EventId.CONFIG_LOADED,
                EventId.CONFIG_REJECTED, EventId.CONFIG_APPLIED, EventId.SERVICE_QUORUM, EventId.SERVICE_SORRY,
                EventId.HOOK_RUN, EventId.HOOK_DONE, EventId.HOOK_FAILED, EventId.HOOK_SKIPPED,
                EventId.SERVER_DRAINED,
                EventId.CONTROL_COMMAND, EventId.LOG_OVERFLOW, EventId.LOG_OTHER);
        others.add(EventId.DAEMON_CLOCK_STEP); // takes the setting of the wall clock
        String own = java.nio.file.Files.readString(java.nio.file.Path.of(
                System.getProperty("basedir", ""), "src/test/java/dev/vipd/director/ListenerEventsTest.java"));
        Set<String> missing = Arrays.stream(EventId.values())
                .filter(id -> !others.contains(id))
                .map(EventId::id)
                .filter(id -> !own.contains(" " + id + " "))
                .collect(Collectors.toCollection(HashSet::new));
        assertTrue(missing.isEmpty(), missing::toString);
    }
}
