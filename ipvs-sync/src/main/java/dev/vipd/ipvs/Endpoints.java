package dev.vipd.ipvs;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Address and port as text. */
public final class Endpoints {
    /** Groups of 16 bits in an IPv6 address. */
    private static final int GROUPS = 8;

    /** Groups of zeros before the ffff of an address of IPv4 in IPv6. */
    private static final int MAPPED_ZEROS = 5;

    private Endpoints() {}

    /** {@code 192.0.2.1:80} or {@code [2001:db8::1]:80}; IPv6 as RFC 5952 wants it, and as ipvsadm prints it. */
    public static String format(InetAddress address, int port) {
        return (address instanceof Inet6Address ? "[" + text(address) + "]" : text(address)) + ":" + port;
    }

    /** {@code 192.0.2.1} or {@code 2001:db8::1}: the JDK's own text of an IPv6 address never shortens zeros. */
    public static String text(InetAddress address) {
        return address instanceof Inet6Address v6 ? text(v6) : address.getHostAddress();
    }

    private static String text(Inet6Address address) {
        int[] groups = new int[GROUPS];
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        Arrays.setAll(groups, i -> Short.toUnsignedInt(bytes.getShort(2 * i)));
        int start = GROUPS;
        int length = 1; // a single zero is not shortened (section 4.2.2), and of equal runs it is the first (4.2.3)
        for (int i = 0; i < GROUPS; i++) {
            int end = i;
            while (end < GROUPS && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
        }
        if (start == GROUPS) {
            return hex(groups, 0, GROUPS);
        }
        if (start == 0 && length == MAPPED_ZEROS && groups[MAPPED_ZEROS] == 0xffff) { // RFC 5952, 5
            return "::ffff:" + IntStream.range(12, 16)
                    .mapToObj(i -> Integer.toString(Byte.toUnsignedInt(bytes.get(i))))
                    .collect(Collectors.joining("."));
        }
        return hex(groups, 0, start) + "::" + hex(groups, start + length, GROUPS);
    }

    private static String hex(int[] groups, int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> Integer.toHexString(groups[i])).collect(Collectors.joining(":"));
    }
}
