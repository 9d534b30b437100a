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
import dev.vipd.ipvs.Destination;
import dev.vipd.ipvs.Endpoint;
import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.IpvsTable;
import dev.vipd.ipvs.sync.FakeIpvsKernel.Fault;
import dev.vipd.netlink.sys.Errno;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Changes that start from what the last ones left, without a look at the kernel's table. */
class FollowTest {
    private static final DesiredTable ONE = desired(server("web", 80, real(1, 1)));
    private static final DesiredTable TWO = desired(server("web", 80, real(1, 1), real(2, 1)));
    private static final DesiredTable THREE = desired(server("web", 80, real(1, 1), real(2, 1), real(3, 1)));

    private final FakeIpvsKernel kernel = new FakeIpvsKernel();
    private final Transcript told = new Transcript();
    private final SyncEngine engine =
            new SyncEngine(kernel, told, new Ledger(IpvsMemory.NONE), false, kernel::nowNs);

    private void assertTold(String... lines) {
        assertEquals(List.of(lines), told.take());
    }

    private void assertCost(int dumps, Integer... batches) {
        assertEquals(dumps, kernel.takeDumps(), "dumps");
        assertEquals(List.of(batches), kernel.takeBatches());
    }

    private void settle(DesiredTable start) {
        engine.sync(start, "start");
        told.take();
        kernel.takeBatches();
        kernel.takeDumps();
    }

    private void fail(IpvsOp op, int errno, boolean madeAllTheSame) {
        kernel.faults(any -> any.equals(op) ? Optional.of(new Fault(errno, madeAllTheSame)) : Optional.empty());
    }

    @Test
    void verdictIsOneRequest() {
        settle(TWO);
        engine.follow(ONE, "check");
        assertTold("op web del 2 check 5000", "sync 1 0 5000 check");
        assertCost(0, 1);
        engine.follow(TWO, "check");
        assertTold("op web add 2=1 check 5000", "sync 1 0 5000 check");
        assertCost(0, 1);
        engine.follow(TWO, "check");
        assertTold();
        assertCost(0);
        assertEquals(TWO.table(), kernel.table());
    }

    @Test
    void configurationIsFollowedToo() {
        settle(TWO);
        DesiredTable other = desired(server("dns", 53, real(3, 1)));
        engine.follow(other, "config");
        assertTold(
                "op dns add config 5000", "op dns add 3=1 config 10000", "op web del config 15000",
                "sync 3 0 15000 config");
        assertCost(0, 3);
        assertEquals(other.table(), kernel.table());
    }

    @Test
    void firstTableIsNotFollowedBlindly() {
        kernel.set(ONE.table());
        engine.follow(TWO, "check");
        assertTold("op web add 2=1 check 5000", "sync 1 0 5000 check");
        assertCost(1, 1);
    }

    @Test
    void driftWaitsForTheResyncUnlessItIsInTheWay() {
        settle(THREE);
        kernel.behindOurBack(new IpvsOp.DeleteDestination(key(80), at(3)));
        engine.follow(desired(server("web", 80, real(1, 1), real(3, 1))), "check");
        assertTold("op web del 2 check 5000", "sync 1 0 5000 check");
        assertCost(0, 1);
        engine.sync(THREE, "retry");
        assertTold(
                "drift web 3 found absent want DR weight=1",
                "op web add 2=1 retry 5000", "op web add 3=1 drift 10000",
                "sync 2 0 10000 retry");
    }

    @Test
    void destinationThatIsGoneAlreadyHasTheTableLookedAt() {
        settle(THREE);
        kernel.behindOurBack(new IpvsOp.DeleteDestination(key(80), at(2)));
        kernel.behindOurBack(new IpvsOp.EditDestination(key(80), destination(1, 7)));
        engine.follow(desired(server("web", 80, real(1, 1), real(3, 1))), "check"); // ENOENT
        assertTold(
                "drift web 1 found DR weight=7 want DR weight=1",
                "drift web 2 found absent want DR weight=1",
                "op web edit 1=1 drift 5000",
                "sync 1 0 10000 drift");
        assertCost(1, 1, 1);
        engine.follow(ONE, "check");
        assertCost(0, 1);
        assertEquals(ONE.table(), kernel.table());
    }

    @Test
    void destinationThatIsThereAlreadyHasTheTableLookedAt() {
        settle(ONE);
        kernel.behindOurBack(new IpvsOp.AddDestination(key(80), destination(2, 4)));
        engine.follow(THREE, "check"); // EEXIST, and then the third
        assertTold(
                "op web add 3=1 check 10000",
                "drift web 2 found DR weight=4 want absent",
                "op web edit 2=1 check 5000",
                "sync 2 0 15000 check");
        assertCost(1, 2, 1);
        assertEquals(THREE.table(), kernel.table());
    }

    @Test
    void serviceThatIsGoneHasTheTableLookedAt() {
        settle(ONE);
        kernel.set(IpvsTable.EMPTY);
        engine.follow(TWO, "check"); // ESRCH
        assertTold(
                "drift web - found absent want wlc",
                "op web add drift 5000", "op web add 1=1 drift 10000", "op web add 2=1 check 15000",
                "sync 3 0 20000 check");
        assertCost(1, 1, 3);
        assertEquals(TWO.table(), kernel.table());
    }

    @Test
    void serviceOfOthersIsAdoptedWithWhatTheBatchPutIntoIt() {
        settle(ONE);
        kernel.behindOurBack(new IpvsOp.AddService(service(53)));
        DesiredTable both = desired(server("web", 80, real(1, 1)), server("dns", 53, real(3, 1)));
        engine.follow(both, "config"); // EEXIST for the service, and its destination is made
        assertTold("op dns add 3=1 config 10000", "sync 1 0 10000 config");
        assertCost(1, 2);
        assertEquals(both.table(), kernel.table());
    }

    @Test
    void refusalInTheMiddleStopsNobodyAndHasTheTableLookedAtNextTime() {
        settle(desired(server("web", 80, real(9, 1))));
        fail(new IpvsOp.AddDestination(key(80), destination(2, 1)), Errno.EINVAL, false);
        engine.follow(THREE, "check");
        assertTold(
                "op web add 1=1 check 5000",
                "failed web add 2=1 22",
                "op web add 3=1 check 15000",
                "op web del 9 check 20000",
                "sync 3 1 20000 check");
        assertCost(0, 4);
        assertEquals(table(entry(80, destination(1, 1), destination(3, 1))), kernel.table());
        kernel.faults(op -> Optional.empty());
        engine.follow(THREE, "check");
        assertTold("op web add 2=1 check 5000", "sync 1 0 5000 check");
        assertCost(1, 1);
        engine.follow(TWO, "check");
        assertCost(0, 1);
    }

    @Test
    void lostAckInTheMiddleIsLookedFor() {
        settle(ONE);
        fail(new IpvsOp.AddDestination(key(80), destination(2, 1)), Errno.ENOBUFS, true);
        engine.follow(THREE, "check");
        assertTold("op web add 3=1 check 10000", "sync 1 0 10000 check");
        assertCost(1, 2);
        engine.sync(THREE, "retry");
        assertTold();
    }

    @Test
    void lostAckOfAServiceLeavesNoDriftInIt() {
        settle(ONE);
        fail(new IpvsOp.AddService(service(53)), Errno.ETIMEDOUT, true);
        DesiredTable both = desired(server("web", 80, real(1, 1)), server("dns", 53, real(3, 1)));
        engine.follow(both, "config");
        assertTold("op dns add 3=1 config 10000", "sync 1 0 10000 config");
        assertCost(1, 2);
        engine.follow(ONE, "config");
        assertTold("op dns del config 5000", "sync 1 0 5000 config");
    }

    @Test
    void serviceThatCannotBeAddedIsOnePieceOfNews() {
        settle(ONE);
        fail(new IpvsOp.AddService(service(53)), Errno.ENOENT, false);
        DesiredTable both = desired(
                server("dns", 53, real(3, 1), real(4, 1)), server("web", 80, real(1, 1), real(2, 1)));
        engine.follow(both, "config");
        assertTold("failed dns add 2", "op web add 2=1 config 20000", "sync 1 1 20000 config");
        assertCost(0, 4);
    }

    @Test
    void kernelThatWasAwayIsLookedAt() {
        settle(ONE);
        kernel.unavailable(Optional.of("no module"));
        engine.follow(TWO, "check");
        assertTold("unavailable no module");
        kernel.unavailable(Optional.empty());
        kernel.set(IpvsTable.EMPTY);
        engine.observe();
        assertTold("available");
        kernel.takeDumps();
        engine.follow(TWO, "check");
        assertEquals(1, kernel.takeDumps());
        assertEquals(TWO.table(), kernel.table());
    }

    @Test
    void kernelThatWasAwayWhenSomebodyLookedIsLookedAt() {
        settle(ONE);
        kernel.unavailable(Optional.of("no module"));
        engine.observe();
        kernel.unavailable(Optional.empty());
        kernel.set(IpvsTable.EMPTY);
        engine.observe();
        engine.follow(ONE, "check");
        assertEquals(ONE.table(), kernel.table());
    }

    @Test
    void tenThousandAreTenThousandChangesSentTogether() {
        List<Destination> many = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            InetAddress address = InetAddress.ofLiteral("10.0." + i / 250 + "." + (i % 250 + 1));
            many.add(new Destination(new Endpoint(address, 80), 3, 1, 0, 0, Destination.Tunnel.IPIP));
        }
        DesiredTable all = desired(table(IpvsTable.Entry.of(service(80), many)));
        settle(all);
        engine.follow(desired(table(entry(80, destination(1, 1)))), "check");
        assertCost(0, 10_001);
        assertEquals(table(entry(80, destination(1, 1))), kernel.table());
        engine.follow(all, "check");
        assertCost(0, 10_001);
        assertEquals(all.table(), kernel.table());
    }

    @Test
    void whatFollowsFromAServiceThatCouldNotBeAddedIsNotTold() {
        List<IpvsTable.Entry> entries = new ArrayList<>();
        Destination[] hosts = new Destination[200];
        for (int i = 0; i < hosts.length; i++) {
            hosts[i] = destination(i + 1, 1);
        }
        for (int port = 1; port <= 3; port++) {
            entries.add(entry(port, hosts));
        }
        settle(ONE);
        fail(new IpvsOp.AddService(service(2)), Errno.ENOENT, false);
        engine.follow(desired(new IpvsTable(entries)), "config");
        assertCost(0, 604);
        assertEquals(1, told.take().stream().filter(line -> line.startsWith("failed ")).count());
        assertEquals(table(entries.get(0), entries.get(2)), kernel.table());
    }
}
