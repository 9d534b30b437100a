package dev.vipd.director.verify;

import java.util.List;
import java.util.stream.Collectors;

/** Everything that {@code vipd verify} found out. */
record Report(
        List<NodeLog> logs,
        List<Clocks.Offset> clocks,
        List<InstanceReport> instances,
        List<ServerChange> servers,
        List<Finding> findings,
        long maxBlackoutNs,
        long maxOverlapNs) {

    /** The outcome; its ordinal is the exit code. */
    enum Verdict { PROVED, VIOLATED, INCONCLUSIVE }

    /**
     * One instance.
     *
     * @param fromNs    the window judged: from the first moment that any director was MASTER
     * @param toNs      to the last line of a running director
     * @param leftOvers a dead director's addresses may still have been in its kernel while another was MASTER
     */
    record InstanceReport(
            String inst,
            long fromNs,
            long toNs,
            List<Timeline.Row> rows,
            List<Gaps.Span> blackouts,
            List<Gaps.Span> overlaps,
            List<Gaps.Span> leftOvers) {

        /** By its upper bound. */
        long longestBlackoutNs() {
            return blackouts.stream().mapToLong(Gaps.Span::upperNs).max().orElse(0);
        }
    }

    Verdict verdict() {
        if (has(Finding.Severity.VIOLATED)) {
            return Verdict.VIOLATED;
        }
        return has(Finding.Severity.INCONCLUSIVE) ? Verdict.INCONCLUSIVE : Verdict.PROVED;
    }

    /** {@code PROVED}, or the verdict and each reason with its evidence. */
    String verdictLine() {
        Verdict verdict = verdict();
        if (verdict == Verdict.PROVED) {
            return verdict.name();
        }
        return findings.stream().filter(f -> f.severity().name().equals(verdict.name())).map(Finding::toString)
                .collect(Collectors.joining("; ", verdict + ": ", ""));
    }

    private boolean has(Finding.Severity severity) {
        return findings.stream().anyMatch(f -> f.severity() == severity);
    }
}
