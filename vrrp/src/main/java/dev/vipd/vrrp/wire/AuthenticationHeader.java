package dev.vipd.vrrp.wire;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The IP authentication header (RFC 2402) with HMAC-MD5-96 (RFC 2403) of a received version 2 advert, in the form that
 * keepalived sends it, which no RFC has: between IPv4 header and VRRP message.
 *
 * <pre>
 *  0  4  next header 112, payload length 4 (24 bytes less 8, in words), 0
 *  4  4  SPI: the sender's IPv4 address
 *  8  4  sequence number
 * 12 12  integrity check value: the first 12 bytes of HMAC-MD5
 * </pre>
 *
 * The key is the password, 8 bytes. The value covers the IPv4 header (TOS, fragment field and checksum zero; TTL zero
 * when unicast), this header (the value zero) and the message.
 */
public final class AuthenticationHeader {
    /** IP protocol number. */
    public static final int PROTOCOL = 51;

    static final int LENGTH = 24;
    private static final int FIXED_FIELDS = AdvertCodec.PROTOCOL << 24 | 4 << 16;
    private static final int ICV_OFFSET = 12;
    private static final int ICV_LENGTH = 12;
    private static final String ALGORITHM = "HmacMD5";

    private final int spi;
    private final long sequence;
    private final byte[] icv;
    private final byte[] covered;

    /**
     * What a sent advert is sealed with.
     *
     * @param password 8 bytes as a big-endian number
     * @param sequence number of the advert, greater than that of any before; lower 32 bits
     */
    public record Seal(long password, long sequence) {
        /** The password stays out of the log. */
        @Override
        public String toString() {
            return "Seal " + sequence;
        }
    }

    private AuthenticationHeader(int spi, long sequence, byte[] icv, byte[] covered) {
        this.spi = spi;
        this.sequence = sequence;
        this.icv = icv;
        this.covered = covered;
    }

    /** Sequence number, 0..2^32-1: one not greater than the last is a repetition. */
    public long sequence() {
        return sequence;
    }

    /** Whether the sender knows the password. */
    public boolean sealedWith(long password) {
        return MessageDigest.isEqual(icv, icv(password, covered));
    }

    /** Whether its SPI says the same sender as the IP header. */
    public boolean names(InetAddress source) {
        return spi == Ipv4.toInt(source);
    }

    /** Whether the bytes at an absolute index can be such a header. */
    static boolean isAt(ByteBuffer packet, int at) {
        return packet.getInt(at) == FIXED_FIELDS;
    }

    /** The header at {@code at} of the packet that goes from {@code start} to {@code end}. */
    static AuthenticationHeader read(ByteBuffer packet, int start, int at, int end) {
        byte[] icv = new byte[ICV_LENGTH];
        packet.get(at + ICV_OFFSET, icv);
        byte[] covered = new byte[end - start];
        packet.get(start, covered);
        clearVariable(covered, at - start);
        return new AuthenticationHeader(packet.getInt(at + 4), packet.getInt(at + 8) & 0xffff_ffffL, icv, covered);
    }

    /** Writes the header at {@code at} of a packet that is complete but for it. */
    static void write(ByteBuffer packet, int at, Seal seal) {
        packet.putInt(at, FIXED_FIELDS).putInt(at + 4, packet.getInt(12)).putInt(at + 8, (int) seal.sequence());
        byte[] covered = packet.array().clone();
        clearVariable(covered, at);
        packet.put(at + ICV_OFFSET, icv(seal.password(), covered));
    }

    private static void clearVariable(byte[] packet, int header) {
        packet[1] = 0; // TOS
        packet[6] = packet[7] = 0; // fragment field
        packet[10] = packet[11] = 0; // checksum
        boolean multicast = (packet[16] & 0xf0) == 0xe0;
        if (!multicast) {
            packet[8] = 0; // TTL
        }
        Arrays.fill(packet, header + ICV_OFFSET, header + ICV_OFFSET + ICV_LENGTH, (byte) 0);
    }

    private static byte[] icv(long password, byte[] covered) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            byte[] key = ByteBuffer.allocate(Long.BYTES).putLong(password).array();
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return Arrays.copyOf(mac.doFinal(covered), ICV_LENGTH);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has " + ALGORITHM, e);
        }
    }
}
