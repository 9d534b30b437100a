package dev.vipd.ipvs.sync;

import dev.vipd.ipvs.DesiredTable;
import dev.vipd.ipvs.Drift;
import dev.vipd.ipvs.Endpoint;
import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.IpvsTable;
import dev.vipd.ipvs.Observation;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.TableDiff;
import dev.vipd.ipvs.kernel.IpvsKernel;
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
 * Dump, compare, change, repeat. Nothing is ever flushed: what is found and right stays as it is, and services that
 * were never in a configuration of ours are never touched. Called by one thread only; {@link #last()} by any.
 */
final class SyncEngine {
    /** Dumps in one sync: the first, and again while others change the table under us. */
    static final int ROUNDS_MAX = 3;

    private static final String DRIFT = "drift";

    private final IpvsKernel kernel;
    private final IpvsListener listener;
    private final LongSupplier nanoTime;
    /** Services that were in a configuration of ours and may still be in the kernel, with their names. */
    private final Map<ServiceKey, String> owned = new HashMap<>();
    /** Our services as our last acknowledged change left them: what differs from this is drift. */
    private IpvsTable left = IpvsTable.EMPTY;
    /** A change of which it is not known whether it was made. */
    private Optional<IpvsOp> unsure = Optional.empty();
    /** What the kernel refused when it was last tried: it is told once, not at every resync. */
    private final Map<Row, Refusal> refused = new HashMap<>();
    private Optional<String> unavailable = Optional.empty();
    private volatile Optional<Observation> last = Optional.empty();

    SyncEngine(IpvsKernel kernel, IpvsListener listener, LongSupplier nanoTime) {
        this.kernel = kernel;
        this.listener = listener;
        this.nanoTime = nanoTime;
    }

    /** The table as last seen; empty before the first time and while it can't be reached. */
    Optional<Observation> last() {
        return last;
    }

    /** Reads the table now; empty when it can't be reached. */
    Optional<Observation> observe() {
        try {
            last = Optional.of(kernel.dump());
            if (unavailable.isPresent()) {
                unavailable = Optional.empty();
                listener.onAvailable();
            }
        } catch (NetlinkException | IpvsUnavailableException e) {
            lost(e.getMessage());
        }
        return last;
    }

    /** Makes the table the desired one, as far as the kernel lets us. */
    void sync(DesiredTable desired, String why) {
        owned.putAll(desired.names());
        new Sync(desired.table(), why).run();
    }

    /** Removes our services and no others. */
    void removeAll() {
        new Sync(IpvsTable.EMPTY, "stop").run();
    }

    private void lost(String why) {
        last = Optional.empty();
        if (!unavailable.equals(Optional.of(why))) {
            unavailable = Optional.of(why);
            listener.onUnavailable(why);
        }
    }

    /** A row of the table: a service, or one of its destinations. */
    private record Row(ServiceKey service, Optional<Endpoint> destination) {
        static Row of(IpvsOp op) {
            return new Row(op.key(), switch (op) {
                case IpvsOp.AddService add -> Optional.empty();
                case IpvsOp.EditService edit -> Optional.empty();
                case IpvsOp.DeleteService delete -> Optional.empty();
                case IpvsOp.AddDestination add -> Optional.of(add.destination().at());
                case IpvsOp.EditDestination edit -> Optional.of(edit.destination().at());
                case IpvsOp.DeleteDestination delete -> Optional.of(delete.at());
            });
        }
    }

    private record Refusal(IpvsOp op, int errno) {}

    /** How a round of changes ended. */
    private enum Round {
        /** All were tried; what failed would fail again. */
        DONE,
        /** The table is not as it was dumped, or perhaps not: dump it again. */
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
        private boolean news;

        Sync(IpvsTable desired, String why) {
            this.desired = desired;
            this.why = why;
        }

        void run() {
            Round round = Round.MOVED;
            for (int i = 1; round == Round.MOVED && i <= ROUNDS_MAX; i++) {
                Optional<Observation> seen = observe();
                if (seen.isEmpty()) {
                    break;
                }
                resolveUnsure(seen.get().table());
                if (i == 1) {
                    asked = TableDiff.plan(desired, left, owned.keySet()).stream()
                            .map(Row::of)
                            .collect(Collectors.toSet());
                }
                for (Drift drift : Drift.between(left, seen.get().table())) {
                    drifted.add(new Row(drift.service(), drift.destination()));
                    listener.onDrift(owned.get(drift.service()), drift);
                }
                round = change(seen.get().table(), i == ROUNDS_MAX);
            }
            if (news) {
                listener.onSync(acked, failed, nanoTime.getAsLong() - startNs, repairOnly ? DRIFT : why);
            }
        }

        private void resolveUnsure(IpvsTable seen) {
            if (unsure.isPresent() && seen.with(List.of(unsure.get())).equals(seen)) {
                left = left.with(List.of(unsure.get())); // it was made after all: nobody else did that
            }
            unsure = Optional.empty();
        }

        private Round change(IpvsTable seen, boolean lastRound) {
            List<IpvsOp> done = new ArrayList<>();
            Set<ServiceKey> absent = new HashSet<>();
            Round round = Round.DONE;
            List<IpvsOp> plan = TableDiff.plan(desired, seen, owned.keySet());
            refused.keySet().retainAll(plan.stream().map(Row::of).collect(Collectors.toSet()));
            for (IpvsOp op : plan) {
                if (absent.contains(op.key())) {
                    continue; // a destination of a service that could not be added, or went away
                }
                round = apply(op, done, absent, lastRound);
                if (round != Round.DONE) {
                    break;
                }
            }
            left = seen.with(done).only(owned.keySet());
            owned.keySet().removeIf(key -> desired.entry(key).isEmpty() && left.entry(key).isEmpty());
            return round;
        }

        private boolean isRepair(Row row) {
            // a service that is gone has drifted with all its destinations
            return !asked.contains(row)
                    && (drifted.contains(row) || drifted.contains(new Row(row.service, Optional.empty())));
        }

        private Round apply(IpvsOp op, List<IpvsOp> done, Set<ServiceKey> absent, boolean lastRound) {
            boolean repair = isRepair(Row.of(op));
            long sentNs = nanoTime.getAsLong();
            try {
                kernel.apply(op);
            } catch (IpvsUnavailableException e) {
                lost(e.getMessage());
                return Round.LOST;
            } catch (NetlinkException e) {
                boolean moved = isMoved(op, e.errno());
                boolean unknown = isUnknown(e.errno());
                unsure = unknown ? Optional.of(op) : Optional.empty();
                if (!moved && !unknown || lastRound) {
                    failed++;
                    repairOnly &= repair;
                    refuse(op, e);
                }
                if (op instanceof IpvsOp.AddService || e.errno() == Errno.ESRCH) {
                    absent.add(op.key());
                }
                // in the last round one service that never holds still must not keep the others from their turn
                return unknown || moved && !lastRound ? Round.MOVED : Round.DONE;
            }
            acked++;
            news = true;
            repairOnly &= repair;
            done.add(op);
            refused.remove(Row.of(op));
            listener.onOp(owned.get(op.key()), op, repair ? DRIFT : why, nanoTime.getAsLong() - sentNs);
            return Round.DONE;
        }

        private void refuse(IpvsOp op, NetlinkException why) {
            Refusal now = new Refusal(op, why.errno());
            if (!now.equals(refused.put(Row.of(op), now))) {
                news = true;
                listener.onOpFailed(owned.get(op.key()), op, why);
            }
        }
    }

    /** Errors that say: the row is not as it was dumped. ENOENT of a service is its scheduler. */
    private static boolean isMoved(IpvsOp op, int errno) {
        return switch (op) {
            case IpvsOp.AddService add -> errno == Errno.EEXIST;
            case IpvsOp.EditService edit -> errno == Errno.ESRCH;
            case IpvsOp.DeleteService delete -> errno == Errno.ESRCH;
            case IpvsOp.AddDestination add -> errno == Errno.EEXIST || errno == Errno.ESRCH;
            case IpvsOp.EditDestination edit -> errno == Errno.ENOENT || errno == Errno.ESRCH;
            case IpvsOp.DeleteDestination delete -> errno == Errno.ENOENT || errno == Errno.ESRCH;
        };
    }

    /** Errors after which the change may have been made or not. */
    private static boolean isUnknown(int errno) {
        return errno == Errno.ENOBUFS || errno == Errno.ETIMEDOUT || errno == Errno.EINTR || errno == Errno.EAGAIN;
    }
}
