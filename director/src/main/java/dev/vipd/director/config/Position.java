package dev.vipd.director.config;

import org.yaml.snakeyaml.error.Mark;

/** A place in the file, both numbers 1-based; columns are code points. */
public record Position(int line, int column) {
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
