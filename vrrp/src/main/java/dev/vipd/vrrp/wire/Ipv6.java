package dev.vipd.vrrp.wire;

import java.net.Inet6Address;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** IPv6 addresses in packets. */
final class Ipv6 {
    static final int ADDRESS_BYTES = 16;

    private Ipv6() {}

    /** The address at an absolute index; also one that maps an IPv4 address is one of IPv6 here. */
    static Inet6Address of(ByteBuffer bytes, int at) {
        byte[] address = new byte[ADDRESS_BYTES];
        bytes.get(at, address);
        try {
            return Inet6Address.getByAddress(null, address, -1);
        } catch (UnknownHostException e) {
            throw new AssertionError("sixteen bytes are an IPv6 address", e);
        }
    }
}
