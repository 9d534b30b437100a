package dev.vipd.ipvs.sync;

import static dev.vipd.ipvs.Tables.desired;
import static dev.vipd.ipvs.Tables.destination;
import static dev.vipd.ipvs.Tables.entry;
import static dev.vipd.ipvs.Tables.key;
import static dev.vipd.ipvs.Tables.real;
import static dev.vipd.ipvs.Tables.server;
import static dev.vipd.ipvs.Tables.table;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.ipvs.DesiredTable;
import dev.vipd.ipvs.Drift;
import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.IpvsTable;
import dev.vipd.ipvs.sync.FakeIpvsKernel.Fault;
import dev.vipd.netlink.sys.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is ours over the end of a process, and what becomes of what is not. */
class OwnershipTest {
    private static final DesiredTable WEB = desired(server("web", 80, real(1, 1)));
    private static final DesiredTable BOTH = desired(server("web", 80, real(1, 1)), server("dns", 53, real(3, 1)));

    private final FakeIpvsKernel kernel = new FakeIpvsKernel();
    private final Transcript told = new Transcript();
    private final FakeMemory memory = new FakeMemory();

    private SyncEngine engine(boolean flush) {
        return new SyncEngine(kernel, told, new Ledger(memory), flush, kernel::nowNs);
    }

    private void assertTold(String... lines) {
        assertEquals(List.of(lines), told.take());
    }

    @Test
    void serviceThatLeftTheConfigurationMeanwhileIsRemoved() {
        kernel.set(table(entry(8080)));
        engine(false).sync(BOTH, "start");
        told.take();
        engine(false).sync(WEB, "start");
        assertTold("op dns del start 5000", "sync 1 0 5000 start");
        assertEquals(Map.of(key(80), "web"), memory.now().services());
        assertEquals(table(entry(80, destination(1, 1)), entry(8080)), kernel.table());
    }

    @Test
    void itIsWrittenDownBeforeTheFirstChangeAndOnlyWhenItChanges() {
        List<Set<?>> known = new ArrayList<>();
        kernel.faults(op -> {
            known.add(memory.now().services().keySet());
            return Optional.empty();
        });
        SyncEngine engine = engine(false);
        engine.sync(WEB, "start");
        assertEquals(Set.of(key(80)), known.getFirst());
        engine.follow(desired(server("web", 80, real(2, 1))), "check");
        engine.sync(WEB, "retry");
        assertEquals(1, memory.takeStores());
        engine.follow(BOTH, "config");
        engine.follow(WEB, "config");
        assertEquals(2, memory.takeStores());
    }

    @Test
    void whatCouldNotBeWrittenDownIsWhenItCan() {
        memory.full(true);
        SyncEngine engine = engine(false);
        engine.sync(WEB, "start");
        assertEquals(Map.of(), memory.now().services());
        memory.full(false);
        engine.sync(WEB, "retry");
        assertEquals(Map.of(key(80), "web"), memory.now().services());
        memory.takeStores();
        engine.sync(WEB, "retry");
        assertEquals(0, memory.takeStores());
    }

    @Test
    void killInTheMiddleOfAChangeForgetsNothing() {
        kernel.faults(op -> {
            if (op instanceof IpvsOp.AddDestination) {
                throw new IllegalStateException("killed");
            }
            return Optional.empty();
        });
        try {
            engine(false).sync(BOTH, "start");
        } catch (IllegalStateException e) {
            kernel.faults(op -> Optional.empty());
        }
        engine(false).sync(DesiredTable.EMPTY, "start");
        assertEquals(IpvsTable.EMPTY, kernel.table());
        assertEquals(IpvsMemory.Contents.EMPTY, memory.now());
    }

    @Test
    void removalInTheEndForgetsAndSoDoesNoOther() {
        SyncEngine engine = engine(false);
        engine.sync(BOTH, "start");
        assertEquals(Set.of(key(80), key(53)), memory.now().services().keySet());
        kernel.faults(op -> op.key().equals(key(53)) ? Optional.of(new Fault(Errno.EINVAL, false)) : Optional.empty());
        engine.removeAll();
        assertEquals(Set.of(key(53)), memory.now().services().keySet(), "it is still there");
        kernel.faults(op -> Optional.empty());
        engine(false).removeAll();
        assertEquals(IpvsMemory.Contents.EMPTY, memory.now());
        assertEquals(IpvsTable.EMPTY, kernel.table());
    }

    @Test
    void flushTakesTheServicesOfOthersOnce() {
        kernel.set(table(entry(80, destination(1, 1)), entry(8080, destination(2, 1))));
        SyncEngine engine = engine(true);
        engine.sync(WEB, "start");
        assertTold("op - del lvs_flush 5000", "sync 1 0 5000 start");
        assertEquals(WEB.table(), kernel.table());
        kernel.behindOurBack(new IpvsOp.AddService(entry(8080).service()));
        engine.sync(WEB, "retry");
        engine.follow(BOTH, "config");
        engine.removeAll();
        assertEquals(table(entry(8080)), kernel.table());
    }

    @Test
    void flushComesWithTheFirstSyncThatGetsToItsEnd() {
        kernel.unavailable(Optional.of("no module"));
        SyncEngine engine = engine(true);
        engine.sync(WEB, "start");
        kernel.unavailable(Optional.empty());
        kernel.set(table(entry(8080), entry(8081)));
        kernel.faults(op -> op.key().equals(key(8081))
                ? Optional.of(new Fault(Errno.ETIMEDOUT, false))
                : Optional.empty());
        engine.sync(WEB, "retry");
        kernel.faults(op -> Optional.empty());
        engine.sync(WEB, "retry");
        assertEquals(WEB.table(), kernel.table());
    }

    @Test
    void driftTellsWhatItCost() {
        List<Drift.Loss> lost = new ArrayList<>();
        Transcript listener = new Transcript() {
            @Override
            public void onDrift(String name, Drift drift) {
                lost.add(drift.lost());
            }
        };
        SyncEngine engine = new SyncEngine(kernel, listener, new Ledger(memory), false, kernel::nowNs);
        DesiredTable two = desired(server("web", 80, real(1, 1), real(2, 1)));
        engine.sync(two, "start");
        engine.sync(two, "retry"); // the second dump: the fake kernel counts connections by its dumps
        kernel.set(IpvsTable.EMPTY);
        engine.observe(); // who looks meanwhile makes nobody forget
        engine.sync(two, "retry");
        assertEquals(List.of(new Drift.Loss(2, 4)), lost);
    }
}
