package dev.vipd.healthcheck.dialogue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** The data of a record as text, like in a zone file, and what makes two such texts the same. */
final class DnsData {
    private static final int A = 1;
    private static final int NS = 2;
    private static final int CNAME = 5;
    private static final int SOA = 6;
    private static final int PTR = 12;
    private static final int MX = 15;
    private static final int TXT = 16;
    private static final int AAAA = 28;
    private static final int SRV = 33;

    private DnsData() {}

    /** Data of {@code length} bytes at an offset, all of which are in the message; empty if malformed. */
    static Optional<String> text(ByteBuffer message, int type, int offset, int length) {
        int end = offset + length;
        return switch (type) {
            case A -> length == 4 ? address(message, offset, length) : Optional.empty();
            case AAAA -> length == 16 ? address(message, offset, length) : Optional.empty();
            case NS, CNAME, PTR -> lastName(message, offset, end);
            case MX -> length < 3
                    ? Optional.empty()
                    : lastName(message, offset + 2, end).map(name -> u16(message, offset) + " " + name);
            case SRV -> length < 7
                    ? Optional.empty()
                    : lastName(message, offset + 6, end).map(name -> u16(message, offset) + " "
                            + u16(message, offset + 2) + " " + u16(message, offset + 4) + " " + name);
            case SOA -> soa(message, offset, end);
            case TXT -> txt(message, offset, end);
            default -> Optional.of(unknown(message, offset, length));
        };
    }

    /** A name that takes up the rest of the data. */
    private static Optional<String> lastName(ByteBuffer message, int offset, int end) {
        ByteBuffer rest = message.duplicate().limit(end).position(offset);
        return DnsName.skip(rest) && !rest.hasRemaining() ? DnsName.at(message, offset) : Optional.empty();
    }

    private static Optional<String> address(ByteBuffer message, int offset, int length) {
        byte[] bytes = new byte[length];
        message.get(offset, bytes);
        try {
            return Optional.of(InetAddress.getByAddress(bytes).getHostAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("has the length of an address", e);
        }
    }

    private static Optional<String> soa(ByteBuffer message, int offset, int end) {
        ByteBuffer names = message.duplicate().limit(end).position(offset);
        if (!DnsName.skip(names)) {
            return Optional.empty();
        }
        int second = names.position();
        if (!DnsName.skip(names) || names.remaining() != 20) {
            return Optional.empty();
        }
        Optional<String> first = DnsName.at(message, offset);
        Optional<String> mailbox = DnsName.at(message, second);
        if (first.isEmpty() || mailbox.isEmpty()) {
            return Optional.empty();
        }
        StringBuilder text = new StringBuilder(first.get()).append(' ').append(mailbox.get());
        while (names.hasRemaining()) {
            text.append(' ').append(Integer.toUnsignedString(names.getInt()));
        }
        return Optional.of(text.toString());
    }

    /** RFC 1035, section 3.3.14: strings with their lengths, which belong together (RFC 7208, section 3.3). */
    private static Optional<String> txt(ByteBuffer message, int offset, int end) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(end - offset);
        for (int at = offset; at < end; ) {
            int size = message.get(at) & 0xff;
            if (at + 1 + size > end) {
                return Optional.empty();
            }
            for (int i = 1; i <= size; i++) {
                bytes.write(message.get(at + i));
            }
            at += 1 + size;
        }
        return Optional.of(bytes.toString(UTF_8));
    }

    /** RFC 3597, section 5. */
    private static String unknown(ByteBuffer message, int offset, int length) {
        byte[] bytes = new byte[length];
        message.get(offset, bytes);
        return ("\\# " + length + " " + HexFormat.of().formatHex(bytes)).strip();
    }

    private static int u16(ByteBuffer message, int offset) {
        return message.getShort(offset) & 0xffff;
    }

    /** Whether the data is what was wanted: addresses by value, names without regard to case and last dot. */
    static boolean isSame(int type, String data, String wanted) {
        return switch (type) {
            case A, AAAA -> {
                try {
                    yield InetAddress.ofLiteral(data).equals(InetAddress.ofLiteral(wanted));
                } catch (IllegalArgumentException _) {
                    yield false;
                }
            }
            case TXT -> data.equals(wanted);
            default -> plain(data).equals(plain(wanted));
        };
    }

    private static String plain(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT).replace(". ", " ");
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
