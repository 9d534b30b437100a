package dev.vipd.vrrp.io;

import dev.vipd.netlink.connector.ProcessEvent;
import dev.vipd.netlink.connector.ProcessMonitor;
import dev.vipd.netlink.sys.Fd;
import dev.vipd.netlink.sys.PidFd;
import dev.vipd.netlink.sys.SysException;
import dev.vipd.vrrp.TrackProcessConfig;
import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.track.ProcessMatcher;
import dev.vipd.vrrp.track.ProcessTracker;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * {@code vrrp_track_process}, by the kernel's process events. Where there are none, as in a container, the end of a
 * process is still seen at once, by a descriptor of each that counts; a new one is found within a second, in /proc.
 */
final class ProcessWatcher implements Watcher {
    private static final long SCAN_NS = 1_000_000_000L;

    private record Watched(TrackerId id, ProcessMatcher matcher, ProcessTracker tracker) {}

    private final List<Watched> all;
    private final WatchedTrackers.Reports reports;
    private Optional<ProcessMonitor> monitor = Optional.empty();
    /** Without the monitor: those that count. */
    private final Map<Integer, Fd> alive = new HashMap<>();
    private boolean begun;
    private long scanNs;

    ProcessWatcher(List<TrackProcessConfig> configs, WatchedTrackers.Reports reports) {
        this.reports = reports;
        all = configs.stream()
                .map(config -> new Watched(
                        new TrackerId(TrackerId.Kind.PROCESS, config.name()),
                        new ProcessMatcher(config),
                        new ProcessTracker(config)))
                .toList();
    }

    @Override
    public List<Fd> fds() {
        return monitor.map(open -> List.of(open.fd())).orElseGet(() -> List.copyOf(alive.values()));
    }

    @Override
    public OptionalLong nextDeadlineNs() {
        OptionalLong nextNs = monitor.isPresent() ? OptionalLong.empty() : OptionalLong.of(scanNs);
        for (Watched watched : all) {
            OptionalLong dueNs = watched.tracker().nextDeadlineNs();
            if (dueNs.isPresent() && (nextNs.isEmpty() || dueNs.getAsLong() - nextNs.getAsLong() < 0)) {
                nextNs = dueNs;
            }
        }
        return nextNs;
    }

    @Override
    public void act(long nowNs) {
        if (!begun) {
            begun = true;
            openMonitor();
            scan(nowNs);
        }
        monitor.ifPresentOrElse(open -> read(open, nowNs), () -> look(nowNs));
        for (Watched watched : all) {
            if (watched.tracker().deadline(nowNs)) {
                tell(watched);
            }
        }
    }

    @Override
    public void close() {
        monitor.ifPresent(ProcessMonitor::close);
        alive.values().forEach(Fd::close);
        alive.clear();
    }

    private void openMonitor() {
        try {
            monitor = Optional.of(ProcessMonitor.open());
        } catch (SysException e) {
            all.forEach(watched -> reports.trouble(watched.id(), "no process events here (" + e.getMessage()
                    + "): new processes are looked for each second"));
        }
    }

    private void read(ProcessMonitor open, long nowNs) {
        try {
            for (ProcessEvent event : open.read()) {
                switch (event) {
                    case ProcessEvent.Forked(int parent, int pid) -> forked(parent, pid, nowNs);
                    case ProcessEvent.Executed(int pid) -> compare(pid, nowNs);
                    case ProcessEvent.Renamed(int pid) -> compare(pid, nowNs);
                    case ProcessEvent.Exited(int pid) -> exited(pid, nowNs);
                    case ProcessEvent.Overrun() -> scan(nowNs);
                }
            }
        } catch (SysException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void look(long nowNs) {
        for (int pid : List.copyOf(alive.keySet())) {
            if (ProcessTable.entry(pid).isEmpty()) {
                exited(pid, nowNs);
            }
        }
        if (nowNs - scanNs >= 0) {
            scan(nowNs);
        }
    }

    /** Reads all of /proc. */
    private void scan(long nowNs) {
        scanNs = nowNs + SCAN_NS;
        List<Set<Integer>> matching = new ArrayList<>();
        all.forEach(watched -> matching.add(new HashSet<>()));
        for (int pid : ProcessTable.pids()) {
            ProcessTable.entry(pid).ifPresent(entry -> {
                for (int i = 0; i < all.size(); i++) {
                    if (all.get(i).matcher().matches(entry.comm(), entry.commandLine())) {
                        matching.get(i).add(pid);
                    }
                }
            });
        }
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).tracker().found(matching.get(i), nowNs)) {
                tell(all.get(i));
            }
        }
        watchAlive(nowNs);
    }

    private void watchAlive(long nowNs) {
        if (monitor.isPresent()) {
            return;
        }
        Set<Integer> wanted = new HashSet<>();
        all.forEach(watched -> wanted.addAll(watched.tracker().pids()));
        for (int pid : Set.copyOf(alive.keySet())) {
            if (!wanted.contains(pid)) {
                alive.remove(pid).close();
            }
        }
        for (int pid : wanted) {
            if (!alive.containsKey(pid)) {
                try {
                    alive.put(pid, PidFd.open(pid));
                } catch (SysException e) {
                    exited(pid, nowNs);
                }
            }
        }
    }

    private void forked(int parent, int pid, long nowNs) {
        for (Watched watched : all) {
            if (watched.tracker().forked(parent, pid, nowNs)) {
                tell(watched);
            }
        }
    }

    /** A process runs, or is called, something else now. */
    private void compare(int pid, long nowNs) {
        Optional<ProcessTable.Entry> entry = ProcessTable.entry(pid);
        for (Watched watched : all) {
            boolean matches =
                    entry.filter(is -> watched.matcher().matches(is.comm(), is.commandLine())).isPresent();
            if (watched.tracker().matches(pid, matches, nowNs)) {
                tell(watched);
            }
        }
    }

    private void exited(int pid, long nowNs) {
        Fd fd = alive.remove(pid);
        if (fd != null) {
            fd.close();
        }
        for (Watched watched : all) {
            if (watched.tracker().exited(pid, nowNs)) {
                tell(watched);
            }
        }
    }

    private void tell(Watched watched) {
        reports.is(watched.id(), watched.tracker().reading(), watched.tracker().why());
    }
}
