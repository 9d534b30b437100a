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
import static dev.vipd.vrrp.Bench.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.vrrp.VrrpEffect.RemoveHoldings;
import dev.vipd.vrrp.VrrpEffect.SendAdvert;
import dev.vipd.vrrp.VrrpEvent.ClaimBlocked;
import dev.vipd.vrrp.VrrpEvent.ClaimFreed;
import dev.vipd.vrrp.VrrpEvent.Deadline;
import dev.vipd.vrrp.VrrpEvent.FaultRaised;
import dev.vipd.vrrp.VrrpEvent.Shutdown;
import dev.vipd.vrrp.VrrpEvent.Startup;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** A router that was master a moment ago: before its process was killed and restarted, or before it slept. */
class ResumeAndStallTest {
    private static final RemoveHoldings DROP = new RemoveHoldings(List.of(VIP_1, VIP_2));
    private static final long LISTEN_NS = SECOND + 609_375_000L;
    /** Seen alive so long ago, and its last advert an interval before that: a backup may be master now. */
    private static final long NOTICED_NS = 3_609_375_000L - SECOND;
    private static final FaultReason LINK = new FaultReason(FaultReason.Kind.INTERFACE, "eth0");
    private static final ClaimBlock PING = new ClaimBlock(ClaimBlock.Kind.TRACKER, "ping:gw");

    @Test
    void resumedBeforeABackupCanHaveTakenOver() {
        Bench bench = new Bench(settings().build());
        List<VrrpEffect> effects = bench.on(new Startup(OptionalLong.of(NOTICED_NS - 1)));
        assertEquals("INIT>MASTER resume", change(effects));
        assertEquals(0, only(effects, RemoveHoldings.class).size());
        assertEquals(100, only(effects, SendAdvert.class).getFirst().advert().priority());
    }

    @Test
    void laterItListensForAnIntervalAndKeepsTheVips() {
        Bench bench = resuming(settings());
        assertEquals(LISTEN_NS, bench.untilDeadlineNs());
        List<VrrpEffect> effects = bench.advance(LISTEN_NS);
        assertEquals("BACKUP>MASTER resume", change(effects));
        assertEquals(0, only(effects, RemoveHoldings.class).size());
    }

    @Test
    void aBetterMasterEndsTheResumption() {
        Bench bench = resuming(settings());
        bench.advance(SECOND / 2);
        List<VrrpEffect> effects = bench.hear(200, HIGHER_IP);
        assertEquals(List.of(DROP), actions(effects));
        assertEquals(3_609_375_000L, bench.untilDeadlineNs(), "a backup as any other");
        assertEquals(0, actions(bench.hear(200, HIGHER_IP)).size());
    }

    @Test
    void anyMasterEndsItWithNopreempt() {
        Bench bench = resuming(settings().nopreempt());
        assertEquals(List.of(DROP), actions(bench.hear(50, HIGHER_IP)));
    }

    @Test
    void aLesserMasterIsPreemptedAtOnce() {
        // both hosts have the VIPs now: waiting would leave it so
        Bench bench = resuming(settings());
        List<VrrpEffect> effects = bench.hear(50, HIGHER_IP);
        assertEquals("BACKUP>MASTER preempt", change(effects));
        assertEquals(1, only(effects, SendAdvert.class).size());
    }

    @Test
    void aFaultOrAStopWhileListeningRemovesWhatWasLeft() {
        assertEquals(List.of(DROP), actions(resuming(settings()).on(new FaultRaised(LINK))));
        assertEquals(List.of(DROP), actions(resuming(settings()).on(new Shutdown())));
    }

    @Test
    void withAFaultOrWithoutTheOptionThereIsNoResumption() {
        Bench faulty = new Bench(settings().build());
        faulty.on(new FaultRaised(LINK));
        assertEquals(List.of(DROP), actions(faulty.on(new Startup(OptionalLong.of(1)))));
        Bench off = new Bench(settings()
                .election(e -> new ElectionConfig(true, 0, 0, 3, false, false, false, false, false, true, List.of()))
                .build());
        List<VrrpEffect> effects = off.on(new Startup(OptionalLong.of(1)));
        assertEquals("INIT>BACKUP startup", change(effects));
        assertEquals(List.of(DROP), actions(effects));
    }

    @Test
    void whatAClaimRequiresIsRequiredToResumeToo() {
        Bench bench = new Bench(settings().build());
        bench.on(new ClaimBlocked(PING));
        assertEquals("INIT>BACKUP resume", change(bench.on(new Startup(OptionalLong.of(1)))));
        assertEquals(List.of(DROP), actions(bench.advance(LISTEN_NS)), "the time to keep them is over");
        assertEquals("BACKUP>MASTER resume", change(bench.on(new ClaimFreed(PING))));
    }

    @Test
    void aMasterThatSleptForAPeersMasterDownTimeListensBeforeItSpeaks() {
        Bench bench = Bench.master(settings());
        bench.nowNs += 5 * SECOND;
        List<VrrpEffect> effects = bench.on(new Deadline());
        assertEquals("MASTER>BACKUP stall", change(effects));
        assertEquals(List.of(DROP), actions(effects), "and says nothing");
        assertEquals(LISTEN_NS, bench.untilDeadlineNs());
        assertEquals("BACKUP>MASTER resume", change(bench.advance(LISTEN_NS)));
    }

    @Test
    void aMasterThatSleptShorterGoesOn() {
        Bench bench = Bench.master(settings());
        long sentAgoNs = SECOND - bench.untilDeadlineNs();
        bench.nowNs += 3_007_812_500L - sentAgoNs; // a peer of priority 254 is the first to take over
        assertEquals(1, only(bench.on(new Deadline()), SendAdvert.class).size());
    }

    @Test
    void whatItHearsAfterTheStallIsHeardAsABackup() {
        Bench bench = Bench.master(settings());
        bench.nowNs += 5 * SECOND;
        List<VrrpEffect> effects = bench.hear(50, LOWER_IP);
        assertEquals("MASTER>BACKUP stall", change(effects));
        assertEquals(List.of(DROP), actions(effects), "no answer to the lesser master");
        assertEquals(3_609_375_000L, bench.untilDeadlineNs(), "preempts as any router that comes back");
        Bench yields = Bench.master(settings().nopreempt());
        yields.nowNs += 5 * SECOND;
        yields.hear(50, LOWER_IP);
        assertEquals(LOWER_IP, yields.router.status().master().orElseThrow().address());
    }

    @Test
    void aBackupThatSleptPastItsTimerListensAgain() {
        Bench bench = Bench.backup(settings());
        bench.nowNs += 3_609_375_000L + SECOND;
        assertEquals(List.of(), bench.on(new Deadline()));
        assertEquals(LISTEN_NS, bench.untilDeadlineNs());
        assertEquals("BACKUP>MASTER master_down", change(bench.advance(LISTEN_NS)));
    }

    @Test
    void aBackupThatIsALittleLateDoesNot() {
        Bench bench = Bench.backup(settings());
        bench.nowNs += 3_609_375_000L + 999 * MS;
        assertEquals("BACKUP>MASTER master_down", change(bench.on(new Deadline())));
    }

    private static Bench resuming(Bench.Settings settings) {
        Bench bench = new Bench(settings.build());
        List<VrrpEffect> effects = bench.on(new Startup(OptionalLong.of(NOTICED_NS)));
        assertEquals("INIT>BACKUP resume", change(effects));
        assertEquals(List.of(), actions(effects));
        return bench;
    }
}
