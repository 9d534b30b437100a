package dev.vipd.vrrp;

import static dev.vipd.vrrp.Bench.HIGHER_IP;
import static dev.vipd.vrrp.Bench.LOWER_IP;
import static dev.vipd.vrrp.Bench.MS;
import static dev.vipd.vrrp.Bench.SECOND;
import static dev.vipd.vrrp.Bench.SELF;
import static dev.vipd.vrrp.Bench.actions;
import static dev.vipd.vrrp.Bench.change;
import static dev.vipd.vrrp.Bench.only;
import static dev.vipd.vrrp.Bench.reports;
import static dev.vipd.vrrp.Bench.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.vrrp.Conflict.Kind;
import dev.vipd.vrrp.VrrpEffect.Announce;
import dev.vipd.vrrp.VrrpEffect.SendAdvert;
import dev.vipd.vrrp.VrrpEvent.FaultRaised;
import dev.vipd.vrrp.VrrpEvent.PacketReceived;
import dev.vipd.vrrp.VrrpReport.ConflictBegun;
import dev.vipd.vrrp.VrrpReport.ConflictEnded;
import dev.vipd.vrrp.wire.AdvertCodec;
import dev.vipd.vrrp.wire.Advertisement;
import dev.vipd.vrrp.wire.DecodeResult.Decoded;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Other masters, and what keeps them from being heard: a state with a beginning and an end, and no timer touched. */
class ConflictTest {
    private static final AnnounceConfig QUIET = new AnnounceConfig(5, 0, 0, 1);

    @Test
    void anotherMasterIsAConflictAtOnceAndItsEndTeachesTheNetworkAgain() {
        Bench bench = Bench.master(settings().announce(QUIET));
        List<VrrpEffect> effects = bench.hear(50, LOWER_IP);
        Conflict conflict = reports(effects, ConflictBegun.class).getFirst().conflict();
        assertEquals(
                new Conflict(Kind.MASTER, Optional.of(LOWER_IP), OptionalInt.of(50), bench.nowNs, ""), conflict);
        assertEquals(List.of(conflict), bench.router.status().conflicts());
        assertEquals(1, bench.router.status().stats().conflicts());
        List<VrrpEffect> end = bench.advance(6 * SECOND);
        assertEquals(List.of(new ConflictEnded(conflict)), reports(end, ConflictEnded.class));
        assertEquals(1, only(end, Announce.class).size());
        assertEquals(List.of(), bench.router.status().conflicts());
    }

    @Test
    void theLosersAnnouncementMayComeAfterOursSoWeAnnounceOnceMore() {
        Bench bench = Bench.master(settings());
        assertEquals(1, only(bench.hear(50, LOWER_IP), Announce.class).size());
        assertEquals(List.of(), only(bench.advance(99 * MS), Announce.class));
        assertEquals(1, only(bench.advance(MS), Announce.class).size());
    }

    @Test
    void aLastingConflictOfShortIntervalsAnnouncesOnceASecond() {
        Bench bench = Bench.master(settings().interval(10 * MS).announce(QUIET));
        int rounds = 0;
        for (int i = 0; i < 300; i++) {
            rounds += only(bench.hear(50, LOWER_IP), Announce.class).size();
            bench.advance(10 * MS);
        }
        assertEquals(3, rounds);
    }

    @Test
    void oneDiscardedPacketIsNoConflictTheSecondIs() {
        for (Bench bench : List.of(Bench.master(settings()), Bench.backup(settings()))) {
            assertEquals(List.of(), reports(otherVersion(bench), ConflictBegun.class));
            OptionalLong deadline = bench.router.nextDeadlineNs();
            List<VrrpEffect> second = otherVersion(bench);
            assertEquals(Kind.VERSION, reports(second, ConflictBegun.class).getFirst().conflict().kind());
            assertEquals(List.of(), actions(second));
            assertEquals(deadline, bench.router.nextDeadlineNs());
            assertEquals(List.of(), reports(otherVersion(bench), ConflictBegun.class), "told once");
        }
    }

    @Test
    void damagedPacketsNowAndThenAreNoConflict() {
        Bench bench = Bench.master(settings());
        List<VrrpEffect> effects = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            effects.addAll(otherVersion(bench));
            effects.addAll(bench.advance(5 * SECOND));
        }
        assertEquals(List.of(), reports(effects, ConflictBegun.class));
        assertEquals(List.of(), reports(effects, ConflictEnded.class));
    }

    @Test
    void aHiddenMasterEndsBySilence() {
        Bench bench = Bench.backup(settings().version(2));
        List<VrrpEffect> effects = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            effects.addAll(bench.hear(200, HIGHER_IP, 2 * SECOND));
            effects.addAll(bench.advance(2 * SECOND));
        }
        assertEquals(1, reports(effects, ConflictBegun.class).size());
        assertEquals("BACKUP>MASTER master_down", change(effects), "two masters, but it is known");
        assertEquals(Kind.INTERVAL, bench.router.status().conflicts().getFirst().kind());
        assertEquals(1, reports(bench.advance(8 * SECOND), ConflictEnded.class).size());
    }

    @Test
    void aHiddenMasterEndsWhenItIsHeardOrResigns() {
        Bench heard = Bench.backup(settings().version(2));
        heard.hear(200, HIGHER_IP, 2 * SECOND);
        heard.hear(200, HIGHER_IP, 2 * SECOND);
        assertEquals(1, reports(heard.hear(200, HIGHER_IP), ConflictEnded.class).size());
        Bench resigned = Bench.backup(settings().version(2));
        resigned.hear(200, HIGHER_IP, 2 * SECOND);
        resigned.hear(200, HIGHER_IP, 2 * SECOND);
        assertEquals(1, reports(resigned.hear(0, HIGHER_IP, 2 * SECOND), ConflictEnded.class).size());
    }

    @Test
    void anotherVridForTheSameVips() {
        Bench bench = Bench.master(settings());
        Advertisement other = new Advertisement(3, 52, 200, SECOND, Bench.addresses(bench.router.config()));
        bench.hear(other, HIGHER_IP);
        assertEquals(
                Kind.VRID,
                reports(bench.hear(other, HIGHER_IP), ConflictBegun.class).getFirst().conflict().kind());
    }

    @Test
    void otherAddressesAreAWarningInBackupToo() {
        Bench bench = Bench.backup(settings());
        Advertisement fewer = new Advertisement(3, 51, 200, SECOND, List.of(Bench.VIP_1.address()));
        List<VrrpEffect> effects = bench.hear(fewer, HIGHER_IP);
        assertEquals(Kind.ADDRESS_LIST, reports(effects, ConflictBegun.class).getFirst().conflict().kind());
        assertEquals(1, reports(bench.hear(200, HIGHER_IP), ConflictEnded.class).size(), "they are the same again");
    }

    @Test
    void theOwnPriorityFromTheOwnAddress() {
        Bench bench = Bench.master(settings());
        bench.hear(100, SELF);
        List<VrrpEffect> effects = bench.hear(100, SELF);
        assertEquals(Kind.OWN_ADDRESS, reports(effects, ConflictBegun.class).getFirst().conflict().kind());
        assertEquals(List.of(), actions(effects), "each answer would call for another");
        assertEquals("none", change(effects));
    }

    @Test
    void leavingMasterOrTakingNoPartEndsIt() {
        Bench bench = Bench.master(settings());
        bench.hear(50, LOWER_IP);
        List<VrrpEffect> effects =
                bench.on(new FaultRaised(new FaultReason(FaultReason.Kind.INTERFACE, "eth0")));
        assertEquals(1, reports(effects, ConflictEnded.class).size());
    }

    @Test
    void strangersCanNotFillTheLog() {
        Bench bench = Bench.master(settings());
        List<VrrpEffect> effects = new ArrayList<>();
        for (int i = 1; i < 250; i++) {
            InetAddress stranger = InetAddress.ofLiteral("198.51.100." + i);
            effects.addAll(bench.hear(50, stranger));
        }
        assertEquals(8, reports(effects, ConflictBegun.class).size());
    }

    @Test
    void twoOwnersTheOneWithTheLowerAddressYields() {
        Bench bench = new Bench(settings().priority(255).build());
        bench.on(new VrrpEvent.Startup());
        List<VrrpEffect> effects = bench.hear(255, LOWER_IP);
        assertEquals(Kind.OWNER, reports(effects, ConflictBegun.class).getFirst().conflict().kind());
        assertEquals(1, only(effects, SendAdvert.class).size(), "so that it yields");
        assertEquals("MASTER>BACKUP higher_ip", change(bench.hear(255, HIGHER_IP)));
        assertEquals(255, bench.router.status().effectivePriority());
        assertEquals("BACKUP>MASTER master_down", change(bench.advance(4 * SECOND)), "the other is gone");
    }

    @Test
    void anOwnerThatIgnoresAdvertsIsGivenWayTo() {
        Bench bench = new Bench(settings().priority(255).build());
        bench.on(new VrrpEvent.Startup());
        assertEquals("none", change(bench.hear(255, LOWER_IP)));
        bench.advance(SECOND);
        assertEquals("none", change(bench.hear(255, LOWER_IP)));
        bench.advance(SECOND);
        assertEquals("MASTER>BACKUP other_owner", change(bench.hear(255, LOWER_IP)));
        bench.advance(SECOND);
        assertEquals("none", change(bench.hear(255, LOWER_IP)));
        assertEquals(VrrpState.BACKUP, bench.router.state());
    }

    /** An advert of priority 200 that only its version keeps from being accepted. */
    private static List<VrrpEffect> otherVersion(Bench bench) {
        VirtualRouterConfig config = bench.router.config();
        Advertisement advert = new Advertisement(
                config.version() == 2 ? 3 : 2, 51, 200, SECOND, Bench.addresses(config));
        return bench.on(new PacketReceived(
                new Decoded(
                        advert, HIGHER_IP, AdvertCodec.GROUP, 255, ChecksumForm.MESSAGE_ONLY, Optional.empty())));
    }
}
