package dev.vipd.director.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds the word that was probably meant, and shows foreign text safely. */
public final class Spelling {
    private static final int SHOWN = 60;

    private Spelling() {}

    /** The nearest of {@code known}, if it is near: 1 edit for words up to 4 letters, 2 for longer ones. */
    public static Optional<String> nearest(String word, Collection<String> known) {
        if (word.length() > SHOWN) {
            return Optional.empty();
        }
        String best = null;
        int bestDistance = word.length() <= 4 ? 2 : 3;
        for (String candidate : known) {
            int distance = distance(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance < bestDistance && distance < candidate.length()) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /** The end of a sentence that says that a word is none of {@code known}: which was meant, or which there are. */
    static String orNearest(String word, Collection<String> known) {
        return nearest(word, known)
                .map(near -> "; did you mean " + shown(near) + "?")
                .orElseGet(() -> known.isEmpty()
                        ? "; define it there"
                        : "; known: " + known.stream().map(Spelling::shown).collect(Collectors.joining(", ")));
    }

    /** A name of the file as it is, unless it would spoil a line. */
    private static String shown(String name) {
        String quoted = quote(name);
        return quoted.equals("\"" + name + "\"") ? name : quoted;
    }

    /** Edits (insert, delete, replace, swap of neighbours) from one word to the other. */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replace = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replace, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], 1 + d[i - 2][j - 2]);
                }
            }
        }
        return d[a.length()][b.length()];
    }

    /** The text in double quotes, shortened, with nothing in it that could break the line or move the cursor. */
    public static String quote(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.codePoints().limit(SHOWN).forEach(c -> {
            switch (Character.getType(c)) {
                case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR, Character.UNASSIGNED, Character.PRIVATE_USE ->
                    out.append(String.format(Locale.ROOT, "\\u%04x", c));
                default -> out.appendCodePoint(c);
            }
        });
        return out.append(text.codePointCount(0, text.length()) > SHOWN ? "...\"" : "\"").toString();
    }
}
