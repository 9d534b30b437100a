package dev.vipd.vrrp;

import static dev.vipd.vrrp.Bench.HIGHER_IP;
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
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.vipd.vrrp.VrrpEffect.AddHoldings;
import dev.vipd.vrrp.VrrpEffect.Announce;
import dev.vipd.vrrp.VrrpEffect.Announce.Round;
import dev.vipd.vrrp.VrrpEffect.RemoveHoldings;
import dev.vipd.vrrp.VrrpEffect.SendAdvert;
import dev.vipd.vrrp.VrrpEvent.HoldingAddFailed;
import dev.vipd.vrrp.VrrpEvent.HoldingLost;
import dev.vipd.vrrp.VrrpEvent.Reconfigured;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Addresses that vanish or can't be added, and configurations that change while running. */
class AddressesAndReloadTest {
    private static final VirtualAddress VIP_3 = new VirtualAddress(InetAddress.ofLiteral("192.0.2.102"), 32);
    private static final AnnounceConfig QUIET = new AnnounceConfig(2, 0, 0, 1);

    @Test
    void aDeletedAddressIsPutBackAndAnnounced() {
        Bench bench = Bench.master(settings());
        List<VrrpEffect> effects = bench.on(new HoldingLost(VIP_2));
        assertEquals(
                List.of(new AddHoldings(List.of(VIP_2)), new Announce(List.of(VIP_2), 5, Round.ADDED)),
                actions(effects));
        assertEquals(
                List.of(new VrrpReport.HoldingRestored(VIP_2)), reports(effects, VrrpReport.HoldingRestored.class));
        assertEquals(VrrpState.MASTER, bench.router.state());
    }

    @Test
    void fiveDeletionsInTenIntervalsArePutUpWithTheSixthIsAFault() {
        Bench bench = Bench.master(settings().announce(QUIET));
        for (int i = 0; i < 5; i++) {
            assertEquals(1, only(bench.on(new HoldingLost(VIP_1)), AddHoldings.class).size());
            bench.advance(100 * MS);
        }
        assertEquals("MASTER>FAULT fault:holding:192.0.2.100/24", change(bench.on(new HoldingLost(VIP_1))));
        assertEquals(6, bench.router.status().stats().addressesRestored(), "each deletion counts");
        assertEquals(List.of(), bench.advance(30 * SECOND - 1));
        assertEquals("FAULT>BACKUP recovered", change(bench.advance(1)));
    }

    @Test
    void aDeletionNowAndThenIsNoFault() {
        Bench bench = Bench.master(settings().announce(QUIET));
        for (int i = 0; i < 100; i++) {
            assertEquals(1, only(bench.on(new HoldingLost(VIP_1)), AddHoldings.class).size());
            bench.advance(2 * SECOND);
        }
    }

    @Test
    void aVanishingFaultEndsWithAShutdown() {
        Bench bench = Bench.master(settings().announce(QUIET));
        for (int i = 0; i < 6; i++) {
            bench.on(new HoldingLost(VIP_1));
        }
        assertEquals("FAULT>INIT shutdown", change(bench.on(new VrrpEvent.Shutdown())));
        assertEquals("INIT>BACKUP startup", change(bench.on(new VrrpEvent.Startup())));
    }

    @Test
    void whatIsNotTrackedStaysAway() {
        VirtualAddress untracked = new VirtualAddress(VIP_1.address(), 24, new VirtualAddress.Options(
                Optional.empty(), Optional.empty(), OptionalInt.empty(), Optional.empty(), Optional.empty(), Set.of(),
                OptionalLong.empty(), false, true));
        Bench bench = Bench.master(settings().addresses(untracked, VIP_2));
        assertEquals(List.of(), bench.on(new HoldingLost(untracked)));
    }

    @Test
    void anAddressWithOtherOptionsIsAddedAndNotRemoved() {
        Bench bench = Bench.master(settings().announce(QUIET));
        VirtualAddress wider = new VirtualAddress(VIP_1.address(), 16);
        VirtualRouterConfig config = settings().announce(QUIET).addresses(wider, VIP_2).build();
        List<VrrpEffect> actions = actions(bench.on(new Reconfigured(config, 100)));
        assertEquals(
                List.of(new AddHoldings(List.of(wider)), new Announce(List.of(wider), 2, Round.ADDED)),
                actions.subList(1, actions.size()));
    }

    @Test
    void foreignAddressesAndOtherStatesDoNotMatter() {
        Bench bench = Bench.master(settings());
        assertEquals(List.of(), bench.on(new HoldingLost(VIP_3)));
        assertEquals(List.of(), bench.on(new HoldingAddFailed(VIP_3, "EPERM")));
        bench.hear(200, HIGHER_IP);
        assertEquals(List.of(), bench.on(new HoldingLost(VIP_1)));
        assertEquals(List.of(), bench.on(new HoldingAddFailed(VIP_1, "EPERM")));
    }

    @Test
    void aRefusedAddressIsReportedRetriedAndNotAnnounced() {
        Bench bench = Bench.master(settings().announce(QUIET));
        assertEquals(
                List.of(new VrrpReport.HoldingFailed(VIP_1, "EPERM")),
                reports(bench.on(new HoldingAddFailed(VIP_1, "EPERM")), VrrpReport.HoldingFailed.class));
        assertEquals(List.of(VIP_1), bench.router.status().missing());
        assertEquals(List.of(VIP_2), only(bench.hear(1, HIGHER_IP), Announce.class).getFirst().addresses());
        assertEquals(List.of(), only(bench.advance(SECOND - 1), AddHoldings.class));
        assertEquals(List.of(new AddHoldings(List.of(VIP_1))), only(bench.advance(1), AddHoldings.class));
        assertEquals(List.of(), bench.on(new HoldingAddFailed(VIP_1, "EPERM")), "told already");
        assertEquals(1, only(bench.advance(SECOND), AddHoldings.class).size());
        assertEquals(List.of(), bench.router.status().missing());
        assertEquals(List.of(), only(bench.advance(10 * SECOND), AddHoldings.class), "it worked");
    }

    @Test
    void reloadOfAMasterMovesOnlyTheDifference() {
        Bench bench = Bench.master(settings().announce(QUIET));
        VirtualRouterConfig config = settings()
                .announce(QUIET)
                .addresses(VIP_2, VIP_3)
                .interval(2 * SECOND)
                .build();
        List<VrrpEffect> actions = actions(bench.on(new Reconfigured(config, 100)));
        SendAdvert advert = assertInstanceOf(SendAdvert.class, actions.getFirst());
        assertEquals(2 * SECOND, advert.advert().advertIntervalNs());
        assertEquals(
                List.of(
                        new AddHoldings(List.of(VIP_3)),
                        new RemoveHoldings(List.of(VIP_1)),
                        new Announce(List.of(VIP_3), 2, Round.ADDED)),
                actions.subList(1, actions.size()));
        assertEquals(2 * SECOND, bench.untilDeadlineNs());
        assertEquals(VrrpState.MASTER, bench.router.state());
        assertEquals(List.of(), bench.on(new Reconfigured(config, 100)), "nothing changed");
    }

    @Test
    void reloadOfABackupMovesTheTimer() {
        Bench bench = Bench.backup(settings());
        bench.advance(SECOND);
        List<VrrpEffect> effects =
                bench.on(new Reconfigured(settings().priority(228).interval(2 * SECOND).build(), 228));
        assertEquals(List.of(new VrrpReport.PriorityChanged(100, 228, "reload")), reports(effects, VrrpReport.class));
        assertEquals(VrrpTimers.masterDownNs(3, 228, 2 * SECOND) - SECOND, bench.untilDeadlineNs());
        bench.hear(250, HIGHER_IP, SECOND);
        bench.on(new Reconfigured(settings().priority(228).interval(5 * SECOND).build(), 228));
        assertEquals(VrrpTimers.masterDownNs(3, 228, SECOND), bench.untilDeadlineNs(), "the master's interval counts");
    }

    @Test
    void reloadIntoTheOwner() {
        Bench bench = Bench.backup(settings());
        assertEquals(
                "BACKUP>MASTER owner",
                change(bench.on(new Reconfigured(settings().priority(255).build(), 255))));
    }

    @Test
    void reloadWhileInFaultIsKept() {
        Bench bench = Bench.backup(settings());
        FaultReason link = new FaultReason(FaultReason.Kind.INTERFACE, "eth0");
        bench.on(new VrrpEvent.FaultRaised(link));
        assertEquals(List.of(), actions(bench.on(new Reconfigured(settings().priority(254).build(), 254))));
        bench.on(new VrrpEvent.FaultCleared(link));
        assertEquals(3_007_812_500L, bench.untilDeadlineNs());
    }

    @Test
    void reloadOfWhatRefreshes() {
        Bench bench = Bench.master(settings().announce(QUIET));
        bench.on(new Reconfigured(settings().announce(new AnnounceConfig(2, 0, 3 * SECOND, 1)).build(), 100));
        assertEquals(2, only(bench.advance(6 * SECOND), Announce.class).size());
        bench.on(new Reconfigured(settings().announce(QUIET).build(), 100));
        assertEquals(0, only(bench.advance(60 * SECOND), Announce.class).size());
    }

    @Test
    void anotherVersionIsAnotherRouter() {
        Bench bench = Bench.backup(settings());
        Reconfigured version2 = new Reconfigured(settings().version(2).build(), 100);
        assertThrows(IllegalArgumentException.class, () -> bench.on(version2));
        Reconfigured notOwner = new Reconfigured(settings().build(), 255);
        assertThrows(IllegalArgumentException.class, () -> bench.on(notOwner));
    }
}
