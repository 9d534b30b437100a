package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.HealthState;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Runs all checks on one or two threads of its own, {@code check-0} and {@code check-1}. Each check stays on one of
 * them. Times are those of {@link System#nanoTime()}.
 */
public final class HealthChecker implements AutoCloseable {
    private static final int THREADS_MAX = 2;
    private static final long CLOSE_MS_MAX = 2000;
    private static final long SCRIPTS_MS_MAX = 500;

    private final EventLoopGroup group;
    private final List<CheckLoop> loops = new ArrayList<>();
    private final HealthListener listener;
    private final long seed;
    private final Map<CheckConfig, CheckRunner> runners = new HashMap<>();
    private boolean closed;

    private HealthChecker(HealthListener listener, LongSupplier clock) {
        int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, THREADS_MAX);
        group = new MultiThreadIoEventLoopGroup(
                threads, Thread.ofPlatform().name("check-", 0).daemon().factory(), EpollIoHandler.newFactory());
        group.forEach(loop -> loops.add(new CheckLoop((IoEventLoop) loop, clock)));
        this.listener = listener;
        // differs from run to run and from host to host, so that two directors do not probe in step
        this.seed = clock.getAsLong();
    }

    /** Begins to check, each check at a random point of its {@code warmup}; as {@link #reconfigure}. */
    public static HealthChecker start(Map<CheckConfig, HealthState> checks, HealthListener listener) {
        return start(checks, listener, System::nanoTime);
    }

    static HealthChecker start(
            Map<CheckConfig, HealthState> checks, HealthListener listener, LongSupplier clock) {
        HealthChecker checker = new HealthChecker(listener, clock);
        try {
            checker.reconfigure(checks);
        } catch (RuntimeException e) {
            checker.close();
            throw e;
        }
        return checker;
    }

    /**
     * Replaces the checks. One that was there keeps its state, its probe under way and its place in time, whatever
     * state is given for it; one that is gone is reported no more. PEM files that were replaced are read again.
     *
     * @param wanted each check, and the state that it begins in when it is new
     * @return completed when every check thread works by the new configuration, with what became of those that are gone
     * @throws IllegalStateException    when closed
     * @throws IllegalArgumentException for a check that can't be made; then nothing has changed
     */
    public synchronized CompletableFuture<List<CheckStatus>> reconfigure(Map<CheckConfig, HealthState> wanted) {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        TlsContext.readAgain();
        Map<CheckConfig, CheckRunner> added = new HashMap<>(); // first, since to make one may fail
        wanted.forEach((check, initial) -> {
            if (!runners.containsKey(check)) {
                added.put(check, new CheckRunner(check, initial, loopOf(check), listener, seed ^ check.hashCode()));
            }
        });
        Map<CheckLoop, List<Runnable>> changes = new HashMap<>();
        Queue<CheckStatus> gone = new ConcurrentLinkedQueue<>();
        runners.entrySet().removeIf(entry -> {
            CheckRunner runner = entry.getValue();
            boolean goes = !wanted.containsKey(entry.getKey());
            if (goes) {
                changes.computeIfAbsent(loopOf(entry.getKey()), _ -> new ArrayList<>()).add(() -> {
                    runner.stop();
                    gone.add(runner.status());
                });
            }
            return goes;
        });
        added.forEach((check, runner) ->
                changes.computeIfAbsent(loopOf(check), _ -> new ArrayList<>()).add(runner::start));
        runners.putAll(added);
        return CompletableFuture.allOf(changes.entrySet().stream()
                        .map(entry -> CompletableFuture.runAsync(
                                () -> entry.getValue().forEach(Runnable::run), entry.getKey().eventLoop()))
                        .toArray(CompletableFuture[]::new))
                .thenApply(_ -> List.copyOf(gone));
    }

    private CheckLoop loopOf(CheckConfig check) {
        return loops.get(Math.floorMod(check.hashCode(), loops.size()));
    }

    /** What is known now, in no particular order. Completed by the check threads; empty after the end. */
    public synchronized CompletableFuture<List<CheckStatus>> snapshot() {
        if (closed) {
            return CompletableFuture.completedFuture(List.of());
        }
        Map<CheckLoop, List<CheckRunner>> byLoop = new HashMap<>();
        runners.forEach((check, runner) -> byLoop.computeIfAbsent(loopOf(check), _ -> new ArrayList<>()).add(runner));
        CompletableFuture<List<CheckStatus>> all = CompletableFuture.completedFuture(List.of());
        for (Map.Entry<CheckLoop, List<CheckRunner>> entry : byLoop.entrySet()) {
            CompletableFuture<List<CheckStatus>> some = CompletableFuture.supplyAsync(
                    () -> entry.getValue().stream().map(CheckRunner::status).toList(), entry.getKey().eventLoop());
            all = all.thenCombine(some, (a, b) -> {
                List<CheckStatus> both = new ArrayList<>(a);
                both.addAll(b);
                return both;
            });
        }
        return all;
    }

    /** How late probes were begun since the start, by {@link StartLags#upToNs}. */
    public StartLags startLags() {
        long[] sums = new long[StartLag.BOUNDS_NS.size() + 1];
        loops.forEach(loop -> loop.lag().addTo(sums));
        List<Long> counts = new ArrayList<>();
        for (long sum : sums) {
            counts.add(sum);
        }
        return new StartLags(StartLag.BOUNDS_NS, counts);
    }

    /**
     * A histogram.
     *
     * @param upToNs upper bounds
     * @param counts for each of them the probes that were begun so late at most, and more than the one before; a last
     *               one for those that were later
     */
    public record StartLags(List<Long> upToNs, List<Long> counts) {}

    /**
     * Stops all checks, aborts the probes under way and ends the threads. Returns within some two seconds, also when a
     * listener hangs. Not to be called by a listener.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        runners.forEach((check, runner) -> loopOf(check).eventLoop().execute(runner::stop));
        group.shutdownGracefully(0, CLOSE_MS_MAX / 2, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(CLOSE_MS_MAX, TimeUnit.MILLISECONDS);
        try {
            Workers.SCRIPTS.endAll(SCRIPTS_MS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
