package dev.vipd.director.verify;

import dev.vipd.director.events.EventId;
import dev.vipd.director.events.ParsedEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** What happened to one instance, on all directors, in the order of time. */
final class Timeline {
    private static final Set<EventId> OF_INSTANCE = Set.of(
            EventId.VRRP_STATE, EventId.VRRP_PRIORITY, EventId.VRRP_CONFLICT, EventId.VRRP_CONFLICT_END,
            EventId.VRRP_VIP_ADD, EventId.VRRP_VIP_DEL, EventId.VRRP_VIP_SEEN, EventId.VRRP_VIP_GONE,
            EventId.VRRP_VIP_FAILED);
    private static final Set<EventId> OF_ALL = Set.of(
            EventId.DAEMON_START, EventId.DAEMON_STOP, EventId.DAEMON_STALL, EventId.DAEMON_CLOCK_STEP);

    private Timeline() {}

    /** @param atNs on the time line */
    record Row(long atNs, String node, String what, String why, Source source) {}

    static List<Row> of(String inst, List<NodeLog> logs, List<ProcessRun> runs, Clocks clocks) {
        List<Row> rows = new ArrayList<>();
        for (ProcessRun run : runs) {
            vipd(inst, run, clocks, rows);
        }
        for (NodeLog log : logs) {
            log.keepalived().filter(e -> e.line().inst().equals(inst) || e.line().inst().isEmpty()
                    && e.line().kind() != KeepalivedLine.Kind.OTHER).forEach(e -> rows.add(new Row(
                    clocks.shownNs(log.node(), e), log.node(), what(e.line().kind()), e.line().message(), e.source())));
        }
        rows.sort(Comparator.comparingLong(Row::atNs));
        return rows;
    }

    private static void vipd(String inst, ProcessRun run, Clocks clocks, List<Row> rows) {
        LogEntry.Vipd before = run.first();
        for (LogEntry.Vipd entry : run.entries()) {
            long atNs = clocks.shownNs(run.node(), entry);
            long silentNs = atNs - clocks.shownNs(run.node(), before);
            if (silentNs > Heartbeat.SILENCE_NS) {
                rows.add(new Row(atNs - silentNs, run.node(), "silent", "for " + Times.duration(silentNs),
                        before.source()));
            }
            EventId id = EventId.of(entry.event().id()).orElse(EventId.LOG_OTHER);
            boolean zero = (id == EventId.VRRP_ADVERT_TX || id == EventId.VRRP_ADVERT_RX)
                    && entry.event().value("prio").equals("0");
            if (OF_ALL.contains(id) || (OF_INSTANCE.contains(id) || zero) && entry.inst().equals(inst)) {
                rows.add(new Row(atNs, run.node(), what(id, entry.event()), why(id, entry.event()), entry.source()));
            }
            before = entry;
        }
        if (!run.stopped()) {
            rows.add(new Row(clocks.shownNs(run.node(), run.last()), run.node(), "last sign of life",
                    "no daemon.stop follows", run.last().source()));
        }
    }

    private static String what(EventId id, ParsedEvent event) {
        return switch (id) {
            case VRRP_STATE -> event.value("from") + " -> " + event.value("to");
            case VRRP_PRIORITY -> "priority " + event.value("from") + " -> " + event.value("to");
            case VRRP_ADVERT_TX -> "sent priority 0";
            case VRRP_ADVERT_RX -> "heard priority 0";
            case VRRP_VIP_ADD, VRRP_VIP_DEL, VRRP_VIP_SEEN, VRRP_VIP_GONE, VRRP_VIP_FAILED ->
                    event.id().substring("vrrp.".length()) + " " + event.value("vip");
            default -> event.id();
        };
    }

    private static String what(KeepalivedLine.Kind kind) {
        return switch (kind) {
            case MASTER, BACKUP, FAULT -> "-> " + kind;
            case START -> "start";
            case STOP -> "stop";
            case DIED -> "died";
            case SET_VIPS -> "addresses set";
            case REMOVE_VIPS -> "leaves";
            case OTHER -> "says";
        };
    }

    private static String why(EventId id, ParsedEvent event) {
        return switch (id) {
            case VRRP_VIP_ADD, VRRP_VIP_DEL -> "kernel took " + event.value("ack_us") + " us";
            case VRRP_ADVERT_RX -> "from " + event.value("src");
            case VRRP_CONFLICT, VRRP_CONFLICT_END ->
                    "peer " + event.value("peer") + ", priority " + event.value("prio");
            case DAEMON_STALL -> event.value("thread") + " late by " + event.value("late_ms") + " ms";
            case DAEMON_CLOCK_STEP -> "wall clock by " + event.value("delta_ms") + " ms";
            case DAEMON_START -> "pid " + event.value("pid");
            default -> event.get("why").orElse("");
        };
    }
}
