package dev.vipd.director.config;

import dev.vipd.healthcheck.HttpRequest.BodyRule;
import dev.vipd.healthcheck.dialogue.BodyRules;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** Texts that checks send, and look for in answers. */
final class CheckTexts {
    /** Characters of what is sent or looked for; more than that is no health check. */
    static final int MAX = 1024;

    private static final int LATIN_1_MAX = 0xff;
    private static final int DELETE = 0x7f;

    private CheckTexts() {}

    /** What a request line and a header can carry as it is (RFC 9112, 3.2; RFC 9110, 5.5). */
    static Optional<String> visible(Value value, String expected) {
        return value.text(expected).filter(text -> {
            boolean good = text.length() <= MAX && text.chars().allMatch(c -> c > ' ' && c < DELETE);
            if (!good) {
                value.error(Spelling.quote(text) + " holds a blank or a character outside ASCII, or is too long; give "
                        + expected);
            }
            return good;
        });
    }

    /** Text each of whose characters is one byte. */
    static Optional<String> bytes(Value value, String expected) {
        return value.text(expected).filter(text -> {
            boolean good = text.length() <= MAX && text.chars().allMatch(c -> c <= LATIN_1_MAX);
            if (!good) {
                value.error("is longer than " + MAX + " characters, or holds one outside ISO 8859-1; give " + expected);
            }
            return good;
        });
    }

    static Optional<String> text(Value value, String expected) {
        return value.text(expected).filter(text -> {
            boolean good = text.getBytes(StandardCharsets.UTF_8).length <= MAX;
            if (!good) {
                value.error("is longer than " + MAX + " bytes; give " + expected);
            }
            return good;
        });
    }

    /** A regular expression of Java. */
    static Optional<String> regex(Value value) {
        return text(value, "a regular expression").filter(text -> {
            Optional<String> problem = BodyRules.problem(new BodyRule.Regex(text, true));
            problem.ifPresent(why ->
                    value.error(Spelling.quote(text) + " is not a regular expression: " + why + "; correct it"));
            return problem.isEmpty();
        });
    }

    /** Whole bytes in hexadecimal digits, without the blanks between them and in lower case. */
    static Optional<String> hex(Value value, String expected, boolean wildcards) {
        return value.text(expected).flatMap(text -> {
            String digits = text.replace(" ", "").toLowerCase(Locale.ROOT);
            boolean good = !digits.isEmpty() && digits.length() % 2 == 0 && digits.length() <= 2 * MAX
                    && digits.chars().allMatch(c -> HexFormat.isHexDigit(c) || wildcards && c == 'x');
            if (!good) {
                value.error(Spelling.quote(text) + " is not " + expected);
            }
            return good ? Optional.of(digits) : Optional.empty();
        });
    }
}
