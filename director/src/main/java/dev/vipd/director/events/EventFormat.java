package dev.vipd.director.events;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Writes an event as its line, {@code log=1} of {@code docs/events.md}. No line ends with a newline or contains one.
 *
 * @param node {@code router_id}
 * @param boot first four digits of the kernel's boot id
 */
public record EventFormat(String node, String boot) {
    private static final int MICROS = 1_000_000;

    /** The line of one event. */
    public String line(Event event) {
        StringBuilder line = head(event.wallMicros(), event.level(), event.id().id());
        line.append(" seq=").append(event.seq());
        mono(line, event.monoNs());
        return tail(line, event.fields(), event.text());
    }

    /** The line of a log record that is no event of ours: a library's. It has no {@code seq}. */
    public String otherLine(long wallMicros, long monoNs, Level level, String logger, String message) {
        StringBuilder line = head(wallMicros, level, EventId.LOG_OTHER.id());
        mono(line, monoNs);
        return tail(line, List.of(new Event.Field("logger", logger)), message);
    }

    private StringBuilder head(long wallMicros, Level level, String id) {
        StringBuilder line = new StringBuilder(256);
        appendTime(line, wallMicros);
        line.append(' ').append(level.name());
        if (level.name().length() < 5) {
            line.append(' ');
        }
        line.append(' ').append(id);
        appendField(line, "node", node);
        appendField(line, "boot", boot);
        return line;
    }

    private static void mono(StringBuilder line, long monoNs) {
        long micros = Math.floorDiv(monoNs, 1000L);
        line.append(" mono=").append(Math.floorDiv(micros, (long) MICROS)).append('.');
        appendPadded(line, (int) Math.floorMod(micros, (long) MICROS), 6);
    }

    private static String tail(StringBuilder line, List<Event.Field> fields, String text) {
        for (Event.Field field : fields) {
            appendField(line, field.key(), field.value());
        }
        if (!text.isEmpty()) {
            line.append(" | ");
            appendText(line, text);
        }
        return line.toString();
    }

    /** {@code 2026-11-21T03:50:11.123456Z}. */
    public static void appendTime(StringBuilder line, long wallMicros) {
        long seconds = Math.floorDiv(wallMicros, (long) MICROS);
        LocalDateTime time = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
        appendPadded(line, time.getYear(), 4);
        appendPadded(line.append('-'), time.getMonthValue(), 2);
        appendPadded(line.append('-'), time.getDayOfMonth(), 2);
        appendPadded(line.append('T'), time.getHour(), 2);
        appendPadded(line.append(':'), time.getMinute(), 2);
        appendPadded(line.append(':'), time.getSecond(), 2);
        appendPadded(line.append('.'), (int) Math.floorMod(wallMicros, (long) MICROS), 6);
        line.append('Z');
    }

    private static void appendPadded(StringBuilder line, int value, int width) {
        String digits = Integer.toString(value);
        line.repeat('0', Math.max(0, width - digits.length())).append(digits);
    }

    private static void appendField(StringBuilder line, String key, String value) {
        line.append(' ').append(key).append('=');
        if (isBare(value)) {
            line.append(value);
            return;
        }
        line.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> line.append('\\').append(c);
                case '\n' -> line.append("\\n");
                default -> {
                    if (breaksLine(value, i)) {
                        line.append("\\u");
                        line.repeat('0', 4 - Integer.toHexString(c).length()).append(Integer.toHexString(c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
        line.append('"');
    }

    private static boolean isBare(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == ' ' || c == '"' || c == '=' || c == '|' || c == '\\' || breaksLine(value, i)) {
                return false;
            }
        }
        return !value.isEmpty();
    }

    /** Control characters and Unicode's line ends, and half a surrogate pair, which UTF-8 can't carry. */
    private static boolean breaksLine(String value, int i) {
        char c = value.charAt(i);
        if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
            return true;
        }
        if (Character.isHighSurrogate(c)) {
            return i + 1 == value.length() || !Character.isLowSurrogate(value.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(value.charAt(i - 1)));
    }

    private static void appendText(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            line.append(breaksLine(text, i) ? ' ' : text.charAt(i));
        }
    }
}
