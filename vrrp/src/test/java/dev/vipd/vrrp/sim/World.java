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
    private final List<Lan> lans = new ArrayList<>();
    private final List<WorldChecker> checkers = new ArrayList<>();
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
        for (int index = 0; index < (plan.grouped() ? 2 : 1); index++) {
            lans.add(new Lan(this, index, hosts, count));
            checkers.add(new WorldChecker(hosts, count, lans.get(index), index, this));
        }
        Draws draws = new Draws(Draws.of(plan.seed(), 2, 3));
        for (int id = 0; id < count; id++) {
            // no two hosts count from the same moment, and some clocks overflow during the run
            long offsetNs = draws.oneIn(2) ? Long.MAX_VALUE - draws.below(plan.chaosNs()) : draws.next();
            SimHost host = new SimHost(
                    id, plan.instances(plan.configs().get(id)), offsetNs, plan.clockPpm().get(id), this);
            hosts.add(host);
            at(draws.below(2 * plan.configs().get(id).advertIntervalNs()), host::start);
        }
        Faults faults = new Faults(this, hosts, lans, plan);
        for (Fault fault : plan.faults()) {
            at(fault.atNs(), () -> faults.begin(fault));
            at(Math.min(fault.untilNs(), plan.chaosNs()), () -> faults.end(fault));
        }
    }

    /** @throws Violation when something is not as it must be */
    Outcome run() {
        scheduler.run(plan.chaosNs() + 1);
        long boundNs = checkers.stream().mapToLong(WorldChecker::boundNs).sum();
        scheduler.run(boundNs);
        int master = converged();
        long ownerships = ownerships();
        scheduler.run(boundNs);
        Violation.require(master == converged() && ownerships == ownerships(),
                "what has converged stays", () -> "it was host " + master);
        return new Outcome(
                trace.hash(), master, takeovers, nowNs(), lans.stream().mapToLong(Lan::adverts).sum(),
                plan.faults().size());
    }

    private int converged() {
        int master = checkers.getFirst().converged();
        for (WorldChecker checker : checkers) {
            Violation.require(checker.converged() == master, "a sync group has one master", () -> "not " + master);
        }
        return master;
    }

    private long ownerships() {
        return checkers.stream().mapToLong(WorldChecker::ownerships).sum();
    }

    String traceEnd() {
        return trace.end();
    }

    Lan lan(int index) {
        return lans.get(index);
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
        checkers.forEach(checker -> checker.stepped(host));
        checkTogether(host);
    }

    /** A router became master. */
    void takeover() {
        takeovers++;
    }

    /** Who hears whom, or who is better than whom, is not what it was. */
    void conditionsChanged() {
        checkers.forEach(WorldChecker::conditionsChanged);
    }

    /** The members of a sync group are master together. */
    private static void checkTogether(SimHost host) {
        if (host.routers().size() > 1 && host.routers().stream().allMatch(router -> router.router() != null)) {
            long masters = host.routers().stream().filter(SimRouter::master).count();
            Violation.require(
                    masters == 0 || masters == host.routers().size()
                            || host.routers().stream().anyMatch(SimRouter::handingOver),
                    "the members of a sync group are master together", () -> "host " + host.id());
        }
    }
}
