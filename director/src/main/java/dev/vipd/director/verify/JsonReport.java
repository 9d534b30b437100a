package dev.vipd.director.verify;

import dev.vipd.director.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The report for programs; {@code docs/verify.md} names the keys. */
final class JsonReport {
    private JsonReport() {}

    static String of(Report report) {
        return Json.compact(map(
                "verify", 1,
                "verdict", report.verdict().name().toLowerCase(Locale.ROOT),
                "exit", report.verdict().ordinal(),
                "max_blackout_ns", report.maxBlackoutNs(),
                "max_overlap_ns", report.maxOverlapNs(),
                "findings", report.findings().stream().map(JsonReport::finding).toList(),
                "files", report.logs().stream().flatMap(log -> log.files().stream().map(f -> map(
                        "node", log.node(), "file", f.file(), "format", log.isVipd() ? "vipd" : "keepalived",
                        "lines", f.lines(), "events", f.understood(), "foreign", f.foreign(),
                        "truncated", f.truncated()))).toList(),
                "clocks", report.clocks().stream().map(c -> map(
                        "clock", c.name(), "basis", c.basis().name().toLowerCase(Locale.ROOT),
                        "width_ns", c.widthNs(), "adverts", c.pairs())).toList(),
                "instances", report.instances().stream().map(JsonReport::instance).toList(),
                "servers", report.servers().stream().map(JsonReport::server).toList()));
    }

    private static Map<String, Object> finding(Finding finding) {
        return map("severity", finding.severity().name().toLowerCase(Locale.ROOT), "text", finding.text(),
                "evidence", finding.evidence().stream().map(Source::toString).toList());
    }

    private static Map<String, Object> instance(Report.InstanceReport instance) {
        return map(
                "inst", instance.inst(),
                "from", Times.wall(instance.fromNs()),
                "to", Times.wall(instance.toNs()),
                "longest_blackout_ns", instance.longestBlackoutNs(),
                "blackouts", spans(instance.blackouts()),
                "overlaps", spans(instance.overlaps()),
                "left_overs", spans(instance.leftOvers()),
                "timeline", instance.rows().stream().map(row -> map(
                        "time", Times.wall(row.atNs()), "node", row.node(), "what", row.what(), "why", row.why(),
                        "source", row.source().toString())).toList());
    }

    private static List<Map<String, Object>> spans(List<Gaps.Span> spans) {
        return spans.stream().map(span -> map(
                "from", Times.wall(span.fromNs()), "to", Times.wall(span.toNs()), "lower_ns", span.lowerNs(),
                "upper_ns", span.upperNs(), "evidence", List.of(span.begin().toString(), span.end().toString())))
                .toList();
    }

    private static Map<String, Object> server(ServerChange change) {
        Map<String, Object> server = map(
                "node", change.node(), "vs", change.state().event().value("vs"),
                "rs", change.state().event().value("rs"), "to", change.state().event().value("to"),
                "why", change.state().event().value("why"), "source", change.state().source().toString());
        change.latencyNs().ifPresent(ns -> server.put("kernel_ns", ns));
        return server;
    }

    private static Map<String, Object> map(Object... keyValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keyValues.length; i += 2) {
            map.put((String) keyValues[i], keyValues[i + 1]);
        }
        return map;
    }
}
