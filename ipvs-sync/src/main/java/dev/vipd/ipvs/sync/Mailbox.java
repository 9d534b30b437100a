package dev.vipd.ipvs.sync;

import dev.vipd.ipvs.DesiredTable;
import dev.vipd.ipvs.Destination;
import dev.vipd.ipvs.IpvsSettings;
import dev.vipd.ipvs.Observation.Load;
import dev.vipd.ipvs.Observation;
import dev.vipd.ipvs.ServiceKey;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * What waits for the reconciler's thread: at most one desired table and one set of settings (the latest wins), one wish
 * for a sync, one for an observation and one for a look at some services (each shared by all who wish it), and the end.
 * So it is bounded, and nothing in it is ever stale.
 */
final class Mailbox {
    /** What the thread does next. */
    sealed interface Work {
        /**
         * @param resync the kernel's table has to be looked at, whatever is thought to be in it
         * @param done   completed by the thread when this sync has ended, however it did
         */
        record Sync(DesiredTable desired, String why, boolean resync, CompletableFuture<Void> done) implements Work {}

        /** @param done completed by the thread when it has seen to them */
        record Settings(IpvsSettings settings, String why, CompletableFuture<Void> done) implements Work {}

        /** @param result completed with the observation */
        record Observe(CompletableFuture<Optional<Observation>> result) implements Work {}

        /**
         * @param keys   the services whose destinations are to be read
         * @param result completed with what was read
         */
        record Look(Set<ServiceKey> keys, CompletableFuture<Optional<Map<ServiceKey, Map<Destination, Load>>>> result)
                implements Work {}

        record Stop(OnStop onStop) implements Work {}
    }

    /** Reason of a sync that nothing new was submitted for. */
    private static final String RETRY = "retry";

    private final long resyncIntervalNs;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private DesiredTable latest;
    private String why = RETRY;
    private CompletableFuture<Void> synced;
    private boolean submitted;
    /** Waits to be taken; before a table, since a sync daemon looks at sysctls when it starts. */
    private Work.Settings settings;
    private boolean resyncNow;
    private long nextResyncNs;
    private CompletableFuture<Optional<Observation>> observe;
    private CompletableFuture<Optional<Map<ServiceKey, Map<Destination, Load>>>> look;
    private final Set<ServiceKey> lookAt = new HashSet<>();
    /** The last work was an observation or a look: a sync that waits is next, however many look on. */
    private boolean observed;
    private OnStop stop;

    Mailbox(long resyncIntervalNs, LongSupplier nanoTime) {
        this.resyncIntervalNs = resyncIntervalNs;
        this.nanoTime = nanoTime;
        this.nextResyncNs = nanoTime.getAsLong(); // with the first desired table
    }

    /** Completed after the sync that covers it, with this table or a later one; at once when the end comes first. */
    CompletableFuture<Void> submit(DesiredTable desired, String reason) {
        lock.lock();
        try {
            if (stop != null) {
                return CompletableFuture.completedFuture(null);
            }
            latest = desired;
            why = reason;
            submitted = true;
            synced = synced == null ? new CompletableFuture<>() : synced;
            changed.signal();
            return synced;
        } finally {
            lock.unlock();
        }
    }

    /** Completed when they, or later ones, have been seen to; at once when the end comes first. */
    CompletableFuture<Void> settings(IpvsSettings wanted, String reason) {
        lock.lock();
        try {
            if (stop != null) {
                return CompletableFuture.completedFuture(null);
            }
            settings = new Work.Settings(
                    wanted, reason, settings == null ? new CompletableFuture<>() : settings.done());
            changed.signal();
            return settings.done();
        } finally {
            lock.unlock();
        }
    }

    /** Does nothing before the first desired table. */
    void requestSync() {
        put(() -> resyncNow = latest != null);
    }

    /** Completed by the thread; with nothing when the end comes first. */
    CompletableFuture<Optional<Observation>> observe() {
        lock.lock();
        try {
            if (stop != null) {
                return CompletableFuture.completedFuture(Optional.empty());
            }
            if (observe == null) {
                observe = new CompletableFuture<>();
                changed.signal();
            }
            return observe;
        } finally {
            lock.unlock();
        }
    }

    /** Completed by the thread, with these services and perhaps more; with nothing when the end comes first. */
    CompletableFuture<Optional<Map<ServiceKey, Map<Destination, Load>>>> look(Set<ServiceKey> keys) {
        lock.lock();
        try {
            if (stop != null) {
                return CompletableFuture.completedFuture(Optional.empty());
            }
            lookAt.addAll(keys);
            if (look == null) {
                look = new CompletableFuture<>();
                changed.signal();
            }
            return look;
        } finally {
            lock.unlock();
        }
    }

    /** Goes before everything else; the first one counts. */
    void stop(OnStop onStop) {
        put(() -> {
            stop = stop == null ? onStop : stop;
            if (observe != null) {
                observe.complete(Optional.empty());
            }
            if (look != null) {
                look.complete(Optional.empty());
            }
            if (synced != null) {
                synced.complete(null);
            }
            if (settings != null) {
                settings.done().complete(null);
            }
        });
    }

    private void put(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for work: something put here, or the next resync. */
    Work take() throws InterruptedException {
        lock.lock();
        try {
            while (true) {
                long nowNs = nanoTime.getAsLong();
                if (stop != null) {
                    return new Work.Stop(stop);
                }
                if (settings != null) {
                    Work work = settings;
                    settings = null;
                    return work;
                }
                boolean resync = latest != null && (resyncNow || nowNs - nextResyncNs >= 0);
                boolean toSync = resync || submitted;
                if ((observe != null || look != null) && !(observed && toSync)) {
                    observed = true;
                    return look == null ? observation() : aLook();
                }
                if (toSync) {
                    observed = false;
                    return sync(resync, nowNs);
                }
                if (latest == null) {
                    changed.await();
                } else {
                    changed.awaitNanos(nextResyncNs - nowNs);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private Work observation() {
        Work work = new Work.Observe(observe);
        observe = null;
        return work;
    }

    private Work aLook() {
        Work work = new Work.Look(Set.copyOf(lookAt), look);
        lookAt.clear();
        look = null;
        return work;
    }

    /** However often a table is submitted, the next resync comes in its time. */
    private Work sync(boolean resync, long nowNs) {
        if (resync) {
            resyncNow = false;
            nextResyncNs = nowNs + resyncIntervalNs;
        }
        Work work = new Work.Sync(latest, why, resync, synced == null ? new CompletableFuture<>() : synced);
        submitted = false;
        why = RETRY;
        synced = null;
        return work;
    }
}
