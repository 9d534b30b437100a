package dev.vipd.vrrp.wire;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * Gratuitous ARP (RFC 826; RFC 9568, 6.4.1): a broadcast request whose sender and target are the VIP.
 *
 * <pre>
 *  0  6  destination   ff:ff:ff:ff:ff:ff
 *  6  6  source        MAC of the sender
 * 12  2  EtherType     0x0806
 * 14  8  Ethernet, IPv4, lengths 6 and 4, operation 1 (request)
 * 22 10  sender        MAC, VIP
 * 32 10  target        ff:ff:ff:ff:ff:ff as keepalived sends it, VIP
 * </pre>
 */
public final class GratuitousArp {
    /** Bytes in a frame, without the padding that a real network adds. */
    public static final int LENGTH = 42;

    private static final byte[] BROADCAST = {-1, -1, -1, -1, -1, -1};
    private static final short ETHERTYPE_ARP = 0x0806;
    /** Hardware type 1, protocol 0x0800, address lengths 6 and 4, operation 1. */
    private static final long REQUEST_HEADER = 0x0001_0800_06_04_0001L;

    private GratuitousArp() {}

    /**
     * A whole Ethernet frame for a packet socket.
     *
     * @param mac 6 bytes: the MAC to be learned for the VIP
     */
    public static byte[] frame(byte[] mac, InetAddress vip) {
        if (mac.length != BROADCAST.length) {
            throw new IllegalArgumentException("MAC of " + mac.length + " bytes");
        }
        byte[] address = vip.getAddress();
        return ByteBuffer.allocate(LENGTH)
                .put(BROADCAST)
                .put(mac)
                .putShort(ETHERTYPE_ARP)
                .putLong(REQUEST_HEADER)
                .put(mac)
                .put(address)
                .put(BROADCAST)
                .put(address)
                .array();
    }
}
