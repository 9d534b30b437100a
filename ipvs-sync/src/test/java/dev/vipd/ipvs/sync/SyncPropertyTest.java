package dev.vipd.ipvs.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.IpvsTable;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.TableDiff;
import dev.vipd.ipvs.Tables;
import dev.vipd.ipvs.sync.FakeIpvsKernel.Fault;
import dev.vipd.netlink.sys.Errno;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Others change the table, the kernel fails, the configuration changes: in the end the table is right. */
class SyncPropertyTest {
    private static final int SERVICES = 6;
    private static final int STEPS = 30;
    private static final int[] ERRNOS = {
        Errno.ENOBUFS, Errno.ETIMEDOUT, Errno.EINVAL, Errno.ENOENT, Errno.ESRCH, Errno.EEXIST
    };

    private final FakeIpvsKernel kernel = new FakeIpvsKernel();
    private final Transcript told = new Transcript();
    private final SyncEngine engine =
            new SyncEngine(kernel, told, new Ledger(IpvsMemory.NONE), false, kernel::nowNs);
    private final Set<ServiceKey> everOurs = new HashSet<>();

    static IntStream seeds() {
        return IntStream.range(0, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void tableConvergesWhateverHappened(int seed) {
        Random random = new Random(seed);
        kernel.set(Tables.random(random, SERVICES));
        IpvsTable wanted = IpvsTable.EMPTY;
        for (int step = 0; step < STEPS; step++) {
            kernel.faults(op -> Optional.empty());
            kernel.unavailable(random.nextInt(10) == 0 ? Optional.of("gone") : Optional.empty());
            if (random.nextInt(3) == 0) {
                meddle(random);
            }
            if (random.nextInt(3) == 0) {
                wanted = Tables.random(random, SERVICES);
                everOurs.addAll(wanted.keys());
            }
            kernel.faults(op -> fault(random));
            syncOrFollow(random, wanted);
            assertTrue(kernel.takeDumps() <= SyncEngine.ROUNDS_MAX);
            for (IpvsOp op : kernel.takeOps()) {
                assertTrue(everOurs.contains(op.key()), () -> op + " touches a service that was never ours");
            }
        }

        kernel.unavailable(Optional.empty());
        kernel.faults(op -> Optional.empty());
        IpvsTable before = kernel.table();
        engine.sync(Tables.desired(wanted), "config");
        IpvsTable after = kernel.table();
        assertEquals(wanted, after.only(wanted.keys()));
        assertEquals(foreign(before), foreign(after));

        told.take();
        engine.sync(Tables.desired(wanted), "config");
        assertEquals(List.of(), told.take(), "a second sync has nothing to do or to tell");

        engine.removeAll();
        assertEquals(IpvsTable.EMPTY, kernel.table().only(wanted.keys()));
        assertEquals(foreign(before), foreign(kernel.table()));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whileNobodyElseTouchesTheTableItIsFollowedWithoutALook(int seed) {
        Random random = new Random(seed);
        engine.sync(Tables.desired(Tables.random(random, SERVICES)), "start");
        kernel.takeDumps();
        for (int step = 0; step < STEPS; step++) {
            IpvsTable wanted = Tables.random(random, SERVICES);
            List<IpvsOp> plan = TableDiff.plan(wanted, kernel.table(), kernel.table().keys());
            kernel.takeOps();
            engine.follow(Tables.desired(wanted), "config");
            assertEquals(wanted, kernel.table());
            assertEquals(Set.copyOf(plan), Set.copyOf(kernel.takeOps()), "the smallest change");
        }
        assertEquals(0, kernel.takeDumps());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void nothingIsDriftWhileNobodyElseTouchesTheTable(int seed) {
        Random random = new Random(seed);
        kernel.set(Tables.random(random, SERVICES));
        kernel.faults(op -> random.nextInt(4) == 0
                ? Optional.of(new Fault(Errno.ETIMEDOUT, random.nextBoolean()))
                : Optional.empty());
        for (int step = 0; step < STEPS; step++) {
            syncOrFollow(random, Tables.random(random, SERVICES));
        }
        assertEquals(List.of(), told.take().stream().filter(line -> line.contains("drift")).toList());
    }

    private void syncOrFollow(Random random, IpvsTable wanted) {
        if (random.nextBoolean()) {
            engine.follow(Tables.desired(wanted), "config");
        } else {
            engine.sync(Tables.desired(wanted), "config");
        }
    }

    /** Somebody makes the first few changes on the way to some other table. */
    private void meddle(Random random) {
        IpvsTable now = kernel.table();
        List<IpvsOp> all = TableDiff.plan(Tables.random(random, SERVICES), now, now.keys());
        all.stream().limit(random.nextInt(6)).forEach(kernel::behindOurBack);
    }

    private Optional<Fault> fault(Random random) {
        return switch (random.nextInt(20)) {
            case 0 -> Optional.of(new Fault(ERRNOS[random.nextInt(ERRNOS.length)], false));
            case 1 -> Optional.of(new Fault(Errno.ETIMEDOUT, random.nextBoolean()));
            case 2 -> {
                meddle(random);
                yield Optional.empty();
            }
            case 3 -> {
                kernel.unavailable(random.nextInt(4) == 0 ? Optional.of("gone") : Optional.empty());
                yield Optional.empty();
            }
            default -> Optional.empty();
        };
    }

    private IpvsTable foreign(IpvsTable table) {
        Set<ServiceKey> keys = new HashSet<>(table.keys());
        keys.removeAll(everOurs);
        return table.only(keys);
    }
}
