package dev.vipd.director.verify;

import dev.vipd.director.events.ParsedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The report for people: aligned, the verdict last. */
final class TextReport {
    private final StringBuilder out = new StringBuilder();

    private TextReport() {}

    static String of(Report report) {
        TextReport text = new TextReport();
        text.files(report);
        text.clocks(report);
        report.instances().forEach(instance -> text.instance(instance, report));
        text.servers(report);
        if (!report.findings().isEmpty()) {
            text.line("findings");
            text.table(report.findings().stream().map(f -> List.of(
                    f.severity().name().toLowerCase(Locale.ROOT), f.toString())).toList());
        }
        text.line(report.verdictLine());
        return text.out.toString();
    }

    private void files(Report report) {
        line("logs");
        List<List<String>> rows = new ArrayList<>();
        for (NodeLog log : report.logs()) {
            for (NodeLog.FileCount file : log.files()) {
                rows.add(List.of(log.node(), file.file(), log.isVipd() ? "vipd" : "keepalived",
                        file.lines() + " lines", file.understood() + " events", file.foreign() + " foreign",
                        file.truncated() + " truncated"));
            }
        }
        table(rows);
    }

    private void clocks(Report report) {
        line("clocks");
        table(report.clocks().stream().map(clock -> List.of(clock.name(), switch (clock.basis()) {
            case REFERENCE -> "times below are by its wall clock";
            case SAME_KERNEL -> "the same kernel's clock";
            case ADVERTS -> "paired by " + clock.pairs() + " adverts, within " + Times.duration(clock.widthNs());
            case WALL -> "paired by wall time, within " + Times.duration(clock.widthNs());
        })).toList());
    }

    private void instance(Report.InstanceReport instance, Report report) {
        line(instance.inst());
        long zeroNs = instance.rows().isEmpty() ? 0 : instance.rows().getFirst().atNs();
        table(instance.rows().stream().map(row -> List.of(
                String.format(Locale.ROOT, "%+12.6f", (row.atNs() - zeroNs) / 1e9), Times.timeOfDay(row.atNs()),
                row.node(), row.what(), row.why(), row.source().toString())).toList());
        line("  judged from " + Times.wall(instance.fromNs()) + " to " + Times.wall(instance.toNs()));
        List<List<String>> spans = new ArrayList<>();
        spans("no MASTER", instance.blackouts(), spans);
        spans("two MASTERs", instance.overlaps(), spans);
        spans("left over", instance.leftOvers(), spans);
        table(spans);
        line("  longest time without a MASTER: " + Times.duration(instance.longestBlackoutNs()) + ", limit "
                + Times.duration(report.maxBlackoutNs()));
    }

    private static void spans(String what, List<Gaps.Span> spans, List<List<String>> rows) {
        if (spans.isEmpty()) {
            rows.add(List.of(what, "never"));
        }
        for (Gaps.Span span : spans) {
            rows.add(List.of(what, Times.timeOfDay(span.fromNs()) + " .. " + Times.timeOfDay(span.toNs()),
                    span.lowerNs() == 0 ? "up to " + Times.duration(span.upperNs()) : Times.bounds(span),
                    span.begin() + " .. " + span.end()));
        }
    }

    private void servers(Report report) {
        if (report.servers().isEmpty()) {
            return;
        }
        line("real servers");
        table(report.servers().stream().map(change -> {
            ParsedEvent state = change.state().event();
            return List.of(Times.timeOfDay(change.state().wallNs()), change.node(), state.value("vs"),
                    state.value("rs"), state.value("to"), state.value("why"),
                    change.latencyNs().map(ns -> "kernel after " + Times.duration(ns)).orElse("kernel: no change"),
                    change.state().source().toString());
        }).toList());
    }

    /** Rows with their columns aligned. */
    private void table(List<List<String>> rows) {
        List<Integer> widths = new ArrayList<>();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                if (i == widths.size()) {
                    widths.add(0);
                }
                widths.set(i, Math.max(widths.get(i), row.get(i).length()));
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                line.append("  ").append(row.get(i)).repeat(' ', widths.get(i) - row.get(i).length());
            }
            line(line.toString().stripTrailing());
        }
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
