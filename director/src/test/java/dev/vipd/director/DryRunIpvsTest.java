package dev.vipd.director;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.ipvs.Destination;
import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.IpvsTable;
import dev.vipd.ipvs.Observation;
import dev.vipd.ipvs.Service;
import dev.vipd.ipvs.kernel.IpvsKernel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DryRunIpvsTest {
    private static final Service WEB = Service.of(Samples.service("web", 80, Samples.RS1).server());
    private static final Service API = Service.of(Samples.service("api", 81, Samples.RS1).server());
    private static final Destination RS1 = Destination.of(Samples.RS1);

    /** A table that can be looked at only. */
    private static final class ReadOnlyKernel implements IpvsKernel {
        private IpvsTable table = IpvsTable.EMPTY;

        @Override
        public Observation dump() {
            return new Observation(table, Map.of(), 7);
        }

        @Override
        public void apply(IpvsOp op) {
            throw new AssertionError("changed in a dry run: " + op);
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
        assertEquals(7, dry.dump().foreignServices());
        dry.apply(new IpvsOp.AddService(WEB));
        dry.apply(new IpvsOp.AddDestination(WEB.key(), RS1));
        assertTable(table(api, IpvsTable.Entry.of(WEB, List.of(RS1))));
        dry.apply(new IpvsOp.EditDestination(API.key(), RS1.withWeight(0)));
        assertTable(table(
                IpvsTable.Entry.of(API, List.of(RS1.withWeight(0))), IpvsTable.Entry.of(WEB, List.of(RS1))));
        dry.apply(new IpvsOp.DeleteService(API.key()));
        dry.apply(new IpvsOp.DeleteService(WEB.key()));
        assertTable(IpvsTable.EMPTY);
    }

    @Test
    void serviceThatIsGoneForGoodIsForgotten() throws Exception {
        kernel.table = table(IpvsTable.Entry.of(API, List.of()));
        dry.dump();
        dry.apply(new IpvsOp.DeleteService(API.key()));
        assertTable(IpvsTable.EMPTY);
        kernel.table = IpvsTable.EMPTY;
        assertTable(IpvsTable.EMPTY);
        kernel.table = table(IpvsTable.Entry.of(API, List.of()));
        assertTable(kernel.table);
    }
}
