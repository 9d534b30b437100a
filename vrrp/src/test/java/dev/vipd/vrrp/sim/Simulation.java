package dev.vipd.vrrp.sim;

import static dev.vipd.vrrp.sim.EventChecker.require;

import dev.vipd.vrrp.AnnounceConfig;
import dev.vipd.vrrp.ChecksumForm;
import dev.vipd.vrrp.ElectionConfig;
import dev.vipd.vrrp.Holding;
import dev.vipd.vrrp.HoldingConfig;
import dev.vipd.vrrp.TrackingConfig;
import dev.vipd.vrrp.TransportConfig;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VirtualRouterStatus;
import dev.vipd.vrrp.VrrpState;
import dev.vipd.vrrp.wire.Ipv4;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;

/**
 * Two to five directors with one VIP or more, made from a seed. First everything may fail, and what must never be
 * untrue is looked at after each step; then the faults stop, and there has to be one master within a stated time.
 */
final class Simulation {
    static final long MS = 1_000_000L;
    static final long SECOND = 1_000 * MS;

    private final long seed;
    private final RandomGenerator random;
    private final Trace trace = new Trace();
    private final Scheduler scheduler = new Scheduler(this::checkAll);
    private final Lan lan;
    private final List<SimDirector> directors = new ArrayList<>();

    /** What a run came to. */
    record Outcome(String traceHash, int masterId, long ownerships) {}

    Simulation(long seed) {
        this.seed = seed;
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        lan = new Lan(scheduler, random);
        int count = random.nextInt(2, 6);
        int version = random.nextInt(4) == 0 ? 2 : 3;
        boolean unicast = random.nextInt(3) == 0;
        long[] intervals = version == 2 ? new long[] {SECOND} : new long[] {10 * MS, 100 * MS, SECOND, 3 * SECOND};
        long common = intervals[random.nextInt(intervals.length)];
        boolean mixed = random.nextInt(4) == 0;
        for (int id = 0; id < count; id++) {
            long interval = mixed ? intervals[random.nextInt(intervals.length)] : common;
            directors.add(new SimDirector(
                    id, config(id, count, version, unicast, interval), scheduler, lan, random, trace));
        }
    }

    /** Runs it. Whatever goes wrong is told with the seed and the end of the trace. */
    Outcome run() {
        try {
            directors.forEach(director -> scheduler.after(random.nextLong(2 * SECOND), director::start));
            Chaos chaos = new Chaos(scheduler, lan, directors, random);
            chaos.begin();
            scheduler.run(10 * SECOND + random.nextLong(30 * slowestIntervalNs()));
            chaos.end();
            scheduler.run(boundNs());
            int master = checkConverged();
            long ownerships = ownerships();
            scheduler.run(boundNs());
            require(master == checkConverged() && ownerships == ownerships(), "it does not last");
            return new Outcome(trace.hash(), master, ownerships);
        } catch (AssertionError | RuntimeException e) {
            String again = "mvn test -Dtest=VrrpSimulationTest -Dvipd.sim.seed=" + seed;
            throw new AssertionError(e + "\nseed " + seed + "; again: " + again + "\n" + trace.end(), e);
        }
    }

    /**
     * How long after the last fault there may be more or fewer than one master, or another than the best. A backup may
     * first have to wait out a preempt delay, with the interval of a slower master, then its master-down time; one
     * that an older, worse master misled does so once more; an interval later the others have heard the winner.
     */
    private long boundNs() {
        long interval = slowestIntervalNs();
        long delay = directors.stream()
                .mapToLong(director -> director.config().election().preemptDelayNs())
                .max()
                .orElseThrow();
        long masterDown = 3 * interval + Math.max(interval, SECOND);
        return delay + 2 * masterDown + 2 * interval + 10 * MS;
    }

    private long slowestIntervalNs() {
        return directors.stream()
                .mapToLong(director -> director.config().advertIntervalNs())
                .max()
                .orElseThrow();
    }

    private int checkConverged() {
        List<SimDirector> masters =
                directors.stream().filter(SimDirector::master).toList();
        require(masters.size() == 1, "masters: " + masters.stream().map(SimDirector::id).toList());
        SimDirector master = masters.getFirst();
        require(master.held().equals(Set.copyOf(master.config().addresses())), "the master holds " + master.held());
        for (SimDirector other : directors) {
            VirtualRouterStatus status = other.router().orElseThrow().status();
            require(other == master || status.state() == VrrpState.BACKUP, other.id() + " is " + status.state());
            require(
                    !other.config().election().preempt() || priority(other) <= priority(master),
                    other.id() + " has priority " + priority(other) + " and preempts, but the master has "
                            + priority(master));
            boolean knows = status.master().filter(peer -> peer.address().equals(master.address())).isPresent();
            require(knows, other.id() + " takes for master: " + status.master());
        }
        return master.id();
    }

    private static int priority(SimDirector director) {
        return director.router().orElseThrow().status().effectivePriority();
    }

    private long ownerships() {
        return directors.stream()
                .mapToLong(director -> director.router().orElseThrow().status().term())
                .sum();
    }

    /** After each step: who is alive and not frozen holds the addresses exactly when it is master. */
    private void checkAll() {
        for (SimDirector director : directors) {
            if (director.router().isEmpty() || director.frozen()) {
                continue;
            }
            if (director.master()) {
                checkMaster(director);
            } else {
                require(director.held().isEmpty(), () -> director.id() + " is not master and holds addresses");
            }
        }
    }

    /** It holds all its addresses but those that it knows to be missing, or is just about to be told of. */
    private static void checkMaster(SimDirector master) {
        List<VirtualAddress> addresses = master.config().addresses();
        if (!master.held().containsAll(addresses)) {
            Set<Holding> accounted = new HashSet<>(master.held());
            accounted.addAll(master.lossNotYetTold());
            accounted.addAll(master.router().orElseThrow().status().missing());
            require(accounted.containsAll(addresses), master.id() + " is master and holds " + master.held());
        }
        require(
                addresses.containsAll(master.held()),
                () -> master.id() + " holds what is not configured: " + master.held());
        require(
                master.silenceNs() <= master.config().advertIntervalNs() + MS,
                () -> master.id() + " is a silent master");
    }

    private VirtualRouterConfig config(int id, int count, int version, boolean unicast, long interval) {
        List<InetAddress> peers = IntStream.range(0, count)
                .filter(other -> unicast && other != id)
                .mapToObj(Simulation::address)
                .toList();
        boolean owner = id == 0 && random.nextInt(8) == 0;
        return new VirtualRouterConfig(
                "VI_1",
                "eth0",
                51,
                version,
                owner ? 255 : random.nextInt(3) == 0 ? 100 : random.nextInt(1, 255),
                interval,
                ElectionConfig.DEFAULT.preempting(
                        random.nextInt(4) != 0, random.nextInt(4) == 0 ? random.nextLong(5 * SECOND) : 0),
                TransportConfig.of(
                        Optional.of(address(id)),
                        peers,
                        random.nextBoolean() ? ChecksumForm.PSEUDO_HEADER : ChecksumForm.MESSAGE_ONLY),
                HoldingConfig.of(addresses(random.nextInt(1, 4))),
                new AnnounceConfig(5, random.nextInt(3) * SECOND, random.nextInt(2) * 3 * SECOND, 1),
                TrackingConfig.DEFAULT);
    }

    static List<VirtualAddress> addresses(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new VirtualAddress(Ipv4.of(0xc0000264 + i), 24))
                .toList();
    }

    /** Half of them are negative as signed numbers. */
    private static InetAddress address(int id) {
        return Ipv4.of((id % 2 == 0 ? 0x0a000001 : 0xc0a80001) + id);
    }
}
