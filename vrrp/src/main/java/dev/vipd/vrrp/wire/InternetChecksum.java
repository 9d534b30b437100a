package dev.vipd.vrrp.wire;

import java.nio.ByteBuffer;

/** The Internet checksum (RFC 1071): one's complement of the one's complement sum of big-endian 16-bit words. */
final class InternetChecksum {
    private long sum;

    /** Adds one 16-bit word. */
    InternetChecksum word(int word) {
        sum += word & 0xffff;
        return this;
    }

    /** Adds the two words of a 32-bit number. */
    InternetChecksum words(int value) {
        return word(value >>> 16).word(value);
    }

    /** Adds {@code length} bytes from an absolute index; an odd last byte is the high half of a word. */
    InternetChecksum bytes(ByteBuffer data, int from, int length) {
        int end = from + length;
        int at = from;
        for (; at + 1 < end; at += 2) {
            word((data.get(at) & 0xff) << 8 | data.get(at + 1) & 0xff);
        }
        if (at < end) {
            word((data.get(at) & 0xff) << 8);
        }
        return this;
    }

    /** The value for the checksum field; 0 when the data added already contains its right checksum. */
    int value() {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return (int) (~folded & 0xffff);
    }
}
