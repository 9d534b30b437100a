package dev.vipd.director.sim;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/** Runs fresh seeds on all processors until so many hours were simulated: {@code make sim HOURS=n}. */
final class CheckSimRun {
    private static final double NS_PER_HOUR = 3.6e12;

    private final double hours;
    private final AtomicLong nextSeed;
    private final LongAdder simulatedNs = new LongAdder();
    private final LongAdder faults = new LongAdder();
    private final LongAdder operations = new LongAdder();
    private final LongAdder panics = new LongAdder();
    private final LongAdder violations = new LongAdder();

    private CheckSimRun(double hours, long firstSeed) {
        this.hours = hours;
        nextSeed = new AtomicLong(firstSeed);
    }

    /**
     * {@code hours N [FIRST_SEED]}: simulates so many hours; {@code seed N}: runs that one. Exit status 1: a rule was
     * broken.
     */
    public static void main(String[] args) throws InterruptedException {
        switch (args[0]) {
            case "seed" -> System.out.println(new CheckSim(Long.parseLong(args[1])).run());
            case "hours" -> simulate(
                    Double.parseDouble(args[1]),
                    args.length > 2 ? Long.parseLong(args[2]) : System.currentTimeMillis() * 1_000);
            default -> throw new IllegalArgumentException("hours or seed, not " + args[0]);
        }
    }

    private static void simulate(double hours, long firstSeed) throws InterruptedException {
        CheckSimRun run = new CheckSimRun(hours, firstSeed);
        Thread[] threads = IntStream.range(0, Runtime.getRuntime().availableProcessors())
                .mapToObj(i -> new Thread(run::work, "sim-" + i))
                .toArray(Thread[]::new);
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.printf("checks: %.1f simulated hours, seeds %d..%d, %d faults, %d operations on the table,"
                + " %d panics, %d violations%n", run.simulatedNs.sum() / NS_PER_HOUR, firstSeed, run.nextSeed.get() - 1,
                run.faults.sum(), run.operations.sum(), run.panics.sum(), run.violations.sum());
        System.exit(run.violations.sum() == 0 ? 0 : 1);
    }

    private void work() {
        while (simulatedNs.sum() < hours * NS_PER_HOUR) {
            try {
                CheckSim.Outcome outcome = new CheckSim(nextSeed.getAndIncrement()).run();
                simulatedNs.add(outcome.simulatedNs());
                faults.add(outcome.faults());
                operations.add(outcome.operations());
                panics.add(outcome.panics());
            } catch (AssertionError e) {
                violations.increment();
                simulatedNs.add((long) (NS_PER_HOUR / 3));
                System.out.println("VIOLATION " + e.getMessage() + "\n");
            }
        }
    }
}
