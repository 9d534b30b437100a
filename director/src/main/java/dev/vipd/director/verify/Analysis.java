package dev.vipd.director.verify;

import dev.vipd.director.events.EventId;
import dev.vipd.director.verify.Signal.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Judges the logs of a pair of directors. Pure. */
final class Analysis {
    private final List<NodeLog> logs;
    private final VerifyOptions options;
    private final Clocks clocks;
    private final Map<String, List<ProcessRun>> runs = new LinkedHashMap<>();
    private final Map<String, String> instOfVip = new HashMap<>();
    private final List<Finding> findings = new ArrayList<>();

    private Analysis(List<NodeLog> logs, VerifyOptions options) {
        this.logs = logs;
        this.options = options;
        clocks = new Clocks(logs, options.clockErrorNs());
        for (NodeLog log : logs) {
            runs.put(log.node(), ProcessRun.split(log));
            log.vipd().filter(e -> e.event().id().startsWith("vrrp.vip_"))
                    .forEach(e -> instOfVip.put(e.event().value("vip"), e.inst()));
        }
    }

    static Report of(List<NodeLog> logs, VerifyOptions options) {
        return new Analysis(logs, options).report();
    }

    private Report report() {
        evidence();
        List<ServerChange> servers = new ArrayList<>();
        List<ProcessRun> all = runs.values().stream().flatMap(List::stream).toList();
        for (ProcessRun run : all) {
            findings.addAll(Invariants.of(run));
            servers.addAll(ServerChange.of(run));
        }
        List<Report.InstanceReport> instances = new ArrayList<>();
        for (String inst : instances()) {
            instances.add(instance(inst, all));
        }
        if (instances.isEmpty()) {
            findings.add(Finding.inconclusive("no instance is named in any log"));
        }
        for (String inst : options.expected().keySet()) {
            if (instances.stream().noneMatch(i -> i.inst().equals(inst))) {
                findings.add(Finding.inconclusive(inst + ": expected, but named in no log"));
            }
        }
        findings.sort(Finding.WORST_FIRST);
        return new Report(logs, clocks.describe(), instances, servers, List.copyOf(findings),
                options.maxBlackoutNs(), options.maxOverlapNs());
    }

    /** Whether there is enough to judge by. */
    private void evidence() {
        for (NodeLog log : logs) {
            if (usable(log).isEmpty()) {
                findings.add(Finding.inconclusive("no line of " + log.files().getFirst().file() + " is an event"));
            }
        }
        if (logs.size() < 2) {
            findings.add(Finding.inconclusive("one director's log can't show what the other did"));
        }
        for (Clocks.Offset offset : clocks.describe()) {
            if (offset.basis() == Clocks.Basis.WALL) {
                findings.add(Finding.note("%s: its clock is paired by wall time, taken to be right within %s"
                        .formatted(offset.name(), Times.duration(options.clockErrorNs()))));
            }
        }
    }

    /** The entries that ownership is built from. */
    private List<? extends LogEntry> usable(NodeLog log) {
        return log.isVipd() ? runs.get(log.node()).stream().flatMap(r -> r.entries().stream()).toList()
                : log.keepalived().toList();
    }

    private Set<String> instances() {
        Set<String> instances = new TreeSet<>();
        for (NodeLog log : logs) {
            instances.addAll(instances(log));
        }
        return instances;
    }

    private static Set<String> instances(NodeLog log) {
        Set<String> instances = new TreeSet<>();
        log.vipd().forEach(e -> {
            if (e.event().is(EventId.VRRP_STATE)) {
                instances.add(e.inst());
            }
            instances.addAll(Heartbeat.states(e).keySet());
        });
        log.keepalived().filter(e -> e.line().kind() != KeepalivedLine.Kind.OTHER).map(e -> e.line().inst())
                .filter(inst -> !inst.isEmpty()).forEach(instances::add);
        return instances;
    }

    private Report.InstanceReport instance(String inst, List<ProcessRun> all) {
        List<Ownership> exact = owners(inst);
        List<Ownership> owners = exact.stream().map(o -> o.smeared(widthNs(o))).toList();
        List<Timeline.Row> rows = Timeline.of(inst, logs, all, clocks);
        List<Signal> serves = owners.stream().map(Ownership::serves).toList();
        List<Signal> owns = owners.stream().map(Ownership::owns).toList();
        boolean sure = serves.stream().flatMap(s -> s.steps().stream()).anyMatch(s -> s.value() == Value.YES);
        // where lost lines may hide an earlier MASTER, the time judged begins with them
        long fromNs = Math.max(spans().stream().mapToLong(Window.Life::fromNs).min().orElse(0),
                exact.stream().mapToLong(o -> o.beginsNs(widthNs(o))).min().orElse(Long.MAX_VALUE));
        long endNs = end();
        options.expected().entrySet().stream().filter(e -> e.getKey().equals(inst))
                .forEach(e -> expect(inst, e.getValue(), owners, endNs));
        if (!sure || fromNs >= endNs) {
            findings.add(Finding.inconclusive(inst + ": no director was ever surely MASTER"));
            return new Report.InstanceReport(inst, endNs, endNs, rows, List.of(), List.of(), List.of());
        }
        List<Gaps.Span> blackouts = new ArrayList<>(Gaps.blackouts(serves, fromNs, endNs));
        long toNs = Window.withoutOpenEnd(
                owners, blackouts, Window.withoutLastStop(owners, blackouts, spans(), endNs));
        List<Gaps.Span> overlaps = Gaps.overlaps(owns, fromNs, toNs);
        blackouts.forEach(span -> judge(inst, "no MASTER", span, options.maxBlackoutNs()));
        overlaps.forEach(span -> judge(inst, "two MASTERs", span, options.maxOverlapNs()));
        return new Report.InstanceReport(
                inst, fromNs, toNs, rows, blackouts, overlaps, Gaps.leftOvers(owns, fromNs, toNs));
    }

    private List<Ownership> owners(String inst) {
        Map<String, Ownership> raw = new LinkedHashMap<>();
        for (NodeLog log : logs) {
            if (!usable(log).isEmpty() && !instances(log).contains(inst)) {
                findings.add(Finding.inconclusive(inst + ": the log of " + log.node() + " says nothing about it"));
            }
            if (log.isVipd() && !usable(log).isEmpty()) {
                raw.put(log.node(), VipdOwnership.of(inst, runs.get(log.node()), clocks, instOfVip));
            } else if (!usable(log).isEmpty()) {
                raw.put(log.node(), KeepalivedOwnership.of(inst, log, clocks, after -> false));
            }
        }
        List<Ownership> owners = new ArrayList<>();
        for (NodeLog log : logs) {
            Ownership owner = raw.get(log.node());
            if (owner != null && !log.isVipd()) {
                owner = KeepalivedOwnership.of(inst, log, clocks, after -> raw.values().stream()
                        .filter(other -> !other.node().equals(log.node()))
                        .flatMap(other -> other.serves().steps().stream())
                        .anyMatch(step -> step.value() == Value.YES && step.atNs() > after));
            }
            if (owner != null) {
                owners.add(owner);
            }
        }
        return owners;
    }

    private long widthNs(Ownership owner) {
        return logs.stream().filter(log -> log.node().equals(owner.node())).mapToLong(clocks::widthNs).max().orElse(0);
    }

    /** The last line of any director. */
    private long end() {
        return spans().stream().mapToLong(Window.Life::toNs).max().orElse(0);
    }

    private List<Window.Life> spans() {
        List<Window.Life> lives = new ArrayList<>();
        for (NodeLog log : logs) {
            if (log.isVipd()) {
                runs.get(log.node()).forEach(run -> lives.add(new Window.Life(log.node(),
                        clocks.timeNs(log.node(), run.first()), clocks.timeNs(log.node(), run.last()), run.stopped())));
            } else if (!usable(log).isEmpty()) {
                List<LogEntry.Keepalived> lines = log.keepalived().toList();
                lives.add(new Window.Life(log.node(), clocks.timeNs(log.node(), lines.getFirst()),
                        clocks.timeNs(log.node(), lines.getLast()),
                        lines.getLast().line().kind() == KeepalivedLine.Kind.STOP));
            }
        }
        return lives;
    }

    private void judge(String inst, String what, Gaps.Span span, long limitNs) {
        String limit = ", limit " + Times.duration(limitNs);
        if (span.lowerNs() > limitNs) {
            findings.add(Finding.violated(
                    "%s: %s for %s%s".formatted(inst, what, Times.bounds(span), limit), span.begin(), span.end()));
        } else if (span.upperNs() > limitNs) {
            findings.add(Finding.inconclusive("%s: %s, perhaps, for %s%s"
                    .formatted(inst, what, Times.bounds(span), limit), span.begin(), span.end()));
        }
    }

    private void expect(String inst, String node, List<Ownership> owners, long endNs) {
        for (Ownership owner : owners) {
            if (!owner.node().equals(node)) {
                continue;
            }
            boolean early = owner.ended() == Ownership.End.OPEN && isVipd(node)
                    && endNs - owner.endNs() > Heartbeat.SILENCE_NS;
            if (owner.last().isEmpty() || early) {
                findings.add(Finding.inconclusive("%s: the log of %s does not tell its state at the end"
                        .formatted(inst, node), owner.lastLine()));
            } else if (!owner.last().get().equals("MASTER")) {
                findings.add(Finding.violated("%s: %s was expected to be MASTER at the end and is %s"
                        .formatted(inst, node, owner.last().get()), owner.lastLine()));
            }
        }
        if (owners.stream().noneMatch(owner -> owner.node().equals(node))) {
            findings.add(Finding.inconclusive(inst + ": nothing is known of " + node + " at the end"));
        }
    }

    private boolean isVipd(String node) {
        return logs.stream().anyMatch(log -> log.node().equals(node) && log.isVipd());
    }
}
