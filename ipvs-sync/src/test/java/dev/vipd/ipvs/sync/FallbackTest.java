package dev.vipd.ipvs.sync;

import static dev.vipd.ipvs.Tables.destination;
import static dev.vipd.ipvs.Tables.entry;
import static dev.vipd.ipvs.Tables.key;
import static dev.vipd.ipvs.Tables.real;
import static dev.vipd.ipvs.Tables.server;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.ipvs.DesiredTable;
import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.IpvsTable;
import dev.vipd.ipvs.RealServer;
import dev.vipd.ipvs.Scheduling;
import dev.vipd.ipvs.Service;
import dev.vipd.ipvs.ServiceShares;
import dev.vipd.ipvs.VirtualServer;
import dev.vipd.ipvs.sync.FakeIpvsKernel.Fault;
import dev.vipd.netlink.sys.Errno;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A kernel without the wanted scheduler, and configurations that say what to take meanwhile. */
class FallbackTest {
    private final FakeIpvsKernel kernel = new FakeIpvsKernel();
    private final Transcript told = new Transcript();
    private final SyncEngine engine =
            new SyncEngine(kernel, told, new Ledger(IpvsMemory.NONE), false, kernel::nowNs);
    private final Set<String> missing = new HashSet<>(Set.of("mh"));

    private static VirtualServer web(String scheduler, String fallback, RealServer... reals) {
        Scheduling scheduling = new Scheduling(scheduler, fallback, Service.SCHED1, 0, 32, "");
        return new VirtualServer("web", List.of(key(80)), scheduling, List.of(), List.of(reals));
    }

    private static DesiredTable desired(VirtualServer... servers) {
        return DesiredTable.of(List.of(servers), ServiceShares::whole);
    }

    private void assertTold(String... lines) {
        assertEquals(List.of(lines), told.take());
    }

    private Service service() {
        return kernel.table().entry(key(80)).orElseThrow().service();
    }

    @BeforeEach
    void kernelLacksAScheduler() {
        kernel.faults(op -> {
            String wanted = switch (op) {
                case IpvsOp.AddService add -> add.service().scheduler();
                case IpvsOp.EditService edit -> edit.service().scheduler();
                case IpvsOp.DeleteService _, IpvsOp.AddDestination _, IpvsOp.EditDestination _,
                        IpvsOp.DeleteDestination _ -> "";
            };
            return missing.contains(wanted) ? Optional.of(new Fault(Errno.ENOENT, false)) : Optional.empty();
        });
    }

    @Test
    void serviceIsMadeWithTheFallbackInTheSameSync() {
        engine.sync(desired(web("mh", "wlc", real(1, 1)), server("dns", 53, real(3, 1))), "start");
        assertTold(
                "op dns add start 15000",
                "op dns add 3=1 start 20000",
                "op web add start 5000",
                "op web add 1=1 start 10000",
                "fallback web mh -> wlc",
                "sync 4 0 30000 start");
        assertEquals(new Service(key(80), "wlc", 0, 0, -1, ""), service(), "without the flags of the other");
        assertEquals(1, kernel.takeDumps());
    }

    @Test
    void verdictsCostNoDumpAndNobodyIsToldAgain() {
        engine.sync(desired(web("mh", "wlc", real(1, 1))), "start");
        told.take();
        kernel.takeDumps();
        kernel.takeOps();
        engine.follow(desired(web("mh", "wlc", real(1, 1), real(2, 1))), "check");
        assertTold("op web add 2=1 check 5000", "sync 1 0 5000 check");
        assertEquals(0, kernel.takeDumps());
        assertEquals(1, kernel.takeOps().size(), "nor another try");
    }

    @Test
    void wantedOneIsTakenAtTheResyncThatFindsIt() {
        DesiredTable desired = desired(web("mh", "wlc", real(1, 1)));
        engine.sync(desired, "start");
        told.take();
        kernel.takeOps();
        engine.sync(desired, "retry");
        assertTold();
        assertEquals(1, kernel.takeOps().size(), "one quiet try");
        missing.clear();
        engine.sync(desired, "retry");
        assertTold("op web edit retry 5000", "sync 1 0 5000 retry");
        assertEquals(desired.table(), kernel.table());
        engine.sync(desired, "retry");
        assertTold();
        assertEquals(1, kernel.takeOps().size(), "the edit, and no more");
    }

    @Test
    void serviceThatIsThereIsLeftWithTheFallback() {
        kernel.set(new IpvsTable(List.of(entry(80, destination(1, 1))))); // as an earlier process left it
        engine.sync(desired(web("mh", "wlc", real(1, 1))), "start");
        assertTold("fallback web mh -> wlc");
        assertEquals("wlc", service().scheduler());
    }

    @Test
    void clearedTableComesBackWithTheFallback() {
        DesiredTable desired = desired(web("mh", "wlc", real(1, 1)));
        engine.sync(desired, "start");
        told.take();
        kernel.set(IpvsTable.EMPTY);
        engine.sync(desired, "retry");
        assertTold(
                "drift web - found absent want wlc",
                "op web add drift 5000", "op web add 1=1 drift 10000", "sync 2 0 10000 drift");
    }

    @Test
    void whatSomebodyElseGaveItIsTakenWhenItIsTheWantedOne() {
        DesiredTable desired = desired(web("mh", "wlc", real(1, 1)));
        engine.sync(desired, "start");
        told.take();
        kernel.set(desired.table());
        kernel.takeOps();
        engine.sync(desired, "retry");
        assertTold("drift web - found mh flags=0x8 want wlc");
        assertEquals(List.of(), kernel.takeOps());
    }

    @Test
    void withoutAFallbackOrWithOneThatIsMissingTooItFails() {
        missing.add("sed");
        engine.sync(desired(web("mh", "", real(1, 1))), "start");
        assertTold("failed web add 2", "sync 0 1 10000 start");
        for (int i = 0; i < 2; i++) {
            engine.sync(desired(web("mh", "sed", real(1, 1))), "config");
        }
        assertTold("failed web add 2", "sync 0 1 20000 config");
        missing.remove("sed");
        engine.sync(desired(web("mh", "sed", real(1, 1))), "retry");
        assertTold(
                "op web add retry 5000", "op web add 1=1 retry 10000", "fallback web mh -> sed",
                "sync 2 0 20000 retry");
    }

    @Test
    void anotherConfigurationIsTriedAsItIsAsked() {
        engine.sync(desired(web("mh", "wlc", real(1, 1))), "start");
        told.take();
        engine.follow(desired(web("rr", "wlc", real(1, 1))), "config");
        assertTold("op web edit config 5000", "sync 1 0 5000 config");
        engine.follow(desired(web("mh", "sed", real(1, 1))), "config");
        assertTold("op web edit config 5000", "fallback web mh -> sed", "sync 1 0 10000 config");
        assertEquals("sed", service().scheduler());
    }

    @Test
    void lostAckOfTheTryIsLookedFor() {
        DesiredTable desired = desired(web("mh", "wlc", real(1, 1)));
        engine.sync(desired, "start");
        told.take();
        kernel.faults(op -> Optional.of(new Fault(Errno.ETIMEDOUT, true)));
        engine.sync(desired, "retry");
        kernel.faults(op -> Optional.empty());
        engine.sync(desired, "retry");
        assertTold();
        assertEquals(desired.table(), kernel.table());
    }

    @Test
    void manyServicesFallTogether() {
        List<VirtualServer> servers = new ArrayList<>();
        for (int port = 1; port <= 600; port++) {
            Scheduling scheduling = new Scheduling("mh", "wlc", 0, 0, 32, "");
            servers.add(new VirtualServer(
                    "s" + port, List.of(key(port)), scheduling, List.of(), List.of(real(1, 1))));
        }
        DesiredTable desired = DesiredTable.of(servers, ServiceShares::whole);
        engine.sync(desired, "start");
        assertEquals(600, kernel.table().entries().stream()
                .filter(entry -> entry.service().scheduler().equals("wlc") && entry.destinations().size() == 1)
                .count());
        assertEquals(1, kernel.takeDumps());
        assertEquals(600, told.take().stream().filter(line -> line.startsWith("fallback ")).count());
    }
}
