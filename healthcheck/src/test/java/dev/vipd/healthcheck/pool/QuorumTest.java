package dev.vipd.healthcheck.pool;

import static dev.vipd.healthcheck.pool.Pools.SECOND;
import static dev.vipd.healthcheck.pool.Pools.inhibit;
import static dev.vipd.healthcheck.pool.Pools.members;
import static dev.vipd.healthcheck.pool.Pools.quorum;
import static dev.vipd.healthcheck.pool.Pools.slowStart;
import static dev.vipd.healthcheck.pool.Pools.sorry;
import static dev.vipd.healthcheck.pool.Pools.web;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.healthcheck.Advice;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Quorum, hysteresis and sorry servers. */
class QuorumTest {
    private static boolean met(Pools p) {
        return p.pool.summary().met();
    }

    @Test
    void theServiceIsUpWhileTheWeightsThatMayServeReachTheQuorum() {
        Pools p = new Pools(quorum(web("a=1 b=1 c=2"), 3, 0));
        assertTrue(met(p));
        assertTrue(met(p.fail("a")));
        assertFalse(met(p.fail("b")));
        assertEquals(new PoolSummary("web", 2, 3, false, false, List.of(), 1, 3), p.pool.summary());
        assertEquals("c=2", p.table(), "without a sorry server those that are left stay");
        assertTrue(met(p.pass("a")));
    }

    @Test
    void theQuorumIsReducedToTheSumOfAllConfiguredWeights() {
        assertEquals(3, new Pools(quorum(web("a=1 b=2"), 100, 0)).pool.summary().quorum());
        long max = Integer.MAX_VALUE;
        Pools big = new Pools(quorum(web("a=" + max + " b=" + max), max, 0));
        assertEquals(new PoolSummary("web", 2 * max, max, true, false, List.of(), 2, 2), big.pool.summary());
    }

    @Test
    void aPoolWhoseMembersAreAllDrainedIsNotUp() {
        assertFalse(met(new Pools(web("a=0 b=0"))));
        assertFalse(met(new Pools(web("a b")).admin("a", Admin.DRAIN).admin("b", Admin.DISABLED)));
        assertFalse(met(new Pools(web("a")).pass("a", Advice.MAINTENANCE)));
    }

    @Test
    void slowStartDoesNotCountAgainstTheQuorum() {
        Pools p = new Pools(slowStart(quorum(web("a=10 b=10"), 20, 0), 10 * SECOND)).fail("b").pass("b");
        assertEquals("a=10 b=1", p.table());
        assertTrue(met(p));
    }

    @Test
    void withHysteresisItGoesUpAboveAndDownBelowTheQuorum() {
        Pools p = new Pools(quorum(web("a b c d e f"), 3, 1));
        assertTrue(met(p.fail("a b c d")), "2 is not below 3 - 1");
        assertFalse(met(p.fail("e")));
        assertFalse(met(p.pass("a b")), "3 is not yet 3 + 1");
        assertTrue(met(p.pass("c")));
    }

    @Test
    void hysteresisNeverAsksForMoreThanAllWeights() {
        Pools p = new Pools(quorum(web("a b c"), 3, 2)).fail("a b c");
        assertFalse(met(p.pass("a b")));
        assertTrue(met(p.pass("c")));
    }

    @Test
    void withHysteresisItIsDownWhenNothingIsLeft() {
        Pools p = new Pools(quorum(web("a b c"), 3, 2));
        assertTrue(met(p.fail("a b")));
        assertFalse(met(p.fail("c")));
    }

    @Test
    void theFirstTimeHysteresisIsNotAsked() {
        assertTrue(met(new Pools(quorum(web("a b c d=0"), 3, 1))));
        Pools drained = new Pools(quorum(web("a=2 b c=0"), 3, 2));
        assertTrue(met(drained));
    }

    @Test
    void sorryServersTakeThePlaceOfAllMembersWhileTheQuorumIsLost() {
        Pools p = new Pools(quorum(sorry("a b", "s t"), 2, 0));
        p.take();
        assertEquals("+s +t", p.fail("a").table());
        assertEquals(
                List.of(
                        new PoolChange.MemberChanged(
                                "web", "a", MemberState.UP, MemberState.DOWN, "file: no number"),
                        new PoolChange.QuorumChanged("web", false, 1, 2),
                        new PoolChange.SorryChanged("web", "s", true),
                        new PoolChange.SorryChanged("web", "t", true)),
                p.take());
        assertEquals("a=1 b=1", p.pass("a").table());
        assertTrue(p.take().contains(new PoolChange.SorryChanged("web", "s", false)));
    }

    @Test
    void onlySorryServersWhoseOwnChecksPassServe() {
        Pools p = new Pools(quorum(sorry("a b", "s t"), 2, 0)).fail("s").fail("a");
        assertEquals("+t", p.table());
        assertEquals("b=1", p.fail("t").table(), "no sorry server: the member that is up stays");
        assertEquals("+s", p.pass("s").table());
    }

    @Test
    void aSorryServerWithoutChecksIsAlwaysThere() {
        PoolConfig config = new PoolConfig("web", members("a"),
                List.of(new PoolConfig.Member("s", 1, List.of())), 1, 0, false, 0, 0);
        assertEquals("+s", new Pools(config).fail("a").table());
    }

    @Test
    void besideTheSorryServerInhibitedAndDrainedMembersStayWithWeightZero() {
        assertEquals("a=0 b=0 +s", new Pools(inhibit(quorum(sorry("a b", "s"), 2, 0))).fail("a").table());
        Pools p = new Pools(sorry("a=0 b", "s")).admin("b", Admin.DRAIN);
        assertEquals("a=0 b=0 +s", p.table());
        assertEquals("b=0 +s", p.fail("a b").table());
    }

    @Test
    void aSorryServerMayBeAMemberToo() {
        assertEquals("b=0 a=0 +a", new Pools(inhibit(quorum(sorry("b=4 a", "a"), 5, 0))).fail("b").table());
    }

    @Test
    void whatAnOperatorTookOutAsAMemberDoesNotComeBackAsSorryServer() {
        Pools p = new Pools(quorum(sorry("a b", "a"), 2, 0));
        assertEquals("b=1", p.admin("a", Admin.DISABLED).table());
        assertEquals("a=0 b=1", p.admin("a", Admin.DRAIN).table());
    }
}
