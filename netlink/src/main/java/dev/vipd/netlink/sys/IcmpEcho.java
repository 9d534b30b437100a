package dev.vipd.netlink.sys;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * Codec of ICMP echo, version 4 (RFC 792) and 6 (RFC 4443, section 4), and of the destination unreachable messages
 * about it (there, section 3.1). All of it is big-endian. The data are a token of the sender's.
 *
 * <pre>
 *  0      1      2          4            6          8                16
 *  +------+------+----------+------------+----------+----------------+
 *  | type | code | checksum | identifier | sequence | token          |   echo request and reply
 *  +------+------+----------+------------+----------+----------------+
 *  | type | code | checksum | unused                | packet that could not be delivered, cut
 *  +------+------+----------+-----------------------+----------------
 * </pre>
 */
public final class IcmpEcho {
    static final int IDENTIFIER = 4;
    static final int SEQUENCE = 6;
    static final int HEADER_BYTES = 8;

    private static final int MESSAGE_BYTES = 16;
    private static final int IPPROTO_ICMP = 1;
    private static final int IPPROTO_ICMPV6 = 58;
    private static final int REQUEST = 8;
    private static final int REQUEST_V6 = 128;
    private static final int IPV6_HEADER_BYTES = 40;

    private IcmpEcho() {}

    /** What came in about an echo request. */
    public sealed interface Answer {
        int identifier();

        int sequence();
    }

    /** An echo reply; {@code token} is 0 when the data are shorter than one. */
    public record Reply(int identifier, int sequence, long token) implements Answer {}

    /**
     * The request could not be delivered.
     *
     * @param target address it was sent to
     * @param reason {@code host unreachable}, {@code network unreachable} and the like
     */
    public record Unreachable(int identifier, int sequence, byte[] target, String reason) implements Answer {}

    static int protocol(boolean six) {
        return six ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
    }

    static int replyType(boolean six) {
        return six ? 129 : 0;
    }

    static int unreachableType(boolean six) {
        return six ? 1 : 3;
    }

    /**
     * Writes an echo request into the buffer, ready to be read. The kernel fills in the checksum of version 6, which
     * covers the addresses.
     */
    public static void putRequest(ByteBuffer buffer, boolean six, int identifier, int sequence, long token) {
        buffer.clear().limit(MESSAGE_BYTES).order(ByteOrder.BIG_ENDIAN);
        buffer.put(0, (byte) (six ? REQUEST_V6 : REQUEST)).put(1, (byte) 0).putShort(2, (short) 0);
        buffer.putShort(IDENTIFIER, (short) identifier).putShort(SEQUENCE, (short) sequence);
        buffer.putLong(HEADER_BYTES, token);
        if (!six) {
            buffer.putShort(2, (short) checksum(buffer));
        }
    }

    /**
     * Reads what a raw socket received.
     *
     * @param packet of version 4 with its header
     * @return empty for anything else, and for what is cut or malformed
     */
    public static Optional<Answer> decode(ByteBuffer packet, boolean six) {
        ByteBuffer data = packet.slice(); // big-endian
        int at = six ? 0 : ipv4HeaderBytes(data, 0);
        if (at < 0 || data.limit() < at + HEADER_BYTES) {
            return Optional.empty();
        }
        int type = data.get(at) & 0xff;
        if (type == replyType(six)) {
            long token = data.limit() < at + MESSAGE_BYTES ? 0 : data.getLong(at + HEADER_BYTES);
            return Optional.of(new Reply(identifier(data, at), sequence(data, at), token));
        }
        return type == unreachableType(six)
                ? decodeUnreachable(data, at + HEADER_BYTES, data.get(at + 1) & 0xff, six)
                : Optional.empty();
    }

    /** The packet inside begins at {@code at}. */
    private static Optional<Answer> decodeUnreachable(ByteBuffer data, int at, int code, boolean six) {
        int headerBytes = six ? IPV6_HEADER_BYTES : ipv4HeaderBytes(data, at);
        int message = at + headerBytes;
        if (headerBytes < 0 || data.limit() < message + HEADER_BYTES
                || (data.get(at + (six ? 6 : 9)) & 0xff) != protocol(six)
                || (data.get(message) & 0xff) != (six ? REQUEST_V6 : REQUEST)) {
            return Optional.empty();
        }
        byte[] target = new byte[six ? 16 : 4];
        data.get(at + (six ? 24 : 16), target);
        return Optional.of(new Unreachable(
                identifier(data, message), sequence(data, message), target, six ? reasonV6(code) : reason(code)));
    }

    /** @return -1 when it is not all there */
    private static int ipv4HeaderBytes(ByteBuffer data, int at) {
        int bytes = data.limit() > at ? (data.get(at) & 0x0f) * 4 : -1;
        return bytes >= 20 && data.limit() >= at + bytes ? bytes : -1;
    }

    private static int identifier(ByteBuffer data, int at) {
        return data.getShort(at + IDENTIFIER) & 0xffff;
    }

    private static int sequence(ByteBuffer data, int at) {
        return data.getShort(at + SEQUENCE) & 0xffff;
    }

    /** RFC 792; RFC 1812, section 5.2.7.1. */
    private static String reason(int code) {
        return switch (code) {
            case 0, 6, 11 -> "network unreachable";
            case 1, 7, 8, 12 -> "host unreachable";
            case 9, 10, 13 -> "prohibited on the way";
            default -> "unreachable";
        };
    }

    private static String reasonV6(int code) {
        return switch (code) {
            case 0 -> "network unreachable";
            case 3 -> "host unreachable";
            case 1, 5, 6 -> "prohibited on the way";
            default -> "unreachable";
        };
    }

    private static int checksum(ByteBuffer message) {
        int sum = 0;
        for (int i = 0; i < MESSAGE_BYTES; i += 2) {
            sum += message.getShort(i) & 0xffff;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        return ~(sum + (sum >>> 16)) & 0xffff;
    }

    /** Whether a socket address, as it was received with a message, is that of a host; the scope does not count. */
    public static boolean isFrom(ByteBuffer sender, byte[] host) {
        byte[] from = new byte[host.length];
        sender.get(host.length == 4 ? 4 : 8, from);
        return Arrays.equals(from, host);
    }
}
