package dev.vipd.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.healthcheck.Advice;
import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckTiming;
import dev.vipd.healthcheck.HealthState;
import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.healthcheck.Verdict;
import dev.vipd.healthcheck.pool.Admin;
import dev.vipd.healthcheck.pool.MemberState;
import dev.vipd.healthcheck.pool.MemberStatus;
import dev.vipd.healthcheck.pool.PoolChange;
import dev.vipd.healthcheck.pool.PoolConfig;
import dev.vipd.ipvs.ForwardingMethod;
import dev.vipd.ipvs.RealServer;
import dev.vipd.ipvs.Scheduling;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.ServiceShares;
import dev.vipd.ipvs.VirtualServer;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HealthBoardTest {
    private static final long SECOND = 1_000_000_000L;
    private static final RealServer RS1 = real("192.0.2.11");
    private static final RealServer RS2 = real("192.0.2.12");
    private static final RealServer SORRY = real("192.0.2.9");
    private static final CheckConfig ONE = check("one", false);
    private static final CheckConfig TWO = check("two", false);
    private static final CheckConfig SHARED = check("shared", false);
    private static final CheckConfig NEW = check("new", false);
    private static final VirtualServer WEB = virtual("web", 80);
    private static final VirtualServer API = virtual("api", 81);

    private final HealthBoard board = new HealthBoard();
    private long nowNs = Long.MAX_VALUE - 5 * SECOND; // about to overflow, as System.nanoTime() may

    private static RealServer real(String address) {
        return RealServer.of(InetAddress.ofLiteral(address), 80, 3, ForwardingMethod.DR);
    }

    private static CheckConfig check(String name, boolean alpha) {
        return new CheckConfig(new ProbeConfig.File(name, false),
                new CheckTiming(5 * SECOND, SECOND, 0, 0, 1, 1, 0, alpha));
    }

    private static VirtualServer virtual(String name, int port) {
        ServiceKey key = ServiceKey.of(ServiceKey.Protocol.TCP, InetAddress.ofLiteral("192.0.2.100"), port);
        return new VirtualServer(name, List.of(key), Scheduling.of("wlc", false), List.of(SORRY), List.of(RS1, RS2));
    }

    private static PoolConfig.Member member(RealServer server, CheckConfig... checks) {
        return new PoolConfig.Member(HealthBoard.memberId(server), server.weight(), List.of(checks));
    }

    private static PoolConfig pool(String name, PoolConfig.Member... members) {
        return slow(name, 0, members);
    }

    private static PoolConfig slow(String name, long slowStartNs, PoolConfig.Member... members) {
        return new PoolConfig(name, List.of(members), List.of(member(SORRY)), 1, 0, false, 0, slowStartNs);
    }

    private List<PoolChange> configure(PoolConfig... configs) {
        board.configure(Arrays.asList(configs), Map.of(), nowNs);
        return board.settle(nowNs);
    }

    private List<PoolChange> hear(CheckConfig check, HealthState state) {
        board.on(check, new Verdict(state, Advice.NONE, state == HealthState.UP ? "passed" : "no number"), nowNs);
        return board.settle(nowNs);
    }

    private String states(String pool) {
        return board.members(pool, nowNs).stream().map(MemberStatus::state).toList().toString();
    }

    @Test
    void aMemberIsKnownByAddressAndPort() {
        assertEquals("192.0.2.11:80", HealthBoard.memberId(RS1));
        assertEquals("[2001:db8::1]:80", HealthBoard.memberId(real("2001:db8::1")));
    }

    @Test
    void aVerdictReachesEveryMemberOfEveryPoolThatListsTheCheck() {
        configure(pool("web", member(RS1, ONE, SHARED), member(RS2, TWO)), pool("api", member(RS1, SHARED)));
        assertEquals(Set.of(ONE, TWO, SHARED), board.checks().keySet());
        hear(SHARED, HealthState.DOWN);
        assertEquals("[DOWN, UP]", states("web"));
        assertEquals("[DOWN]", states("api"));
        assertEquals(new ServiceShares(Map.of(RS2, 3), List.of(), List.of()), board.shares(WEB));
        assertEquals(new ServiceShares(Map.of(), List.of(SORRY), List.of()), board.shares(API));
    }

    @Test
    void onlyPoolsThatAVerdictConcernsAreTouched() {
        configure(pool("web", member(RS1, ONE)), pool("api", member(RS2, TWO)));
        assertEquals(Set.of("web", "api"), board.touched());
        hear(TWO, HealthState.DOWN);
        assertEquals(Set.of("api"), board.touched());
        hear(TWO, HealthState.DOWN);
        assertEquals(Set.of(), board.touched());
    }

    @Test
    void aVerdictOfACheckThatNobodyListsAnyMoreIsIgnored() {
        configure(pool("web", member(RS1, ONE), member(RS2, TWO)));
        configure(pool("web", member(RS1, ONE)));
        assertEquals(List.of(), hear(TWO, HealthState.DOWN));
        assertEquals("[UP]", states("web"));
    }

    @Test
    void aNewCheckOfANewMemberBeginsUpOrWithAlphaDown() {
        CheckConfig alpha = check("alpha", true);
        configure(pool("web", member(RS1, ONE), member(RS2, alpha)));
        assertEquals(Map.of(ONE, HealthState.UP, alpha, HealthState.DOWN), board.checks());
        assertEquals("[UP, DOWN]", states("web"));
    }

    @Test
    void aReloadNeitherTakesAServerOutNorPutsAFailedOneBack() {
        CheckConfig alpha = check("alpha", true);
        configure(pool("web", member(RS1, ONE), member(RS2, TWO)));
        hear(TWO, HealthState.DOWN);
        assertEquals(List.of(), configure(pool("web", member(RS1, alpha), member(RS2, NEW))));
        assertEquals(Map.of(alpha, HealthState.UP, NEW, HealthState.DOWN), board.checks());
        assertEquals("[UP, DOWN]", states("web"));
        assertEquals("file: no number", board.members("web", nowNs).get(1).why());
        hear(NEW, HealthState.UP);
        assertEquals("[UP, UP]", states("web"));
    }

    @Test
    void aReloadPutsNoFailedSorryServerBack() {
        configure(sorry(ONE));
        hear(ONE, HealthState.DOWN);
        configure(sorry(NEW));
        assertEquals(HealthState.DOWN, board.checks().get(NEW));
    }

    private static PoolConfig sorry(CheckConfig check) {
        return new PoolConfig("web", List.of(member(RS1, TWO)), List.of(member(SORRY, check)), 1, 0, false, 0, 0);
    }

    @Test
    void whatAReloadTookOutComesBackAsItWasUnlessTheReloadHeld() {
        PoolConfig web = pool("web", member(RS1, ONE), member(RS2, TWO));
        configure(web, pool("api", member(RS1, ONE)));
        hear(ONE, HealthState.DOWN);
        configure(pool("web", member(RS2, TWO)));
        assertEquals(List.of(), configure(web, pool("api", member(RS1, ONE))), "it lost its quorum before");
        assertEquals("[DOWN, UP]", states("web"));
        assertEquals("[DOWN]", states("api"));
        configure(pool("web", member(RS2, TWO)));
        board.forgetLeft();
        configure(web);
        assertEquals("[UP, UP]", states("web"));
    }

    @Test
    void aNewCheckSharedByOneThatIsUpAndOneThatIsDownBeginsUp() {
        configure(pool("web", member(RS1, ONE), member(RS2, TWO)));
        hear(TWO, HealthState.DOWN);
        configure(pool("web", member(RS2, TWO, NEW), member(RS1, ONE, NEW)));
        assertEquals(HealthState.UP, board.checks().get(NEW));
        assertEquals("[DOWN, UP]", states("web"));
    }

    @Test
    void aNewPoolListsAKnownCheckWithWhatItSays() {
        configure(pool("web", member(RS1, ONE)));
        hear(ONE, HealthState.DOWN);
        configure(pool("web", member(RS1, ONE)), pool("api", member(RS1, ONE)));
        assertEquals("[DOWN]", states("api"));
        configure();
        board.forgetLeft();
        configure(pool("web", member(RS1, ONE)));
        assertEquals("[UP]", states("web"), "it went and comes back: nothing is known of it");
    }

    @Test
    void whatAnOperatorWantsIsTakenFromWhatWasKeptForNewMembersOnly() {
        Map<String, Map<String, Admin>> kept = Map.of("web", Map.of(HealthBoard.memberId(RS1), Admin.DRAIN));
        board.configure(List.of(pool("web", member(RS1), member(RS2))), kept, nowNs);
        board.settle(nowNs);
        assertEquals(Map.of(RS1, 0, RS2, 3), board.shares(WEB).weights());
        assertTrue(board.admin("web", HealthBoard.memberId(RS1), Admin.DISABLED));
        assertFalse(board.admin("api", HealthBoard.memberId(RS1), Admin.DISABLED));
        assertEquals(
                List.of(new PoolChange.MemberChanged(
                        "web", HealthBoard.memberId(RS1), MemberState.DRAIN, MemberState.DISABLED, "operator")),
                board.settle(nowNs));
        board.configure(List.of(pool("web", member(RS1), member(RS2))), kept, nowNs);
        board.settle(nowNs);
        assertEquals(Map.of(RS2, 3), board.shares(WEB).weights());
    }

    @Test
    void theDeadlineIsTheNextStepOfAnySlowStart() {
        configure(slow("web", 9 * SECOND, member(RS1, ONE), member(RS2, TWO)),
                slow("api", 90 * SECOND, member(RS1, ONE), member(RS2, TWO)));
        assertEquals(OptionalLong.empty(), board.nextDeadlineNs());
        hear(TWO, HealthState.DOWN);
        hear(TWO, HealthState.UP);
        assertEquals(OptionalLong.of(nowNs + SECOND), board.nextDeadlineNs());
        nowNs += 4 * SECOND;
        board.settle(nowNs);
        assertEquals(Set.of(), board.touched(), "half of 3 is still 1");
        nowNs += 6 * SECOND;
        board.settle(nowNs);
        assertEquals(Set.of("web"), board.touched());
        assertEquals(3, board.shares(WEB).weights().get(RS2));
        assertEquals(1, board.shares(API).weights().get(RS2));
    }

    @Test
    void aServerWithoutAPoolHasNobody() {
        assertEquals(ServiceShares.NONE, board.shares(WEB));
        assertEquals(List.of(), board.members("web", nowNs));
    }
}
