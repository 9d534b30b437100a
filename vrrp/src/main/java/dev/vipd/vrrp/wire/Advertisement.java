package dev.vipd.vrrp.wire;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

/**
 * An ADVERTISEMENT. It can always be encoded: what the fields of its version can't carry is refused here.
 *
 * @param version          2 or 3
 * @param virtualRouterId  VRID, 1..255
 * @param priority         0..255; 0: the sender ceases to be master
 * @param advertIntervalNs version 2: whole seconds, 1..255; version 3: hundredths of a second, 1..4095
 * @param addresses        1..255 of them, all of IPv4 or, in version 3, of IPv6
 * @param authType         version 2: 0..255, 0 for none; version 3: 0
 * @param authData         version 2: the 8 bytes at the end of the message as a big-endian number; version 3: 0
 */
public record Advertisement(
        int version,
        int virtualRouterId,
        int priority,
        long advertIntervalNs,
        List<InetAddress> addresses,
        int authType,
        long authData) {

    static final long NS_PER_SECOND = 1_000_000_000L;
    static final long NS_PER_CENTISECOND = 10_000_000L;
    static final int MAX_INTERVAL_CS = 4095;

    public Advertisement {
        addresses = List.copyOf(addresses);
        require(version == 2 || version == 3, "version", version);
        require(inRange(virtualRouterId, 1, 255), "VRID", virtualRouterId);
        require(inRange(priority, 0, 255), "priority", priority);
        require(inRange(addresses.size(), 1, 255), "address count", addresses.size());
        long ofIpv6 = addresses.stream().filter(Inet6Address.class::isInstance).count();
        require(ofIpv6 == 0 || version == 3 && ofIpv6 == addresses.size(), "IPv6 address count", ofIpv6);
        require(inRange(authType, 0, version == 2 ? 255 : 0), "authentication type", authType);
        require(version == 2 || authData == 0, "authentication data", authData);
        long unitNs = unitNs(version);
        require(
                advertIntervalNs % unitNs == 0
                        && inRange(advertIntervalNs / unitNs, 1, version == 2 ? 255 : MAX_INTERVAL_CS),
                "advert interval",
                advertIntervalNs);
    }

    /** An advert without authentication. */
    public Advertisement(
            int version, int virtualRouterId, int priority, long advertIntervalNs, List<InetAddress> addresses) {
        this(version, virtualRouterId, priority, advertIntervalNs, addresses, 0, 0);
    }

    /** Whether its addresses are of IPv6; then it travels over IPv6 too. */
    public boolean ipv6() {
        return addresses.getFirst() instanceof Inet6Address;
    }

    /** Unit of the interval field on the wire. */
    static long unitNs(int version) {
        return version == 2 ? NS_PER_SECOND : NS_PER_CENTISECOND;
    }

    /** The interval in hundredths of a second, as it is logged. */
    public int advertIntervalCs() {
        return (int) (advertIntervalNs / NS_PER_CENTISECOND);
    }

    private static boolean inRange(long value, long min, long max) {
        return min <= value && value <= max;
    }

    private static void require(boolean holds, String field, long value) {
        if (!holds) {
            throw new IllegalArgumentException("VRRP advert: " + field + " " + value);
        }
    }
}
