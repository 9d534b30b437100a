package dev.vipd.director.events;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One thing that happened, stamped when it happened.
 *
 * @param wallMicros wall clock, microseconds since 1970-01-01T00:00:00Z
 * @param monoNs     CLOCK_MONOTONIC, nanoseconds
 * @param seq        counts from 1 in each process, no holes
 * @param fields     what the event has besides node, boot, seq and mono, in the order it is written
 * @param text       for people; may be empty
 */
public record Event(
        long wallMicros, long monoNs, long seq, Level level, EventId id, List<Field> fields, String text) {

    public Event {
        fields = List.copyOf(fields);
    }

    /** The value of the first field with this key. */
    public Optional<String> get(String key) {
        return fields.stream().filter(f -> f.key().equals(key)).map(Field::value).findFirst();
    }

    /**
     * One {@code key=value}.
     *
     * @param key lower-case letters, digits and underscores; at least one
     */
    public record Field(String key, String value) {
        public Field {
            if (!isKey(key)) {
                throw new IllegalArgumentException("not a key: " + key);
            }
        }

        static boolean isKey(String key) {
            for (int i = 0; i < key.length(); i++) { // no stream: it is called for every field of every event
                if (!isKeyChar(key.charAt(i))) {
                    return false;
                }
            }
            return !key.isEmpty();
        }

        private static boolean isKeyChar(char c) {
            return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_';
        }
    }

    /**
     * Fields from {@code key, value, key, value, …}; values are written as {@link String#valueOf(Object)}.
     *
     * @throws IllegalArgumentException for an odd number, or a key that is none: a mistake in the calling code
     */
    public static List<Field> fields(Object... keyValues) {
        if (keyValues.length % 2 != 0) {
            throw new IllegalArgumentException("a key without a value");
        }
        List<Field> fields = new ArrayList<>(keyValues.length / 2);
        for (int i = 0; i < keyValues.length; i += 2) {
            fields.add(new Field((String) keyValues[i], String.valueOf(keyValues[i + 1])));
        }
        return fields;
    }
}
