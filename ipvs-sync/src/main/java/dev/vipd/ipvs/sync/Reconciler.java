package dev.vipd.ipvs.sync;

import dev.vipd.ipvs.DesiredTable;
import dev.vipd.ipvs.Destination;
import dev.vipd.ipvs.IpvsSettings;
import dev.vipd.ipvs.Observation.Load;
import dev.vipd.ipvs.Observation;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.kernel.IpvsInfo;
import dev.vipd.ipvs.kernel.IpvsKernel;
import dev.vipd.ipvs.kernel.IpvsSysctls;
import dev.vipd.ipvs.kernel.IpvsUnavailableException;
import dev.vipd.netlink.NetlinkException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Keeps the kernel's IPVS table, and the settings beside it, what they should be. One thread, {@code ipvs-sync}, is the
 * only one to touch the kernel; it wakes for a new desired table, for new settings and at every resync interval. Other
 * threads only leave something in its mailbox, so no method but {@link #observeNow()}, {@link #observed(long)} and
 * {@link #close(OnStop)} ever waits.
 */
public final class Reconciler implements AutoCloseable {
    private static final long OBSERVE_TIMEOUT_NS = 2_000_000_000L;
    private static final long STOP_TIMEOUT_NS = 10_000_000_000L;

    private final IpvsKernel kernel;
    private final SyncEngine engine;
    private final SettingsKeeper settings;
    private final IpvsListener listener;
    private final Mailbox mailbox;
    private final Thread thread;

    /**
     * How it works.
     *
     * @param resyncIntervalNs between two looks at all of it
     * @param sysctls          of the kernel's network namespace
     * @param memory           of what is ours
     * @param flush            whether the first sync removes services of others, too
     */
    public record Setup(long resyncIntervalNs, IpvsSysctls sysctls, IpvsMemory memory, boolean flush) {}

    /** Starts the thread. Nothing is changed before the first desired table and the first settings. */
    public static Reconciler start(IpvsKernel kernel, IpvsListener listener, Setup setup) {
        return start(kernel, listener, setup, System::nanoTime);
    }

    static Reconciler start(IpvsKernel kernel, IpvsListener listener, Setup setup, LongSupplier nanoTime) {
        Ledger ledger = new Ledger(setup.memory());
        Reconciler reconciler = new Reconciler(
                kernel, new SyncEngine(kernel, listener, ledger, setup.flush(), nanoTime),
                new SettingsKeeper(kernel, setup.sysctls(), listener, ledger), listener,
                new Mailbox(setup.resyncIntervalNs(), nanoTime));
        reconciler.thread.start();
        return reconciler;
    }

    private Reconciler(
            IpvsKernel kernel, SyncEngine engine, SettingsKeeper settings, IpvsListener listener, Mailbox mailbox) {
        this.kernel = kernel;
        this.engine = engine;
        this.settings = settings;
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

    /**
     * Hands over what is to be set beside the table from now on. It replaces what still waits, and comes before a table
     * that does. What is no longer in it is put back.
     *
     * @param why config, start or vrrp; told with each change that it leads to
     * @return completed when it has been seen to, also when the kernel refused something or can't be reached
     */
    public CompletableFuture<Void> settings(IpvsSettings wanted, String why) {
        return mailbox.settings(wanted, why);
    }

    /** Asks for a sync before the resync interval is over. */
    public void requestSync() {
        mailbox.requestSync();
    }

    /** The table as last seen, with connection counts of that time; empty when the kernel could not be reached. */
    public Optional<Observation> lastObserved() {
        return engine.sight().last();
    }

    /**
     * The table as it was less than {@code ageNsMax} ago, and not before our last change: as last seen, or else as
     * {@link #observeNow()} finds it.
     */
    public Optional<Observation> observed(long ageNsMax) {
        return engine.sight().last(ageNsMax).or(this::observeNow);
    }

    /** Which IPVS the kernel has; empty until the table was seen, and when it can't be reached. */
    public Optional<IpvsInfo> info() {
        return engine.sight().info();
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

    /**
     * Reads the destinations of some services: a fraction of a whole observation where the table is large.
     *
     * @return completed on the reconciler's thread, with these services and perhaps others that somebody else asked
     *         for; a service that is not in the table has no destinations. Empty when the kernel can't be reached.
     */
    public CompletableFuture<Optional<Map<ServiceKey, Map<Destination, Load>>>> look(Set<ServiceKey> keys) {
        return mailbox.look(keys);
    }

    private Optional<Map<ServiceKey, Map<Destination, Load>>> lookNow(Set<ServiceKey> keys) {
        Map<ServiceKey, Map<Destination, Load>> all = HashMap.newHashMap(keys.size());
        try {
            for (ServiceKey key : keys) {
                all.put(key, kernel.destinations(key));
            }
        } catch (NetlinkException | IpvsUnavailableException e) {
            return Optional.empty(); // that it can't be reached is told by the next sync
        }
        return Optional.of(all);
    }

    /** Stops and leaves the table and the settings as they are. */
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
                        settings.check();
                        engine.sync(sync.desired(), sync.why());
                    } else {
                        engine.follow(sync.desired(), sync.why());
                    }
                } finally {
                    sync.done().complete(null);
                }
            }
            case Mailbox.Work.Settings wish -> {
                try {
                    settings.use(wish.settings(), wish.why());
                } finally {
                    wish.done().complete(null);
                }
            }
            case Mailbox.Work.Observe wish -> {
                try {
                    wish.result().complete(engine.observe());
                } finally {
                    wish.result().complete(Optional.empty());
                }
            }
            case Mailbox.Work.Look wish -> {
                try {
                    wish.result().complete(lookNow(wish.keys()));
                } finally {
                    wish.result().complete(Optional.empty());
                }
            }
            case Mailbox.Work.Stop(OnStop onStop) -> {
                if (onStop == OnStop.REMOVE) {
                    engine.removeAll();
                    settings.putBack();
                }
                return true;
            }
        }
        return false;
    }
}
