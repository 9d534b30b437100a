package dev.vipd.healthcheck.pool;

import static dev.vipd.healthcheck.pool.Pools.SECOND;
import static dev.vipd.healthcheck.pool.Pools.check;
import static dev.vipd.healthcheck.pool.Pools.slowStart;
import static dev.vipd.healthcheck.pool.Pools.web;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.healthcheck.Advice;
import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.HealthState;
import dev.vipd.healthcheck.Verdict;
import dev.vipd.healthcheck.pool.PoolConfig.Member;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SlowStartTest {
    private static final long LENGTH = 90 * SECOND;

    private static Pools pool(String members) {
        return new Pools(slowStart(web(members), LENGTH));
    }

    @Test
    void aMemberThatComesUpGetsItsWeightInTenSteps() {
        Pools p = pool("a=50 b=50").fail("b").pass("b");
        for (int tenths = 1; tenths < 10; tenths++) {
            assertEquals("a=50 b=" + 5 * tenths, p.table());
            assertEquals(10 * tenths, p.status("b").rampPercent());
            assertEquals(OptionalLong.of(p.nowNs + 10 * SECOND), p.pool.nextDeadlineNs());
            assertEquals("a=50 b=" + 5 * tenths, p.after(10 * SECOND - 1).table());
            p.after(1);
        }
        assertEquals("a=50 b=50", p.table());
        assertEquals(OptionalLong.empty(), p.pool.nextDeadlineNs());
        assertEquals(100, p.status("b").rampPercent());
    }

    @Test
    void itNeverGetsLessThanOneUnlessItsWeightIsZero() {
        assertEquals("a=1 b=1 c=0", pool("a b c=0").fail("b c").pass("b c").table());
    }

    @Test
    void itTakesAllOfItsTimeWhateverTheLength() {
        Pools p = new Pools(slowStart(web("a=100 b=100"), 1000)).fail("b").pass("b");
        int steps = 0;
        while (p.pool.nextDeadlineNs().isPresent()) {
            long waitNs = p.pool.nextDeadlineNs().getAsLong() - p.nowNs;
            int before = p.status("b").share().weight();
            p.after(waitNs);
            assertEquals(before + 10, p.status("b").share().weight());
            steps++;
        }
        assertEquals(9, steps);
    }

    @Test
    void nobodyIsSlowAtTheDaemonsStart() {
        assertEquals("a=50 b=50", pool("a=50 b=50").table());
    }

    @Test
    void withAlphaNobodyIsSlowWhoComesUpAtTheDaemonsStart() {
        CheckConfig a = check("a", Pools.ALPHA);
        CheckConfig b = check("b", Pools.ALPHA);
        CheckConfig c = check("c", Pools.ALPHA);
        List<Member> members = List.of(new Member("a", 50, List.of(a)), new Member("b", 50, List.of(b)),
                new Member("c", 50, List.of(c)));
        Pools p = new Pools(new PoolConfig("web", members, List.of(), 1, 0, false, 0, LENGTH));
        Verdict passed = new Verdict(HealthState.UP, Advice.NONE, "passed");
        p.hear(a, passed);
        p.after(SECOND).hear(b, passed);
        assertEquals("a=50 b=50", p.settle().table());
        p.after(60 * SECOND).hear(c, passed);
        assertEquals("a=50 b=50 c=5", p.settle().table());
    }

    @Test
    void nobodyIsSlowWhileNobodyElseServes() {
        assertEquals("a=50 b=50", pool("a=50 b=50").fail("a b").pass("a b").table());
        Pools p = pool("a=50 b=50").admin("a", Admin.DRAIN).fail("b").pass("b");
        assertEquals("a=0 b=50", p.table());
    }

    @Test
    void aMemberThatAReloadAddsIsSlow() {
        assertEquals("a=50 b=5", pool("a=50").reload(slowStart(web("a=50 b=50"), LENGTH)).table());
    }

    @Test
    void aMemberThatItsOperatorPutsBackIsSlow() {
        assertEquals("a=50 b=5", pool("a=50 b=50").admin("b", Admin.DISABLED).admin("b", Admin.ENABLED).table());
        assertEquals("a=50 b=5", pool("a=50 b=50").admin("b", Admin.DRAIN).admin("b", Admin.ENABLED).table());
    }

    @Test
    void anotherWeightIsNoStart() {
        assertEquals("a=50 b=90", pool("a=50 b=50").admin("b", Admin.ENABLED.withWeight(90)).table());
    }

    @Test
    void aReloadKeepsItAndOneWithoutItEndsIt() {
        Pools p = pool("a=50 b=50").fail("b").pass("b").after(10 * SECOND);
        assertEquals("a=50 b=10", p.reload(slowStart(web("b=50 a=50"), LENGTH)).after(0).table().replace(
                "b=10 a=50", "a=50 b=10"));
        assertEquals("a=50 b=50", p.reload(web("a=50 b=50")).table());
    }

    @Test
    void whoGoesDownMeanwhileBeginsAnew() {
        Pools p = pool("a=50 b=50").fail("b").pass("b").after(50 * SECOND);
        assertEquals("a=50 b=30", p.table());
        assertEquals("a=50 b=5", p.fail("b").pass("b").table());
    }
}
