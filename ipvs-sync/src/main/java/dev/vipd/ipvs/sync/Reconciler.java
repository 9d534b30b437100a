package dev.vipd.ipvs.sync;

import dev.vipd.ipvs.DesiredTable;
import dev.vipd.ipvs.Observation;
import dev.vipd.ipvs.kernel.IpvsInfo;
import dev.vipd.ipvs.kernel.IpvsKernel;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Keeps the kernel's IPVS table what it should be. One thread, {@code ipvs-sync}, is the only one to touch the kernel;
 * it wakes for a new desired table and at every resync interval. Other threads only leave something in its mailbox, so
 * no method but {@link #observeNow()}, {@link #observed(long)} and {@link #close(OnStop)} ever waits.
 */
public final class Reconciler implements AutoCloseable {
    private static final long OBSERVE_TIMEOUT_NS = 2_000_000_000L;
    private static final long STOP_TIMEOUT_NS = 10_000_000_000L;

    private final IpvsKernel kernel;
    private final SyncEngine engine;
    private final IpvsListener listener;
    private final Mailbox mailbox;
    private final Thread thread;

    /** Starts the thread. Nothing is changed before the first desired table. */
    public static Reconciler start(IpvsKernel kernel, IpvsListener listener, long resyncIntervalNs) {
        return start(kernel, listener, resyncIntervalNs, System::nanoTime);
    }

    static Reconciler start(
            IpvsKernel kernel, IpvsListener listener, long resyncIntervalNs, LongSupplier nanoTime) {
        Reconciler reconciler = new Reconciler(
                kernel, new SyncEngine(kernel, listener, nanoTime), listener,
                new Mailbox(resyncIntervalNs, nanoTime));
        reconciler.thread.start();
        return reconciler;
    }

    private Reconciler(IpvsKernel kernel, SyncEngine engine, IpvsListener listener, Mailbox mailbox) {
        this.kernel = kernel;
        this.engine = engine;
        this.listener = listener;
        this.mailbox = mailbox;
        this.thread = Thread.ofPlatform().name("ipvs-sync").daemon().unstarted(this::run);
    }

    /**
     * Hands over what the table must be from now on. It replaces one that still waits.
     *
     * @param why config, check or start; told with each change that it leads to
     * @return completed after the sync that covers it, also when the kernel refused something or can't be reached;
     *         shared with others who wait for the same sync
     */
    public CompletableFuture<Void> submit(DesiredTable desired, String why) {
        return mailbox.submit(desired, why);
    }

    /** Asks for a sync before the resync interval is over. */
    public void requestSync() {
        mailbox.requestSync();
    }

    /** The table as last seen, with connection counts of that time; empty when the kernel could not be reached. */
    public Optional<Observation> lastObserved() {
        return engine.last();
    }

    /**
     * The table as it was less than {@code ageNsMax} ago, and not before our last change: as last seen, or else as
     * {@link #observeNow()} finds it.
     */
    public Optional<Observation> observed(long ageNsMax) {
        return engine.last(ageNsMax).or(this::observeNow);
    }

    /** Which IPVS the kernel has; empty until the table was seen, and when it can't be reached. */
    public Optional<IpvsInfo> info() {
        return engine.info();
    }

    /** What was done since the start. */
    public SyncStats stats() {
        return engine.stats();
    }

    /** Reads the table now. Waits up to two seconds; empty when the kernel can't be reached or takes longer. */
    public Optional<Observation> observeNow() {
        CompletableFuture<Optional<Observation>> result = mailbox.observe();
        try {
            return result.get(OBSERVE_TIMEOUT_NS, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new AssertionError("never completed with an exception", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** Stops and leaves the table as it is. */
    @Override
    public void close() {
        close(OnStop.KEEP);
    }

    /** Stops, and waits up to ten seconds until that is done. A desired table that still waits is dropped. */
    public void close(OnStop onStop) {
        mailbox.stop(onStop);
        try {
            thread.join(STOP_TIMEOUT_NS / 1_000_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (kernel) {
            boolean stopped = false;
            while (!stopped) {
                stopped = act(mailbox.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody interrupts this thread but to end it
        } catch (RuntimeException | Error e) {
            mailbox.stop(OnStop.KEEP); // nobody is left to do anything: let nobody wait for it
            listener.onFailed(e);
        }
    }

    /** @return whether that was the end */
    private boolean act(Mailbox.Work work) {
        switch (work) {
            case Mailbox.Work.Sync sync -> {
                try {
                    if (sync.resync()) {
                        engine.sync(sync.desired(), sync.why());
                    } else {
                        engine.follow(sync.desired(), sync.why());
                    }
                } finally {
                    sync.done().complete(null);
                }
            }
            case Mailbox.Work.Observe wish -> {
                try {
                    wish.result().complete(engine.observe());
                } finally {
                    wish.result().complete(Optional.empty());
                }
            }
            case Mailbox.Work.Stop(OnStop onStop) -> {
                if (onStop == OnStop.REMOVE) {
                    engine.removeAll();
                }
                return true;
            }
        }
        return false;
    }
}
