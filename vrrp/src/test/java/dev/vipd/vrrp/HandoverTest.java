package dev.vipd.vrrp;

import static dev.vipd.vrrp.Bench.HIGHER_IP;
import static dev.vipd.vrrp.Bench.LOWER_IP;
import static dev.vipd.vrrp.Bench.MS;
import static dev.vipd.vrrp.Bench.SECOND;
import static dev.vipd.vrrp.Bench.VIP_1;
import static dev.vipd.vrrp.Bench.VIP_2;
import static dev.vipd.vrrp.Bench.actions;
import static dev.vipd.vrrp.Bench.change;
import static dev.vipd.vrrp.Bench.only;
import static dev.vipd.vrrp.Bench.reports;
import static dev.vipd.vrrp.Bench.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.vrrp.VrrpEffect.RemoveHoldings;
import dev.vipd.vrrp.VrrpEffect.SendAdvert;
import dev.vipd.vrrp.VrrpEvent.FaultCleared;
import dev.vipd.vrrp.VrrpEvent.FaultRaised;
import dev.vipd.vrrp.VrrpEvent.HandOver;
import dev.vipd.vrrp.VrrpEvent.Startup;
import dev.vipd.vrrp.VrrpEvent.Yield;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Make before break: a master that is to go holds its VIPs until another one is heard. */
class HandoverTest {
    private static final RemoveHoldings DROP = new RemoveHoldings(List.of(VIP_1, VIP_2));
    private static final FaultReason LINK = new FaultReason(FaultReason.Kind.INTERFACE, "eth0");

    @Test
    void theLastAdvertHasTheShortestIntervalThenThereIsSilence() {
        Bench bench = Bench.master(settings());
        List<VrrpEffect> effects = bench.on(new HandOver(HandoverGoal.STOP));
        SendAdvert last = only(effects, SendAdvert.class).getFirst();
        assertEquals(100, last.advert().priority());
        assertEquals(10 * MS, last.advert().advertIntervalNs());
        assertEquals(1, actions(effects).size(), "the VIPs stay");
        assertEquals(VrrpState.MASTER, bench.router.state());
        assertEquals(Optional.of(HandoverGoal.STOP), bench.router.status().handover());
        assertEquals(List.of(), bench.advance(99 * MS));
    }

    @Test
    void theSuccessorsAdvertEndsIt() {
        Bench bench = Bench.master(settings());
        bench.on(new HandOver(HandoverGoal.STOP));
        bench.advance(40 * MS);
        List<VrrpEffect> effects = bench.hear(90, LOWER_IP);
        assertEquals(List.of(DROP), actions(effects), "no priority 0: a third router would take over from the second");
        assertEquals("MASTER>INIT shutdown", change(effects));
        VrrpReport.HandoverEnded end = reports(effects, VrrpReport.HandoverEnded.class).getFirst();
        assertEquals(Optional.of(LOWER_IP), end.successor());
        assertEquals(40 * MS, end.tookNs());
        assertEquals(List.of(), reports(effects, VrrpReport.ConflictBegun.class));
    }

    @Test
    void aBackupOfThisKindTakesOverWithin45Milliseconds() {
        Bench backup = Bench.backup(settings().priority(90));
        backup.hear(100, HIGHER_IP);
        backup.advance(SECOND);
        backup.hear(100, HIGHER_IP, 10 * MS);
        assertEquals("none", change(backup.advance(36 * MS)));
        List<VrrpEffect> effects = backup.advance(MS);
        assertEquals("BACKUP>MASTER master_down", change(effects));
        assertEquals(SECOND, only(effects, SendAdvert.class).getFirst().advert().advertIntervalNs(), "its own again");
    }

    @Test
    void withoutASuccessorItAsksTwiceThenResigns() {
        Bench bench = Bench.master(settings());
        bench.on(new HandOver(HandoverGoal.STOP));
        List<VrrpEffect> again = bench.advance(100 * MS);
        assertEquals(10 * MS, only(again, SendAdvert.class).getFirst().advert().advertIntervalNs());
        List<VrrpEffect> effects = bench.advance(100 * MS);
        assertEquals(0, only(effects, SendAdvert.class).getFirst().advert().priority());
        assertEquals(DROP, actions(effects).get(1));
        assertEquals("MASTER>INIT shutdown", change(effects));
        assertEquals(
                Optional.empty(),
                reports(effects, VrrpReport.HandoverEnded.class).getFirst().successor());
    }

    @Test
    void rfc3768PriorityZeroComesFirstAndTheVipsStay() {
        Bench bench = Bench.master(settings().version(2));
        List<VrrpEffect> effects = bench.on(new HandOver(HandoverGoal.STOP));
        assertEquals(0, only(effects, SendAdvert.class).getFirst().advert().priority());
        assertEquals(1, actions(effects).size());
        assertEquals(List.of(), bench.advance(610 * MS), "the skew of a backup with priority 100");
        assertEquals("MASTER>INIT shutdown", change(bench.hear(90, LOWER_IP)));
    }

    @Test
    void rfc3768NoBackupTakesLongerThanASecond() {
        Bench bench = Bench.master(settings().version(2));
        bench.on(new HandOver(HandoverGoal.STOP));
        assertEquals("none", change(bench.advance(SECOND)));
        assertEquals("MASTER>INIT shutdown", change(bench.advance(60 * MS)));
    }

    @Test
    void failoverStandsAsideUntilItIsNeeded() {
        Bench bench = Bench.master(settings());
        bench.on(new HandOver(HandoverGoal.FAILOVER));
        assertEquals("MASTER>BACKUP failover", change(bench.hear(50, LOWER_IP)));
        for (int i = 0; i < 20; i++) {
            assertEquals("none", change(bench.advance(SECOND)));
            bench.hear(50, LOWER_IP);
        }
        assertTrue(bench.router.status().standsAside());
        bench.on(new FaultRaised(LINK));
        bench.on(new FaultCleared(LINK));
        bench.hear(50, LOWER_IP);
        assertTrue(bench.router.status().standsAside(), "a fault does not end it");
        bench.hear(0, LOWER_IP);
        assertEquals("BACKUP>MASTER prio_zero", change(bench.advance(SECOND)));
        assertFalse(bench.router.status().standsAside());
    }

    @Test
    void failoverWithNobodyThereStaysMaster() {
        Bench bench = Bench.master(settings());
        bench.on(new HandOver(HandoverGoal.FAILOVER));
        List<VrrpEffect> effects = bench.advance(200 * MS);
        assertEquals("none", change(effects));
        assertEquals(1, reports(effects, VrrpReport.HandoverEnded.class).size());
        SendAdvert advert = only(effects, SendAdvert.class).getLast();
        assertEquals(SECOND, advert.advert().advertIntervalNs(), "so that backups wait as before");
        assertEquals(100, advert.advert().priority());
    }

    @Test
    void aStopIsNotMadeAFailoverByALaterCommand() {
        Bench bench = Bench.master(settings());
        bench.on(new HandOver(HandoverGoal.STOP));
        bench.on(new HandOver(HandoverGoal.FAILOVER));
        bench.on(new HandOver(HandoverGoal.MAINTENANCE));
        assertEquals("MASTER>INIT shutdown", change(bench.advance(250 * MS)));
    }

    @Test
    void aFaultMeanwhileEndsAStopAtOnce() {
        Bench bench = Bench.master(settings());
        bench.on(new HandOver(HandoverGoal.STOP));
        List<VrrpEffect> effects = bench.on(new FaultRaised(LINK));
        assertEquals("MASTER>INIT shutdown", change(effects));
        assertEquals(0, only(effects, SendAdvert.class).getLast().advert().priority());
    }

    @Test
    void maintenanceIsAFaultUntilItIsTakenBack() {
        Bench bench = Bench.master(settings());
        bench.on(new HandOver(HandoverGoal.MAINTENANCE));
        assertEquals("MASTER>FAULT fault:maintenance", change(bench.hear(50, LOWER_IP)));
        assertEquals(List.of(FaultReason.MAINTENANCE), bench.router.status().faults());
        assertEquals("FAULT>BACKUP recovered", change(bench.on(new FaultCleared(FaultReason.MAINTENANCE))));
        assertEquals(
                "BACKUP>FAULT fault:maintenance", change(bench.on(new HandOver(HandoverGoal.MAINTENANCE))), "at once");
    }

    @Test
    void maintenanceTakenBackMeanwhileLeavesItMaster() {
        Bench bench = Bench.master(settings());
        bench.on(new HandOver(HandoverGoal.MAINTENANCE));
        List<VrrpEffect> effects = bench.on(new FaultCleared(FaultReason.MAINTENANCE));
        assertEquals(SECOND, only(effects, SendAdvert.class).getFirst().advert().advertIntervalNs());
        assertEquals("none", change(bench.advance(10 * SECOND)));
    }

    @Test
    void aFaultMeanwhileResignsAtOnceAndMaintenanceIsNotForgotten() {
        Bench bench = Bench.master(settings());
        bench.on(new HandOver(HandoverGoal.MAINTENANCE));
        List<VrrpEffect> effects = bench.on(new FaultRaised(LINK));
        assertEquals("MASTER>FAULT fault:interface:eth0", change(effects));
        assertEquals(0, only(effects, SendAdvert.class).getFirst().advert().priority());
        assertEquals("none", change(bench.on(new FaultCleared(LINK))));
        assertEquals(List.of(FaultReason.MAINTENANCE), bench.router.status().faults());
    }

    @Test
    void otherStatesReachTheGoalAtOnce() {
        Bench bench = Bench.backup(settings());
        assertEquals(List.of(), bench.on(new HandOver(HandoverGoal.FAILOVER)));
        assertEquals("BACKUP>INIT shutdown", change(bench.on(new HandOver(HandoverGoal.STOP))));
        assertEquals("INIT>BACKUP startup", change(bench.on(new Startup())));
    }

    @Test
    void aMateThatWentEndsAFailoverButNotAStop() {
        Bench bench = Bench.master(settings());
        bench.on(new HandOver(HandoverGoal.FAILOVER));
        assertEquals("MASTER>BACKUP sync_group", change(bench.on(new Yield())));
        assertTrue(bench.router.status().standsAside());
        Bench stops = Bench.master(settings());
        stops.on(new HandOver(HandoverGoal.STOP));
        assertEquals(List.of(), stops.on(new Yield()));
    }

    @Test
    void handoverOffIsTheStopOfTheRfc() {
        Bench bench = Bench.master(settings().election(e -> new ElectionConfig(
                true, 0, 0, 3, false, false, false, false, true, false, List.of())));
        List<VrrpEffect> effects = bench.on(new HandOver(HandoverGoal.STOP));
        assertEquals(0, only(effects, SendAdvert.class).getFirst().advert().priority());
        assertEquals("MASTER>INIT shutdown", change(effects));
    }
}
