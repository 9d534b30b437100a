package dev.vipd.healthcheck.dialogue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A JSON pointer (RFC 6901), taken apart: {@code /a~1b/0} has the tokens {@code a/b} and {@code 0}. */
record JsonPointer(String text, List<String> tokens) {
    /** @throws IllegalArgumentException if it is none, which {@link #problem} tells beforehand */
    static JsonPointer of(String text) {
        problem(text).ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
        List<String> tokens = new ArrayList<>();
        for (int from = 0; from < text.length(); ) {
            int slash = text.indexOf('/', from + 1);
            int to = slash < 0 ? text.length() : slash;
            tokens.add(text.substring(from + 1, to).replace("~1", "/").replace("~0", "~")); // section 4: in this order
            from = to;
        }
        return new JsonPointer(text, List.copyOf(tokens));
    }

    /** What is wrong with it, and where. */
    static Optional<String> problem(String text) {
        if (!text.isEmpty() && text.charAt(0) != '/') {
            return Optional.of("a JSON pointer begins with a slash");
        }
        for (int at = text.indexOf('~'); at >= 0; at = text.indexOf('~', at + 1)) {
            char next = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
            if (next != '0' && next != '1') {
                return Optional.of("~ at index " + at + " must be written ~0");
            }
        }
        return Optional.empty();
    }
}
