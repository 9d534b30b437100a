package dev.vipd.vrrp.io;

import dev.vipd.vrrp.TrackFileConfig;
import dev.vipd.vrrp.TrackPingConfig;
import dev.vipd.vrrp.TrackProcessConfig;
import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.TrackerReading;
import dev.vipd.vrrp.TrackersConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Processes, files and pings: watched on the {@code track} thread, which exists once there is any. On the loop's
 * thread only.
 */
final class WatchedTrackers implements AutoCloseable {
    private final TrackerBoard board;
    private final VrrpListener listener;
    private final Consumer<Runnable> loop;
    /** What runs, by what it was made from: a part of the configuration that stays goes on undisturbed. */
    private final Map<Object, Watcher> running = new HashMap<>();
    private WatchThread thread;

    /** Where watchers tell what they see; any thread. */
    interface Reports {
        void is(TrackerId id, TrackerReading reading, String why);

        void trouble(TrackerId id, String why);
    }

    WatchedTrackers(TrackerBoard board, VrrpListener listener, Consumer<Runnable> loop) {
        this.board = board;
        this.listener = listener;
        this.loop = loop;
    }

    void configure(TrackersConfig config) {
        Map<Object, Supplier<Watcher>> wanted = new HashMap<>();
        List<TrackerId> ids = new ArrayList<>();
        for (TrackPingConfig ping : config.pings()) {
            TrackerId id = new TrackerId(TrackerId.Kind.PING, ping.name());
            ids.add(id);
            wanted.put(ping, () -> new PingWatcher(id, ping, reports(ping)));
        }
        for (TrackFileConfig file : config.files()) {
            TrackerId id = new TrackerId(TrackerId.Kind.FILE, file.name());
            ids.add(id);
            wanted.put(file, () -> new FileWatcher(id, file, reports(file)));
        }
        List<TrackProcessConfig> processes = config.processes();
        processes.forEach(process -> ids.add(new TrackerId(TrackerId.Kind.PROCESS, process.name())));
        if (!processes.isEmpty()) {
            wanted.put(processes, () -> new ProcessWatcher(processes, reports(processes)));
        }
        forgetOthers(ids);
        ids.forEach(id -> board.start(id, TrackerReading.WAIT, "not looked at yet"));
        change(wanted);
    }

    @Override
    public void close() {
        running.clear();
        if (thread != null) {
            thread.close();
        }
    }

    private void forgetOthers(List<TrackerId> ids) {
        for (TrackerId.Kind kind : List.of(TrackerId.Kind.PING, TrackerId.Kind.FILE, TrackerId.Kind.PROCESS)) {
            board.retain(kind, name -> ids.contains(new TrackerId(kind, name)));
        }
    }

    private void change(Map<Object, Supplier<Watcher>> wanted) {
        Set<Object> gone = new HashSet<>(running.keySet());
        gone.removeAll(wanted.keySet());
        if (thread == null && !wanted.isEmpty()) {
            thread = new WatchThread(loop);
        }
        gone.forEach(key -> thread.remove(running.remove(key)));
        wanted.forEach((key, maker) -> {
            if (!running.containsKey(key)) {
                Watcher watcher = maker.get();
                running.put(key, watcher);
                thread.add(watcher);
            }
        });
    }

    /** @param key of the watcher that tells; what comes from one that a reload replaced is too late */
    private Reports reports(Object key) {
        return new Reports() {
            @Override
            public void is(TrackerId id, TrackerReading reading, String why) {
                loop.accept(() -> {
                    if (running.containsKey(key)) {
                        board.is(id, reading, why);
                    }
                });
            }

            @Override
            public void trouble(TrackerId id, String why) {
                loop.accept(() -> listener.trackerTrouble(id, why));
            }
        };
    }
}
