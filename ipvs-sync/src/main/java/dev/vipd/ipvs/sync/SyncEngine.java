package dev.vipd.ipvs.sync;

import dev.vipd.ipvs.DesiredTable;
import dev.vipd.ipvs.Drift;
import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.IpvsTable;
import dev.vipd.ipvs.Observation;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.TableDiff;
import dev.vipd.ipvs.kernel.IpvsInfo;
import dev.vipd.ipvs.kernel.IpvsKernel;
import dev.vipd.ipvs.kernel.IpvsOutcome;
import dev.vipd.ipvs.kernel.IpvsUnavailableException;
import dev.vipd.netlink.NetlinkConn;
import dev.vipd.netlink.NetlinkException;
import dev.vipd.netlink.sys.Errno;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Dump, compare, change, repeat. Nothing is ever flushed: what is found and right stays as it is, and services that
 * were never in a configuration of ours are never touched. Between the dumps, changes start from what the last ones
 * left, so that one server's fall is one request. Called by one thread only; {@link #last()} by any.
 */
final class SyncEngine {
    /** Dumps in one sync: the first, and again while others change the table under us. */
    static final int ROUNDS_MAX = 3;

    /** Changes that are sent before the first of them is known to have been made. */
    static final int BATCH_MAX = NetlinkConn.PIPELINED_MAX;

    private static final String DRIFT = "drift";

    private final IpvsKernel kernel;
    private final IpvsListener listener;
    private final LongSupplier nanoTime;
    /** Services that were in a configuration of ours and may still be in the kernel, with their names. */
    private final Map<ServiceKey, String> owned = new HashMap<>();
    /** Our services as our last acknowledged change left them: what differs from this is drift. */
    private IpvsTable left = IpvsTable.EMPTY;
    /** The last sync came to its end and nothing of it is open: {@link #left} is there, unless others changed it. */
    private boolean known;
    /** Changes of which it is not known whether they were made, in their order. */
    private final List<IpvsOp> unsure = new ArrayList<>();
    /** What the kernel refused when it was last tried: it is told once, not at every resync. */
    private final Map<Row, Refusal> refused = new HashMap<>();
    private Optional<String> unavailable = Optional.empty();
    private volatile Optional<Seen> last = Optional.empty();
    private volatile Optional<IpvsInfo> info = Optional.empty();
    private volatile SyncStats stats = SyncStats.NONE;

    /**
     * The table as it was.
     *
     * @param atNs when the look at it began
     * @param still whether we have changed nothing since
     */
    private record Seen(Observation observation, long atNs, boolean still) {}

    SyncEngine(IpvsKernel kernel, IpvsListener listener, LongSupplier nanoTime) {
        this.kernel = kernel;
        this.listener = listener;
        this.nanoTime = nanoTime;
    }

    /** The table as last seen; empty before the first time and while it can't be reached. */
    Optional<Observation> last() {
        return last.map(Seen::observation);
    }

    /** As last seen, if that was less than so long ago and we have changed nothing since; else empty. */
    Optional<Observation> last(long ageNsMax) {
        long nowNs = nanoTime.getAsLong();
        return last.filter(seen -> seen.still && nowNs - seen.atNs < ageNsMax).map(Seen::observation);
    }

    /** Which IPVS it is; empty until the table was seen. */
    Optional<IpvsInfo> info() {
        return info;
    }

    SyncStats stats() {
        return stats;
    }

    /** Reads the table now; empty when it can't be reached. */
    Optional<Observation> observe() {
        try {
            long atNs = nanoTime.getAsLong();
            last = Optional.of(new Seen(kernel.dump(), atNs, true));
            learnInfo();
            if (unavailable.isPresent()) {
                unavailable = Optional.empty();
                listener.onAvailable();
            }
        } catch (NetlinkException | IpvsUnavailableException e) {
            lost(e.getMessage());
        }
        return last();
    }

    /** It is for the head of a listing, and not worth a failure of its own. */
    private void learnInfo() throws IpvsUnavailableException {
        try {
            info = info.isPresent() ? info : Optional.of(kernel.info());
        } catch (NetlinkException e) {
            info = Optional.empty();
        }
    }

    /** Looks at the table and makes it the desired one, as far as the kernel lets us. */
    void sync(DesiredTable desired, String why) {
        own(desired);
        new Sync(desired.table(), why).run(false);
    }

    /** As {@link #sync}, but with a look at the table only if it is not known, or turns out to be another. */
    void follow(DesiredTable desired, String why) {
        own(desired);
        new Sync(desired.table(), why).run(known);
    }

    /** Removes our services and no others. */
    void removeAll() {
        new Sync(IpvsTable.EMPTY, "stop").run(false);
    }

    private void own(DesiredTable desired) {
        owned.putAll(desired.names());
    }

    private void lost(String why) {
        last = Optional.empty();
        info = Optional.empty();
        known = false;
        if (!unavailable.equals(Optional.of(why))) {
            unavailable = Optional.of(why);
            listener.onUnavailable(why);
        }
    }

    private record Refusal(IpvsOp op, int errno) {}

    /** How a round of changes ended. */
    private enum Round {
        /** All were tried; what failed would fail again. */
        DONE,
        /** The table is not as it was thought to be, or perhaps not: dump it. */
        MOVED,
        /** The kernel can't be reached. */
        LOST
    }

    /** One sync. */
    private final class Sync {
        private final IpvsTable desired;
        private final String why;
        private final long startNs = nanoTime.getAsLong();
        /** Rows that have to change even if nobody but us touches the table. */
        private Set<Row> asked = Set.of();
        private final Set<Row> drifted = new HashSet<>();
        private boolean repairOnly = true;
        private int acked;
        private int failed;
        private int drifts;
        private boolean looked;
        private boolean news;

        Sync(IpvsTable desired, String why) {
            this.desired = desired;
            this.why = why;
        }

        /** @param blind whether to begin with what should be there, without a look */
        void run(boolean blind) {
            Round round = blind ? change(left, plan(left), false) : Round.MOVED;
            for (int i = 1; round == Round.MOVED && i <= ROUNDS_MAX; i++) {
                looked = true;
                Optional<IpvsTable> seen = observe().map(Observation::table);
                if (seen.isEmpty()) {
                    round = Round.LOST;
                    break;
                }
                resolveUnsure(seen.get());
                if (i == 1) {
                    asked = Row.of(plan(left));
                }
                for (Drift drift : Drift.between(left, seen.get())) {
                    drifted.add(Row.of(drift));
                    drifts++;
                    listener.onDrift(owned.get(drift.service()), drift);
                }
                round = change(seen.get(), plan(seen.get()), i == ROUNDS_MAX);
            }
            known = round == Round.DONE && unsure.isEmpty() && refused.isEmpty();
            if (acked > 0) {
                last = last.map(seen -> new Seen(seen.observation, seen.atNs, false));
            }
            stats = stats.after(acked, failed, drifts, looked, nanoTime.getAsLong() - startNs);
            if (news) {
                listener.onSync(acked, failed, nanoTime.getAsLong() - startNs, repairOnly ? DRIFT : why);
            }
        }

        private List<IpvsOp> plan(IpvsTable from) {
            return TableDiff.plan(desired, from, owned.keySet());
        }

        private void resolveUnsure(IpvsTable seen) {
            Set<ServiceKey> added = unsure.stream()
                    .filter(IpvsOp.AddService.class::isInstance)
                    .map(IpvsOp::key)
                    .collect(Collectors.toSet());
            // what is there as if it was made was made: nobody else did that. A service that we may have added may have
            // been there before, so it is adopted with all that is in it
            left = left.with(unsure.stream().filter(seen::shows).toList())
                    .with(TableDiff.plan(seen.only(added), IpvsTable.EMPTY, added));
            unsure.clear();
        }

        private Round change(IpvsTable from, List<IpvsOp> plan, boolean lastRound) {
            refused.keySet().retainAll(Row.of(plan));
            List<IpvsOp> done = new ArrayList<>();
            Set<ServiceKey> absent = new HashSet<>();
            Round round = Round.DONE;
            Iterator<IpvsOp> rest = plan.iterator();
            while (rest.hasNext() && round == Round.DONE) {
                List<IpvsOp> batch = new ArrayList<>();
                while (rest.hasNext() && batch.size() < BATCH_MAX) {
                    IpvsOp op = rest.next();
                    if (!absent.contains(op.key())) { // a destination of a service that is known not to be there
                        batch.add(op);
                    }
                }
                round = send(batch, done, absent, lastRound);
            }
            // the same entries, so that the next comparison need not look into them
            left = done.size() == plan.size() ? desired : from.with(done).only(owned.keySet());
            owned.keySet().removeIf(key -> desired.entry(key).isEmpty() && left.entry(key).isEmpty());
            return round;
        }

        /**
         * What fails in the middle does not stop the rest of the batch.
         *
         * @param done   takes what was made
         * @param absent takes services that could not be added, or went away
         */
        private Round send(List<IpvsOp> batch, List<IpvsOp> done, Set<ServiceKey> absent, boolean lastRound) {
            List<IpvsOutcome> outcomes;
            try {
                outcomes = kernel.apply(batch);
            } catch (IpvsUnavailableException e) {
                lost(e.getMessage());
                return Round.LOST;
            }
            Round round = Round.DONE;
            for (int i = 0; i < batch.size(); i++) {
                IpvsOp op = batch.get(i);
                Optional<NetlinkException> failure = outcomes.get(i).failure();
                if (failure.isEmpty()) {
                    made(op, outcomes.get(i).ackNs());
                    done.add(op);
                } else if (failed(op, failure.get(), absent, lastRound)) {
                    round = Round.MOVED;
                }
            }
            return round;
        }

        private void made(IpvsOp op, long ackNs) {
            boolean repair = isRepair(op);
            acked++;
            news = true;
            repairOnly &= repair;
            refused.remove(Row.of(op));
            listener.onOp(owned.get(op.key()), op, repair ? DRIFT : why, ackNs);
        }

        /** @return whether the table has to be dumped again */
        private boolean failed(IpvsOp op, NetlinkException e, Set<ServiceKey> absent, boolean lastRound) {
            Failure failure = Failure.of(op, e.errno());
            if (failure == Failure.UNKNOWN) {
                unsure.add(op);
            } else if (absent.contains(op.key())) {
                return false; // it follows from what failed before it, which has been told
            }
            if (failure == Failure.REFUSED || lastRound) {
                failed++;
                repairOnly &= isRepair(op);
                refuse(op, e);
            }
            if (op instanceof IpvsOp.AddService || e.errno() == Errno.ESRCH) {
                absent.add(op.key());
            }
            // in the last round one service that never holds still must not keep the others from their turn
            return failure == Failure.UNKNOWN || failure == Failure.MOVED && !lastRound;
        }

        private boolean isRepair(IpvsOp op) {
            return !asked.contains(Row.of(op)) && Row.of(op).isOf(drifted);
        }

        private void refuse(IpvsOp op, NetlinkException e) {
            Refusal now = new Refusal(op, e.errno());
            if (!now.equals(refused.put(Row.of(op), now))) {
                news = true;
                listener.onOpFailed(owned.get(op.key()), op, e);
            }
        }
    }
}
