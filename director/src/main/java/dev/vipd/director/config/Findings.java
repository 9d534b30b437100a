package dev.vipd.director.config;

import dev.vipd.director.config.Finding.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects the findings of one file. Bounded: after {@link #MAX} of them the rest is only counted. */
final class Findings {
    static final int MAX = 500;

    private final String file;
    private final List<Finding> found = new ArrayList<>();
    private int leftOut;
    private boolean errors;

    Findings(String file) {
        this.file = file;
    }

    void error(Position at, String path, String message) {
        errors = true;
        add(at, path, Severity.ERROR, message);
    }

    void warning(Position at, String path, String message) {
        add(at, path, Severity.WARNING, message);
    }

    private void add(Position at, String path, Severity severity, String message) {
        if (found.size() == MAX) {
            leftOut++;
            return;
        }
        found.add(new Finding(file, at.line(), at.column(), path, severity, message));
    }

    boolean hasErrors() {
        return errors;
    }

    /** All findings by position; those at one position in the order they were made. */
    List<Finding> sorted() {
        List<Finding> sorted = new ArrayList<>(found);
        sorted.sort(Comparator.comparingInt(Finding::line).thenComparingInt(Finding::column));
        if (leftOut > 0) {
            Finding last = sorted.getLast();
            sorted.add(new Finding(file, last.line(), last.column(), "", errors ? Severity.ERROR : Severity.WARNING,
                    leftOut + " more findings are not shown; correct these first"));
        }
        return List.copyOf(sorted);
    }
}
