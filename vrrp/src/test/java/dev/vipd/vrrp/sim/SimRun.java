package dev.vipd.vrrp.sim;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * Runs fresh seeds on all processors until so many hours were simulated: {@code make sim HOURS=n}. A program rather
 * than a test, since it runs as long as it is told to.
 */
final class SimRun {
    private static final double NS_PER_HOUR = 3.6e12;
    private static final long FAILURES_TO_FIND = 6;
    private static final long TELL_NS = 10_000_000_000L;

    private final double hours;
    private final long firstSeed;
    private final long violationsMax;
    private final AtomicLong nextSeed;
    private final LongAdder simulatedNs = new LongAdder();
    private final LongAdder runs = new LongAdder();
    private final LongAdder faults = new LongAdder();
    private final LongAdder adverts = new LongAdder();
    private final LongAdder takeovers = new LongAdder();
    private final LongAdder violations = new LongAdder();
    private final long startNs = System.nanoTime();
    private final AtomicLong toldNs = new AtomicLong(startNs);

    private SimRun(double hours, long firstSeed, long violationsMax) {
        this.hours = hours;
        this.violationsMax = violationsMax;
        this.firstSeed = firstSeed;
        nextSeed = new AtomicLong(firstSeed);
    }

    /**
     * {@code hours N [FIRST_SEED]}: simulates so many hours; {@code find N [FIRST_SEED]}: the same, but stops when a
     * few runs have failed; {@code seed N}: runs that one; {@code points N}: all schedules of so many faults for two
     * directors. Exit status 1: a rule was broken.
     */
    public static void main(String[] args) throws InterruptedException {
        switch (args[0]) {
            case "seed" -> System.out.println(new Simulation(Long.parseLong(args[1])).run());
            case "points" -> {
                int points = Integer.parseInt(args[1]);
                if (args.length > 3) {
                    new Enumeration(Enumeration.VARIANTS.get(Integer.parseInt(args[2])), points)
                            .run(Integer.parseInt(args[3]));
                } else {
                    enumerate(points);
                }
            }
            case "hours" -> simulate(args, Long.MAX_VALUE);
            case "find" -> simulate(args, FAILURES_TO_FIND);
            default -> throw new IllegalArgumentException("hours, find, seed or points, not " + args[0]);
        }
    }

    private static void enumerate(int points) {
        for (Enumeration.Variant variant : Enumeration.VARIANTS) {
            Enumeration all = new Enumeration(variant, points);
            IntStream.range(0, all.schedules()).parallel().forEach(all::run);
            System.out.println(variant + ": " + all.schedules() + " schedules of " + points + ", 0 violations");
        }
    }

    private static void simulate(String[] args, long violationsMax) throws InterruptedException {
        long firstSeed = args.length > 2 ? Long.parseLong(args[2]) : System.currentTimeMillis() * 1_000;
        SimRun run = new SimRun(Double.parseDouble(args[1]), firstSeed, violationsMax);
        Thread[] threads = IntStream.range(0, Runtime.getRuntime().availableProcessors())
                .mapToObj(i -> new Thread(run::work, "sim-" + i))
                .toArray(Thread[]::new);
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        run.tell("done: ");
        System.exit(run.violations.sum() == 0 ? 0 : 1);
    }

    private void work() {
        while (simulatedNs.sum() < hours * NS_PER_HOUR && violations.sum() < violationsMax) {
            long seed = nextSeed.getAndIncrement();
            try {
                World.Outcome outcome = new Simulation(seed).run();
                simulatedNs.add(outcome.simulatedNs());
                faults.add(outcome.faults());
                adverts.add(outcome.adverts());
                takeovers.add(outcome.takeovers());
            } catch (AssertionError e) {
                violations.increment();
                System.out.println("VIOLATION " + e.getMessage() + "\n");
            }
            runs.increment();
            long told = toldNs.get();
            long now = System.nanoTime();
            if (now - told > TELL_NS && toldNs.compareAndSet(told, now)) {
                tell("");
            }
        }
    }

    private void tell(String prefix) {
        System.out.printf("%s%.1f simulated hours in %d s: seeds %d..%d, %d runs, %d faults, %d adverts, %d takeovers,"
                + " %d violations%n", prefix, simulatedNs.sum() / NS_PER_HOUR,
                (System.nanoTime() - startNs) / 1_000_000_000L, firstSeed, nextSeed.get() - 1, runs.sum(),
                faults.sum(), adverts.sum(), takeovers.sum(), violations.sum());
    }
}
