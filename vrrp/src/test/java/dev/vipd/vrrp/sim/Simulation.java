package dev.vipd.vrrp.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A run of one seed; one that fails is told with as few faults as fail in the same way. */
final class Simulation {
    private static final int KEPT_LINES = 80;
    private static final int TRIES_MAX = 400;
    private static final long TRY_NS_MAX = 60_000_000_000L;

    private final Plan plan;

    Simulation(long seed) {
        this(Plan.of(seed));
    }

    Simulation(Plan plan) {
        this.plan = plan;
    }

    /** @throws AssertionError that tells the seed, the faults that are needed, and the end of the trace */
    World.Outcome run() {
        try {
            return new World(plan, 0).run();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(explain(e), e);
        }
    }

    private String explain(Throwable first) {
        String rule = rule(first);
        List<Fault> needed = minimised(rule);
        World world = new World(plan.with(needed), KEPT_LINES);
        String end;
        try {
            world.run();
            end = "";
        } catch (AssertionError | RuntimeException e) {
            end = e.toString();
        }
        return first
                + "\nwith the " + needed.size() + " faults needed of " + plan.faults().size() + ": " + end
                + needed.stream().map(fault -> "\n  " + fault).collect(Collectors.joining())
                + plan.configs().stream().map(config -> "\n  " + Words.of(config)).collect(Collectors.joining())
                + "\nend of the trace with these faults only:\n" + world.traceEnd()
                + "\nagain: make sim " + plan.name();
    }

    /** Delta debugging: leaves out halves, quarters and so on, as long as the same rule is broken. */
    private List<Fault> minimised(String rule) {
        long startNs = System.nanoTime();
        List<Fault> faults = plan.faults();
        int parts = 2;
        for (int tries = 0; faults.size() > 0 && tries < TRIES_MAX && System.nanoTime() - startNs < TRY_NS_MAX; ) {
            int size = Math.ceilDiv(faults.size(), parts);
            boolean less = false;
            for (int from = 0; from < faults.size() && !less; from += size, tries++) {
                List<Fault> fewer = new ArrayList<>(faults.subList(0, from));
                fewer.addAll(faults.subList(Math.min(faults.size(), from + size), faults.size()));
                if (rule.equals(broken(plan.with(fewer)))) {
                    faults = fewer;
                    parts = Math.max(2, parts - 1);
                    less = true;
                }
            }
            if (!less) {
                if (size == 1) {
                    return faults;
                }
                parts = Math.min(faults.size(), 2 * parts);
            }
        }
        return faults;
    }

    /** The rule that a run breaks; empty if none. */
    private static String broken(Plan plan) {
        try {
            new World(plan, 0).run();
            return "";
        } catch (AssertionError | RuntimeException e) {
            return rule(e);
        }
    }

    private static String rule(Throwable e) {
        return e instanceof Violation violation ? violation.rule() : e.getClass().getName();
    }
}
