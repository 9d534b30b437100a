package dev.vipd.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.director.Drains.Ended;
import dev.vipd.director.Drains.Seen;
import dev.vipd.director.Drains.Why;
import dev.vipd.director.ServerOrders.Server;
import dev.vipd.director.config.ServiceConfig;
import dev.vipd.healthcheck.pool.PoolConfig;
import dev.vipd.ipvs.DesiredTable;
import dev.vipd.ipvs.Destination;
import dev.vipd.ipvs.IpvsTable;
import dev.vipd.ipvs.Observation.Load;
import dev.vipd.ipvs.RealServer;
import dev.vipd.ipvs.Scheduling;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.ServiceShares;
import dev.vipd.ipvs.Traffic;
import dev.vipd.ipvs.VirtualServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DrainsTest {
    private static final long SECOND = Samples.SECOND;
    private static final RealServer RS1 = Samples.RS1;
    private static final RealServer RS2 = Samples.RS2;
    private static final Server ONE = new Server("web", "192.0.2.11:80");
    private static final Server TWO = new Server("web", "192.0.2.12:80");

    private final Drains drains = new Drains();
    /** As it is wanted: what a service has and what is leaving it. */
    private IpvsTable table = IpvsTable.EMPTY;
    /** What the kernel would answer, by service and port of the service. */
    private final Map<ServiceKey, Map<Destination, Load>> kernel = new HashMap<>();
    private long nowNs = Long.MAX_VALUE - SECOND / 2; // about to overflow, as System.nanoTime() may

    private static ServiceKey key(int port) {
        return ServiceKey.of(ServiceKey.Protocol.TCP, Samples.ip("192.0.2.100"), port);
    }

    private static ServiceConfig web(long timeoutNs, RealServer... servers) {
        return service("web", timeoutNs, List.of(key(80)), servers);
    }

    private static ServiceConfig service(String name, long timeoutNs, List<ServiceKey> keys, RealServer... servers) {
        VirtualServer virtual =
                new VirtualServer(name, keys, Scheduling.of("wlc", false), List.of(), List.of(servers));
        List<PoolConfig.Member> members = Stream.of(servers)
                .map(server -> new PoolConfig.Member(HealthBoard.memberId(server), server.weight(), List.of()))
                .toList();
        return new ServiceConfig(virtual, new PoolConfig(name, members, List.of(), 1, 0, false, 0, 0), timeoutNs);
    }

    private void configure(Set<Server> ordered, ServiceConfig... services) {
        drains.configure(List.of(services), ordered, table, nowNs);
        table = DesiredTable.of(Stream.of(services).map(ServiceConfig::server).toList(), server -> new ServiceShares(
                ServiceShares.whole(server).weights(), List.of(), drains.leaving(server.name()))).table();
        drains.forgetLeft();
    }

    private void row(ServiceKey key, RealServer real, int weight, long active, long inactive, long templates) {
        kernel.computeIfAbsent(key, _ -> new HashMap<>()).put(
                Destination.of(real, key).withWeight(weight), new Load(active, inactive, templates, Traffic.NONE));
    }

    private List<Ended> look() {
        Set<ServiceKey> keys = drains.toLookAt(nowNs);
        Map<ServiceKey, Map<Destination, Load>> rows = new HashMap<>();
        keys.forEach(key -> rows.put(key, Map.copyOf(kernel.getOrDefault(key, Map.of()))));
        return drains.on(new Seen(rows, nowNs), nowNs);
    }

    private List<String> leaving() {
        return drains.leaving("web").stream().map(HealthBoard::memberId).toList();
    }

    private long left(Server server) {
        return drains.progress().get(server).left().orElse(-1);
    }

    @Test
    void nothingIsLookedAtWhileNobodyIsDrained() {
        configure(Set.of(), web(0, RS1, RS2));
        nowNs += 9 * SECOND;
        assertEquals(Set.of(), drains.toLookAt(nowNs));
        assertEquals(OptionalLong.empty(), drains.nextDeadlineNs());
    }

    @Test
    void connectionsAreLookedAtOnceASecondInTheServicesConcerned() {
        configure(Set.of(), web(0, RS1, RS2), service("api", 0, List.of(key(81)), RS1));
        drains.order(ONE, true, nowNs);
        assertEquals(OptionalLong.of(nowNs + SECOND), drains.nextDeadlineNs());
        assertEquals(Set.of(), drains.toLookAt(nowNs));
        nowNs += SECOND;
        assertEquals(Set.of(key(80)), drains.toLookAt(nowNs));
        assertEquals(Set.of(), drains.toLookAt(nowNs));
        assertEquals(OptionalLong.of(nowNs + SECOND), drains.nextDeadlineNs());
        drains.order(ONE, false, nowNs);
        assertEquals(OptionalLong.empty(), drains.nextDeadlineNs());
    }

    @Test
    void everyKindOfConnectionHolds() {
        configure(Set.of(), web(0, RS1, RS2));
        drains.order(ONE, true, nowNs);
        for (long[] some : List.of(new long[] {12, 3, 2}, new long[] {0, 1, 0}, new long[] {0, 0, 1})) {
            kernel.clear();
            row(key(80), RS1, 0, some[0], some[1], some[2]);
            row(key(80), RS2, 3, 99, 99, 99);
            nowNs += SECOND;
            assertEquals(List.of(), look());
            assertEquals(some[0] + some[1] + some[2], left(ONE));
        }
        kernel.clear();
        row(key(80), RS1, 0, 0, 0, 0);
        nowNs += SECOND;
        assertEquals(List.of(new Ended(ONE, false, 0, 4 * SECOND, Why.NO_CONNECTIONS)), look());
        assertEquals(Map.of(), drains.progress());
    }

    @Test
    void aGroupCountsWhatAllItsServicesHave() {
        configure(Set.of(ONE), service("web", 0, List.of(key(80), key(443)), RS1));
        row(key(80), RS1, 0, 0, 0, 0);
        row(key(443), RealServer.of(RS1.address(), 443, 1, RS1.method()), 0, 5, 0, 0);
        nowNs += SECOND;
        assertEquals(List.of(), look());
        assertEquals(5, left(ONE));
    }

    @Test
    void aRowThatStillTakesConnectionsOrIsMissingIsNotAtTheEnd() {
        configure(Set.of(), web(0, RS1));
        drains.order(ONE, true, nowNs);
        nowNs += SECOND;
        assertEquals(List.of(), look(), "it is not there yet");
        row(key(80), RS1, 1, 0, 0, 0);
        nowNs += SECOND;
        assertEquals(List.of(), look(), "weight 1 is still in the kernel");
        nowNs += SECOND;
        drains.toLookAt(nowNs);
        assertEquals(List.of(), drains.on(new Seen(Map.of(), nowNs), nowNs), "it can't be read");
    }

    @Test
    void aLookOfBeforeTheDrainSaysNothing() {
        configure(Set.of(), web(0, RS1));
        drains.order(ONE, true, nowNs);
        row(key(80), RS1, 0, 0, 0, 0);
        Seen old = new Seen(Map.copyOf(kernel), nowNs + 1);
        drains.order(ONE, false, nowNs);
        nowNs += 2;
        drains.order(ONE, true, nowNs);
        assertEquals(List.of(), drains.on(old, nowNs));
        assertEquals(-1, left(ONE));
    }

    @Test
    void theTimeoutEndsItWithWhatIsLeft() {
        configure(Set.of(), web(3 * SECOND / 2, RS1));
        drains.order(ONE, true, nowNs);
        drains.order(ONE, true, nowNs + SECOND / 4); // again: its time does not begin anew
        row(key(80), RS1, 0, 7, 0, 0);
        nowNs += SECOND;
        assertEquals(List.of(), look());
        assertEquals(OptionalLong.of(nowNs + SECOND / 2), drains.nextDeadlineNs());
        nowNs += SECOND / 2;
        assertEquals(List.of(new Ended(ONE, false, 7, 3 * SECOND / 2, Why.DRAIN_TIMEOUT)), look());
    }

    @Test
    void aReloadGoesOnWithTheTimeThatItGives() {
        configure(Set.of(ONE), web(0, RS1));
        nowNs += 5 * SECOND;
        configure(Set.of(ONE), web(6 * SECOND, RS1));
        assertEquals(nowNs + SECOND, drains.progress().get(ONE).deadlineNs().orElseThrow());
        configure(Set.of(), web(6 * SECOND, RS1));
        assertEquals(Map.of(), drains.progress(), "nobody wants it any more");
    }

    @Test
    void whoLeavesIsDrainedAndTakenBackWhenItComes() {
        configure(Set.of(), web(10 * SECOND, RS1, RS2));
        configure(Set.of(), web(10 * SECOND, RS2));
        assertEquals(List.of("192.0.2.11:80"), leaving());
        assertTrue(drains.progress().get(ONE).leaving());
        configure(Set.of(), web(10 * SECOND, RS2));
        assertEquals(List.of("192.0.2.11:80"), leaving(), "another reload");
        row(key(80), RS1, 0, 4, 0, 0);
        nowNs += SECOND;
        assertEquals(List.of(), look());
        configure(Set.of(), web(10 * SECOND, RS1, RS2));
        assertEquals(List.of(), leaving());
        configure(Set.of(), web(10 * SECOND, RS1));
        nowNs += 10 * SECOND;
        assertEquals(List.of(new Ended(TWO, true, 0, 10 * SECOND, Why.DRAIN_TIMEOUT)), look());
        assertEquals(List.of(), leaving());
    }

    @Test
    void nobodyIsDrainedThatHasNoTimeOrWasNotInTheTable() {
        configure(Set.of(), web(0, RS1, RS2));
        configure(Set.of(), web(0, RS2));
        assertEquals(List.of(), leaving(), "no drain_timeout");
        configure(Set.of(), web(SECOND, RS1, RS2));
        table = table.only(Set.of());
        configure(Set.of(), web(SECOND, RS2));
        assertEquals(List.of(), leaving(), "it was down");
        configure(Set.of(), web(SECOND, RS1, RS2));
        configure(Set.of(), web(SECOND, RS2));
        configure(Set.of(), web(0, RS2));
        assertEquals(List.of(), leaving(), "its time was taken away");
    }

    @Test
    void aServiceThatLeavesOrMovesTakesItsServersAlong() {
        configure(Set.of(ONE), web(SECOND, RS1, RS2));
        configure(Set.of(ONE));
        assertEquals(Map.of(), drains.progress());
        configure(Set.of(), web(SECOND, RS1, RS2));
        configure(Set.of(), service("web", SECOND, List.of(key(8080)), RealServer.of(
                RS2.address(), 8080, 1, RS2.method())));
        assertEquals(List.of(), leaving());
    }

    @Test
    void aServerThatIsOnlyWrittenInAnotherWayDoesNotLeave() {
        configure(Set.of(), web(SECOND, RS1, RS2));
        configure(Set.of(), web(SECOND, RealServer.of(RS1.address(), 0, 1, RS1.method()), RS2));
        assertEquals(List.of(), leaving());
    }

    @Test
    void anOrderForWhoIsNotConfiguredWaits() {
        configure(Set.of(ONE, new Server("api", "192.0.2.11:80")), web(0, RS2));
        assertEquals(Map.of(), drains.progress());
        List<Server> none = new ArrayList<>(List.of(ONE, new Server("api", "192.0.2.12:80")));
        none.forEach(server -> drains.order(server, true, nowNs));
        assertEquals(Map.of(), drains.progress());
        configure(Set.of(ONE), web(0, RS1, RS2));
        assertEquals(Set.of(ONE), drains.progress().keySet());
    }

    @Test
    void inWords() {
        Drains.Progress some = new Drains.Progress(
                ONE, false, nowNs, OptionalLong.of(12), OptionalLong.of(nowNs + 260 * SECOND - 1));
        assertEquals("12 connections left, out in 4m20s at the latest", DrainText.left(some, nowNs));
        assertEquals("1 connection left", DrainText.left(
                new Drains.Progress(ONE, false, nowNs, OptionalLong.of(1), OptionalLong.empty()), nowNs));
        assertEquals("", DrainText.left(
                new Drains.Progress(ONE, false, nowNs, OptionalLong.empty(), OptionalLong.empty()), nowNs));
        assertEquals(List.of("0s", "1s", "1m", "1h", "25h1m1s"), Stream.of(0, 1, 60, 3600, 90_061)
                .map(seconds -> DrainText.span(seconds * SECOND))
                .toList());
    }
}
