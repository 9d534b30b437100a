package dev.vipd.vrrp;

import static dev.vipd.vrrp.Bench.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.vrrp.VrrpEvent.FaultCleared;
import dev.vipd.vrrp.VrrpEvent.FaultRaised;
import dev.vipd.vrrp.VrrpEvent.PriorityChanged;
import dev.vipd.vrrp.VrrpEvent.Reconfigured;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InstanceTrackingTest {
    private static final TrackerId OWN = TrackerId.networkInterface("eth0");
    private static final TrackerId ETH1 = TrackerId.networkInterface("eth1");
    private static final TrackerId CHK = TrackerId.script("chk");
    private static final TrackerId SWITCH = new TrackerId(TrackerId.Kind.FILE, "switch");
    private static final TrackerId GATEWAY = new TrackerId(TrackerId.Kind.PING, "gw");
    private static final FaultReason SWITCH_DOWN = new FaultReason(FaultReason.Kind.FILE, "switch");
    private static final FaultReason OWN_DOWN = new FaultReason(FaultReason.Kind.INTERFACE, "eth0");
    private static final FaultReason CHK_DOWN = new FaultReason(FaultReason.Kind.SCRIPT, "chk");
    private static final FaultReason CHK_INIT = new FaultReason(FaultReason.Kind.SCRIPT_INIT, "chk");
    private static final Map<TrackerId, TrackerReading> LINK_UP = Map.of(OWN, TrackerReading.UP);

    @Test
    void positiveWeightsCountWhileUp() {
        InstanceTracking tracking = tracking(settings().tracks(new TrackRef(TrackerId.script("chk"), 20)), LINK_UP);
        assertEquals(100, tracking.effectivePriority(), "not while unknown");
        assertEquals(
                List.of(new PriorityChanged(120, "script:chk up")), tracking.on(CHK, TrackerReading.UP));
        assertEquals(List.of(), tracking.on(CHK, TrackerReading.UP));
        assertEquals(
                List.of(new PriorityChanged(100, "script:chk down")), tracking.on(CHK, TrackerReading.DOWN));
    }

    @Test
    void negativeWeightsCountWhileDown() {
        InstanceTracking tracking =
                tracking(settings().tracks(new TrackRef(TrackerId.networkInterface("eth1"), -30)), LINK_UP);
        assertEquals(100, tracking.effectivePriority());
        assertEquals(
                List.of(new PriorityChanged(70, "interface:eth1 down")), tracking.on(ETH1, TrackerReading.DOWN));
        assertEquals(Set.of(), tracking.faults());
    }

    @Test
    void theSumIsKeptWithin1And254() {
        Bench.Settings both = settings().tracks(
                new TrackRef(TrackerId.script("chk"), 253),
                new TrackRef(TrackerId.networkInterface("eth1"), -253));
        InstanceTracking tracking = tracking(both, LINK_UP);
        tracking.on(ETH1, TrackerReading.DOWN);
        assertEquals(1, tracking.effectivePriority());
        tracking.on(CHK, TrackerReading.UP);
        assertEquals(100, tracking.effectivePriority(), "clamped is the sum, not its parts");
        tracking.on(ETH1, TrackerReading.UP);
        assertEquals(254, tracking.effectivePriority());
    }

    @Test
    void theOwnerIsNeverChanged() {
        Bench.Settings owner = settings().priority(255).tracks(new TrackRef(TrackerId.networkInterface("eth1"), -100));
        InstanceTracking tracking = tracking(owner, LINK_UP);
        assertEquals(List.of(), tracking.on(ETH1, TrackerReading.DOWN));
        assertEquals(255, tracking.effectivePriority());
    }

    @Test
    void weightZeroIsAFault() {
        InstanceTracking tracking = tracking(settings().tracks(new TrackRef(TrackerId.script("chk"), 0)), LINK_UP);
        assertEquals(List.of(new FaultRaised(CHK_INIT)), tracking.initialEvents());
        assertEquals(
                List.of(new FaultRaised(CHK_DOWN), new FaultCleared(CHK_INIT)),
                tracking.on(CHK, TrackerReading.DOWN),
                "never without a fault in between");
        assertEquals(List.of(new FaultCleared(CHK_DOWN)), tracking.on(CHK, TrackerReading.UP));
    }

    @Test
    void theOwnInterfaceIsAlwaysTracked() {
        InstanceTracking tracking = tracking(settings(), LINK_UP);
        assertEquals(List.of(), tracking.initialEvents());
        assertEquals(List.of(new FaultRaised(OWN_DOWN)), tracking.on(OWN, TrackerReading.DOWN));
        assertEquals(List.of(new FaultCleared(OWN_DOWN)), tracking.on(OWN, TrackerReading.UP));
        assertEquals(List.of(new FaultRaised(OWN_DOWN)), tracking(settings(), Map.of()).initialEvents());
    }

    @Test
    void whatIsNotFollowedDoesNotMatter() {
        InstanceTracking tracking = tracking(settings(), LINK_UP);
        assertEquals(List.of(), tracking.on(ETH1, TrackerReading.DOWN));
        assertEquals(List.of(), tracking.on(CHK, TrackerReading.DOWN));
    }

    @Test
    void reloadGivesTheNewPriorityWithTheConfiguration() {
        Bench.Settings before = settings().tracks(new TrackRef(TrackerId.networkInterface("eth1"), -30));
        InstanceTracking tracking = tracking(before, LINK_UP);
        Map<TrackerId, TrackerReading> known = Map.of(OWN, TrackerReading.UP, ETH1, TrackerReading.DOWN);
        VirtualRouterConfig lowered =
                settings().priority(90).tracks(new TrackRef(TrackerId.networkInterface("eth1"), -30)).build();
        assertEquals(List.of(new Reconfigured(lowered, 60)), tracking.reconfigure(lowered, known));
        VirtualRouterConfig strict =
                settings().priority(90).tracks(new TrackRef(TrackerId.networkInterface("eth1"), 0)).build();
        FaultReason eth1Down = new FaultReason(FaultReason.Kind.INTERFACE, "eth1");
        assertEquals(
                List.of(new Reconfigured(strict, 90), new FaultRaised(eth1Down)),
                tracking.reconfigure(strict, known));
    }

    @Test
    void aScriptAddedByAReloadIsNotAwaited() {
        InstanceTracking tracking = tracking(settings(), LINK_UP);
        VirtualRouterConfig with = settings().tracks(new TrackRef(TrackerId.script("chk"), 0)).build();
        assertEquals(List.of(new Reconfigured(with, 100)), tracking.reconfigure(with, LINK_UP));
        assertEquals(List.of(new FaultRaised(CHK_DOWN)), tracking.on(CHK, TrackerReading.DOWN));
    }

    @Test
    void initialEventsBringTheRouterThere() {
        Map<TrackerId, TrackerReading> known = Map.of(OWN, TrackerReading.UP, CHK, TrackerReading.UP);
        Bench.Settings settings = settings().tracks(new TrackRef(TrackerId.script("chk"), 50));
        Bench bench = new Bench(settings.build());
        tracking(settings, known).initialEvents().forEach(bench::on);
        bench.on(new VrrpEvent.Startup());
        assertEquals(150, bench.router.status().effectivePriority());
        assertEquals(VrrpState.BACKUP, bench.router.state());
    }

    @Test
    void reverseTurnsATrackerRound() {
        InstanceTracking tracking = tracking(settings().tracks(new TrackRef(CHK, 20, true)), LINK_UP);
        assertEquals(List.of(new PriorityChanged(120, "script:chk down")), tracking.on(CHK, TrackerReading.DOWN));
        assertEquals(List.of(new PriorityChanged(100, "script:chk up")), tracking.on(CHK, TrackerReading.UP));
        InstanceTracking fault = tracking(settings().tracks(new TrackRef(CHK, 0, true)), LINK_UP);
        assertEquals(List.of(new FaultRaised(CHK_INIT)), fault.initialEvents());
        assertEquals(
                List.of(new FaultRaised(CHK_DOWN), new FaultCleared(CHK_INIT)), fault.on(CHK, TrackerReading.UP));
        assertEquals(List.of(new FaultCleared(CHK_DOWN)), fault.on(CHK, TrackerReading.DOWN));
    }

    @Test
    void theNumberInAFileTimesTheWeightIsAdded() {
        InstanceTracking tracking = tracking(settings().tracks(new TrackRef(SWITCH, 2)), LINK_UP);
        assertEquals(
                List.of(new PriorityChanged(90, "file:switch -5")),
                tracking.on(SWITCH, TrackerReading.ofNumber(-5)));
        assertEquals(
                List.of(new PriorityChanged(1, "file:switch -127"), new FaultRaised(SWITCH_DOWN)),
                tracking.on(SWITCH, TrackerReading.ofNumber(-127)),
                "at -254 it is a fault");
        assertEquals(
                List.of(new PriorityChanged(254, "file:switch 2147483647"), new FaultCleared(SWITCH_DOWN)),
                tracking.on(SWITCH, TrackerReading.ofNumber(Integer.MAX_VALUE)));
        InstanceTracking reverse = tracking(settings().tracks(new TrackRef(SWITCH, 2, true)), LINK_UP);
        reverse.on(SWITCH, TrackerReading.ofNumber(5));
        assertEquals(90, reverse.effectivePriority());
    }

    @Test
    void withWeight0AnyOtherNumberThan0IsAFault() {
        InstanceTracking tracking = tracking(settings().tracks(new TrackRef(SWITCH, 0)), LINK_UP);
        assertEquals(List.of(new FaultRaised(SWITCH_DOWN)), tracking.initialEvents(), "not read yet");
        assertEquals(List.of(new FaultCleared(SWITCH_DOWN)), tracking.on(SWITCH, TrackerReading.ofNumber(0)));
        assertEquals(List.of(new FaultRaised(SWITCH_DOWN)), tracking.on(SWITCH, TrackerReading.ofNumber(3)));
        InstanceTracking reverse = tracking(settings().tracks(new TrackRef(SWITCH, 0, true)), LINK_UP);
        reverse.on(SWITCH, TrackerReading.ofNumber(3));
        assertEquals(Set.of(), reverse.faults());
    }

    @Test
    void theOwnInterfaceNeedNotBeTracked() {
        VirtualRouterConfig config = settings().build().withTracking(new TrackingConfig(List.of(), false));
        assertEquals(Set.of(), new InstanceTracking(config, Map.of()).faults());
    }

    @Test
    void whatAClaimRequiresBlocksIt() {
        VirtualRouterConfig plain = settings().build();
        ElectionConfig e = plain.election();
        ElectionConfig requires = new ElectionConfig(
                e.preempt(), e.preemptDelayNs(), e.startupDelayNs(), e.downTimerAdverts(), e.strict(),
                e.lowerPrioNoAdvert(), e.higherPrioSendAdvert(), e.sticky(), e.resume(), e.handover(),
                List.of(GATEWAY));
        VirtualRouterConfig config = new VirtualRouterConfig(
                plain.name(), plain.interfaceName(), plain.virtualRouterId(), plain.version(), plain.priority(),
                plain.advertIntervalNs(), requires, plain.transport(), plain.holding(), plain.announce(),
                plain.tracking());
        InstanceTracking tracking = new InstanceTracking(config, LINK_UP);
        ClaimBlock block = new ClaimBlock(ClaimBlock.Kind.TRACKER, "ping:gw");
        assertEquals(List.of(new VrrpEvent.ClaimBlocked(block)), tracking.initialEvents());
        assertEquals(List.of(), tracking.on(GATEWAY, TrackerReading.DOWN));
        assertEquals(List.of(new VrrpEvent.ClaimFreed(block)), tracking.on(GATEWAY, TrackerReading.UP));
        assertEquals(Set.of(), tracking.faults());
        assertEquals(
                List.of(new Reconfigured(plain, 100)), tracking.reconfigure(plain, LINK_UP), "nothing to free");
    }

    private static InstanceTracking tracking(Bench.Settings settings, Map<TrackerId, TrackerReading> known) {
        return new InstanceTracking(settings.build(), known);
    }
}
