package dev.vipd.director.doctor;

import dev.vipd.ipvs.Endpoints;
import dev.vipd.netlink.route.InterfaceAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.List;

/** Addresses, prefixes and texts of them. */
final class Networks {
    private static final int SHOWN_MAX = 3;

    private Networks() {}

    /** Whether the two are of one family and one network of this prefix. */
    static boolean same(InetAddress a, InetAddress b, int prefixLength) {
        byte[] one = a.getAddress();
        byte[] other = b.getAddress();
        if (one.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < prefixLength; bit++) {
            int mask = 0x80 >> bit % 8;
            if ((one[bit / 8] & mask) != (other[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the address lies in the network that this one of an interface makes. */
    static boolean contains(InterfaceAddress own, InetAddress address) {
        return own.peer().isEmpty() && same(own.address(), address, own.prefixLength());
    }

    static int bits(InetAddress address) {
        return address.getAddress().length * 8;
    }

    static boolean six(InetAddress address) {
        return address instanceof Inet6Address;
    }

    /** {@code 192.0.2.1}, {@code 2001:db8::1}. */
    static String text(InetAddress address) {
        String text = Endpoints.format(address, 0);
        return six(address) ? text.substring(1, text.indexOf(']')) : address.getHostAddress();
    }

    /** {@code 192.0.2.1/24}. */
    static String text(InterfaceAddress address) {
        return text(address.address()) + "/" + address.prefixLength();
    }

    /** The network itself: {@code 192.0.2.0/24}. */
    static String network(InetAddress address, int prefixLength) {
        byte[] bytes = address.getAddress();
        for (int bit = prefixLength; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        try {
            return text(InetAddress.getByAddress(bytes)) + "/" + prefixLength;
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are an address", e);
        }
    }

    /** The first of them, and how many more there are. */
    static String few(Collection<String> all) {
        List<String> shown = all.stream().distinct().toList();
        return shown.size() <= SHOWN_MAX
                ? String.join(", ", shown)
                : String.join(", ", shown.subList(0, SHOWN_MAX)) + " and " + (shown.size() - SHOWN_MAX) + " more";
    }
}
