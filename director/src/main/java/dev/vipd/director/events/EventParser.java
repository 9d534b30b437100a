package dev.vipd.director.events;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads lines that {@link EventFormat} wrote, also behind a prefix (journald's, a timestamper's). Never throws. */
public final class EventParser {
    private static final Pattern HEAD = Pattern.compile(
            "(\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{6}Z) (INFO |WARN |ERROR) ([a-z0-9_.]+) (?=node=)");
    private static final Pattern START = Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{6}Z [IWE]");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
    private static final Pattern MONO = Pattern.compile("(-?\\d{1,9})\\.(\\d{6})");

    private EventParser() {}

    /** The event of a line, or empty for any other line. */
    public static Optional<ParsedEvent> event(String line) {
        return parse(line) instanceof ParsedEvent event ? Optional.of(event) : Optional.empty();
    }

    /**
     * What the line is. Where one line was cut short and the next one follows on the same line, the second is read;
     * the hole in {@code seq} tells of the first.
     */
    public static LogLine parse(String line) {
        Matcher head = HEAD.matcher(line);
        boolean found = false;
        while (head.find()) {
            found = true;
            Optional<ParsedEvent> event = body(line, head);
            if (event.isPresent()) {
                return event.get();
            }
        }
        return found || START.matcher(line).lookingAt() ? new LogLine.Truncated() : new LogLine.Foreign();
    }

    private static Optional<ParsedEvent> body(String line, Matcher head) {
        Cursor cursor = new Cursor(line, head.end());
        List<Event.Field> fields = new ArrayList<>();
        String text = "";
        while (!cursor.atEnd()) {
            if (cursor.takeBar()) {
                text = cursor.rest();
                break;
            }
            Optional<Event.Field> field = cursor.takeField();
            if (field.isEmpty()) {
                return Optional.empty();
            }
            fields.add(field.get());
        }
        return stamped(head, fields, text);
    }

    private static Optional<ParsedEvent> stamped(Matcher head, List<Event.Field> fields, String text) {
        boolean other = head.group(3).equals(EventId.LOG_OTHER.id());
        List<String> expected = other ? List.of("node", "boot", "mono") : List.of("node", "boot", "seq", "mono");
        if (fields.size() < expected.size()
                || !fields.stream().limit(expected.size()).map(Event.Field::key).toList().equals(expected)) {
            return Optional.empty();
        }
        int first = expected.size();
        String seq = other ? "0" : fields.get(2).value();
        Matcher mono = MONO.matcher(fields.get(first - 1).value());
        if (!NUMBER.matcher(seq).matches() || !mono.matches()) {
            return Optional.empty();
        }
        long wallMicros;
        try {
            Instant wall = Instant.parse(head.group(1));
            wallMicros = wall.getEpochSecond() * 1_000_000 + wall.getNano() / 1000;
        } catch (DateTimeException notATime) {
            return Optional.empty();
        }
        long monoNs = Long.parseLong(mono.group(1)) * 1_000_000_000 + Long.parseLong(mono.group(2)) * 1000;
        return Optional.of(new ParsedEvent(wallMicros, Level.valueOf(head.group(2).strip()), head.group(3),
                fields.get(0).value(), fields.get(1).value(), Long.parseLong(seq), monoNs,
                fields.subList(first, fields.size()), text));
    }

    /** Walks over {@code key=value key="value" | text}. */
    private static final class Cursor {
        private final String line;
        private int at;

        Cursor(String line, int at) {
            this.line = line;
            this.at = at;
        }

        boolean atEnd() {
            return at >= line.length();
        }

        boolean takeBar() {
            if (!line.startsWith("| ", at)) {
                return false;
            }
            at += 2;
            return true;
        }

        String rest() {
            return line.substring(at);
        }

        Optional<Event.Field> takeField() {
            int equals = line.indexOf('=', at);
            if (equals < 0 || !Event.Field.isKey(line.substring(at, equals))) {
                return Optional.empty();
            }
            String key = line.substring(at, equals);
            at = equals + 1;
            Optional<String> value = !atEnd() && line.charAt(at) == '"' ? takeQuoted() : takeBare();
            if (value.isEmpty() || !atEnd() && line.charAt(at++) != ' ') {
                return Optional.empty();
            }
            return Optional.of(new Event.Field(key, value.get()));
        }

        private Optional<String> takeBare() {
            int end = line.indexOf(' ', at);
            String value = line.substring(at, end < 0 ? line.length() : end);
            at += value.length();
            boolean whole = !value.isEmpty() && value.chars().allMatch(c -> "\"=|\\".indexOf(c) < 0);
            return whole ? Optional.of(value) : Optional.empty();
        }

        private Optional<String> takeQuoted() {
            StringBuilder value = new StringBuilder();
            for (at++; !atEnd(); at++) {
                char c = line.charAt(at);
                if (c == '"') {
                    at++;
                    return Optional.of(value.toString());
                }
                if (c != '\\') {
                    value.append(c);
                } else if (!takeEscape(value)) {
                    return Optional.empty();
                }
            }
            return Optional.empty();
        }

        /** Leaves {@code at} on the last character of the escape. */
        private boolean takeEscape(StringBuilder value) {
            at++;
            if (atEnd()) {
                return false;
            }
            char c = line.charAt(at);
            switch (c) {
                case '"', '\\' -> value.append(c);
                case 'n' -> value.append('\n');
                case 'u' -> {
                    String hex = line.substring(Math.min(at + 1, line.length()), Math.min(at + 5, line.length()));
                    if (hex.length() < 4 || hex.chars().anyMatch(d -> Character.digit(d, 16) < 0)) {
                        return false;
                    }
                    value.append((char) Integer.parseInt(hex, 16));
                    at += 4;
                }
                default -> {
                    return false;
                }
            }
            return true;
        }
    }
}
