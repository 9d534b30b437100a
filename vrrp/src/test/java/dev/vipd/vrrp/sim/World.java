package dev.vipd.vrrp.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * One run of a plan. First the faults, while what must never be untrue is looked at after each step; then they stop,
 * and there has to be one master within a stated time, who stays.
 */
final class World {
    private static final long STEPS_MAX = 20_000_000;

    private final Plan plan;
    private final Trace trace;
    private final Scheduler scheduler = new Scheduler(STEPS_MAX);
    private final List<SimHost> hosts = new ArrayList<>();
    private final Lan lan;
    private final WorldChecker checker;
    private long takeovers;

    /**
     * What a run came to.
     *
     * @param takeovers how often one became master
     */
    record Outcome(long traceHash, int masterId, long takeovers, long simulatedNs, long adverts, int faults) {}

    World(Plan plan, int keptLines) {
        this.plan = plan;
        trace = new Trace(keptLines);
        int count = plan.configs().size();
        lan = new Lan(this, hosts, count);
        Draws draws = new Draws(Draws.of(plan.seed(), 2, 3));
        for (int id = 0; id < count; id++) {
            // no two hosts count from the same moment, and some clocks overflow during the run
            long offsetNs = draws.oneIn(2) ? Long.MAX_VALUE - draws.below(plan.chaosNs()) : draws.next();
            SimHost host = new SimHost(id, plan.configs().get(id), offsetNs, plan.clockPpm().get(id), this);
            hosts.add(host);
            at(draws.below(2 * plan.configs().get(id).advertIntervalNs()), host::start);
        }
        checker = new WorldChecker(hosts, lan, this);
        Faults faults = new Faults(this, hosts, lan, plan);
        for (Fault fault : plan.faults()) {
            at(fault.atNs(), () -> faults.begin(fault));
            at(Math.min(fault.untilNs(), plan.chaosNs()), () -> faults.end(fault));
        }
    }

    /** @throws Violation when something is not as it must be */
    Outcome run() {
        scheduler.run(plan.chaosNs() + 1);
        scheduler.run(checker.boundNs());
        int master = checker.converged();
        long ownerships = checker.ownerships();
        scheduler.run(checker.boundNs());
        Violation.require(master == checker.converged() && ownerships == checker.ownerships(),
                "what has converged stays", () -> "it was host " + master);
        return new Outcome(
                trace.hash(), master, takeovers, nowNs(), lan.adverts(), plan.faults().size());
    }

    String traceEnd() {
        return trace.end();
    }

    Lan lan() {
        return lan;
    }

    long nowNs() {
        return scheduler.nowNs();
    }

    void after(long delayNs, Runnable what) {
        scheduler.after(delayNs, what);
    }

    void at(long timeNs, Runnable what) {
        scheduler.at(timeNs, what);
    }

    /** Chance at this moment, for whoever asks. */
    long draw(long who) {
        return Draws.of(plan.seed(), scheduler.nowNs(), who) >>> 1;
    }

    void note(SimHost host, long what, Supplier<String> text) {
        trace.note(scheduler.nowNs(), host.id(), what, text);
    }

    /** A host has taken a turn. */
    void stepped(SimHost host) {
        checker.stepped(host);
    }

    /** A router became master. */
    void takeover() {
        takeovers++;
    }

    /** Who hears whom, or who is better than whom, is not what it was. */
    void conditionsChanged() {
        checker.conditionsChanged();
    }
}
