package dev.vipd.director.config;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as text: {@code 250us}, {@code 100ms}, {@code 0.5s}, {@code 5m}, {@code 1h}, or bare seconds. */
final class Durations {
    static final long US = 1_000;
    static final long MS = 1_000_000;
    static final long SECOND = 1_000_000_000;
    static final long MINUTE = 60 * SECOND;
    static final long HOUR = 60 * MINUTE;

    // No leading zeros: YAML 1.1 reads 010 as 8, people as 10.
    private static final Pattern SYNTAX = Pattern.compile("((?:0|[1-9]\\d{0,17})(?:\\.\\d{1,18})?)(us|ms|s|m|h)?");
    private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);

    private Durations() {}

    /** Nanoseconds; {@code Long.MAX_VALUE} for anything longer; empty when it is no duration or finer than 1 ns. */
    static Optional<Long> parse(String text) {
        Matcher m = SYNTAX.matcher(text);
        if (!m.matches()) {
            return Optional.empty();
        }
        BigDecimal ns = new BigDecimal(m.group(1)).multiply(BigDecimal.valueOf(unitNs(m.group(2))));
        if (ns.compareTo(MAX) > 0) {
            return Optional.of(Long.MAX_VALUE);
        }
        BigDecimal whole = ns.setScale(0, RoundingMode.DOWN);
        return whole.compareTo(ns) == 0 ? Optional.of(whole.longValueExact()) : Optional.empty();
    }

    private static long unitNs(String unit) {
        return switch (unit) {
            case "us" -> US;
            case "ms" -> MS;
            case "m" -> MINUTE;
            case "h" -> HOUR;
            case null, default -> SECOND;
        };
    }

    /** The way people write it: {@code 1h}, {@code 5m}, {@code 40.95s}, {@code 10ms}; parses to the same length. */
    static String format(long ns) {
        if (ns >= HOUR && ns % HOUR == 0) {
            return ns / HOUR + "h";
        }
        if (ns >= MINUTE && ns % MINUTE == 0) {
            return ns / MINUTE + "m";
        }
        long unit = ns >= SECOND || ns == 0 ? SECOND : ns >= MS ? MS : US;
        String name = unit == SECOND ? "s" : unit == MS ? "ms" : "us";
        return BigDecimal.valueOf(ns).divide(BigDecimal.valueOf(unit)).stripTrailingZeros().toPlainString() + name;
    }
}
