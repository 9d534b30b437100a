package dev.vipd.healthcheck.dialogue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Optional;

/** Domain names on the wire (RFC 1035, section 4.1.4). */
final class DnsName {
    private static final int LABEL_BYTES_MAX = 63;
    private static final int NAME_BYTES_MAX = 255;
    private static final int POINTER = 0xc0;

    private DnsName() {}

    /** What is wrong with it as the name of a question, for people; empty if nothing is. */
    static Optional<String> problem(String name) {
        if (name.isEmpty()) {
            return Optional.empty();
        }
        if (name.length() + 2 > NAME_BYTES_MAX) {
            return Optional.of("a domain name has 253 characters at most");
        }
        for (String label : name.split("\\.", -1)) {
            if (label.isEmpty()) {
                return Optional.of("a label of the domain name is empty");
            }
            if (label.length() > LABEL_BYTES_MAX) {
                return Optional.of("a label of a domain name has 63 characters at most");
            }
        }
        return name.chars().allMatch(c -> c > ' ' && c < 0x7f)
                ? Optional.empty()
                : Optional.of("a domain name has ASCII letters, write others as xn--…");
    }

    static void put(ByteBuffer to, String name) {
        if (!name.isEmpty()) {
            for (String label : name.split("\\.", -1)) {
                to.put((byte) label.length()).put(label.getBytes(US_ASCII));
            }
        }
        to.put((byte) 0);
    }

    /** Moves behind a name; whether there is one. */
    static boolean skip(ByteBuffer message) {
        while (message.hasRemaining()) {
            int size = message.get() & 0xff;
            if (size == 0) {
                return true;
            }
            boolean pointer = (size & POINTER) == POINTER;
            int count = pointer ? 1 : size;
            if (!pointer && size > LABEL_BYTES_MAX || message.remaining() < count) {
                return false;
            }
            message.position(message.position() + count);
            if (pointer) {
                return true;
            }
        }
        return false;
    }

    /**
     * The name at an offset, as text: labels with a dot after each, {@code .} for the root. A pointer has to lead
     * backwards, so there is no loop.
     */
    static Optional<String> at(ByteBuffer message, int offset) {
        StringBuilder text = new StringBuilder();
        int at = offset;
        int before = offset;
        int bytes = 0;
        while (at < message.limit()) {
            int size = message.get(at) & 0xff;
            if (size == 0) {
                return Optional.of(text.isEmpty() ? "." : text.toString());
            }
            if ((size & POINTER) == POINTER) {
                int to = at + 1 < message.limit() ? (size & 0x3f) << 8 | message.get(at + 1) & 0xff : before;
                if (to >= before) {
                    return Optional.empty();
                }
                at = to;
                before = to;
                continue;
            }
            bytes += size + 1;
            if (size > LABEL_BYTES_MAX || bytes >= NAME_BYTES_MAX || at + 1 + size > message.limit()) {
                return Optional.empty();
            }
            for (int i = 1; i <= size; i++) {
                append(text, message.get(at + i) & 0xff);
            }
            text.append('.');
            at += size + 1;
        }
        return Optional.empty();
    }

    /** As in zone files (RFC 1035, section 5.1). */
    private static void append(StringBuilder text, int c) {
        if (c <= ' ' || c >= 0x7f) {
            text.append('\\').append((char) ('0' + c / 100)).append((char) ('0' + c / 10 % 10))
                    .append((char) ('0' + c % 10));
        } else if (c == '.' || c == '\\') {
            text.append('\\').append((char) c);
        } else {
            text.append((char) c);
        }
    }
}
