package dev.vipd.healthcheck.dialogue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Compiled regular expressions, shared by all checks that have the same; only the latest used are kept. */
final class Patterns {
    private static final int KEPT_MAX = 256;

    private static final Map<String, Pattern> KEPT = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Pattern> eldest) {
            return size() > KEPT_MAX;
        }
    };

    private Patterns() {}

    /** @throws IllegalArgumentException if it is none, which {@link #problem} tells beforehand */
    static Pattern of(String regex) {
        synchronized (KEPT) {
            Pattern kept = KEPT.get(regex);
            if (kept == null) {
                kept = Pattern.compile(regex);
                KEPT.put(regex, kept);
            }
            return kept;
        }
    }

    /** What is wrong with it, and where: {@code unclosed group at index 3}. */
    static Optional<String> problem(String regex) {
        try {
            Pattern.compile(regex);
            return Optional.empty();
        } catch (PatternSyntaxException e) {
            String what = e.getDescription();
            String where = e.getIndex() < 0 ? "" : " at index " + e.getIndex();
            return Optional.of(Character.toLowerCase(what.charAt(0)) + what.substring(1) + where);
        }
    }
}
