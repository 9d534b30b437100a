package dev.vipd.vrrp.wire;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * Unsolicited neighbour advertisements (RFC 4861, 4.4): they draw the traffic of an IPv6 address to a MAC.
 *
 * <pre>
 *  0 14  Ethernet      to 33:33:00:00:00:01, from the MAC, 0x86dd
 * 14 40  IPv6          payload 32, next header 58, hop limit 255, from the VIP to ff02::1
 * 54  4  ICMPv6        type 136, code 0, checksum
 * 58  4  flags         Router, Override; never Solicited
 * 62 16  target        VIP
 * 78  8  option        2 (target link-layer address), length 1 (8 bytes), MAC
 * </pre>
 */
public final class NeighbourAdvertisement {
    /** Bytes in a frame. */
    public static final int LENGTH = 86;

    private static final byte[] ALL_NODES_MAC = {0x33, 0x33, 0, 0, 0, 1};
    private static final InetAddress ALL_NODES = InetAddress.ofLiteral("ff02::1");
    private static final short ETHERTYPE_IPV6 = (short) 0x86dd;
    private static final int IP = 14;
    private static final int ICMP = 54;
    private static final int ICMP_LENGTH = LENGTH - ICMP;
    private static final int NEXT_HEADER_ICMPV6 = 58;
    private static final int TYPE_AND_CODE = 136 << 8;
    private static final int FLAG_ROUTER = 0x8000_0000;
    private static final int FLAG_OVERRIDE = 0x2000_0000;
    private static final short TARGET_LINK_LAYER_ADDRESS = 0x0201;

    private NeighbourAdvertisement() {}

    /**
     * A whole Ethernet frame for a packet socket.
     *
     * @param mac    6 bytes: the MAC to be learned for the VIP
     * @param router whether this host forwards: a host that said so and does not would be taken for a default router
     */
    public static byte[] frame(byte[] mac, InetAddress vip, boolean router) {
        byte[] address = vip.getAddress();
        if (mac.length != ALL_NODES_MAC.length || address.length != Ipv6.ADDRESS_BYTES) {
            throw new IllegalArgumentException("MAC of " + mac.length + ", address of " + address.length + " bytes");
        }
        ByteBuffer frame = ByteBuffer.allocate(LENGTH)
                .put(ALL_NODES_MAC)
                .put(mac)
                .putShort(ETHERTYPE_IPV6)
                .putInt(6 << 28)
                .putShort((short) ICMP_LENGTH)
                .put((byte) NEXT_HEADER_ICMPV6)
                .put((byte) 255)
                .put(address)
                .put(ALL_NODES.getAddress())
                .putShort((short) TYPE_AND_CODE)
                .putShort((short) 0)
                .putInt(FLAG_OVERRIDE | (router ? FLAG_ROUTER : 0))
                .put(address)
                .putShort(TARGET_LINK_LAYER_ADDRESS)
                .put(mac);
        int checksum = new InternetChecksum()
                .bytes(frame, IP + 8, 2 * Ipv6.ADDRESS_BYTES)
                .word(NEXT_HEADER_ICMPV6)
                .word(ICMP_LENGTH)
                .bytes(frame, ICMP, ICMP_LENGTH)
                .value();
        return frame.putShort(ICMP + 2, (short) checksum).array();
    }
}
