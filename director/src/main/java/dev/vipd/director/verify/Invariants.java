package dev.vipd.director.verify;

import dev.vipd.director.events.EventId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules that each vipd process must keep by itself. */
final class Invariants {
    private static final String LOG_VERSION = "1";
    /** The kernel has had long enough to answer. */
    private static final long VIP_ACK_NS_MAX = 1_000_000_000L;
    /** On top of one advertisement interval, which no skew exceeds. */
    private static final long PRIORITY_ZERO_SLACK_NS = 100_000_000L;
    private static final Map<String, Set<String>> EDGES = Map.of(
            "INIT", Set.of("BACKUP", "MASTER", "FAULT"),
            "BACKUP", Set.of("MASTER", "FAULT", "INIT"),
            "MASTER", Set.of("BACKUP", "FAULT", "INIT"),
            "FAULT", Set.of("BACKUP", "INIT"));
    private static final String OWNER = "255";

    private final List<Finding> findings = new ArrayList<>();
    private final ProcessRun run;

    private Invariants(ProcessRun run) {
        this.run = run;
    }

    static List<Finding> of(ProcessRun run) {
        Invariants invariants = new Invariants(run);
        invariants.complete();
        Map<String, List<Integer>> states = new HashMap<>();
        for (int i = 0; i < run.entries().size(); i++) {
            LogEntry.Vipd entry = run.entries().get(i);
            if (entry.event().is(EventId.VRRP_STATE)) {
                states.computeIfAbsent(entry.inst(), k -> new ArrayList<>()).add(i);
            } else if (entry.event().is(EventId.VRRP_ADVERT_RX) && entry.event().value("prio").equals("0")) {
                invariants.priorityZero(i);
            } else if (entry.event().is(EventId.VRRP_VIP_FAILED)) {
                invariants.findings.add(Finding.note("%s: the kernel refused to %s %s: %s".formatted(entry.inst(),
                        entry.event().value("op"), entry.event().value("vip"), entry.event().value("why")),
                        entry.source()));
            }
        }
        states.values().forEach(invariants::states);
        return invariants.findings;
    }

    private void complete() {
        LogEntry.Vipd first = run.first();
        if (run.fromStart() && !first.event().value("log").equals(LOG_VERSION)) {
            findings.add(Finding.inconclusive("log version %s is not known, only %s"
                    .formatted(first.event().value("log"), LOG_VERSION), first.source()));
        }
        if (!run.fromStart()) {
            findings.add(Finding.note("%s: the log begins in the middle of a process' life, at seq %d"
                    .formatted(run.node(), first.event().seq()), first.source()));
        }
        for (ProcessRun.Hole hole : run.holes()) {
            findings.add(Finding.note("%s: %d line%s lost between seq %d and %d".formatted(run.node(), hole.lost(),
                    hole.lost() == 1 ? "" : "s", hole.before().event().seq(), hole.after().event().seq()),
                    hole.before().source(), hole.after().source()));
        }
    }

    private void states(List<Integer> lines) {
        for (int n = 0; n < lines.size(); n++) {
            LogEntry.Vipd entry = run.entries().get(lines.get(n));
            String from = entry.event().value("from");
            String to = entry.event().value("to");
            boolean legal = EDGES.getOrDefault(from, Set.of()).contains(to)
                    // the address owner has no BACKUP to go through
                    || from.equals("FAULT") && to.equals("MASTER") && entry.event().value("prio").equals(OWNER);
            if (!legal) {
                findings.add(Finding.violated("%s: %s went from %s to %s, which no director may"
                        .formatted(entry.inst(), run.node(), from, to), entry.source()));
            }
            if (n > 0) {
                LogEntry.Vipd before = run.entries().get(lines.get(n - 1));
                boolean hole = holeBetween(lines.get(n - 1), lines.get(n));
                if (!hole && !before.event().value("to").equals(from)) {
                    findings.add(Finding.violated("%s: %s left %s without having entered it"
                            .formatted(entry.inst(), run.node(), from), before.source(), entry.source()));
                }
            }
            if (to.equals("MASTER")) {
                addresses(lines.get(n), n + 1 < lines.size() ? lines.get(n + 1) : run.entries().size() - 1);
            }
        }
    }

    private boolean holeBetween(int from, int to) {
        for (int i = from + 1; i <= to; i++) {
            if (run.holeBefore(i)) {
                return true;
            }
        }
        return false;
    }

    /** A MASTER from line {@code from} to line {@code to} must have got an address. */
    private void addresses(int from, int to) {
        LogEntry.Vipd start = run.entries().get(from);
        long lastedNs = run.entries().get(to).event().monoNs() - start.event().monoNs();
        boolean told = holeBetween(from, to);
        for (int i = from + 1; i <= to && !told; i++) {
            LogEntry.Vipd entry = run.entries().get(i);
            told = (entry.event().is(EventId.VRRP_VIP_ADD) || entry.event().is(EventId.VRRP_VIP_SEEN))
                    && entry.inst().equals(start.inst());
        }
        // an address that a process before left behind need not be added again
        for (int i = 0; i < from && !told; i++) {
            told = run.entries().get(i).event().is(EventId.VRRP_VIP_SEEN)
                    && run.entries().get(i).inst().equals(start.inst());
        }
        if (!told && lastedNs >= VIP_ACK_NS_MAX) {
            findings.add(Finding.violated("%s: %s was MASTER, but the kernel never confirmed an address"
                    .formatted(start.inst(), run.node()), start.source()));
        }
    }

    /** A BACKUP that hears priority 0 is MASTER, or hears another master, after a skew time (RFC 9568, 6.4.2). */
    private void priorityZero(int at) {
        LogEntry.Vipd zero = run.entries().get(at);
        if (!run.stateBefore(at, zero.inst()).filter(s -> s.equals("BACKUP")).isPresent()) {
            return;
        }
        long intervalNs;
        try {
            intervalNs = Long.parseLong(zero.event().value("int_cs")) * 10_000_000L;
        } catch (NumberFormatException e) {
            return;
        }
        long dueNs = zero.event().monoNs() + intervalNs + PRIORITY_ZERO_SLACK_NS;
        for (int i = at + 1; i < run.entries().size(); i++) {
            LogEntry.Vipd entry = run.entries().get(i);
            if (entry.event().monoNs() > dueNs) {
                findings.add(Finding.violated("%s: %s heard priority 0 and did not take over within %d ms"
                        .formatted(zero.inst(), run.node(), (dueNs - zero.event().monoNs()) / 1_000_000),
                        zero.source(), entry.source()));
                return;
            }
            boolean state = entry.event().is(EventId.VRRP_STATE);
            boolean master = entry.event().is(EventId.VRRP_ADVERT_RX) && !entry.event().value("prio").equals("0");
            if (run.holeBefore(i) || (state || master) && entry.inst().equals(zero.inst())) {
                return;
            }
        }
    }
}
