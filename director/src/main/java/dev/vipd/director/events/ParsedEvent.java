package dev.vipd.director.events;

import java.util.List;
import java.util.Optional;

/**
 * An event as read back from its line. The id is text: a newer director may know more events.
 *
 * @param wallMicros microseconds since 1970-01-01T00:00:00Z
 * @param seq        0 when the line has none ({@code log.other})
 * @param monoNs     CLOCK_MONOTONIC, nanoseconds with the line's precision
 */
public record ParsedEvent(
        long wallMicros,
        Level level,
        String id,
        String node,
        String boot,
        long seq,
        long monoNs,
        List<Event.Field> fields,
        String text) implements LogLine {

    public ParsedEvent {
        fields = List.copyOf(fields);
    }

    public boolean is(EventId other) {
        return id.equals(other.id());
    }

    /** The value of the first field with this key. */
    public Optional<String> get(String key) {
        return fields.stream().filter(f -> f.key().equals(key)).map(Event.Field::value).findFirst();
    }

    /** Like {@link #get}, with {@code -} for a missing field, as the format itself writes it. */
    public String value(String key) {
        return get(key).orElse("-");
    }
}
