package dev.vipd.healthcheck.probe;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Runs the checks of all real servers on one or two threads of its own, {@code check-0} and {@code check-1}. Each
 * server stays on one of them. Times are those of {@link System#nanoTime()}.
 */
public final class HealthChecker implements AutoCloseable {
    private static final int THREADS_MAX = 2;
    private static final long CLOSE_MS_MAX = 2000;

    private final EventLoopGroup group;
    private final List<EventLoop> loops;
    private final Prober prober;
    private final HealthListener listener;
    private final LongSupplier clock;
    private final long seed;
    private Map<String, Entry> entries = new LinkedHashMap<>();
    private volatile List<CheckedServer> servers = List.of();
    private boolean closed;

    private record Entry(ServerChecks config, CheckedServer server) {}

    private HealthChecker(Transport transport, HealthListener listener, LongSupplier clock) {
        int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, THREADS_MAX);
        this.group = new MultiThreadIoEventLoopGroup(
                threads,
                Thread.ofPlatform().name("check-", 0).daemon().factory(),
                transport.ioHandler());
        List<EventLoop> all = new ArrayList<>();
        group.forEach(loop -> all.add((EventLoop) loop));
        this.loops = List.copyOf(all);
        this.prober = new NettyProber(transport::openFor, clock);
        this.listener = listener;
        this.clock = clock;
        // differs from run to run and from host to host, so that two directors do not probe in step
        this.seed = clock.getAsLong();
    }

    /** Begins to check, each check at a random point of its {@code warmup}. */
    public static HealthChecker start(List<ServerChecks> servers, HealthListener listener) {
        return start(servers, listener, Transport.best(), System::nanoTime);
    }

    static HealthChecker start(
            List<ServerChecks> servers, HealthListener listener, Transport transport, LongSupplier clock) {
        HealthChecker checker = new HealthChecker(transport, listener, clock);
        checker.reconfigure(servers);
        return checker;
    }

    /**
     * Replaces the servers and their checks. A check that is equal under the same server id keeps its state, its probe
     * under way and its place in time; see {@link dev.vipd.healthcheck.ServerHealth#reconfigure} for the others. A
     * server that is gone is reported no more.
     *
     * @return completed when every check thread works by the new configuration
     * @throws IllegalArgumentException when two servers have the same id; then nothing changes
     * @throws IllegalStateException when closed
     */
    public synchronized CompletableFuture<Void> reconfigure(List<ServerChecks> wanted) {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        requireUniqueIds(wanted);
        Map<String, Entry> before = entries;
        List<CompletableFuture<Void>> changes = new ArrayList<>();
        entries = new LinkedHashMap<>();
        for (ServerChecks config : wanted) {
            Entry kept = before.remove(config.id());
            CheckedServer server = kept != null ? kept.server() : newServer(config);
            entries.put(config.id(), new Entry(config, server));
            if (kept == null) {
                changes.add(CompletableFuture.runAsync(server::start, server.loop()));
            } else if (!kept.config().equals(config)) {
                changes.add(CompletableFuture.runAsync(() -> server.reconfigure(config.checks()), server.loop()));
            }
        }
        for (Entry gone : before.values()) {
            changes.add(CompletableFuture.runAsync(gone.server()::stop, gone.server().loop()));
        }
        servers = entries.values().stream().map(Entry::server).toList();
        return CompletableFuture.allOf(changes.toArray(CompletableFuture[]::new));
    }

    private static void requireUniqueIds(List<ServerChecks> wanted) {
        if (wanted.stream().map(ServerChecks::id).distinct().count() != wanted.size()) {
            throw new IllegalArgumentException("two servers with the same id");
        }
    }

    private CheckedServer newServer(ServerChecks config) {
        EventLoop loop = loops.get(Math.floorMod(config.id().hashCode(), loops.size()));
        return new CheckedServer(config, loop, prober, listener, clock, seed);
    }

    /** What is known now, in the order of the configuration; does not block. */
    public List<ServerStatus> snapshot() {
        return servers.stream().map(CheckedServer::status).toList();
    }

    /**
     * Stops all checks, aborts the probes under way and ends the threads. Returns within two seconds, also when a
     * listener hangs. Not to be called by a listener.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (Entry entry : entries.values()) {
            entry.server().loop().execute(entry.server()::stop);
        }
        group.shutdownGracefully(0, CLOSE_MS_MAX / 2, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(CLOSE_MS_MAX, TimeUnit.MILLISECONDS);
    }
}
