package dev.vipd.healthcheck.dialogue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Reads a JSON text (RFC 8259) from its UTF-8 bytes for the one value that a pointer leads to. Nothing is built of the
 * rest, but the text must be well-formed as a whole. Of members with the same name the last counts, as in most readers.
 */
final class JsonReader {
    /** Objects and arrays within one another. */
    static final int DEPTH_MAX = 64;

    private static final JsonFound NOT_JSON = new JsonFound.NotJson();
    private static final JsonFound NOT_THERE = new JsonFound.NotThere();
    private static final int OFF_THE_PATH = -1;

    private final byte[] json;
    private final int end;
    private final JsonPointer pointer;
    private int pos;
    private JsonFound found = NOT_THERE;

    private JsonReader(byte[] json, int length, JsonPointer pointer) {
        this.json = json;
        this.end = length;
        this.pointer = pointer;
    }

    /** The value at the pointer in the first {@code length} bytes. */
    static JsonFound find(byte[] json, int length, JsonPointer pointer) {
        JsonReader reader = new JsonReader(json, length, pointer);
        reader.skipSpace();
        boolean good = reader.value(0, 0);
        reader.skipSpace();
        return good && reader.pos == length ? reader.found : NOT_JSON;
    }

    /** @param token index of the pointer's token that is looked for inside; off the path if the value is none of it */
    private boolean value(int depth, int token) {
        boolean wanted = token == pointer.tokens().size();
        int inside = wanted ? OFF_THE_PATH : token;
        int start = pos;
        switch (peek()) {
            case '{' -> {
                if (wanted) {
                    found = new JsonFound.Structure(false);
                }
                return depth < DEPTH_MAX && object(depth + 1, inside);
            }
            case '[' -> {
                if (wanted) {
                    found = new JsonFound.Structure(true);
                }
                return depth < DEPTH_MAX && array(depth + 1, inside);
            }
            case '"' -> {
                if (!string()) {
                    return false;
                }
                if (wanted) {
                    found = new JsonFound.Text(decoded(start + 1, pos - 1));
                }
                return true;
            }
            default -> {
                if (!literal("true") && !literal("false") && !literal("null") && !number()) {
                    return false;
                }
                if (wanted) {
                    found = new JsonFound.Literal(new String(json, start, pos - start, ISO_8859_1));
                }
                return true;
            }
        }
    }

    private boolean object(int depth, int token) {
        pos++;
        skipSpace();
        if (take('}')) {
            return true;
        }
        do {
            skipSpace();
            int start = pos;
            if (peek() != '"' || !string()) {
                return false;
            }
            boolean onPath = token != OFF_THE_PATH
                    && decoded(start + 1, pos - 1).equals(pointer.tokens().get(token));
            if (onPath) {
                found = NOT_THERE;
            }
            skipSpace();
            if (!take(':')) {
                return false;
            }
            skipSpace();
            if (!value(depth, onPath ? token + 1 : OFF_THE_PATH)) {
                return false;
            }
            skipSpace();
        } while (take(','));
        return take('}');
    }

    private boolean array(int depth, int token) {
        pos++;
        skipSpace();
        if (take(']')) {
            return true;
        }
        int wanted = token == OFF_THE_PATH ? -1 : index(pointer.tokens().get(token));
        int index = 0;
        do {
            skipSpace();
            if (!value(depth, index++ == wanted ? token + 1 : OFF_THE_PATH)) {
                return false;
            }
            skipSpace();
        } while (take(','));
        return take(']');
    }

    /** RFC 6901, section 4: digits without leading zeros; -1 if it is none. */
    private static int index(String token) {
        boolean good = !token.isEmpty() && token.length() < 9 && token.chars().allMatch(c -> c >= '0' && c <= '9');
        return good && (token.length() == 1 || token.charAt(0) != '0') ? Integer.parseInt(token) : -1;
    }

    private boolean string() {
        for (pos++; pos < end; pos++) {
            int b = json[pos];
            if (b == '"') {
                pos++;
                return true;
            }
            if (b >= 0 && b < 0x20) {
                return false;
            }
            if (b == '\\' && !escape()) {
                return false;
            }
        }
        return false;
    }

    /** From the backslash to the last character of the escape. */
    private boolean escape() {
        pos++;
        int c = peek();
        if (c != 'u') {
            return c > 0 && "\"\\/bfnrt".indexOf(c) >= 0;
        }
        for (int i = 0; i < 4; i++) {
            pos++;
            if (Character.digit(peek(), 16) < 0) {
                return false;
            }
        }
        return true;
    }

    /** The characters of a well-formed string between its quotes; what is not UTF-8 is replaced. */
    private String decoded(int from, int to) {
        String raw = new String(json, from, to - from, UTF_8);
        if (raw.indexOf('\\') < 0) {
            return raw;
        }
        StringBuilder text = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escaped = raw.charAt(++i);
            switch (escaped) {
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'u' -> {
                    text.append((char) Integer.parseInt(raw, i + 1, i + 5, 16));
                    i += 4;
                }
                default -> text.append(escaped);
            }
        }
        return text.toString();
    }

    private boolean number() {
        take('-');
        if (!take('0') && !digits()) {
            return false;
        }
        if (take('.') && !digits()) {
            return false;
        }
        if (take('e') || take('E')) {
            if (!take('+')) {
                take('-');
            }
            return digits();
        }
        return true;
    }

    private boolean digits() {
        int start = pos;
        while (peek() >= '0' && peek() <= '9') {
            pos++;
        }
        return pos > start;
    }

    private boolean literal(String word) {
        if (end - pos < word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (json[pos + i] != word.charAt(i)) {
                return false;
            }
        }
        pos += word.length();
        return true;
    }

    private int peek() {
        return pos < end ? json[pos] : -1;
    }

    private boolean take(char c) {
        if (peek() != c) {
            return false;
        }
        pos++;
        return true;
    }

    private void skipSpace() {
        while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') {
            pos++;
        }
    }
}
