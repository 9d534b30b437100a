package dev.vipd.director.sim;

import dev.vipd.healthcheck.Advice;
import dev.vipd.healthcheck.pool.Admin;
import dev.vipd.healthcheck.pool.PoolConfig.Member;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Machines fail, flap and are slow, the network between them and the director is cut, operators and reloads interfere;
 * then nothing happens for a while. Rules hold after every operation on the table ({@link Safety}), and each time
 * that nothing happened the table must be what is true ({@link Liveness}). The seed determines everything.
 */
final class CheckSim {
    private static final long SECOND = 1_000_000_000L;
    private static final int ROUNDS = 4;
    private static final long TROUBLE_NS = 240 * SECOND;
    private static final int KEPT_LINES = 60;

    private final long seed;

    /** What a run was: for comparison, and to see that it was not idle. */
    record Outcome(long simulatedNs, long faults, long operations, long panics, long traceHash) {}

    CheckSim(long seed) {
        this.seed = seed;
    }

    /** @throws AssertionError that tells the rule, the seed, and the end of the trace */
    Outcome run() {
        try {
            return run(new Trace(0));
        } catch (AssertionError | RuntimeException first) {
            Trace trace = new Trace(KEPT_LINES);
            try {
                run(trace);
            } catch (AssertionError | RuntimeException again) {
                throw new AssertionError(
                        again + "\nend of the trace:\n" + trace.end() + "\nagain: make sim SEED=" + seed, again);
            }
            throw new AssertionError("not the same a second time: seed " + seed, first);
        }
    }

    private Outcome run(Trace trace) {
        World world = new World(seed, trace);
        Random random = new Random(~seed);
        long faults = 0;
        long startNs = world.agenda().nowNs();
        for (int round = 0; round < ROUNDS; round++) {
            long endNs = world.agenda().nowNs() + TROUBLE_NS;
            while (endNs - world.agenda().nowNs() > 0) {
                world.agenda().run(1 + random.nextLong(10 * SECOND));
                happens(world, random);
                faults++;
            }
            calmDown(world, random);
            world.agenda().run(world.settledAfterNs());
            world.checkLiveness();
        }
        return new Outcome(
                world.agenda().nowNs() - startNs, faults, world.operations(), world.panics(), trace.hash());
    }

    private static void happens(World world, Random random) {
        int backend = random.nextInt(Configs.BACKENDS);
        Backend.Truth[] truths = Backend.Truth.values();
        switch (random.nextInt(14)) {
            case 0, 1, 2 -> world.become(backend, truths[random.nextInt(truths.length)]);
            case 3, 4 -> world.become(backend, Backend.Truth.UP);
            case 5 -> flap(world, backend, 2 + random.nextInt(8));
            case 6 -> together(world, random, truths[1 + random.nextInt(truths.length - 1)]);
            case 7 -> together(world, random, Backend.Truth.UP);
            case 8 -> {
                world.cut(true);
                world.agenda().after(random.nextLong(30 * SECOND), () -> world.cut(false));
            }
            case 9 -> {
                world.localFault(true);
                world.agenda().after(random.nextLong(30 * SECOND), () -> world.localFault(false));
            }
            case 10 -> world.advise(backend, advice(random));
            case 11, 12 -> {
                Map.Entry<String, Member> any = world.anyMember();
                world.order(any.getKey(), any.getValue(), order(random));
            }
            default -> world.reload();
        }
    }

    /** About half of the machines at once. */
    private static void together(World world, Random random, Backend.Truth truth) {
        IntStream.range(0, Configs.BACKENDS).filter(_ -> random.nextBoolean()).forEach(i -> world.become(i, truth));
    }

    private static void flap(World world, int backend, int times) {
        if (times > 0) {
            world.become(backend, times % 2 == 0 ? Backend.Truth.REFUSES : Backend.Truth.UP);
            world.agenda().after(3 * SECOND, () -> flap(world, backend, times - 1));
        }
    }

    private static Advice advice(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> Advice.DRAIN;
            case 1 -> Advice.MAINTENANCE;
            case 2 -> Advice.weight(random.nextInt(20));
            case 3 -> Advice.percent(random.nextInt(150));
            default -> Advice.NONE;
        };
    }

    private static Admin order(Random random) {
        Admin admin = switch (random.nextInt(6)) {
            case 0 -> Admin.DRAIN;
            case 1 -> Admin.DISABLED;
            case 2 -> Admin.DRAINED;
            default -> Admin.ENABLED;
        };
        return random.nextInt(4) == 0 ? admin.withWeight(random.nextInt(20)) : admin;
    }

    /** The faults stop; what is down then stays down. */
    private static void calmDown(World world, Random random) {
        world.agenda().run(30 * SECOND); // what ends by itself
        for (int i = 0; i < Configs.BACKENDS; i++) {
            boolean dead = random.nextInt(4) == 0;
            Backend.Truth how = random.nextBoolean() ? Backend.Truth.REFUSES : Backend.Truth.SILENT;
            world.become(i, dead ? how : Backend.Truth.UP);
        }
    }
}
