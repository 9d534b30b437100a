package dev.vipd.healthcheck.pool;

import static dev.vipd.healthcheck.pool.Pools.ALPHA;
import static dev.vipd.healthcheck.pool.Pools.SECOND;
import static dev.vipd.healthcheck.pool.Pools.check;
import static dev.vipd.healthcheck.pool.Pools.inhibit;
import static dev.vipd.healthcheck.pool.Pools.quorum;
import static dev.vipd.healthcheck.pool.Pools.sorry;
import static dev.vipd.healthcheck.pool.Pools.web;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.healthcheck.Advice;
import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.HealthState;
import dev.vipd.healthcheck.Verdict;
import dev.vipd.healthcheck.pool.PoolConfig.Member;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Health, operators and advice; what concerns the pool as a whole is in other classes. */
class PoolTest {
    private static final CheckConfig HTTP = check("http");
    private static final CheckConfig AGENT = check("agent");

    private static PoolConfig with(int weight, CheckConfig... checks) {
        return new PoolConfig(
                "web", List.of(new Member("a", weight, List.of(checks))), List.of(), 1, 0, false, 0, 0);
    }

    private static Verdict up(Advice advice) {
        return new Verdict(HealthState.UP, advice, "passed");
    }

    private static Verdict down(String why) {
        return new Verdict(HealthState.DOWN, Advice.NONE, why);
    }

    @Test
    void aMemberIsUpWhileAllItsChecksAre() {
        Pools p = new Pools(with(1, HTTP, AGENT));
        p.hear(AGENT, down("connect refused"));
        assertEquals("DOWN", p.settle().states());
        p.hear(HTTP, down("status 503"));
        p.hear(AGENT, up(Advice.NONE));
        assertEquals("DOWN", p.settle().states());
        p.hear(HTTP, up(Advice.NONE));
        assertEquals("UP", p.settle().states());
    }

    @Test
    void theFirstFailingCheckIsTheWhyAndSinceIsWhenItBegan() {
        Pools p = new Pools(with(1, HTTP, AGENT));
        long failedNs = p.nowNs += SECOND;
        p.hear(AGENT, down("connect refused"));
        assertEquals("file: connect refused", p.settle().status("a").why());
        p.nowNs += SECOND;
        p.hear(HTTP, down("status 503"));
        assertEquals("file: status 503", p.settle().status("a").why());
        assertEquals(failedNs, p.status("a").sinceNs());
        p.hear(HTTP, up(Advice.NONE));
        p.hear(AGENT, up(Advice.NONE));
        assertEquals("file: passed", p.settle().status("a").why());
        assertEquals(p.nowNs, p.status("a").sinceNs());
    }

    @Test
    void aNewMemberIsUpUntilItsChecksSayOtherwise() {
        Pools p = new Pools(web("a b"));
        assertEquals("a=1 b=1", p.table());
        assertEquals("file: not checked yet", p.status("a").why());
        assertEquals(List.of(), p.take());
    }

    @Test
    void withAlphaANewMemberIsDownUntilItPassed() {
        CheckConfig alpha = check("alpha", ALPHA);
        Pools p = new Pools(with(1, alpha));
        assertEquals("", p.table());
        assertEquals(List.of(new PoolChange.QuorumChanged("web", false, 0, 1)), p.take());
        p.hear(alpha, up(Advice.NONE));
        assertEquals("a=1", p.settle().table());
    }

    @Test
    void aMemberWithoutChecksIsAlwaysUp() {
        Pools p = new Pools(with(4));
        assertEquals("a=4", p.table());
        assertEquals("no checks", p.status("a").why());
    }

    @Test
    void aFailedMemberIsRemovedAndToldWithItsReason() {
        Pools p = new Pools(web("a b"));
        assertEquals("a=1", p.fail("b").table());
        assertEquals(
                List.of(new PoolChange.MemberChanged(
                        "web", "b", MemberState.UP, MemberState.DOWN, "file: no number")),
                p.take());
        assertEquals("a=1 b=1", p.pass("b").table());
    }

    @Test
    void theStateHasATimeOfItsOwnAndSaysWhoEndedIt() {
        Pools p = new Pools(web("a b"));
        long startNs = p.nowNs;
        p.nowNs += SECOND;
        p.admin("a", Admin.DRAIN).settle();
        assertEquals(startNs + SECOND, p.status("a").stateSinceNs());
        assertEquals(startNs, p.status("a").sinceNs());
        p.take();
        p.nowNs += SECOND;
        p.admin("a", Admin.ENABLED).settle();
        assertEquals(startNs + 2 * SECOND, p.status("a").stateSinceNs());
        assertEquals(
                List.of(new PoolChange.MemberChanged("web", "a", MemberState.DRAIN, MemberState.UP, "operator")),
                p.take());
        p.hear(check("a"), up(Advice.MAINTENANCE));
        p.settle();
        p.take();
        p.hear(check("a"), up(Advice.NONE));
        p.settle();
        assertEquals(
                List.of(new PoolChange.MemberChanged(
                        "web", "a", MemberState.MAINT, MemberState.UP, "no longer asked for")),
                p.take());
        p.fail("a");
        assertEquals(p.status("a").sinceNs(), p.status("a").stateSinceNs());
    }

    @Test
    void aDrainThatHasEndedIsOutOfTheTableWhateverItsChecksSay() {
        Pools p = new Pools(inhibit(web("a b=3"))).admin("b", Admin.DRAIN);
        assertEquals("a=1 b=0", p.table());
        p.take();
        assertEquals("a=1", p.admin("b", Admin.DRAINED).table());
        assertEquals(
                List.of(new PoolChange.MemberChanged("web", "b", MemberState.DRAIN, MemberState.DRAINED, "operator")),
                p.take());
        assertEquals("a=1", p.fail("b").table());
        assertEquals("UP DRAINED", p.states());
        p.hear(check("b"), up(Advice.MAINTENANCE));
        assertEquals("UP DRAINED", p.states());
        assertEquals("a=1 b=3", p.pass("b").admin("b", Admin.ENABLED).table());
    }

    @Test
    void aChangeOfHealthIsToldWithItsTimeWhateverBecomesOfTheMember() {
        Pools p = new Pools(sorry("a b", "s")).admin("a", Admin.DRAIN);
        p.nowNs += SECOND;
        p.hear(check("a"), down("no number"));
        p.hear(check("s"), down("no number"));
        long failedNs = p.nowNs;
        p.after(SECOND);
        assertEquals(
                List.of(health("a", failedNs), health("s", failedNs)), p.takeHealth());
        assertEquals(List.of(), p.after(SECOND).takeHealth());
    }

    private static PoolChange health(String id, long atNs) {
        return new PoolChange.HealthChanged(
                "web", id, HealthState.UP, HealthState.DOWN, "file: no number", atNs);
    }

    @Test
    void withInhibitOnFailureAFailedMemberStaysWithWeightZero() {
        assertEquals("a=1 b=0", new Pools(inhibit(web("a b"))).fail("b").table());
    }

    @Test
    void whatFailedAndPassedBetweenTwoSettlementsChangesNothing() {
        Pools p = new Pools(web("a b"));
        p.hear(check("a"), down("no number"));
        p.hear(check("a"), up(Advice.NONE));
        assertEquals("a=1 b=1", p.settle().table());
        assertEquals(List.of(), p.take());
        assertFalse(p.pool.sharesChanged());
    }

    @Test
    void aDrainedServerKeepsWeightZeroWhileItsChecksFail() {
        Pools p = new Pools(web("a b")).admin("b", Admin.DRAIN);
        assertEquals("a=1 b=0", p.table());
        assertEquals("a=1 b=0", p.fail("b").table());
        assertEquals("UP DRAIN", p.states());
        assertEquals(HealthState.DOWN, p.status("b").health());
        assertEquals("operator", p.status("b").stateWhy());
        assertEquals("a=1", p.admin("b", Admin.ENABLED).table());
        assertEquals("a=1 b=1", p.pass("b").table());
    }

    @Test
    void aDisabledServerIsOutOfTheTableWhateverItsChecksSay() {
        Pools p = new Pools(inhibit(web("a b"))).admin("b", Admin.DISABLED);
        assertEquals("a=1", p.table());
        assertEquals("a=1", p.fail("b").table());
        assertEquals("a=1 b=0", p.admin("b", Admin.ENABLED).table());
        assertEquals("a=1", p.admin("b", Admin.DISABLED).pass("b").table());
        assertEquals("a=1 b=1", p.admin("b", Admin.ENABLED).table());
    }

    @Test
    void anOperatorsWeightReplacesTheConfiguredOneAndTheAdvised() {
        Pools p = new Pools(web("a=7 b")).admin("a", Admin.ENABLED.withWeight(5));
        assertEquals("a=5 b=1", p.table());
        assertEquals("a=5 b=1", p.pass("a", Advice.weight(9)).table());
        assertEquals("a=9 b=1", p.admin("a", Admin.ENABLED).table());
        assertEquals("a=0 b=1", p.admin("a", Admin.DRAIN.withWeight(5)).table());
        assertThrows(IllegalArgumentException.class, () -> Admin.ENABLED.withWeight(-1));
    }

    @Test
    void whatAnOperatorWantsOfNobodyIsRefused() {
        Pools p = new Pools(web("a"));
        assertFalse(p.pool.admin("z", Admin.DRAIN));
        assertTrue(p.pool.admin("a", Admin.DRAIN));
    }

    @Test
    void anAdvisedWeightReplacesTheConfiguredOne() {
        assertEquals("a=12 b=1", new Pools(web("a=7 b")).pass("a", Advice.weight(12)).table());
        assertEquals("a=0 b=1", new Pools(web("a=7 b")).pass("a", Advice.weight(0)).table());
        assertEquals("a=7 b=1", new Pools(web("a=7 b")).pass("a", Advice.weight(9)).pass("a").table());
    }

    @Test
    void anAdvisedPercentageScalesAndLeavesAtLeastOne() {
        assertEquals("a=4 b=1", new Pools(web("a=7 b")).pass("a", Advice.percent(50)).table());
        assertEquals("a=14 b=1", new Pools(web("a=7 b")).pass("a", Advice.percent(200)).table());
        assertEquals("a=1 b=1", new Pools(web("a=7 b")).pass("a", Advice.percent(1)).table());
        assertEquals("a=0 b=1", new Pools(web("a=7 b")).pass("a", Advice.percent(0)).table());
        assertEquals("a=0 b=1", new Pools(web("a=0 b")).pass("a", Advice.percent(50)).table());
        int max = Integer.MAX_VALUE;
        assertEquals("a=" + max, new Pools(web("a=" + max)).pass("a", Advice.percent(1000)).table());
    }

    @Test
    void ofSeveralAdvicesTheLastListedWeightHoldsAndPercentagesMultiply() {
        CheckConfig third = check("third");
        Pools p = new Pools(with(1, HTTP, AGENT, third));
        p.hear(HTTP, up(Advice.weight(50)));
        p.hear(third, up(Advice.weight(80)));
        p.hear(AGENT, up(Advice.percent(50)));
        assertEquals("a=40", p.settle().table());
        p.hear(third, up(Advice.percent(50)));
        assertEquals("a=13", p.settle().table());
        assertEquals(List.of(Advice.weight(50), Advice.percent(50), Advice.percent(50)), p.status("a").advice());
    }

    @Test
    void anAdvisedDrainIsWeightZeroWhileTheServerIsUp() {
        Pools p = new Pools(web("a b")).pass("b", Advice.DRAIN);
        assertEquals("a=1 b=0", p.table());
        assertEquals("file: drain", p.status("b").stateWhy());
        assertEquals("a=1 b=0", p.admin("b", Admin.ENABLED.withWeight(9)).table());
        assertEquals("a=1", p.fail("b").table());
    }

    @Test
    void advisedMaintenanceIsOutOfTheTableAndStaysSoWhenTheServerGoesSilent() {
        Pools p = new Pools(inhibit(web("a b"))).pass("b", Advice.MAINTENANCE);
        assertEquals("a=1", p.table());
        assertEquals("UP MAINT", p.states());
        assertEquals("file: maintenance", p.status("b").stateWhy());
        assertEquals("a=1", p.fail("b").table());
        assertEquals("UP MAINT", p.states());
        assertEquals("a=1 b=1", p.pass("b").table());
    }

    @Test
    void nothingFlapsBecauseOfAReload() {
        Pools p = new Pools(web("a b c")).fail("b").admin("c", Admin.DRAIN);
        long failedNs = p.nowNs;
        p.take();
        p.after(SECOND).reload(quorum(web("c b d"), 2, 0));
        assertEquals("c=0 d=1", p.table());
        assertEquals(failedNs, p.status("b").sinceNs());
        assertEquals("file: no number", p.status("b").why());
        assertEquals(List.of(new PoolChange.QuorumChanged("web", false, 1, 2)), p.take());
        assertEquals(Optional.empty(), p.pool.share("a"));
    }

    @Test
    void aLateWordOfACheckThatNobodyListsIsIgnored() {
        Pools p = new Pools(web("a b")).reload(web("a"));
        assertEquals("a=1", p.fail("b").table());
        assertEquals("a=1 b=1", new Pools(sorry("a b", "s")).fail("s").table());
    }

    @Test
    void aChangedWeightIsProgrammedAtOnce() {
        Pools p = new Pools(web("a b")).reload(web("a=8 b"));
        assertEquals("a=8 b=1", p.table());
        assertTrue(p.pool.sharesChanged());
        assertFalse(p.settle().pool.sharesChanged());
    }
}
