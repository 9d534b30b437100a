package dev.vipd.director.verify;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Something the report must say.
 *
 * @param evidence the lines it rests on; may be empty
 */
record Finding(Severity severity, String text, List<Source> evidence) {

    /** What a finding does to the verdict. */
    enum Severity {
        /** the logs show that the pair broke a rule */
        VIOLATED,
        /** the logs can't show that it kept them */
        INCONCLUSIVE,
        /** nothing */
        NOTE
    }

    Finding {
        evidence = List.copyOf(evidence);
    }

    static Finding violated(String text, Source... evidence) {
        return new Finding(Severity.VIOLATED, text, List.of(evidence));
    }

    static Finding inconclusive(String text, Source... evidence) {
        return new Finding(Severity.INCONCLUSIVE, text, List.of(evidence));
    }

    static Finding note(String text, Source... evidence) {
        return new Finding(Severity.NOTE, text, List.of(evidence));
    }

    static final Comparator<Finding> WORST_FIRST = Comparator.comparing(Finding::severity);

    @Override
    public String toString() {
        return evidence.isEmpty() ? text : text + evidence.stream().distinct().map(Source::toString)
                .collect(Collectors.joining(", ", " (", ")"));
    }
}
