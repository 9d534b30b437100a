package dev.vipd.director.config;

import dev.vipd.director.config.Finding.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.yaml.snakeyaml.error.Mark;

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

    /** A place in the file, both numbers 1-based. */
    record Position(int line, int column) {
        static final Position START = new Position(1, 1);

        static Position of(Mark mark) {
            return new Position(mark.getLine() + 1, mark.getColumn() + 1);
        }

        /** Position right after {@code text}, which begins at the start of the file. */
        static Position after(CharSequence text) {
            int line = 1;
            int column = 1;
            for (int at = 0; at < text.length(); at += Character.charCount(Character.codePointAt(text, at))) {
                boolean newline = text.charAt(at) == '\n';
                line += newline ? 1 : 0;
                column = newline ? 1 : column + 1;
            }
            return new Position(line, column);
        }
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
