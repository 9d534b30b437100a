package dev.vipd.vrrp.wire;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** IPv4 addresses as 32-bit numbers. */
public final class Ipv4 {
    private Ipv4() {}

    /** The address as a big-endian number; compare with {@link Integer#compareUnsigned}. */
    public static int toInt(InetAddress address) {
        return ByteBuffer.wrap(address.getAddress()).getInt();
    }

    /** The opposite of {@link #toInt}. */
    public static Inet4Address of(int bits) {
        try {
            return (Inet4Address) InetAddress.getByAddress(
                    ByteBuffer.allocate(Integer.BYTES).putInt(bits).array());
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an IPv4 address", e);
        }
    }
}
