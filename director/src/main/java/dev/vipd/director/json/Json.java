package dev.vipd.director.json;

import java.lang.reflect.RecordComponent;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Writes values as JSON (RFC 8259). Known are: null, strings, booleans, finite numbers, enums (their name), {@link
 * Optional} (its value or null), {@link Map} with string keys, {@link Iterable}, and records, whose components become
 * keys in snake case ({@code realServers}: {@code "real_servers"}). Anything else is an IllegalArgumentException: what
 * goes out is decided by who builds the value, not by some toString.
 */
public final class Json {
    private static final int INDENT = 2;

    private final StringBuilder out = new StringBuilder();
    private final boolean pretty;
    private int depth;

    private Json(boolean pretty) {
        this.pretty = pretty;
    }

    /** On one line, without blanks. */
    public static String compact(Object value) {
        return new Json(false).value(value).out.toString();
    }

    /** Indented, one member a line, without a newline at the end. */
    public static String pretty(Object value) {
        return new Json(true).value(value).out.toString();
    }

    private Json value(Object value) {
        switch (value) {
            case null -> out.append("null");
            case CharSequence text -> string(text);
            case Boolean flag -> out.append(flag);
            case Double d when !Double.isFinite(d) -> throw new IllegalArgumentException(d + " has no form in JSON");
            case Float f when !Float.isFinite(f) -> throw new IllegalArgumentException(f + " has no form in JSON");
            case Number number -> out.append(number);
            case Enum<?> constant -> string(constant.name());
            case Optional<?> optional -> value(optional.orElse(null));
            case Map<?, ?> map -> object(map.entrySet().iterator());
            case Iterable<?> list -> array(list.iterator());
            case Record rec -> object(components(rec).entrySet().iterator());
            default -> throw new IllegalArgumentException("no JSON for " + value.getClass().getName());
        }
        return this;
    }

    private static Map<String, Object> components(Record rec) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (RecordComponent component : rec.getClass().getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true);
                String key = component.getName().replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
                members.put(key, component.getAccessor().invoke(rec));
            } catch (ReflectiveOperationException e) {
                throw new IllegalArgumentException("no JSON for " + rec.getClass().getName(), e);
            }
        }
        return members;
    }

    private <K, V> void object(Iterator<Map.Entry<K, V>> members) {
        open('{', members);
        while (members.hasNext()) {
            Map.Entry<K, V> member = members.next();
            if (!(member.getKey() instanceof String key)) {
                throw new IllegalArgumentException("no JSON for the key " + member.getKey());
            }
            string(key);
            out.append(pretty ? ": " : ":");
            value(member.getValue());
            next(members, '}');
        }
    }

    private void array(Iterator<?> items) {
        open('[', items);
        while (items.hasNext()) {
            value(items.next());
            next(items, ']');
        }
    }

    private void open(char bracket, Iterator<?> items) {
        out.append(bracket);
        depth++;
        if (items.hasNext()) {
            newline();
        } else {
            depth--;
            out.append(bracket == '{' ? '}' : ']');
        }
    }

    private void next(Iterator<?> items, char bracket) {
        if (items.hasNext()) {
            out.append(',');
            newline();
        } else {
            depth--;
            newline();
            out.append(bracket);
        }
    }

    private void newline() {
        if (pretty) {
            out.append('\n').repeat(' ', depth * INDENT);
        }
    }

    /** Escapes what RFC 8259, 7 asks for, and what would break a terminal or a UTF-8 encoder: C1, lone surrogates. */
    private void string(CharSequence text) {
        out.append('"');
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    boolean lineEnd = c == 0x2028 || c == 0x2029;
                    if (Character.isISOControl(c) || lineEnd || Character.getType(c) == Character.SURROGATE) {
                        out.append(String.format(Locale.ROOT, "\\u%04x", c));
                    } else {
                        out.appendCodePoint(c);
                    }
                }
            }
        });
        out.append('"');
    }
}
