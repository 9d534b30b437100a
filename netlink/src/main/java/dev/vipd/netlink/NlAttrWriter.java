package dev.vipd.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Writes a family header and attributes. Each attribute is {@code struct nlattr}: u16 length with these four bytes, u16
 * type, then the value, padded to four. Numbers are in host order unless the method says otherwise.
 */
public final class NlAttrWriter {
    private ByteBuffer out = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());

    public NlAttrWriter() {}

    /** @param header family header that comes first, padded to four bytes */
    public NlAttrWriter(byte[] header) {
        room(Nl.align(header.length)).put(header);
        pad();
    }

    public NlAttrWriter putU8(int type, int value) {
        return putBytes(type, new byte[] {(byte) value});
    }

    public NlAttrWriter putU16(int type, int value) {
        start(type, 2).putShort((short) value);
        pad();
        return this;
    }

    public NlAttrWriter putU32(int type, int value) {
        start(type, 4).putInt(value);
        return this;
    }

    /** A u16 in network order: ports. */
    public NlAttrWriter putU16be(int type, int value) {
        return putBytes(type, new byte[] {(byte) (value >> 8), (byte) value});
    }

    public NlAttrWriter putBytes(int type, byte[] value) {
        start(type, value.length).put(value);
        pad();
        return this;
    }

    /** Text with a NUL behind it. */
    public NlAttrWriter putString(int type, String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        return putBytes(type, Arrays.copyOf(text, text.length + 1));
    }

    /** An attribute that holds those that {@code inner} writes. Without NLA_F_NESTED: the kernel needs none. */
    public NlAttrWriter nest(int type, Consumer<NlAttrWriter> inner) {
        int at = out.position();
        start(type, 0);
        inner.accept(this);
        out.putShort(at, (short) (out.position() - at));
        return this;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(out.array(), out.position());
    }

    private ByteBuffer start(int type, int length) {
        int whole = Nl.NLA_HEADER_BYTES + length;
        if (whole > 0xffff) {
            throw new IllegalArgumentException("attribute of " + length + " bytes: the length field has 16 bits");
        }
        return room(Nl.align(whole)).putShort((short) whole).putShort((short) type);
    }

    private ByteBuffer room(int bytes) {
        if (out.remaining() < bytes) {
            int size = Math.max(out.capacity() * 2, out.position() + bytes);
            out = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder()).put(out.flip());
        }
        return out;
    }

    private void pad() {
        out.position(Nl.align(out.position())); // room() counted the padding, and the array is zeroed
    }
}
