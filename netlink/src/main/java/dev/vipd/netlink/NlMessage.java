package dev.vipd.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One netlink message.
 *
 * @param type    nlmsg_type
 * @param flags   nlmsg_flags
 * @param seq     nlmsg_seq
 * @param pid     nlmsg_pid: port id of the requester
 * @param payload what follows the header of 16 bytes; not to be changed
 */
public record NlMessage(int type, int flags, int seq, int pid, byte[] payload) {

    /** The bytes of the message, with its length padded to four. */
    public byte[] encode() {
        return encodeAll(List.of(this));
    }

    /** Several messages in one datagram. */
    public static byte[] encodeAll(List<NlMessage> messages) {
        int size = messages.stream().mapToInt(message -> Nl.align(message.length())).sum();
        ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
        messages.forEach(message -> message.write(out));
        return out.array();
    }

    private int length() {
        return Nl.NLMSG_HEADER_BYTES + payload.length;
    }

    private void write(ByteBuffer out) {
        out.putInt(length()).putShort((short) type).putShort((short) flags).putInt(seq).putInt(pid).put(payload);
        out.position(Nl.align(out.position()));
    }

    /** The messages of one datagram. What is cut or malformed at the end is left out; never throws. */
    public static List<NlMessage> decodeAll(byte[] datagram) {
        List<NlMessage> messages = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(datagram).order(ByteOrder.nativeOrder());
        int at = 0;
        while (datagram.length - at >= Nl.NLMSG_HEADER_BYTES) {
            int length = in.getInt(at);
            if (length < Nl.NLMSG_HEADER_BYTES || length > datagram.length - at) {
                break;
            }
            messages.add(new NlMessage(
                    in.getShort(at + 4) & 0xffff,
                    in.getShort(at + 6) & 0xffff,
                    in.getInt(at + 8),
                    in.getInt(at + 12),
                    Arrays.copyOfRange(datagram, at + Nl.NLMSG_HEADER_BYTES, at + length)));
            at += Nl.align(length);
        }
        return messages;
    }

    /** Reads attributes that follow a family header of {@code headerBytes}. */
    public NlAttrReader attributes(int headerBytes) {
        return new NlAttrReader(payload, Math.min(headerBytes, payload.length), payload.length);
    }

    /** The payload in the kernel's byte order, for headers. */
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(payload).order(ByteOrder.nativeOrder());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NlMessage that
                && type == that.type
                && flags == that.flags
                && seq == that.seq
                && pid == that.pid
                && Arrays.equals(payload, that.payload);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * type + seq) + Arrays.hashCode(payload);
    }

    @Override
    public String toString() {
        return "NlMessage[type=" + type + ", flags=0x" + Integer.toHexString(flags) + ", seq=" + seq + ", pid=" + pid
                + ", payload=" + java.util.HexFormat.of().formatHex(payload) + "]";
    }
}
