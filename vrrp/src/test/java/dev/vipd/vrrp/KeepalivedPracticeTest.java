package dev.vipd.vrrp;

import static dev.vipd.vrrp.Bench.HIGHER_IP;
import static dev.vipd.vrrp.Bench.LOWER_IP;
import static dev.vipd.vrrp.Bench.MS;
import static dev.vipd.vrrp.Bench.SECOND;
import static dev.vipd.vrrp.Bench.SELF;
import static dev.vipd.vrrp.Bench.VIP_1;
import static dev.vipd.vrrp.Bench.VIP_2;
import static dev.vipd.vrrp.Bench.actions;
import static dev.vipd.vrrp.Bench.change;
import static dev.vipd.vrrp.Bench.only;
import static dev.vipd.vrrp.Bench.reports;
import static dev.vipd.vrrp.Bench.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.vipd.vrrp.VrrpEffect.Announce;
import dev.vipd.vrrp.VrrpEffect.RemoveHoldings;
import dev.vipd.vrrp.VrrpEffect.SendAdvert;
import dev.vipd.vrrp.VrrpEvent.Deadline;
import dev.vipd.vrrp.VrrpEvent.FaultCleared;
import dev.vipd.vrrp.VrrpEvent.FaultRaised;
import dev.vipd.vrrp.VrrpEvent.PriorityChanged;
import dev.vipd.vrrp.VrrpEvent.SourceAddressChanged;
import dev.vipd.vrrp.VrrpEvent.Startup;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the RFC does not have: FAULT, tracked priority, preempt_delay, rounds of gratuitous ARP, conflicts. */
class KeepalivedPracticeTest {
    private static final FaultReason LINK = new FaultReason(FaultReason.Kind.INTERFACE, "eth0");
    private static final FaultReason SCRIPT = new FaultReason(FaultReason.Kind.SCRIPT, "chk");

    @Test
    void preemptDelayThenTheRestOfTheMasterDownTime() {
        Bench bench = Bench.backup(settings().preemptDelay(10 * SECOND));
        List<VrrpEffect> effects = new ArrayList<>();
        long startNs = bench.nowNs;
        while (bench.router.state() == VrrpState.BACKUP && bench.nowNs - startNs < 60 * SECOND) {
            effects.addAll(bench.hear(50, HIGHER_IP));
            effects.addAll(bench.advance(SECOND));
        }
        assertEquals("BACKUP>MASTER preempt", change(effects));
        // the last advert that counted came at 9 s, so the timer ran out at 12.609375 s
        assertEquals(13 * SECOND, bench.nowNs - startNs);
    }

    @Test
    void preemptDelayBeginsAnewAfterABetterMaster() {
        Bench bench = Bench.backup(settings().preemptDelay(10 * SECOND));
        bench.hear(50, HIGHER_IP);
        bench.advance(3 * SECOND);
        bench.hear(200, HIGHER_IP);
        bench.advance(3 * SECOND);
        bench.hear(50, HIGHER_IP);
        bench.nowNs += 9 * SECOND;
        bench.hear(50, HIGHER_IP);
        assertEquals(3_609_375_000L, bench.untilDeadlineNs(), "still delayed");
    }

    @Test
    void faultFromMasterResignsThenRemoves() {
        Bench bench = Bench.master(settings());
        List<VrrpEffect> effects = bench.on(new FaultRaised(LINK));
        assertEquals(0, only(effects, SendAdvert.class).getFirst().advert().priority());
        assertEquals(new RemoveHoldings(List.of(VIP_1, VIP_2)), actions(effects).get(1));
        assertEquals(2, actions(effects).size());
        assertEquals("MASTER>FAULT fault:interface:eth0", change(effects));
        assertEquals(OptionalLong.empty(), bench.router.nextDeadlineNs());
    }

    @Test
    void faultEndsWithItsLastReason() {
        Bench bench = Bench.backup(settings());
        bench.hear(200, HIGHER_IP, 5 * SECOND);
        assertEquals("BACKUP>FAULT fault:interface:eth0", change(bench.on(new FaultRaised(LINK))));
        assertEquals(List.of(), bench.on(new FaultRaised(LINK)));
        assertEquals(List.of(), bench.on(new FaultRaised(SCRIPT)));
        assertEquals(List.of(), bench.on(new FaultCleared(LINK)));
        assertEquals(List.of(SCRIPT), bench.router.status().faults());
        assertEquals("FAULT>BACKUP recovered", change(bench.on(new FaultCleared(SCRIPT))));
        assertEquals(3_609_375_000L, bench.untilDeadlineNs(), "own interval again");
    }

    @Test
    void theOwnerLeavesFaultAsMaster() {
        Bench bench = Bench.backup(settings().priority(255));
        bench.on(new FaultRaised(LINK));
        assertEquals("FAULT>MASTER recovered", change(bench.on(new FaultCleared(LINK))));
    }

    @Test
    void startupIntoFault() {
        Bench bench = new Bench(settings().build());
        assertEquals(List.of(), bench.on(new FaultRaised(SCRIPT)));
        List<VrrpEffect> effects = bench.on(new Startup());
        assertEquals("INIT>FAULT fault:script:chk", change(effects));
        assertEquals(List.of(new RemoveHoldings(List.of(VIP_1, VIP_2))), actions(effects));
    }

    @Test
    void withoutASourceAddressThereIsFault() {
        Bench bench = new Bench(settings().build(), Optional.empty());
        assertEquals("INIT>FAULT fault:source_address", change(bench.on(new Startup())));
        assertEquals("FAULT>BACKUP recovered", change(bench.on(new SourceAddressChanged(Optional.of(SELF)))));
        bench.advance(4 * SECOND);
        List<VrrpEffect> effects = bench.on(new SourceAddressChanged(Optional.empty()));
        assertEquals("MASTER>FAULT fault:source_address", change(effects));
        assertEquals(SELF, only(effects, SendAdvert.class).getFirst().source(), "who resigns");
    }

    @Test
    void theTieIsBrokenByTheNewSourceAddress() {
        Bench bench = Bench.master(settings());
        List<VrrpEffect> effects = bench.on(new SourceAddressChanged(Optional.of(LOWER_IP)));
        assertEquals(LOWER_IP, only(effects, SendAdvert.class).getFirst().source());
        assertEquals("MASTER>BACKUP higher_ip", change(bench.hear(100, SELF)));
    }

    @Test
    void priorityMovesTheRunningTimerByTheSkew() {
        Bench bench = Bench.backup(settings());
        bench.advance(SECOND);
        List<VrrpEffect> effects = bench.on(new PriorityChanged(228, "script:chk up"));
        assertEquals(
                List.of(new VrrpReport.PriorityChanged(100, 228, "script:chk up")),
                reports(effects, VrrpReport.PriorityChanged.class));
        assertEquals(2_109_375_000L, bench.untilDeadlineNs(), "half a second of skew less");
        bench.hear(0, HIGHER_IP);
        bench.on(new PriorityChanged(100, "script:chk down"));
        assertEquals(609_375_000L, bench.untilDeadlineNs(), "Skew_Time after priority 0");
        assertEquals(List.of(), bench.on(new PriorityChanged(100, "again")));
    }

    @Test
    void priorityOfAMasterIsAdvertisedAtOnce() {
        Bench bench = Bench.master(settings());
        List<VrrpEffect> effects = bench.on(new PriorityChanged(90, "script:chk down"));
        assertEquals(90, only(effects, SendAdvert.class).getFirst().advert().priority());
        assertEquals(
                VrrpReport.Note.CHANGE,
                reports(effects, VrrpReport.AdvertSent.class).getFirst().why());
        assertEquals(SECOND, bench.untilDeadlineNs());
    }

    @Test
    void priorityOfTheOwnerNeverChanges() {
        Bench bench = Bench.master(settings().priority(255));
        assertEquals(List.of(), bench.on(new PriorityChanged(90, "script:chk down")));
        assertEquals(255, bench.router.status().effectivePriority());
        assertThrows(IllegalArgumentException.class, () -> bench.on(new PriorityChanged(255, "")));
        assertThrows(IllegalArgumentException.class, () -> bench.on(new PriorityChanged(0, "")));
    }

    @Test
    void announceRounds() {
        AnnounceConfig announce = new AnnounceConfig(3, 5 * SECOND, 4 * SECOND, 2);
        Bench bench = Bench.backup(settings().announce(announce));
        List<String> rounds = new ArrayList<>();
        bench.advance(3_609_374_999L);
        long beganNs = bench.nowNs + 1;
        for (int ms = 0; ms <= 13_000; ms += 500) {
            long atMs = ms;
            List<VrrpEffect> effects = bench.advance(ms == 0 ? 1 : 500 * MS);
            only(effects, Announce.class).forEach(a -> rounds.add(a.round() + "x" + a.repeat() + "@" + atMs));
        }
        assertEquals(13 * SECOND, bench.nowNs - beganNs);
        assertEquals(
                List.of("FIRSTx3@0", "REFRESHx2@4000", "SECONDx3@5000", "REFRESHx2@8000", "REFRESHx2@12000"), rounds);
    }

    @Test
    void extraInterfacesAreAnnouncedOn() {
        VirtualAddress.Options options = new VirtualAddress.Options(
                Optional.of("eth9"), Optional.empty(), OptionalInt.empty(), Optional.empty(), Optional.empty(),
                Set.of(), OptionalLong.empty(), false, false);
        VirtualAddress elsewhere = new VirtualAddress(VIP_2.address(), VIP_2.prefixLength(), options);
        Bench bench = Bench.master(settings()
                .announce(new AnnounceConfig(1, 0, 0, 1, 1, 0, 0, 0, 10 * SECOND))
                .addresses(VIP_1, elsewhere));
        List<Announce> rounds = only(bench.advance(30 * SECOND), Announce.class);
        assertEquals(Collections.nCopies(3, new Announce(List.of(elsewhere), 1, Announce.Round.EXTRA)), rounds);
    }

    @Test
    void nothingIsAnnouncedAfterLeaving() {
        Bench bench = Bench.master(settings().announce(new AnnounceConfig(5, 5 * SECOND, SECOND, 1)));
        bench.hear(200, HIGHER_IP);
        for (int i = 0; i < 20; i++) {
            bench.hear(200, HIGHER_IP);
            assertEquals(List.of(), bench.advance(SECOND));
        }
    }

    @Test
    void conflictIsReportedOnceAndEndsWithSilence() {
        Bench bench = Bench.master(settings().announce(new AnnounceConfig(5, 0, 0, 1)));
        List<VrrpEffect> effects = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            effects.addAll(bench.hear(99, HIGHER_IP));
            effects.addAll(bench.advance(100 * MS));
        }
        assertEquals(1, reports(effects, VrrpReport.ConflictBegun.class).size());
        assertEquals(1, only(effects, Announce.class).size(), "one more round an interval");
        Conflict conflict = bench.router.status().conflicts().getFirst();
        assertEquals(Optional.of(HIGHER_IP), conflict.peer());
        assertEquals(99, conflict.priority().orElseThrow());
        // master-down time of priority 99, less the 100 ms since its last advert; noticed with the next own advert
        long silenceNs = VrrpTimers.masterDownNs(3, 99, SECOND) - 100 * MS;
        assertEquals(List.of(), reports(bench.advance(silenceNs - 1), VrrpReport.ConflictEnded.class));
        List<VrrpEffect> end = bench.advance(SECOND);
        assertEquals(List.of(new VrrpReport.ConflictEnded(conflict)), reports(end, VrrpReport.ConflictEnded.class));
        assertEquals(1, only(end, Announce.class).size(), "what the other left in switches and caches");
    }

    @Test
    void conflictEndsWhenTheOtherResignsOrWins() {
        Bench resigned = Bench.master(settings());
        resigned.hear(99, HIGHER_IP);
        assertEquals(1, reports(resigned.hear(0, HIGHER_IP), VrrpReport.ConflictEnded.class).size());
        Bench lost = Bench.master(settings());
        lost.hear(99, HIGHER_IP);
        assertEquals(1, reports(lost.hear(101, HIGHER_IP), VrrpReport.ConflictEnded.class).size());
        assertEquals(List.of(), lost.router.status().conflicts());
    }

    @Test
    void afterAStallQueuedAdvertsComeBeforeTheDeadline() {
        Bench bench = Bench.backup(settings());
        bench.hear(200, HIGHER_IP);
        bench.nowNs += 60 * SECOND;
        bench.hear(200, HIGHER_IP);
        assertEquals(List.of(), bench.on(new Deadline()), "the old deadline is not due any more");
        assertEquals(VrrpState.BACKUP, bench.router.state());
    }

    @Test
    void advertsHeardAreReportedOnChangeOnly() {
        Bench bench = Bench.backup(settings());
        List<VrrpReport.Note> notes = new ArrayList<>();
        for (int priority : new int[] {200, 200, 201, 201, 0, 0, 201}) {
            bench.nowNs += SECOND;
            reports(bench.hear(priority, HIGHER_IP), VrrpReport.AdvertHeard.class).forEach(r -> notes.add(r.why()));
        }
        assertEquals(
                List.of(
                        VrrpReport.Note.FIRST,
                        VrrpReport.Note.CHANGE,
                        VrrpReport.Note.PRIO_ZERO,
                        VrrpReport.Note.CHANGE),
                notes);
    }

    @Test
    void countersAndReasons() {
        Bench bench = Bench.backup(settings());
        bench.hear(0, HIGHER_IP);
        bench.advance(SECOND);
        bench.on(new VrrpEvent.Shutdown());
        VirtualRouterStatus status = bench.router.status();
        assertEquals(1, status.stats().masterTransitions());
        assertEquals(Optional.of(StateReason.Cause.PRIO_ZERO), status.stats().newMasterReason());
        assertEquals(1, status.stats().priorityZeroReceived());
        assertEquals(1, status.stats().priorityZeroSent());
        assertEquals(2, status.stats().advertsSent());
        assertEquals("shutdown", status.why().toString());
        assertEquals(bench.nowNs, status.sinceNs());
    }
}
