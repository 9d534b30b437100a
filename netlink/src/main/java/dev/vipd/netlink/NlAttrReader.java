package dev.vipd.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Walks over attributes: {@code while (in.next()) switch (in.type()) ...}. The first thing found wrong (a length
 * outside its container, a value too short for what is asked of it) is kept and ends the walk; values are zero from
 * then on. So callers check {@link #error()} once, at the end. Never throws, whatever the bytes.
 */
public final class NlAttrReader {
    private final ByteBuffer in;
    private final byte[] bytes;
    private final int end;
    private final NlAttrReader parent;
    private int nextAt;
    private int valueAt;
    private int valueLength;
    private int type;
    private String error;

    NlAttrReader(byte[] bytes, int from, int to) {
        this(bytes, ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()), from, to, null);
    }

    private NlAttrReader(byte[] bytes, ByteBuffer in, int from, int to, NlAttrReader parent) {
        this.bytes = bytes;
        this.in = in;
        this.nextAt = Nl.align(from);
        this.end = to;
        this.parent = parent;
    }

    /** Moves to the next attribute; false at the end and after an error. */
    public boolean next() {
        int left = end - nextAt;
        if (error != null || left < Nl.NLA_HEADER_BYTES) {
            return false; // fewer than four bytes are padding
        }
        int length = in.getShort(nextAt) & 0xffff;
        if (length < Nl.NLA_HEADER_BYTES || length > left) {
            return fail("attribute length " + length + " with " + left + " bytes left");
        }
        type = in.getShort(nextAt + 2) & Nl.NLA_TYPE_MASK;
        valueAt = nextAt + Nl.NLA_HEADER_BYTES;
        valueLength = length - Nl.NLA_HEADER_BYTES;
        nextAt += Nl.align(length);
        return true;
    }

    /** Number of the attribute, without the flags above it. */
    public int type() {
        return type;
    }

    public int u8() {
        return has(1) ? in.get(valueAt) & 0xff : 0;
    }

    public int u16() {
        return has(2) ? in.getShort(valueAt) & 0xffff : 0;
    }

    /** A u16 in network order: ports. */
    public int u16be() {
        return has(2) ? (bytes[valueAt] & 0xff) << 8 | bytes[valueAt + 1] & 0xff : 0;
    }

    /** The 32 bits as they are; use {@link Integer#toUnsignedLong} where the kernel means them unsigned. */
    public int u32() {
        return has(4) ? in.getInt(valueAt) : 0;
    }

    public long u64() {
        return has(8) ? in.getLong(valueAt) : 0;
    }

    public byte[] bytes() {
        return Arrays.copyOfRange(bytes, valueAt, valueAt + valueLength);
    }

    /** Text, up to the first NUL where there is one. */
    public String string() {
        int length = 0;
        while (length < valueLength && bytes[valueAt + length] != 0) {
            length++;
        }
        return new String(bytes, valueAt, length, StandardCharsets.UTF_8);
    }

    /** The attributes in this one. An error in them is an error of this reader as well. */
    public NlAttrReader nested() {
        return new NlAttrReader(bytes, in, valueAt, valueAt + valueLength, this);
    }

    /** What was wrong first, if anything. */
    public Optional<String> error() {
        return Optional.ofNullable(error);
    }

    private boolean has(int length) {
        return valueLength >= length || fail("attribute " + type + " has " + valueLength + " bytes, wants " + length);
    }

    private boolean fail(String what) {
        if (error == null) {
            error = what;
            if (parent != null) {
                parent.fail(what);
            }
        }
        return false;
    }
}
