package dev.vipd.vrrp.sim;

import static dev.vipd.vrrp.sim.Violation.require;

import dev.vipd.vrrp.Conflict;
import dev.vipd.vrrp.Holding;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VirtualRouterStatus;
import dev.vipd.vrrp.VrrpState;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What must hold of all hosts' routers on one network together. */
final class WorldChecker {
    private static final long NEVER = -1;
    /** Clocks differ by a thousandth at most. */
    private static final long DRIFT = 1_000;

    /** How long somebody whose addresses kept vanishing stays away. */
    private static final long HOLDING_FAULT_NS = 30 * Plan.SECOND;

    /** Version 2 waits for a Skew_Time, at most a second. */
    static final long HANDOVER_NS = 1_100 * Plan.MS;

    private final List<SimHost> hosts;
    private final Lan lan;
    private final int index;
    private final World world;
    /** Since when two masters hear each other and both could act. */
    private final long[][] togetherSinceNs;
    private boolean togetherKnown;

    /** @param index of the routers, of each host's, that are on this network */
    WorldChecker(List<SimHost> hosts, int count, Lan lan, int index, World world) {
        this.hosts = hosts;
        this.lan = lan;
        this.index = index;
        this.world = world;
        togetherSinceNs = new long[count][count];
        forget();
    }

    /** A host has taken a turn. */
    void stepped(SimHost host) {
        if (host.router(index).router() == null) {
            return;
        }
        if (host.router(index).master()) {
            checkMaster(host);
        } else {
            Set<Holding> present = host.router(index).present();
            require(present.isEmpty() || host.router(index).resuming(), "who is not master holds nothing",
                    () -> host.id() + " holds " + present);
            require(
                    present.isEmpty()
                            || new HashSet<>(host.router(index).config().holding().all()).containsAll(present),
                    "nobody holds what is not configured", () -> host.id() + " " + present);
        }
        int masters = 0;
        for (SimHost any : hosts) {
            if (any.acts() && any.router(index).master()) {
                masters++;
                long silenceNs = any.router(index).silenceNs();
                long boundNs = any.router(index).handingOver()
                        ? HANDOVER_NS
                        : any.router(index).config().advertIntervalNs() + 2 * SimHost.WAKE_LATE_NS_MAX;
                require(silenceNs <= boundNs,
                        "a master is not silent", () -> any.id() + " is, for " + silenceNs + " ns");
            }
        }
        if (masters > 1) {
            checkTogether();
        } else if (togetherKnown) {
            forget();
        }
    }

    void conditionsChanged() {
        if (togetherKnown) {
            forget();
        }
    }

    /** It holds all its addresses but those that it knows to be missing, or is just about to be told of. */
    private void checkMaster(SimHost host) {
        SimRouter master = host.router(index);
        List<Holding> wanted = master.config().holding().all();
        Set<Holding> present = master.present();
        if (present.size() != wanted.size() || !present.containsAll(wanted)) {
            Set<Holding> accounted = new HashSet<>(present);
            accounted.addAll(master.untold());
            accounted.addAll(master.router().status().missing());
            require(accounted.containsAll(wanted), "a master holds its addresses", () -> host.id() + " " + present);
            require(new HashSet<>(wanted).containsAll(present), "a master holds no others",
                    () -> host.id() + " " + present);
        }
    }

    /** Of two masters that hear each other the worse yields to the next advert of the better. */
    private void checkTogether() {
        for (SimHost a : hosts) {
            for (SimHost b : hosts) {
                if (a.id() < b.id()) {
                    checkTogether(a, b);
                }
            }
        }
    }

    private void checkTogether(SimHost a, SimHost b) {
        boolean together = a.acts() && b.acts()
                && a.router(index).master() && b.router(index).master() && lan.clear(a, b)
                && !a.router(index).handingOver() && !b.router(index).handingOver();
        long[] since = togetherSinceNs[a.id()];
        if (!together) {
            since[b.id()] = NEVER;
        } else if (since[b.id()] == NEVER) {
            since[b.id()] = world.nowNs();
            togetherKnown = true;
        } else {
            long forNs = world.nowNs() - since[b.id()];
            long boundNs = togetherBoundNs(a.router(index).config(), b.router(index).config());
            require(forNs <= boundNs, "two masters that hear each other are one soon",
                    () -> a.id() + " and " + b.id() + ", for " + forNs + " ns of " + boundNs);
        }
    }

    private static long togetherBoundNs(VirtualRouterConfig a, VirtualRouterConfig b) {
        long intervalNs = Math.max(a.advertIntervalNs(), b.advertIntervalNs());
        return intervalNs + intervalNs / DRIFT + Lan.FINE_DELAY_NS_MAX + 4 * SimHost.WAKE_LATE_NS_MAX;
    }

    private void forget() {
        for (long[] row : togetherSinceNs) {
            Arrays.fill(row, NEVER);
        }
        togetherKnown = false;
    }

    /**
     * How long after the last fault there may be more or fewer than one master, or another than the best. A backup may
     * first have to wait out a preempt delay, with the interval of a slower master, then its master-down time; one
     * that an older, worse master misled does so once more; an interval later the others have heard the winner. And one
     * may be in FAULT for 30 s, since its addresses kept vanishing.
     */
    long boundNs() {
        long delay = 0;
        long interval = lan.slowestNs();
        long adverts = 0;
        for (SimHost host : hosts) {
            VirtualRouterConfig config = host.router(index).config();
            delay = Math.max(delay, config.election().preemptDelayNs() + config.election().startupDelayNs());
            interval = Math.max(interval, config.advertIntervalNs());
            adverts = Math.max(adverts, config.election().downTimerAdverts());
        }
        long masterDown = adverts * interval + Math.max(interval, Plan.SECOND);
        boolean vanished = hosts.stream().anyMatch(host -> host.router(index).vanishing());
        long bound = (vanished ? HOLDING_FAULT_NS : 0)
                + HANDOVER_NS + delay + 2 * masterDown + 2 * interval + 10 * Plan.MS;
        return bound + bound / DRIFT;
    }

    /** The one master, who is the right one. */
    int converged() {
        List<SimHost> masters =
                hosts.stream().filter(host -> host.router(index).master()).toList();
        require(masters.size() == 1, "there is one master in the end",
                () -> masters.stream().map(SimHost::id).toList() + " of " + hosts.size() + ": " + states());
        SimHost master = masters.getFirst();
        require(master.router(index).present().equals(Set.copyOf(master.router(index).config().holding().all())),
                "the master holds all in the end", () -> master.router(index).present().toString());
        for (SimHost host : hosts) {
            SimRouter other = host.router(index);
            VirtualRouterStatus status = other.router().status();
            require(host == master || status.state() == VrrpState.BACKUP, "the others are backups in the end",
                    this::states);
            require(!other.config().election().preempt() || status.standsAside()
                            || other.priority() <= master.router(index).advertised(),
                    "the best one is master in the end", this::states);
            require(lan.undisturbedNs() < 5 * lan.slowestNs() + Plan.SECOND || status.conflicts().stream()
                            .allMatch(conflict -> conflict.kind() == Conflict.Kind.ADDRESS_LIST),
                    "no conflict is left in the end", () -> host.id() + " " + status.conflicts());
            boolean knows = status.master()
                    .filter(peer -> peer.address().equals(master.router(index).address()))
                    .isPresent();
            require(knows, "all know the master in the end", () -> host.id() + " knows " + status.master());
        }
        return master.id();
    }

    long ownerships() {
        return hosts.stream()
                .mapToLong(host -> host.router(index).router().status().term())
                .sum();
    }

    private String states() {
        StringBuilder text = new StringBuilder();
        for (SimHost host : hosts) {
            VirtualRouterStatus status = host.router(index).router().status();
            text.append(host.id()).append(' ').append(status.state()).append(' ').append(status.effectivePriority())
                    .append(' ').append(status.faults()).append(' ').append(status.claimBlocks()).append("; ");
        }
        return text.toString();
    }
}
