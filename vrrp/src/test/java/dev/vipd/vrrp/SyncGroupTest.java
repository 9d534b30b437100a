package dev.vipd.vrrp;

import static dev.vipd.vrrp.Bench.SECOND;
import static dev.vipd.vrrp.Bench.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.vrrp.VrrpEvent.FaultCleared;
import dev.vipd.vrrp.VrrpEvent.FaultRaised;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two routers that move together; all that a group orders is carried out at once, as the loop does. */
class SyncGroupTest {
    private static final FaultReason ETH1 = new FaultReason(FaultReason.Kind.INTERFACE, "eth1");
    private static final FaultReason CHK = new FaultReason(FaultReason.Kind.SCRIPT, "chk");

    private final Bench a = new Bench(settings().build());
    private final Bench b = new Bench(settings().build());
    private final SyncGroup group = new SyncGroup("G", List.of(a.router, b.router));

    @BeforeEach
    void start() {
        keepInStep();
        a.on(new VrrpEvent.Startup());
        b.on(new VrrpEvent.Startup());
        keepInStep();
    }

    private List<VrrpEffect> keepInStep() {
        List<VrrpEffect> effects = new ArrayList<>();
        for (Optional<SyncGroup.Order> order = group.next(a.nowNs); order.isPresent();
                order = group.next(a.nowNs)) {
            Bench bench = order.get().router() == a.router ? a : b;
            effects.addAll(bench.on(order.get().event()));
        }
        return effects;
    }

    private void bothBecomeMaster() {
        a.advance(4 * SECOND);
        b.advance(4 * SECOND);
        keepInStep();
        assertStates(VrrpState.MASTER, VrrpState.MASTER);
    }

    private void assertStates(VrrpState ofA, VrrpState ofB) {
        assertEquals(List.of(ofA, ofB), List.of(a.router.state(), b.router.state()));
    }

    private static boolean resigns(List<VrrpEffect> effects) {
        return Bench.only(effects, VrrpEffect.SendAdvert.class).stream()
                .anyMatch(send -> send.advert().priority() == 0);
    }

    @Test
    void theyBecomeMasterWhenAllWouldBe() {
        a.advance(4 * SECOND);
        keepInStep();
        assertStates(VrrpState.BACKUP, VrrpState.BACKUP);
        assertTrue(a.router.status().awaitsClaim());
        b.advance(4 * SECOND);
        keepInStep();
        assertStates(VrrpState.MASTER, VrrpState.MASTER);
    }

    @Test
    void oneThatHearsAMasterKeepsTheOtherBackup() {
        a.advance(4 * SECOND);
        b.hear(200, Bench.HIGHER_IP);
        b.advance(2 * SECOND);
        keepInStep();
        assertStates(VrrpState.BACKUP, VrrpState.BACKUP);
        a.hear(200, Bench.HIGHER_IP);
        assertFalse(a.router.status().awaitsClaim(), "there is a master again");
        b.advance(2 * SECOND);
        keepInStep();
        assertStates(VrrpState.BACKUP, VrrpState.BACKUP);
    }

    @Test
    void somethingElseThatOneWaitsForHoldsBothBack() {
        ClaimBlock witness = new ClaimBlock(ClaimBlock.Kind.TRACKER, "ping:gw");
        b.on(new VrrpEvent.ClaimBlocked(witness));
        a.advance(4 * SECOND);
        b.advance(4 * SECOND);
        keepInStep();
        assertStates(VrrpState.BACKUP, VrrpState.BACKUP);
        b.on(new VrrpEvent.ClaimFreed(witness));
        keepInStep();
        assertStates(VrrpState.MASTER, VrrpState.MASTER);
    }

    @Test
    void oneThatYieldsTakesTheOtherAlongWithoutPriority0() {
        bothBecomeMaster();
        a.hear(200, Bench.HIGHER_IP);
        assertStates(VrrpState.BACKUP, VrrpState.MASTER);
        List<VrrpEffect> effects = keepInStep();
        assertStates(VrrpState.BACKUP, VrrpState.BACKUP);
        assertEquals("MASTER>BACKUP sync_group", Bench.change(effects));
        assertFalse(resigns(effects));
        b.advance(10 * SECOND);
        keepInStep();
        assertStates(VrrpState.BACKUP, VrrpState.BACKUP);
    }

    @Test
    void oneFaultIsTheFaultOfAll() {
        bothBecomeMaster();
        a.on(new FaultRaised(ETH1));
        List<VrrpEffect> effects = keepInStep();
        assertStates(VrrpState.FAULT, VrrpState.FAULT);
        assertEquals("MASTER>FAULT fault:sync_group:G", Bench.change(effects));
        assertTrue(resigns(effects), "the peer is to take over both");
    }

    @Test
    void theyLeaveFaultWhenAllAreClean() {
        a.on(new FaultRaised(ETH1));
        keepInStep();
        b.on(new FaultRaised(CHK));
        keepInStep();
        a.on(new FaultCleared(ETH1));
        keepInStep();
        assertStates(VrrpState.FAULT, VrrpState.FAULT);
        b.on(new FaultCleared(CHK));
        keepInStep();
        assertStates(VrrpState.BACKUP, VrrpState.BACKUP);
        bothBecomeMaster();
    }

    @Test
    void theyResumeTogetherAndKeepTheirVips() {
        Bench[] benches = {new Bench(settings().build()), new Bench(settings().build())};
        SyncGroup pair = new SyncGroup("G", List.of(benches[0].router, benches[1].router));
        List<VrrpEffect> effects = new ArrayList<>();
        for (long step = 0; step < 3 * SECOND; step += 5 * Bench.MS) {
            for (Bench bench : benches) {
                effects.addAll(step == 0
                        ? bench.on(new VrrpEvent.Startup(OptionalLong.of(SECOND)))
                        : bench.advance(5 * Bench.MS));
            }
            long nowNs = benches[0].nowNs;
            for (Optional<SyncGroup.Order> order = pair.next(nowNs); order.isPresent(); order = pair.next(nowNs)) {
                Bench bench = order.get().router() == benches[0].router ? benches[0] : benches[1];
                effects.addAll(bench.on(order.get().event()));
            }
        }
        assertEquals(VrrpState.MASTER, benches[0].router.state());
        assertEquals(VrrpState.MASTER, benches[1].router.state());
        assertEquals(List.of(), Bench.only(effects, VrrpEffect.RemoveHoldings.class));
    }

    @Test
    void oneThatIsMasterAloneGivesWay() {
        Bench resumed = new Bench(settings().build());
        Bench late = new Bench(settings().build());
        SyncGroup pair = new SyncGroup("G", List.of(resumed.router, late.router));
        resumed.on(new VrrpEvent.Startup());
        late.on(new VrrpEvent.Startup());
        resumed.advance(4 * SECOND);
        assertEquals(VrrpState.MASTER, resumed.router.state(), "nobody asked the group");
        assertEquals(new VrrpEvent.ClaimBlocked(new ClaimBlock(ClaimBlock.Kind.SYNC_GROUP, "G")),
                pair.next(resumed.nowNs).orElseThrow().event());
        pair.next(resumed.nowNs + SECOND);
        assertEquals(Optional.empty(), pair.next(resumed.nowNs + 5 * SECOND));
        SyncGroup.Order order = pair.next(resumed.nowNs + 5 * SECOND + 1).orElseThrow();
        assertEquals(new SyncGroup.Order(resumed.router, new VrrpEvent.Yield()), order);
    }

    @Test
    void whatAReloadReplacesLeavesNoFaultBehind() {
        a.on(new FaultRaised(ETH1));
        keepInStep();
        SyncGroup second = new SyncGroup("G", List.of(a.router, b.router));
        a.on(new FaultCleared(ETH1));
        for (Optional<SyncGroup.Order> order = second.next(a.nowNs); order.isPresent();
                order = second.next(a.nowNs)) {
            (order.get().router() == a.router ? a : b).on(order.get().event());
        }
        assertStates(VrrpState.BACKUP, VrrpState.BACKUP);
    }

    @Test
    void releasedMembersGoTheirOwnWay() {
        b.on(new FaultRaised(ETH1));
        keepInStep();
        group.released().forEach(a::on);
        assertStates(VrrpState.BACKUP, VrrpState.FAULT);
        a.advance(4 * SECOND);
        assertEquals(VrrpState.MASTER, a.router.state());
    }

    @Test
    void membersFollowWhatTheirGroupFollows() {
        TrackRef own = new TrackRef(TrackerId.script("own"), 20);
        TrackRef shared = new TrackRef(TrackerId.script("shared"), -30, true);
        VirtualRouterConfig member = settings().tracks(own, new TrackRef(shared.tracker(), 5)).build();
        VirtualRouterConfig effective = withGroup(member, shared, false);
        assertEquals(
                List.of(shared, new TrackRef(TrackerId.script("own"), 0)), effective.tracking().tracks());
        assertEquals(List.of(shared, own), withGroup(member, shared, true).tracking().tracks());
    }

    private static VirtualRouterConfig withGroup(VirtualRouterConfig member, TrackRef track, boolean memberWeights) {
        SyncGroupConfig config =
                new SyncGroupConfig("G", List.of(member.name(), "VI_2"), List.of(track), memberWeights);
        return SyncGroups.withGroupTracks(new VrrpConfig(List.of(member), List.of(config), TrackersConfig.NONE))
                .getFirst();
    }
}
