package dev.vipd.director.verify;

import dev.vipd.director.events.EventId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The lines of one vipd process, in the order of {@code seq}, each {@code seq} once.
 */
record ProcessRun(String node, List<LogEntry.Vipd> entries) {

    ProcessRun {
        entries = List.copyOf(entries);
    }

    /** Lost lines between two that are there. */
    record Hole(LogEntry.Vipd before, LogEntry.Vipd after) {
        long lost() {
            return after.event().seq() - before.event().seq() - 1;
        }
    }

    String boot() {
        return entries.getFirst().event().boot();
    }

    LogEntry.Vipd first() {
        return entries.getFirst();
    }

    LogEntry.Vipd last() {
        return entries.getLast();
    }

    /** Whether the log has the process from its first line on. */
    boolean fromStart() {
        return first().event().is(EventId.DAEMON_START);
    }

    /** Whether the process said that it stops; otherwise it crashed, or its log was cut off. */
    boolean stopped() {
        return last().event().is(EventId.DAEMON_STOP);
    }

    boolean holeBefore(int index) {
        return index > 0 && entries.get(index).event().seq() != entries.get(index - 1).event().seq() + 1;
    }

    List<Hole> holes() {
        List<Hole> holes = new ArrayList<>();
        for (int i = 1; i < entries.size(); i++) {
            if (holeBefore(i)) {
                holes.add(new Hole(entries.get(i - 1), entries.get(i)));
            }
        }
        return holes;
    }

    /** The state of an instance as the next line that tells it has it, from line {@code from} on. */
    Optional<String> stateBefore(int from, String inst) {
        for (LogEntry.Vipd entry : entries.subList(from, entries.size())) {
            if (entry.event().is(EventId.VRRP_STATE) && entry.inst().equals(inst)) {
                return entry.event().get("from");
            }
            Optional<String> state = Heartbeat.state(entry, inst);
            if (state.isPresent()) {
                return state;
            }
        }
        return Optional.empty();
    }

    /** Cuts a node's log into its processes. */
    static List<ProcessRun> split(NodeLog log) {
        List<ProcessRun> runs = new ArrayList<>();
        List<LogEntry.Vipd> current = new ArrayList<>();
        long seqMax = 0;
        long monoMax = Long.MIN_VALUE;
        for (LogEntry.Vipd entry : log.vipd().filter(e -> e.event().seq() > 0).toList()) {
            boolean other = !current.isEmpty() && (entry.event().is(EventId.DAEMON_START)
                    || !entry.event().boot().equals(current.getFirst().event().boot())
                    // the start line is lost, but the count began anew
                    || entry.event().seq() <= seqMax && entry.event().monoNs() > monoMax);
            if (other) {
                runs.add(of(log.node(), current));
                current = new ArrayList<>();
                seqMax = 0;
                monoMax = Long.MIN_VALUE;
            }
            current.add(entry);
            seqMax = Math.max(seqMax, entry.event().seq());
            monoMax = Math.max(monoMax, entry.event().monoNs());
        }
        if (!current.isEmpty()) {
            runs.add(of(log.node(), current));
        }
        return runs;
    }

    private static ProcessRun of(String node, List<LogEntry.Vipd> lines) {
        List<LogEntry.Vipd> sorted = new ArrayList<>(lines);
        sorted.sort(Comparator.comparingLong(e -> e.event().seq()));
        List<LogEntry.Vipd> once = new ArrayList<>();
        for (LogEntry.Vipd entry : sorted) {
            if (once.isEmpty() || once.getLast().event().seq() != entry.event().seq()) {
                once.add(entry);
            }
        }
        return new ProcessRun(node, once);
    }
}
