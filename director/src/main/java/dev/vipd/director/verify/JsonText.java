package dev.vipd.director.verify;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Maps, lists, strings, numbers and booleans as JSON (RFC 8259), on one line. */
final class JsonText {
    private JsonText() {}

    static String of(Object value) {
        StringBuilder json = new StringBuilder();
        append(json, value);
        return json.toString();
    }

    private static void append(StringBuilder json, Object value) {
        switch (value) {
            case Map<?, ?> map -> {
                json.append('{');
                for (Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator(); entries.hasNext();) {
                    Map.Entry<?, ?> entry = entries.next();
                    string(json, String.valueOf(entry.getKey()));
                    append(json.append(':'), entry.getValue());
                    json.append(entries.hasNext() ? "," : "");
                }
                json.append('}');
            }
            case List<?> list -> {
                json.append('[');
                for (Iterator<?> items = list.iterator(); items.hasNext();) {
                    append(json, items.next());
                    json.append(items.hasNext() ? "," : "");
                }
                json.append(']');
            }
            case Number number -> json.append(number);
            case Boolean bool -> json.append(bool);
            default -> string(json, value.toString());
        }
    }

    private static void string(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                json.append("\\u").append(String.format("%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
