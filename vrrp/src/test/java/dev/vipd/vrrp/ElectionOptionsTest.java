package dev.vipd.vrrp;

import static dev.vipd.vrrp.Bench.HIGHER_IP;
import static dev.vipd.vrrp.Bench.LOWER_IP;
import static dev.vipd.vrrp.Bench.SECOND;
import static dev.vipd.vrrp.Bench.actions;
import static dev.vipd.vrrp.Bench.change;
import static dev.vipd.vrrp.Bench.only;
import static dev.vipd.vrrp.Bench.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.vrrp.VrrpEffect.Announce;
import dev.vipd.vrrp.VrrpEffect.SendAdvert;
import dev.vipd.vrrp.VrrpEvent.FaultCleared;
import dev.vipd.vrrp.VrrpEvent.FaultRaised;
import dev.vipd.vrrp.VrrpEvent.Reconfigured;
import dev.vipd.vrrp.VrrpEvent.Startup;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** keepalived's options of the election, and {@code sticky}. */
class ElectionOptionsTest {
    private static final FaultReason LINK = new FaultReason(FaultReason.Kind.INTERFACE, "eth0");

    @Test
    void downTimerAdverts() {
        Bench bench = Bench.backup(settings().election(e -> options(e, 0, 5, false, false, false, false)));
        assertEquals(5_609_375_000L, bench.untilDeadlineNs());
        assertEquals(5_609_375_000L, bench.router.status().masterDownIntervalNs());
    }

    @Test
    void startupDelayKeepsItBackup() {
        Bench bench = Bench.backup(settings().election(e -> options(e, 10 * SECOND, 3, false, false, false, false)));
        assertEquals("none", change(bench.advance(10 * SECOND - 1)));
        assertEquals("[startup_delay]", bench.router.status().claimBlocks().toString());
        assertEquals("BACKUP>MASTER master_down", change(bench.advance(1)));
    }

    @Test
    void startupDelayGoesOnInFault() {
        Bench bench = Bench.backup(settings().election(e -> options(e, 10 * SECOND, 3, false, false, false, false)));
        bench.on(new FaultRaised(LINK));
        bench.advance(7 * SECOND);
        bench.on(new FaultCleared(LINK));
        assertEquals("BACKUP>MASTER master_down", change(bench.advance(4 * SECOND)), "3 s of the delay were left");
        Bench late = Bench.backup(settings().election(e -> options(e, 10 * SECOND, 3, false, false, false, false)));
        late.on(new FaultRaised(LINK));
        late.advance(20 * SECOND);
        late.on(new FaultCleared(LINK));
        assertEquals("BACKUP>MASTER master_down", change(late.advance(4 * SECOND)));
    }

    @Test
    void theOwnerWaitsForItsStartupDelay() {
        Bench bench = new Bench(settings()
                .priority(255)
                .election(e -> options(e, 2 * SECOND, 3, false, false, false, false))
                .build());
        assertEquals("INIT>BACKUP startup", change(bench.on(new Startup())));
        assertEquals("BACKUP>MASTER owner", change(bench.advance(2 * SECOND)));
    }

    @Test
    void lowerPrioNoAdvert() {
        Bench bench = Bench.master(settings().election(e -> options(e, 0, 3, false, true, false, false)));
        List<VrrpEffect> effects = bench.hear(50, LOWER_IP);
        assertEquals(0, only(effects, SendAdvert.class).size());
        assertEquals(1, only(effects, Announce.class).size(), "as keepalived does");
    }

    @Test
    void higherPrioSendAdvert() {
        Bench bench = Bench.master(settings().election(e -> options(e, 0, 3, false, false, true, false)));
        List<VrrpEffect> effects = bench.hear(200, LOWER_IP);
        assertEquals(100, only(effects, SendAdvert.class).getFirst().advert().priority());
        assertEquals("MASTER>BACKUP higher_prio", change(effects));
    }

    @Test
    void garpLowerPrio() {
        AnnounceConfig announce = new AnnounceConfig(1, 0, 0, 1, 3, 2 * SECOND, 0, 0, 0);
        Bench bench = Bench.master(settings().announce(announce));
        List<VrrpEffect> effects = new ArrayList<>(bench.hear(50, LOWER_IP));
        effects.addAll(bench.advance(3 * SECOND));
        List<Announce> rounds = only(effects, Announce.class);
        assertEquals(3, rounds.size(), "at once, 100 ms later, and after the delay");
        rounds.forEach(round -> assertEquals(3, round.repeat()));
    }

    @Test
    void strictModeOverrulesWhatTheRfcHasNoWordOf() {
        ElectionConfig strict = new ElectionConfig(
                true, 5 * SECOND, 0, 9, true, true, true, true, true, true, List.of());
        assertEquals(
                new ElectionConfig(true, 0, 0, 3, true, false, false, false, false, false, List.of()), strict);
        Bench bench = Bench.backup(settings().election(_ -> strict));
        List<VrrpEffect> effects = bench.advance(4 * SECOND);
        assertEquals(1, only(effects, Announce.class).getFirst().repeat());
        assertEquals(0, only(bench.advance(10 * SECOND), Announce.class).size(), "no second round");
        assertEquals(1, only(bench.hear(50, LOWER_IP), SendAdvert.class).size(), "RFC 9568, 6.4.3");
    }

    @Test
    void rfc3768StrictModeDoesNotAnswer() {
        Bench bench = Bench.master(
                settings().version(2).election(e -> options(e, 0, 3, true, false, false, false)));
        assertEquals(0, only(bench.hear(50, LOWER_IP), SendAdvert.class).size());
    }

    @Test
    void aStickyMasterCanNotBeStolenFrom() {
        Bench bench = Bench.master(settings().nopreempt().election(e -> options(e, 0, 3, false, false, false, true)));
        assertEquals(100, bench.router.status().master().orElseThrow().priority(), "at first it may be the thief");
        bench.advance(60 * SECOND);
        List<VrrpEffect> effects = bench.hear(200, HIGHER_IP);
        assertEquals("none", change(effects));
        assertEquals(254, only(effects, SendAdvert.class).getFirst().advert().priority());
        assertEquals(254, bench.router.status().master().orElseThrow().priority());
        assertEquals(100, bench.router.status().effectivePriority());
        assertEquals("MASTER>BACKUP higher_prio", change(bench.hear(255, LOWER_IP)), "but by the owner");
    }

    @Test
    void oneThatComesBackYieldsToAStickyMaster() {
        // it did not hear the standing one for a while, and both are sticky
        Bench bench = Bench.master(settings()
                .priority(200)
                .nopreempt()
                .election(e -> options(e, 0, 3, false, false, false, true)));
        assertEquals("MASTER>BACKUP higher_prio", change(bench.hear(254, LOWER_IP)));
    }

    @Test
    void anotherReloadDoesNotBringBackAnOwnerThatYielded() {
        Bench bench = new Bench(settings().priority(255).build());
        bench.on(new Startup());
        bench.hear(255, HIGHER_IP);
        VirtualRouterConfig changed =
                settings().priority(255).announce(new AnnounceConfig(1, 0, 0, 1)).build();
        assertEquals(List.of(), actions(bench.on(new Reconfigured(changed, 255))));
        assertEquals(VrrpState.BACKUP, bench.router.state());
    }

    private static ElectionConfig options(
            ElectionConfig base, long startupDelayNs, int adverts, boolean strict, boolean lowerPrioNoAdvert,
            boolean higherPrioSendAdvert, boolean sticky) {
        return new ElectionConfig(
                base.preempt(), base.preemptDelayNs(), startupDelayNs, adverts, strict, lowerPrioNoAdvert,
                higherPrioSendAdvert, sticky, base.resume(), base.handover(), List.of());
    }
}
