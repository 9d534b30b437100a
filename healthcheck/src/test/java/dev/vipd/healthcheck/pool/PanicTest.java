package dev.vipd.healthcheck.pool;

import static dev.vipd.healthcheck.pool.Pools.SECOND;
import static dev.vipd.healthcheck.pool.Pools.many;
import static dev.vipd.healthcheck.pool.Pools.panic;
import static dev.vipd.healthcheck.pool.Pools.quorum;
import static dev.vipd.healthcheck.pool.Pools.slowStart;
import static dev.vipd.healthcheck.pool.Pools.sorry;
import static dev.vipd.healthcheck.pool.Pools.web;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.healthcheck.Advice;
import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.HealthState;
import dev.vipd.healthcheck.Verdict;
import dev.vipd.healthcheck.pool.PoolConfig.Member;
import java.util.List;
import org.junit.jupiter.api.Test;

class PanicTest {
    /** Longer than any failure takes to be seen by one check after the other. */
    private static final long LONG = 60 * SECOND;

    private static Pools four() {
        return new Pools(panic(web("a b c d"), 50));
    }

    private static boolean panics(Pools p) {
        return p.pool.summary().panic();
    }

    @Test
    void whenMoreThanTheThresholdFailAtOnceAllThatWereUpKeepTheirWeights() {
        Pools p = new Pools(panic(web("a=1 b=2 c=3 d=4"), 50)).fail("a b c d");
        assertEquals("a=1 b=2 c=3 d=4", p.table());
        assertEquals("KEPT KEPT KEPT KEPT", p.states());
        assertEquals("panic, file: no number", p.status("a").stateWhy());
        assertTrue(p.status("a").kept());
        assertEquals(new PoolChange.PanicChanged("web", true, 4, 4, 4), p.take().getFirst());
    }

    @Test
    void atTheThresholdThereIsNoPanicYet() {
        Pools p = four().fail("a b");
        assertFalse(panics(p));
        assertEquals("c=1 d=1", p.table());
    }

    @Test
    void withoutAThresholdThereIsNoPanic() {
        assertEquals("", new Pools(web("a b")).fail("a b").table());
    }

    @Test
    void whoFailedLongBeforeStaysOut() {
        Pools p = four().fail("a").after(LONG).fail("b").after(LONG).fail("c");
        assertTrue(panics(p));
        assertEquals("c=1 d=1", p.table());
        assertEquals("DOWN DOWN KEPT UP", p.states());
    }

    @Test
    void whoFailedWithinADelayLoopAndATimeoutBeforeIsKeptToo() {
        Pools p = four().fail("a").after(SECOND).fail("b").after(8 * SECOND);
        assertEquals("c=1 d=1", p.table());
        assertEquals("b=1 c=1 d=1", p.fail("c").table(), "b failed 8 s ago, a 9 s ago");
    }

    @Test
    void inPanicNobodyThatWasKeptGoes() {
        Pools p = four().fail("a").after(LONG).fail("b c");
        assertEquals("b=1 c=1 d=1", p.table());
        assertEquals("b=1 c=1 d=1", p.after(LONG).fail("d").table());
    }

    @Test
    void inPanicAMemberThatComesUpIsAddedAndThenKept() {
        Pools p = four().fail("a").after(LONG).fail("b c d");
        assertEquals("b=1 c=1 d=1", p.table());
        assertEquals("a=1 b=1 c=1 d=1", p.after(LONG).pass("a").table());
        assertEquals("a=1 b=1 c=1 d=1", p.after(LONG).fail("a").table());
    }

    @Test
    void panicEndsWhenTheShareIsAtTheThreshold() {
        Pools p = four().fail("a b c d").after(LONG);
        assertEquals("a=1 b=1 c=1 d=1", p.pass("a").table());
        p.take();
        assertEquals("a=1 b=1", p.pass("b").table());
        assertEquals("UP UP DOWN DOWN", p.states());
        assertTrue(p.take().contains(new PoolChange.PanicChanged("web", false, 2, 4, 0)));
    }

    @Test
    void panicNeverOverridesWhatAnOperatorWants() {
        Pools p = four().fail("a b c d").admin("a", Admin.DISABLED).admin("b", Admin.DRAIN);
        assertEquals("b=0 c=1 d=1", p.table());
        assertEquals("a=1 b=1 c=1 d=1", p.admin("a", Admin.ENABLED).admin("b", Admin.ENABLED).table());
    }

    @Test
    void whoIsDrainedToTheEndIsNotCounted() {
        Pools p = four().admin("a", Admin.DRAINED).admin("b", Admin.DRAIN).fail("a b");
        assertFalse(panics(p), "one of three");
        assertTrue(panics(p.fail("c")));
    }

    @Test
    void whoIsDisabledOrInMaintenanceIsNotCounted() {
        Pools p = four().admin("a", Admin.DISABLED).pass("b", Advice.MAINTENANCE).fail("a b");
        assertFalse(panics(p));
        assertFalse(panics(p.fail("c")), "one of two is not more than half");
        assertTrue(panics(p.fail("d")));
        assertEquals("c=1 d=1", p.table());
    }

    @Test
    void theQuorumIsCountedOverWhatIsKept() {
        Pools p = new Pools(quorum(panic(sorry("a b c d", "s"), 50), 3, 0)).fail("a b c d");
        assertTrue(p.pool.summary().met());
        assertEquals("a=1 b=1 c=1 d=1", p.table());
        assertEquals("b=0 +s", p.admin("a", Admin.DISABLED).admin("b", Admin.DRAIN).table());
    }

    @Test
    void keptMembersFollowTheirLastAdviceAndTheirNewWeights() {
        Pools p = new Pools(panic(web("a=4 b=4"), 50)).pass("a", Advice.percent(50)).fail("a b");
        assertEquals("a=2 b=4", p.table());
        assertEquals("a=2 b=9", p.reload(panic(web("a=4 b=9"), 50)).table());
    }

    @Test
    void aReloadInPanicKeepsItAndWhoIsKept() {
        Pools p = four().fail("a b c d").after(LONG).reload(panic(web("a b c d e"), 50));
        assertEquals("a=1 b=1 c=1 d=1 e=1", p.table());
        assertEquals("KEPT KEPT KEPT KEPT UP", p.states());
        assertEquals("e=1", p.reload(web("a b c d e")).table());
    }

    @Test
    void aPoolThatBeginsDownHasNoLastKnownSet() {
        List<Member> members = List.of(alpha("a"), alpha("b"), alpha("c"), alpha("d"));
        Pools p = new Pools(new PoolConfig("web", members, List.of(), 1, 0, false, 50, 0));
        assertFalse(panics(p));
        p.hear(alpha("a").checks().getFirst(), up());
        assertFalse(panics(p.settle()));
        p.hear(alpha("b").checks().getFirst(), up());
        assertEquals("a=1 b=1", p.settle().table());
        p.hear(alpha("b").checks().getFirst(), down());
        assertEquals("a=1 b=1", p.settle().table());
        assertTrue(panics(p));
    }

    private static Member alpha(String id) {
        CheckConfig check = Pools.check(id, Pools.ALPHA);
        return new Member(id, 1, List.of(check));
    }

    private static Verdict up() {
        return new Verdict(HealthState.UP, Advice.NONE, "passed");
    }

    private static Verdict down() {
        return new Verdict(HealthState.DOWN, Advice.NONE, "no number");
    }

    @Test
    void whoComesUpInPanicIsNeededAtOnce() {
        Pools p = new Pools(slowStart(panic(web("a=10 b=10 c=10 d=10"), 50), LONG)).fail("a").after(LONG);
        assertEquals("a=10 b=10 c=10 d=10", p.fail("b c d").pass("a").table());
    }

    @Test
    void aFailureThatStrikesAllWithinOneDelayLoopLosesNobody() {
        Pools p = new Pools(panic(web(many(10)), 50));
        String all = p.table();
        for (String name : many(10).split(" ")) {
            p.after(SECOND / 2).fail(name);
        }
        assertEquals(all, p.table());
    }
}
