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
import dev.vipd.netlink.NetlinkException;
import dev.vipd.netlink.sys.Errno;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Dump, compare, change, repeat. What is found and right stays as it is, and services that were never in a
 * configuration of ours are not touched, unless the first sync is told to. Between the dumps, changes start from what
 * the last ones left, so that one server's fall is one request. Called by one thread only; {@link #sight()} is for any.
 */
final class SyncEngine {
    /** Dumps in one sync: the first, and again while others change the table under us. */
    static final int ROUNDS_MAX = 3;

    private static final String DRIFT = "drift";
    private static final String FLUSH = "lvs_flush";

    private final IpvsKernel kernel;
    private final IpvsListener listener;
    private final LongSupplier nanoTime;
    private final Ledger ledger;
    private final Sight sight;
    private final Fallbacks fallbacks;
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
    private volatile SyncStats stats = SyncStats.NONE;
    /** The table as the last sync that looked at it found it: connections that drift has cost. */
    private Observation before = Observation.EMPTY;
    /** Services of others are to go with the first sync that comes to its end, and never again. */
    private boolean flush;

    /** @param flush whether the first sync removes services of others, too */
    SyncEngine(IpvsKernel kernel, IpvsListener listener, Ledger ledger, boolean flush, LongSupplier nanoTime) {
        this.kernel = kernel;
        this.listener = listener;
        this.ledger = ledger;
        this.flush = flush;
        this.nanoTime = nanoTime;
        sight = new Sight(kernel, listener, nanoTime);
        fallbacks = new Fallbacks(listener);
        owned.putAll(ledger.services());
    }

    /** What was seen of the table; any thread. */
    Sight sight() {
        return sight;
    }

    /** Settings that are not as they were found; any thread. */
    Map<String, IpvsMemory.Change> settings() {
        return ledger.settings();
    }

    /** Any thread. */
    SyncStats stats() {
        return stats;
    }

    /** Reads the table now; empty when it can't be reached. */
    Optional<Observation> observe() {
        Optional<Observation> seen = sight.look();
        known &= seen.isPresent();
        return seen;
    }

    /** Looks at the table and makes it the desired one, as far as the kernel lets us. */
    void sync(DesiredTable desired, String why) {
        own(desired);
        new Sync(why).run(false);
    }

    /** As {@link #sync}, but with a look at the table only if it is not known, or turns out to be another. */
    void follow(DesiredTable desired, String why) {
        own(desired);
        new Sync(why).run(known);
    }

    /** Removes our services and no others. */
    void removeAll() {
        flush = false;
        fallbacks.use(DesiredTable.EMPTY);
        new Sync("stop").run(false);
    }

    /** What may be ours from now on is written down before the first of it is. */
    private void own(DesiredTable desired) {
        fallbacks.use(desired);
        owned.putAll(desired.names());
        ledger.services(owned);
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
        private IpvsTable desired = fallbacks.table();
        private final String why;
        private final long startNs = nanoTime.getAsLong();
        /** When the kernel had what it was last sent. */
        private long ackedNs = startNs;
        /** Rows that have to change even if nobody but us touches the table. */
        private Set<Row> asked = Set.of();
        private final Set<Row> drifted = new HashSet<>();
        /** Services of others that are to go. */
        private Set<ServiceKey> strangers = Set.of();
        /** Services whose scheduler the kernel turned out not to have. */
        private final Set<ServiceKey> fallen = new HashSet<>();
        private boolean repairOnly = true;
        private int acked;
        private int failed;
        private int drifts;
        private boolean looked;
        private boolean news;

        Sync(String why) {
            this.why = why;
        }

        /** @param blind whether to begin with what should be there, without a look */
        void run(boolean blind) {
            Round round = blind ? change(left, plan(left), false) : Round.MOVED;
            for (int i = 1; round == Round.MOVED && i <= ROUNDS_MAX; i++) {
                looked = true;
                Optional<Observation> found = observe();
                if (found.isEmpty()) {
                    round = Round.LOST;
                    break;
                }
                IpvsTable seen = found.get().table();
                resolveUnsure(seen);
                if (i == 1) {
                    asked = Row.of(plan(left));
                }
                for (Drift drift : Drift.between(left, seen, before)) {
                    drifted.add(Row.of(drift));
                    drifts++;
                    listener.onDrift(owned.get(drift.service()), drift);
                }
                before = found.get();
                if (i == 1 && !blind) {
                    seen = tryWanted(seen);
                }
                strangers = flush ? foreign(seen) : Set.of();
                round = change(seen, plan(seen), i == ROUNDS_MAX);
            }
            known = round == Round.DONE && unsure.isEmpty() && refused.isEmpty();
            flush &= round != Round.DONE;
            fallbacks.tell(left, owned);
            if (acked > 0) {
                sight.changed();
            }
            stats = stats.after(acked, failed, drifts, looked, nanoTime.getAsLong() - startNs);
            if (news) {
                listener.onSync(acked, failed, ackedNs - startNs, repairOnly ? DRIFT : why);
            }
        }

        private List<IpvsOp> plan(IpvsTable from) {
            Set<ServiceKey> ours = owned.keySet();
            if (!strangers.isEmpty()) {
                ours = new HashSet<>(ours);
                ours.addAll(strangers);
            }
            return TableDiff.plan(desired, from, ours);
        }

        private Set<ServiceKey> foreign(IpvsTable seen) {
            Set<ServiceKey> keys = new HashSet<>(seen.keys());
            keys.removeAll(owned.keySet());
            return keys;
        }

        /** Module ip_vs_NAME may have come meanwhile. That it has not is no news, and no reason to look again. */
        private IpvsTable tryWanted(IpvsTable seen) {
            List<IpvsOp> attempts = fallbacks.attempts(seen);
            desired = fallbacks.table();
            if (attempts.isEmpty()) {
                return seen;
            }
            List<IpvsOp> made = new ArrayList<>();
            try {
                List<IpvsOutcome> outcomes = kernel.apply(attempts);
                ackedNs = nanoTime.getAsLong();
                for (int i = 0; i < outcomes.size(); i++) {
                    IpvsOp op = attempts.get(i);
                    Optional<NetlinkException> failure = outcomes.get(i).failure();
                    if (failure.isEmpty()) {
                        fallbacks.end(op.key());
                        made(op, outcomes.get(i).ackNs());
                        made.add(op);
                    } else if (Failure.of(op, failure.get().errno()) == Failure.UNKNOWN) {
                        unsure.add(op);
                    }
                }
            } catch (IpvsUnavailableException e) {
                return seen; // the changes that are due meet the same, and tell it
            }
            desired = fallbacks.table();
            left = left.with(made);
            return seen.with(made);
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
            Round round = sendAll(plan, done, lastRound);
            if (round == Round.DONE && !fallen.isEmpty()) {
                desired = fallbacks.table();
                List<IpvsOp> again = plan(from.with(done)).stream().filter(op -> fallen.contains(op.key())).toList();
                round = sendAll(again, done, lastRound);
            }
            fallen.clear();
            desired = fallbacks.table();
            // the same entries, so that the next comparison need not look into them
            left = done.size() == plan.size() ? desired : from.with(done).only(owned.keySet());
            owned.keySet().removeIf(key -> desired.entry(key).isEmpty() && left.entry(key).isEmpty());
            ledger.services(owned);
            return round;
        }

        /**
         * All of it goes to the kernel before any of it is told: who waits for a row does not wait for the log.
         *
         * @param done takes what was made
         */
        private Round sendAll(List<IpvsOp> plan, List<IpvsOp> done, boolean lastRound) {
            if (plan.isEmpty()) {
                return Round.DONE;
            }
            List<IpvsOutcome> outcomes;
            try {
                outcomes = kernel.apply(plan);
            } catch (IpvsUnavailableException e) {
                sight.lost(e.getMessage());
                return Round.LOST;
            } finally {
                ackedNs = nanoTime.getAsLong();
            }
            Set<ServiceKey> absent = new HashSet<>(); // could not be added, or went away
            Round round = Round.DONE;
            for (int i = 0; i < plan.size(); i++) {
                IpvsOp op = plan.get(i);
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
            boolean foreign = strangers.contains(op.key());
            listener.onOp(name(op), op, foreign ? FLUSH : repair ? DRIFT : why, ackNs);
        }

        /** @return whether the table has to be dumped again */
        private boolean failed(IpvsOp op, NetlinkException e, Set<ServiceKey> absent, boolean lastRound) {
            Failure failure = Failure.of(op, e.errno());
            if (failure == Failure.UNKNOWN) {
                unsure.add(op);
            } else if (absent.contains(op.key())) {
                return false; // it follows from what failed before it, which has been told
            }
            if (fallbacks.take(op, e.errno())) {
                fallen.add(op.key());
            } else if (failure == Failure.REFUSED || lastRound) {
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
                listener.onOpFailed(name(op), op, e);
            }
        }

        private String name(IpvsOp op) {
            return owned.getOrDefault(op.key(), "-"); // somebody else's
        }
    }
}
