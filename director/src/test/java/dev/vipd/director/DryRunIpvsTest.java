package dev.vipd.director;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.ipvs.Destination;
import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.IpvsTable;
import dev.vipd.ipvs.Observation;
import dev.vipd.ipvs.Service;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.SyncDaemon;
import dev.vipd.ipvs.Timeouts;
import dev.vipd.ipvs.Traffic;
import dev.vipd.ipvs.kernel.IpvsInfo;
import dev.vipd.ipvs.kernel.IpvsKernel;
import dev.vipd.ipvs.kernel.IpvsOutcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DryRunIpvsTest {
    private static final Service WEB = Samples.kernelService("web", 80);
    private static final Service API = Samples.kernelService("api", 81);
    private static final Destination RS1 = Destination.of(Samples.RS1, WEB.key());

    private static final Observation.Load LOAD = new Observation.Load(3, 2, 1, Traffic.NONE);

    /** A table that can be looked at only. */
    private static final class ReadOnlyKernel implements IpvsKernel {
        private IpvsTable table = IpvsTable.EMPTY;

        @Override
        public Observation dump() {
            return new Observation(table, Map.of(), Map.of(), 7);
        }

        @Override
        public Map<Destination, Observation.Load> destinations(ServiceKey key) {
            Map<Destination, Observation.Load> all = new HashMap<>();
            table.entry(key).ifPresent(entry -> entry.destinations().values()
                    .forEach(destination -> all.put(destination, LOAD)));
            return all;
        }

        @Override
        public List<IpvsOutcome> apply(List<IpvsOp> ops) {
            throw new AssertionError("changed in a dry run: " + ops);
        }

        @Override
        public IpvsInfo info() {
            return new IpvsInfo("1.2.1", 4096);
        }

        @Override
        public Timeouts timeouts() {
            return new Timeouts(900, 120, 300);
        }

        @Override
        public void setTimeouts(Timeouts timeouts) {
            throw new AssertionError("changed in a dry run: " + timeouts);
        }

        @Override
        public List<SyncDaemon> daemons() {
            return List.of();
        }

        @Override
        public void start(SyncDaemon daemon) {
            throw new AssertionError("started in a dry run: " + daemon);
        }

        @Override
        public void stop(SyncDaemon.Role role) {
            throw new AssertionError("stopped in a dry run: " + role);
        }

        @Override
        public void close() {}
    }

    private static IpvsTable table(IpvsTable.Entry... entries) {
        return new IpvsTable(List.of(entries));
    }

    private final ReadOnlyKernel kernel = new ReadOnlyKernel();
    private final DryRunIpvs dry = new DryRunIpvs(Optional.of(kernel));

    private void assertTable(IpvsTable expected) throws Exception {
        assertEquals(expected, dry.dump().table());
    }

    @Test
    void itIsTheKernelsTableWithTheChangesThatWereNotMade() throws Exception {
        IpvsTable.Entry api = IpvsTable.Entry.of(API, List.of(RS1));
        kernel.table = table(api);
        assertTable(kernel.table);
        assertEquals(Map.of(RS1, LOAD), dry.destinations(API.key()));
        assertEquals(7, dry.dump().foreignServices());
        List<IpvsOutcome> outcomes =
                dry.apply(List.of(new IpvsOp.AddService(WEB), new IpvsOp.AddDestination(WEB.key(), RS1)));
        assertEquals(List.of(IpvsOutcome.acked(0), IpvsOutcome.acked(0)), outcomes);
        assertTable(table(api, IpvsTable.Entry.of(WEB, List.of(RS1))));
        dry.apply(List.of(new IpvsOp.EditDestination(API.key(), RS1.withWeight(0))));
        assertTable(table(
                IpvsTable.Entry.of(API, List.of(RS1.withWeight(0))), IpvsTable.Entry.of(WEB, List.of(RS1))));
        assertEquals(Map.of(RS1.withWeight(0), Observation.Load.NONE), dry.destinations(API.key()));
        dry.apply(List.of(new IpvsOp.DeleteService(API.key()), new IpvsOp.DeleteService(WEB.key())));
        assertTable(IpvsTable.EMPTY);
    }

    @Test
    void serviceThatIsGoneForGoodIsForgotten() throws Exception {
        kernel.table = table(IpvsTable.Entry.of(API, List.of()));
        dry.dump();
        dry.apply(List.of(new IpvsOp.DeleteService(API.key())));
        assertTable(IpvsTable.EMPTY);
        kernel.table = IpvsTable.EMPTY;
        assertTable(IpvsTable.EMPTY);
        kernel.table = table(IpvsTable.Entry.of(API, List.of()));
        assertTable(kernel.table);
    }
}
