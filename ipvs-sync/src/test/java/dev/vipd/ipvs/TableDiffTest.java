package dev.vipd.ipvs;

import static dev.vipd.ipvs.Tables.at;
import static dev.vipd.ipvs.Tables.destination;
import static dev.vipd.ipvs.Tables.entry;
import static dev.vipd.ipvs.Tables.key;
import static dev.vipd.ipvs.Tables.service;
import static dev.vipd.ipvs.Tables.table;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TableDiffTest {
    private static final int SERVICES = 6;

    static IntStream seeds() {
        return IntStream.range(0, 400);
    }

    @Test
    void newServiceComesBeforeItsDestinations() {
        IpvsTable desired = table(entry(80, destination(1, 1), destination(2, 3)));
        assertEquals(
                List.of(
                        new IpvsOp.AddService(service(80)),
                        new IpvsOp.AddDestination(key(80), destination(1, 1)),
                        new IpvsOp.AddDestination(key(80), destination(2, 3))),
                TableDiff.plan(desired, IpvsTable.EMPTY, Set.of()));
    }

    @Test
    void withinAServiceAdditionsThenRaisesThenLoweringsThenRemovals() {
        IpvsTable observed = table(entry(80, destination(1, 1), destination(2, 0), destination(3, 1)));
        IpvsTable desired = table(entry(80, destination(1, 0), destination(2, 1), destination(4, 1)));
        assertEquals(
                List.of(
                        new IpvsOp.AddDestination(key(80), destination(4, 1)),
                        new IpvsOp.EditDestination(key(80), destination(2, 1)),
                        new IpvsOp.EditDestination(key(80), destination(1, 0)),
                        new IpvsOp.DeleteDestination(key(80), at(3))),
                TableDiff.plan(desired, observed, Set.of()));
    }

    @Test
    void anyChangedSettingOfAServiceIsAnEdit() {
        Service want = service(80);
        List<Service> different = List.of(
                new Service(key(80), "rr", 0, 0, -1, ""),
                new Service(key(80), "wlc", 0x18, 0, -1, ""),
                new Service(key(80), "wlc", 0, 300, -1, ""),
                new Service(key(80), "wlc", 0, 0, 0xffffff00, ""),
                new Service(key(80), "wlc", 0, 0, -1, "sip"));
        for (Service found : different) {
            assertEquals(
                    List.of(new IpvsOp.EditService(want)),
                    TableDiff.plan(table(entry(80)), table(IpvsTable.Entry.of(found, List.of())), Set.of()),
                    found.describe());
        }
    }

    @Test
    void hashedIsNoDifference() {
        Service found = new Service(key(80), "wlc", Service.HASHED, 0, -1, "");
        IpvsTable observed = table(IpvsTable.Entry.of(found, List.of()));
        assertEquals(List.of(), TableDiff.plan(table(entry(80)), observed, Set.of()));
    }

    @Test
    void changedForwardingMethodIsAnEdit() {
        Destination nat = new Destination(at(1), ForwardingMethod.NAT.kernelValue(), 1, 0, 0, Destination.Tunnel.IPIP);
        assertEquals(
                List.of(new IpvsOp.EditDestination(key(80), destination(1, 1))),
                TableDiff.plan(table(entry(80, destination(1, 1))), table(entry(80, nat)), Set.of()));
    }

    @Test
    void foreignServiceStaysOwnedOneGoes() {
        IpvsTable observed = table(entry(80), entry(81, destination(1, 1)), entry(82));
        List<IpvsOp> ops = TableDiff.plan(table(entry(80)), observed, Set.of(key(80), key(81), key(99)));
        assertEquals(List.of(new IpvsOp.DeleteService(key(81))), ops);
    }

    @Test
    void entriesThatAreTheSameAreDone() {
        IpvsTable.Entry same = entry(80, destination(1, 1));
        IpvsTable observed = table(same, entry(81, destination(1, 1)));
        assertEquals(
                List.of(new IpvsOp.DeleteDestination(key(81), at(1))),
                TableDiff.plan(table(same, entry(81)), observed, observed.keys()));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void changesTogetherAreTheChangesOneByOne(int seed) {
        Random random = new Random(seed);
        IpvsTable start = Tables.random(random, SERVICES);
        List<IpvsOp> ops = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ops.addAll(TableDiff.plan(Tables.random(random, SERVICES), Tables.random(random, SERVICES), start.keys()));
        }
        IpvsTable oneByOne = start;
        for (IpvsOp op : ops) {
            oneByOne = oneByOne.with(List.of(op));
        }
        assertEquals(oneByOne, start.with(ops));
        assertEquals(
                oneByOne.entries().stream().map(entry -> List.copyOf(entry.destinations().values())).toList(),
                start.with(ops).entries().stream().map(entry -> List.copyOf(entry.destinations().values())).toList(),
                "in the same order");
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void planLeadsFromAnyTableToTheDesiredOne(int seed) {
        Random random = new Random(seed);
        IpvsTable desired = Tables.random(random, SERVICES);
        IpvsTable observed = Tables.random(random, SERVICES);
        Set<ServiceKey> owned = new HashSet<>(desired.keys());
        observed.keys().stream().filter(key -> random.nextBoolean()).forEach(owned::add);

        List<IpvsOp> ops = TableDiff.plan(desired, observed, owned);

        KernelTable kernel = new KernelTable(observed);
        for (IpvsOp op : ops) {
            assertFalse(kernel.snapshot().shows(op), () -> op + " is there already");
            assertEquals(KernelTable.OK, kernel.apply(op), () -> op + " was refused");
            assertTrue(kernel.snapshot().shows(op), () -> op + " does not show");
            assertNobodyEmptied(desired, observed, kernel.snapshot());
        }
        assertEquals(expected(desired, observed, owned), kernel.snapshot());
        assertEquals(List.of(), TableDiff.plan(desired, kernel.snapshot(), owned));
        assertEquals(differingRows(desired, observed, owned), ops.size());
        assertEquals(kernel.snapshot(), observed.with(ops));
    }

    /** No service that had a server taking connections and shall have one is without one in between. */
    private static void assertNobodyEmptied(IpvsTable desired, IpvsTable observed, IpvsTable now) {
        for (ServiceKey key : desired.keys()) {
            if (weight(desired, key) > 0 && weight(observed, key) > 0) {
                assertTrue(weight(now, key) > 0, () -> "nobody serves " + key);
            }
        }
    }

    private static int weight(IpvsTable table, ServiceKey key) {
        return table.entry(key)
                .map(entry -> entry.destinations().values().stream().mapToInt(Destination::weight).sum())
                .orElse(0);
    }

    private static IpvsTable expected(IpvsTable desired, IpvsTable observed, Set<ServiceKey> owned) {
        List<IpvsTable.Entry> all = new ArrayList<>(desired.entries());
        for (IpvsTable.Entry entry : observed.entries()) {
            if (desired.entry(entry.service().key()).isEmpty() && !owned.contains(entry.service().key())) {
                all.add(entry);
            }
        }
        return new IpvsTable(all);
    }

    private static int differingRows(IpvsTable desired, IpvsTable observed, Set<ServiceKey> owned) {
        int rows = 0;
        for (IpvsTable.Entry want : desired.entries()) {
            Optional<IpvsTable.Entry> found = observed.entry(want.service().key());
            rows += found.isPresent() && found.get().service().equals(want.service()) ? 0 : 1;
            Set<Endpoint> either = new HashSet<>(want.destinations().keySet());
            found.ifPresent(entry -> either.addAll(entry.destinations().keySet()));
            for (Endpoint at : either) {
                Destination there = found.map(entry -> entry.destinations().get(at)).orElse(null);
                rows += want.destinations().get(at) == null || !want.destinations().get(at).equals(there) ? 1 : 0;
            }
        }
        for (ServiceKey key : observed.keys()) {
            rows += owned.contains(key) && desired.entry(key).isEmpty() ? 1 : 0;
        }
        return rows;
    }
}
