package dev.vipd.netlink.route;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A network.
 *
 * @param address its address; the bits behind the prefix are given to the kernel as they are
 * @param length  bits of the prefix, 0..32 or 0..128
 */
public record IpPrefix(InetAddress address, int length) {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;

    /** Everything of the family of {@code like}: {@code 0.0.0.0/0} or {@code ::/0}. */
    public static IpPrefix all(InetAddress like) {
        return new IpPrefix(address(new byte[like.getAddress().length]), 0);
    }

    /** One address alone. */
    public static IpPrefix host(InetAddress address) {
        return new IpPrefix(address, address.getAddress().length * 8);
    }

    /** The kernel's number for the family of an address. */
    static int family(InetAddress address) {
        return address instanceof Inet4Address ? AF_INET : AF_INET6;
    }

    int family() {
        return family(address);
    }

    /** @param bytes 4 or 16 of them */
    static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are an address", e);
        }
    }

    @Override
    public String toString() {
        return length == 0 ? "default" : address.getHostAddress() + "/" + length;
    }
}
