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
import static dev.vipd.vrrp.Bench.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.vrrp.VrrpEffect.AddHoldings;
import dev.vipd.vrrp.VrrpEffect.Announce;
import dev.vipd.vrrp.VrrpEffect.RemoveHoldings;
import dev.vipd.vrrp.VrrpEffect.SendAdvert;
import dev.vipd.vrrp.VrrpEvent.Deadline;
import dev.vipd.vrrp.VrrpEvent.Shutdown;
import dev.vipd.vrrp.VrrpEvent.Startup;
import dev.vipd.vrrp.wire.AdvertCodec;
import dev.vipd.vrrp.wire.Advertisement;
import java.net.InetAddress;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The state machine of RFC 9568, 6, paragraph by paragraph; Active is MASTER, Initialize is INIT. */
class Rfc9568Section6Test {

    @ParameterizedTest
    @CsvSource({
        "3, 100, 1000, 609375000, 3609375000",
        "3, 254, 1000, 7812500, 3007812500",
        "3, 1, 1000, 996093750, 3996093750",
        "3, 255, 1000, 3906250, 3003906250",
        "3, 254, 10, 78125, 30078125",
        "3, 1, 40950, 40790039062, 163640039062",
        "2, 100, 1000, 609375000, 3609375000",
        "2, 100, 255000, 609375000, 765609375000",
    })
    void section61SkewTimeAndActiveDownInterval(int version, int priority, long intervalMs, long skew, long down) {
        assertEquals(skew, VrrpTimers.skewNs(version, priority, intervalMs * MS));
        assertEquals(down, VrrpTimers.masterDownNs(version, priority, intervalMs * MS));
    }

    @Test
    void section641StartupOfTheOwner() {
        Bench bench = new Bench(settings().priority(255).build());
        List<VrrpEffect> effects = bench.on(new Startup());
        assertEquals(List.of(advert(255), addBoth(), announceFirst()), actions(effects));
        assertEquals("INIT>MASTER owner", change(effects));
        assertEquals(SECOND, bench.untilDeadlineNs());
    }

    @Test
    void section641StartupOfAnother() {
        Bench bench = new Bench(settings().build());
        assertEquals(OptionalLong.empty(), bench.router.nextDeadlineNs());
        List<VrrpEffect> effects = bench.on(new Startup());
        assertEquals(List.of(removeBoth()), actions(effects), "what a crash left behind");
        assertEquals("INIT>BACKUP startup", change(effects));
        assertEquals(3_609_375_000L, bench.untilDeadlineNs());
        assertEquals(List.of(), bench.on(new Startup()));
    }

    @Test
    void section642ShutdownCancelsTheTimer() {
        Bench bench = Bench.backup(settings());
        List<VrrpEffect> effects = bench.on(new Shutdown());
        assertEquals("BACKUP>INIT shutdown", change(effects));
        assertEquals(List.of(), actions(effects));
        assertEquals(OptionalLong.empty(), bench.router.nextDeadlineNs());
        assertEquals(List.of(), bench.on(new Shutdown()));
    }

    @Test
    void section642TimerFiresAdvertAddAnnounceReport() {
        Bench bench = Bench.backup(settings());
        bench.nowNs += 3_609_374_999L;
        assertEquals(List.of(), bench.on(new Deadline()), "one nanosecond early");
        bench.nowNs += 1;
        List<VrrpEffect> effects = bench.on(new Deadline());
        assertEquals(List.of(advert(100), addBoth(), announceFirst()), effects.subList(0, 3));
        effects.subList(3, effects.size()).forEach(e -> assertInstanceOf(VrrpEffect.Report.class, e));
        assertEquals("BACKUP>MASTER master_down", change(effects));
        assertEquals(SECOND, bench.untilDeadlineNs());
        assertEquals(1, bench.router.status().term());
    }

    @Test
    void section642PriorityZeroSetsTheTimerToSkewTime() {
        Bench bench = Bench.backup(settings());
        bench.hear(200, HIGHER_IP);
        bench.advance(500 * MS);
        bench.hear(0, HIGHER_IP);
        assertEquals(609_375_000L, bench.untilDeadlineNs());
        assertEquals("BACKUP>MASTER prio_zero", change(bench.advance(SECOND)));
    }

    @ParameterizedTest
    @CsvSource({"100", "101", "255"})
    void section642EqualOrHigherPriorityRestartsTheTimer(int priority) {
        Bench bench = Bench.backup(settings());
        bench.advance(2 * SECOND);
        bench.hear(priority, LOWER_IP);
        assertEquals(3_609_375_000L, bench.untilDeadlineNs());
        assertEquals(LOWER_IP, bench.router.status().master().orElseThrow().address());
    }

    @Test
    void section642TheIntervalIsLearned() {
        Bench bench = Bench.backup(settings());
        bench.hear(200, HIGHER_IP, 10 * SECOND);
        assertEquals(36_093_750_000L, bench.untilDeadlineNs());
        assertEquals(10 * SECOND, bench.router.status().masterAdvertIntervalNs());
        bench.hear(0, HIGHER_IP, 10 * SECOND);
        assertEquals(6_093_750_000L, bench.untilDeadlineNs(), "Skew_Time of the learned interval");
        bench.advance(7 * SECOND);
        assertEquals(SECOND, bench.router.status().masterAdvertIntervalNs(), "own interval as master");
    }

    @Test
    void section642LowerPriorityIsDiscardedWithPreemptMode() {
        Bench bench = Bench.backup(settings());
        bench.advance(3 * SECOND);
        bench.hear(99, HIGHER_IP);
        assertEquals(609_375_000L, bench.untilDeadlineNs(), "the timer runs on");
        assertEquals("BACKUP>MASTER preempt", change(bench.advance(SECOND)));
    }

    @Test
    void section642LowerPriorityCountsWithoutPreemptMode() {
        Bench bench = Bench.backup(settings().nopreempt());
        bench.advance(3 * SECOND);
        bench.hear(99, HIGHER_IP);
        assertEquals(3_609_375_000L, bench.untilDeadlineNs());
    }

    @Test
    void section61TheOwnerPreemptsWithoutPreemptMode() {
        Bench bench = new Bench(settings().priority(255).nopreempt().build());
        bench.on(new Startup());
        bench.hear(255, HIGHER_IP);
        assertEquals(VrrpState.BACKUP, bench.router.state());
        long left = bench.untilDeadlineNs();
        bench.hear(254, HIGHER_IP);
        assertEquals(left, bench.untilDeadlineNs());
    }

    @Test
    void section643ShutdownSendsPriorityZeroThenRemoves() {
        Bench bench = Bench.master(settings());
        List<VrrpEffect> effects = bench.on(new Shutdown());
        assertEquals(List.of(advert(0), removeBoth()), actions(effects));
        assertEquals("MASTER>INIT shutdown", change(effects));
        assertEquals(OptionalLong.empty(), bench.router.nextDeadlineNs());
    }

    @Test
    void section643AdvertTimer() {
        Bench bench = Bench.master(settings().announce(new AnnounceConfig(1, 0, 0, 1)));
        bench.advance(bench.untilDeadlineNs() - 1);
        assertEquals(List.of(advert(100)), bench.advance(1));
        assertEquals(List.of(advert(100), advert(100)), bench.advance(2 * SECOND));
    }

    @Test
    void section643PriorityZeroIsAnsweredAndRestartsTheTimer() {
        Bench bench = Bench.master(settings());
        bench.advance(300 * MS);
        assertEquals(List.of(advert(100)), actions(bench.hear(0, HIGHER_IP)));
        assertEquals(SECOND, bench.untilDeadlineNs());
    }

    @Test
    void section643HigherPriorityWins() {
        Bench bench = Bench.master(settings());
        List<VrrpEffect> effects = bench.hear(101, LOWER_IP, 2 * SECOND);
        assertEquals(List.of(removeBoth()), actions(effects), "no priority 0");
        assertEquals("MASTER>BACKUP higher_prio", change(effects));
        assertEquals(7_218_750_000L, bench.untilDeadlineNs(), "Active_Down_Interval of the other's interval");
    }

    @Test
    void section643EqualPriorityTheHigherAddressWins() {
        Bench bench = Bench.master(settings());
        assertEquals("none", change(bench.hear(100, LOWER_IP)));
        // as signed numbers, 192.0.2.200 and 10.0.0.1 would be the other way round
        assertEquals("MASTER>BACKUP higher_ip", change(bench.hear(100, HIGHER_IP)));
    }

    @Test
    void section643LowerPriorityIsAnsweredAtOnce() {
        Bench bench = Bench.master(settings().announce(new AnnounceConfig(5, 0, 0, 1)));
        bench.advance(300 * MS);
        long left = bench.untilDeadlineNs();
        List<VrrpEffect> effects = bench.hear(99, HIGHER_IP);
        assertEquals(
                List.of(advert(100), new Announce(List.of(VIP_1, VIP_2), 5, Announce.Round.CONFLICT)),
                actions(effects));
        assertEquals("none", change(effects));
        assertEquals(left, bench.untilDeadlineNs());
    }

    @Test
    void section643AnswersAreBounded() {
        Bench bench = Bench.master(settings());
        int answers = 0;
        for (int i = 0; i < 1000; i++) {
            answers += Bench.only(bench.hear(99, HIGHER_IP), SendAdvert.class).size();
        }
        assertEquals(8, answers);
        for (int i = 0; i < 1000; i++) {
            bench.hear(0, HIGHER_IP);
        }
        assertTrue(bench.untilDeadlineNs() <= SECOND);
        bench.advance(SECOND);
        assertEquals(1, Bench.only(bench.hear(99, HIGHER_IP), SendAdvert.class).size());
    }

    @Test
    void rfc3768Version2DoesNotLearn() {
        Bench bench = Bench.backup(settings().version(2));
        bench.advance(SECOND);
        bench.hear(200, HIGHER_IP, 2 * SECOND);
        assertEquals(2_609_375_000L, bench.untilDeadlineNs(), "another interval is discarded");
        bench.hear(200, HIGHER_IP);
        assertEquals(3_609_375_000L, bench.untilDeadlineNs());
    }

    @Test
    void aLateDeadlineSendsOneAdvertAndNotAllThatWereMissed() {
        Bench bench = Bench.master(settings().announce(new AnnounceConfig(1, 0, 0, 1)));
        bench.nowNs += 2 * SECOND;
        assertEquals(List.of(advert(100)), bench.on(new Deadline()));
        assertEquals(SECOND, bench.untilDeadlineNs());
    }

    private static SendAdvert advert(int priority) {
        List<InetAddress> addresses = Bench.addresses(settings().build());
        return new SendAdvert(
                new Advertisement(3, 51, priority, SECOND, addresses),
                SELF,
                List.of(AdvertCodec.GROUP),
                ChecksumForm.PSEUDO_HEADER);
    }

    private static AddHoldings addBoth() {
        return new AddHoldings(List.of(VIP_1, VIP_2));
    }

    private static RemoveHoldings removeBoth() {
        return new RemoveHoldings(List.of(VIP_1, VIP_2));
    }

    private static Announce announceFirst() {
        return new Announce(List.of(VIP_1, VIP_2), 5, Announce.Round.FIRST);
    }
}
