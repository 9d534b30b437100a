package dev.vipd.vrrp.io;

import dev.vipd.netlink.sys.Fd;
import dev.vipd.netlink.sys.Poller;
import dev.vipd.netlink.sys.SysException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** The {@code track} thread: waits for all that the watchers wait for, so that the {@code vrrp} thread need not. */
final class WatchThread implements AutoCloseable {
    private static final long WAIT_NS_MAX = 60_000_000_000L;

    private final Consumer<Runnable> loop;
    private final LoopMailbox mailbox;
    private final List<Watcher> watchers = new ArrayList<>();
    private boolean stopping;

    /** @param loop runs a task on the {@code vrrp} thread */
    WatchThread(Consumer<Runnable> loop) {
        this.loop = loop;
        try {
            mailbox = new LoopMailbox();
        } catch (SysException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().name("track").daemon().start(this::run);
    }

    void add(Watcher watcher) {
        mailbox.post(() -> {
            watchers.add(watcher);
            watcher.act(System.nanoTime());
        });
    }

    void remove(Watcher watcher) {
        mailbox.post(() -> {
            watchers.remove(watcher);
            watcher.close();
        });
    }

    /** Ends it; does not wait. */
    @Override
    public void close() {
        mailbox.post(() -> stopping = true);
    }

    private void run() {
        try {
            while (!stopping) {
                cycle();
            }
        } catch (SysException | RuntimeException | Error e) {
            loop.accept(() -> { // what is tracked would be unknown from now on: the loop ends as for a bug of its own
                throw new IllegalStateException("the track thread failed", e);
            });
        } finally {
            mailbox.close();
            watchers.forEach(Watcher::close);
        }
    }

    private void cycle() throws SysException {
        List<Fd> fds = new ArrayList<>();
        fds.add(mailbox.fd());
        OptionalLong nextNs = OptionalLong.empty();
        for (Watcher watcher : watchers) {
            fds.addAll(watcher.fds());
            OptionalLong dueNs = watcher.nextDeadlineNs();
            if (dueNs.isPresent() && (nextNs.isEmpty() || dueNs.getAsLong() - nextNs.getAsLong() < 0)) {
                nextNs = dueNs;
            }
        }
        Poller poller = new Poller(fds);
        poller.poll(nextNs.isEmpty() ? WAIT_NS_MAX : nextNs.getAsLong() - System.nanoTime());
        long nowNs = System.nanoTime();
        for (Watcher watcher : watchers) {
            watcher.act(nowNs);
        }
        if (poller.ready(0)) {
            mailbox.runSome();
        }
    }
}
