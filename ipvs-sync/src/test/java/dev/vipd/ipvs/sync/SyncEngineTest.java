package dev.vipd.ipvs.sync;

import static dev.vipd.ipvs.Tables.at;
import static dev.vipd.ipvs.Tables.desired;
import static dev.vipd.ipvs.Tables.destination;
import static dev.vipd.ipvs.Tables.entry;
import static dev.vipd.ipvs.Tables.key;
import static dev.vipd.ipvs.Tables.real;
import static dev.vipd.ipvs.Tables.server;
import static dev.vipd.ipvs.Tables.service;
import static dev.vipd.ipvs.Tables.table;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.ipvs.DesiredTable;
import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.IpvsTable;
import dev.vipd.ipvs.ServiceShares;
import dev.vipd.ipvs.VirtualServer;
import dev.vipd.ipvs.sync.FakeIpvsKernel.Fault;
import dev.vipd.netlink.sys.Errno;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SyncEngineTest {
    private static final VirtualServer WEB = server("web", 80, real(1, 1), real(2, 1));
    private static final DesiredTable BOTH = desired(WEB, server("dns", 53, real(3, 1)));

    private final FakeIpvsKernel kernel = new FakeIpvsKernel();
    private final Transcript told = new Transcript();
    private final SyncEngine engine =
            new SyncEngine(kernel, told, new Ledger(IpvsMemory.NONE), false, kernel::nowNs);

    private void assertTold(String... lines) {
        assertEquals(List.of(lines), told.take());
    }

    /** The next changes meet these faults, in turn. */
    private void fail(Fault... faults) {
        Deque<Fault> left = new ArrayDeque<>(Arrays.asList(faults));
        kernel.faults(op -> Optional.ofNullable(left.poll()));
    }

    /** Brings the kernel to {@code start} and forgets what was told on the way. */
    private void settle(DesiredTable start) {
        engine.sync(start, "start");
        told.take();
        kernel.takeOps();
        kernel.takeDumps();
    }

    @Test
    void emptyKernelIsFilledInOrder() {
        engine.sync(BOTH, "start");
        assertTold(
                "op web add start 5000",
                "op web add 1=1 start 10000",
                "op web add 2=1 start 15000",
                "op dns add start 20000",
                "op dns add 3=1 start 25000",
                "sync 5 0 25000 start");
        assertEquals(BOTH.table(), kernel.table());
    }

    @Test
    void whatIsRightIsLeftAlone() {
        kernel.set(BOTH.table());
        engine.sync(BOTH, "start");
        assertTold();
        assertEquals(List.of(), kernel.takeOps());
        assertEquals(1, kernel.takeDumps());
    }

    @Test
    void tableFoundAtStartIsAdoptedAndNoDrift() {
        kernel.set(table(entry(80, destination(1, 1), destination(9, 1)), entry(8080, destination(1, 1))));
        engine.sync(desired(WEB), "start");
        assertTold("op web add 2=1 start 5000", "op web del 9 start 10000", "sync 2 0 10000 start");
        assertEquals(
                table(entry(80, destination(1, 1), destination(2, 1)), entry(8080, destination(1, 1))), kernel.table());
    }

    @Test
    void healthIsFollowedOneRowAtATime() {
        settle(BOTH);
        ServiceShares onlySecond = new ServiceShares(Map.of(real(2, 1), 1), List.of(), List.of());
        engine.sync(BOTH.with(List.of(WEB), _ -> onlySecond), "check");
        assertTold("op web del 1 check 5000", "sync 1 0 5000 check");
    }

    @Test
    void clearedTableIsDriftAndComesBack() {
        settle(BOTH);
        kernel.set(IpvsTable.EMPTY);
        engine.sync(BOTH, "config");
        assertTold(
                "drift web - found absent want wlc",
                "drift dns - found absent want wlc",
                "op web add drift 5000",
                "op web add 1=1 drift 10000",
                "op web add 2=1 drift 15000",
                "op dns add drift 20000",
                "op dns add 3=1 drift 25000",
                "sync 5 0 25000 drift");
        engine.sync(BOTH, "config");
        assertTold();
    }

    @Test
    void driftAndOwnChangeAreToldApart() {
        settle(desired(WEB));
        kernel.behindOurBack(new IpvsOp.EditDestination(key(80), destination(2, 7)));
        engine.sync(desired(server("web", 80, real(1, 5), real(2, 1))), "config");
        assertTold(
                "drift web 2 found DR weight=7 want DR weight=1",
                "op web edit 1=5 config 5000",
                "op web edit 2=1 drift 10000",
                "sync 2 0 10000 config");
    }

    @Test
    void driftTowardsWhatIsWantedNeedsNoRepair() {
        settle(desired(WEB));
        kernel.behindOurBack(new IpvsOp.EditDestination(key(80), destination(1, 5)));
        engine.sync(desired(server("web", 80, real(1, 5), real(2, 1))), "config");
        assertTold("drift web 1 found DR weight=5 want DR weight=1");
        assertEquals(List.of(), kernel.takeOps());
    }

    @Test
    void serviceThatLeftTheConfigurationGoesOnce() {
        settle(BOTH);
        engine.sync(desired(WEB), "config");
        assertTold("op dns del config 5000", "sync 1 0 5000 config");
        // what others put there afterwards is theirs
        kernel.behindOurBack(new IpvsOp.AddService(service(53)));
        engine.sync(desired(WEB), "config");
        assertTold();
    }

    @Test
    void raceIsSolvedByDumpingAgain() {
        kernel.faults(op -> {
            if (op.equals(new IpvsOp.AddDestination(key(80), destination(2, 1)))) {
                kernel.faults(any -> Optional.empty());
                kernel.behindOurBack(new IpvsOp.AddDestination(key(80), destination(2, 4)));
            }
            return Optional.empty();
        });
        engine.sync(desired(WEB), "start");
        assertTold(
                "op web add start 5000",
                "op web add 1=1 start 10000",
                "drift web 2 found DR weight=4 want absent",
                "op web edit 2=1 start 5000",
                "sync 3 0 20000 start");
        assertEquals(2, kernel.takeDumps());
    }

    @Test
    void endlessRaceIsGivenUpUntilTheNextSync() {
        settle(desired(WEB));
        kernel.faults(op -> Optional.of(new Fault(Errno.ENOENT, false)));
        engine.sync(desired(server("web", 80, real(1, 1))), "check");
        assertTold("failed web del 2 2", "sync 0 1 15000 check");
        assertEquals(SyncEngine.ROUNDS_MAX, kernel.takeDumps());
        kernel.faults(op -> Optional.empty());
        engine.sync(desired(server("web", 80, real(1, 1))), "check");
        assertTold("op web del 2 check 5000", "sync 1 0 5000 check");
    }

    @Test
    void endlessRaceOverOneServiceDoesNotStarveTheOthers() {
        kernel.faults(op -> op instanceof IpvsOp.AddDestination && op.key().equals(key(80))
                ? Optional.of(new Fault(Errno.ESRCH, false))
                : Optional.empty());
        engine.sync(BOTH, "start");
        assertTold(
                "op web add start 5000",
                "op dns add start 20000",
                "op dns add 3=1 start 25000",
                "failed web add 1=1 3",
                "sync 3 1 45000 start");
    }

    @Test
    void lostAckOfAChangeThatWasMadeIsNoDrift() {
        settle(desired(WEB));
        fail(new Fault(Errno.ETIMEDOUT, true));
        engine.sync(desired(server("web", 80, real(1, 9), real(2, 9))), "config");
        assertTold("op web edit 2=9 config 10000", "sync 1 0 10000 config");
    }

    @Test
    void lostAckIsRememberedAcrossSyncs() {
        settle(desired(WEB));
        Fault lost = new Fault(Errno.ENOBUFS, false);
        fail(lost, lost, new Fault(Errno.ENOBUFS, true));
        engine.sync(desired(server("web", 80, real(1, 9), real(2, 1))), "config");
        assertTold("failed web edit 1=9 105", "sync 0 1 15000 config");
        engine.sync(desired(WEB), "check");
        assertTold("op web edit 1=1 check 5000", "sync 1 0 5000 check");
    }

    @Test
    void lostRequestIsSentAgain() {
        settle(desired(WEB));
        fail(new Fault(Errno.ENOBUFS, false));
        engine.sync(desired(server("web", 80, real(1, 9), real(2, 1))), "config");
        assertTold("op web edit 1=9 config 5000", "sync 1 0 10000 config");
    }

    @Test
    void serviceThatCannotBeAddedDoesNotStopTheOthers() {
        kernel.faults(op -> op instanceof IpvsOp.AddService && op.key().equals(key(80))
                ? Optional.of(new Fault(Errno.ENOENT, false))
                : Optional.empty());
        engine.sync(BOTH, "start");
        assertTold(
                "failed web add 2",
                "op dns add start 20000",
                "op dns add 3=1 start 25000",
                "sync 2 1 25000 start");
        assertEquals(1, kernel.takeDumps());
        kernel.faults(op -> Optional.empty());
        engine.sync(BOTH, "start");
        assertEquals(BOTH.table(), kernel.table());
    }

    @Test
    void refusedDestinationDoesNotStopTheOthers() {
        kernel.faults(op -> op.equals(new IpvsOp.AddDestination(key(80), destination(1, 1)))
                ? Optional.of(new Fault(Errno.EINVAL, false))
                : Optional.empty());
        engine.sync(BOTH, "start");
        assertTold(
                "op web add start 5000",
                "failed web add 1=1 22",
                "op web add 2=1 start 15000",
                "op dns add start 20000",
                "op dns add 3=1 start 25000",
                "sync 4 1 25000 start");
    }

    @Test
    void refusalIsToldOnceUntilItChanges() {
        AtomicInteger errno = new AtomicInteger(Errno.ENOENT);
        kernel.faults(op -> errno.get() == 0 ? Optional.empty() : Optional.of(new Fault(errno.get(), false)));
        engine.sync(desired(WEB), "start");
        assertTold("failed web add 2", "sync 0 1 15000 start");
        engine.sync(desired(WEB), "retry");
        assertTold();
        errno.set(Errno.EINVAL);
        engine.sync(desired(WEB), "retry");
        assertTold("failed web add 22", "sync 0 1 15000 retry");
        errno.set(0);
        engine.sync(desired(server("web", 80, real(1, 1))), "retry");
        assertTold("op web add retry 5000", "op web add 1=1 retry 10000", "sync 2 0 10000 retry");
        kernel.set(IpvsTable.EMPTY);
        errno.set(Errno.EINVAL);
        engine.sync(desired(server("web", 80, real(1, 1))), "retry");
        assertTold("drift web - found absent want wlc", "failed web add 22", "sync 0 1 10000 drift");
    }

    @Test
    void unavailableIsToldOnceAndSoIsItsEnd() {
        kernel.unavailable(Optional.of("no module"));
        engine.sync(desired(WEB), "start");
        engine.sync(desired(WEB), "start");
        assertTold("unavailable no module");
        assertEquals(Optional.empty(), engine.sight().last());
        kernel.unavailable(Optional.of("no privilege"));
        engine.sync(desired(WEB), "start");
        assertTold("unavailable no privilege");
        kernel.unavailable(Optional.empty());
        engine.sync(desired(server("web", 80, real(1, 1))), "start");
        assertTold(
                "available", "op web add start 5000", "op web add 1=1 start 10000", "sync 2 0 10000 start");
    }

    @Test
    void moduleUnloadedInTheMiddleIsFilledAgain() {
        settle(desired(WEB));
        kernel.faults(op -> {
            kernel.unavailable(Optional.of("no module"));
            kernel.set(IpvsTable.EMPTY);
            return Optional.empty();
        });
        engine.sync(desired(server("web", 80, real(1, 3), real(2, 3))), "config");
        assertTold("unavailable no module");
        kernel.unavailable(Optional.empty());
        kernel.faults(op -> Optional.empty());
        engine.sync(desired(server("web", 80, real(1, 3))), "config");
        assertTold(
                "available",
                "drift web - found absent want wlc",
                "op web add drift 5000",
                "op web add 1=3 config 10000",
                "sync 2 0 10000 config");
    }

    @Test
    void removalTakesOnlyOurServices() {
        settle(BOTH);
        kernel.behindOurBack(new IpvsOp.AddService(service(8080)));
        engine.removeAll();
        assertTold("op web del stop 5000", "op dns del stop 10000", "sync 2 0 10000 stop");
        assertEquals(table(entry(8080)), kernel.table());
    }

    @Test
    void removalBeforeAnyConfigurationTakesNothing() {
        kernel.set(table(entry(8080, destination(1, 1))));
        engine.removeAll();
        assertTold();
        assertEquals(List.of(), kernel.takeOps());
    }

    @Test
    void observationIsFreshAndHoldsConnectionCounts() {
        settle(desired(WEB));
        kernel.behindOurBack(new IpvsOp.DeleteDestination(key(80), at(2)));
        assertEquals(table(entry(80, destination(1, 1))), engine.observe().orElseThrow().table());
        assertEquals(1, engine.sight().last().orElseThrow().of(key(80), at(1)).active());
        assertTold(); // looking is not syncing: the drift is told and repaired by the next sync
        engine.sync(desired(WEB), "config");
        assertTold(
                "drift web 2 found absent want DR weight=1",
                "op web add 2=1 drift 5000",
                "sync 1 0 5000 drift");
    }
}
