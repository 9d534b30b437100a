package dev.vipd.director.verify;

import dev.vipd.director.events.EventFormat;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times and durations as text. */
final class Times {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(us|ms|s|m|h)?");

    private Times() {}

    /** {@code 1500ms}, {@code 1.5s}, or a bare number of seconds, in nanoseconds; empty when it is no duration. */
    static OptionalLong parse(String text) {
        Matcher match = DURATION.matcher(text);
        if (!match.matches()) {
            return OptionalLong.empty();
        }
        long unitNs = switch (match.group(2) == null ? "s" : match.group(2)) {
            case "us" -> 1_000L;
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            default -> 3_600_000_000_000L;
        };
        return OptionalLong.of(new BigDecimal(match.group(1)).multiply(BigDecimal.valueOf(unitNs)).longValue());
    }

    /** Milliseconds with three digits, below ten seconds; seconds above. */
    static String duration(long ns) {
        return Math.abs(ns) < 10_000_000_000L
                ? String.format(Locale.ROOT, "%.3f ms", ns / 1e6)
                : String.format(Locale.ROOT, "%.3f s", ns / 1e9);
    }

    /** {@code 612.000 ms}, or {@code 2014.000 to 3214.000 ms} when only bounds are known. */
    static String bounds(Gaps.Span span) {
        return span.lowerNs() == span.upperNs()
                ? duration(span.upperNs())
                : duration(span.lowerNs()) + " to " + duration(span.upperNs());
    }

    /** {@code 2026-11-21T03:50:11.123456Z}. */
    static String wall(long ns) {
        StringBuilder text = new StringBuilder();
        EventFormat.appendTime(text, Math.floorDiv(ns, 1_000L));
        return text.toString();
    }

    /** {@code 03:50:11.123456}. */
    static String timeOfDay(long ns) {
        String wall = wall(ns);
        return wall.substring(wall.indexOf('T') + 1, wall.length() - 1);
    }
}
