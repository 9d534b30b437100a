package dev.vipd.vrrp.wire;

import dev.vipd.vrrp.ChecksumForm;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * VRRP adverts as bytes. All numbers are big-endian.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-------+-------+---------------+---------------+---------------+
 * |Version| Type 1|      VRID     |   Priority    | Address count |
 * +-------+-------+---------------+---------------+---------------+
 * |  v2: Auth type|  v2: seconds  |           Checksum            |
 * | v3: 0 | v3: hundredths of sec.|                               |
 * +---------------+---------------+-------------------------------+
 * |  IPv4 addresses, 4 bytes each, or IPv6 addresses, 16 bytes    |
 * |  each; v2: then 8 bytes Auth data                             |
 * </pre>
 *
 * Sources: RFC 9568, 5.2 (version 3), RFC 3768, 5.1 (version 2).
 */
public final class AdvertCodec {
    /** IP protocol number. */
    public static final int PROTOCOL = 112;
    /** Where multicast adverts over IPv4 go: 224.0.0.18. */
    public static final InetAddress GROUP = Ipv4.of(0xe0000012);
    /** Where those over IPv6 go. */
    public static final InetAddress GROUP_IPV6 = InetAddress.ofLiteral("ff02::12");
    /** Anything else in a multicast packet has come through a router (RFC 9568, 5.1.1.3, 5.1.2.3). */
    public static final int TTL = 255;
    /** Longest packet: IPv6 header and 255 addresses. */
    public static final int MAX_PACKET_LENGTH = 40 + 8 + 255 * 16;

    static final int IPV4_HEADER_LENGTH = 20;
    static final int IPV6_HEADER_LENGTH = 40;
    static final int MESSAGE_HEADER_LENGTH = 8;
    static final int CHECKSUM_OFFSET = 6;
    static final int AUTH_DATA_LENGTH = 8;
    static final int TYPE_ADVERTISEMENT = 1;
    private static final int INTERNETWORK_CONTROL = 0xc0; // TOS, traffic class

    private AdvertCodec() {}

    /** The group that multicast adverts go to unless told otherwise. */
    public static InetAddress group(boolean ipv6) {
        return ipv6 ? GROUP_IPV6 : GROUP;
    }

    /** As {@link #encodePacket(Advertisement, InetAddress, InetAddress, Framing)}, with TTL 255. */
    public static byte[] encodePacket(
            Advertisement advert,
            InetAddress source,
            InetAddress destination,
            int identification,
            ChecksumForm form) {
        return encodePacket(advert, source, destination, Framing.of(identification, form));
    }

    /**
     * A packet for a raw socket with {@code IP_HDRINCL} or {@code IPV6_HDRINCL}: IP header (TOS or traffic class 0xc0,
     * no DF, no flow label), the authentication header if there is to be one, and VRRP message.
     */
    public static byte[] encodePacket(
            Advertisement advert, InetAddress source, InetAddress destination, Framing framing) {
        byte[] message = encodeMessage(advert, source, destination, framing.checksum());
        return source instanceof Inet6Address
                ? ipv6Packet(message, source, destination, framing)
                : ipv4Packet(message, source, destination, framing);
    }

    private static byte[] ipv4Packet(byte[] message, InetAddress source, InetAddress destination, Framing framing) {
        boolean sealed = framing.seal().isPresent();
        int messageAt = IPV4_HEADER_LENGTH + (sealed ? AuthenticationHeader.LENGTH : 0);
        int length = messageAt + message.length;
        ByteBuffer packet = ByteBuffer.allocate(length)
                .put((byte) 0x45)
                .put((byte) INTERNETWORK_CONTROL)
                .putShort((short) length)
                .putShort((short) framing.identification())
                .putShort((short) 0)
                .put((byte) framing.ttl())
                .put((byte) (sealed ? AuthenticationHeader.PROTOCOL : PROTOCOL))
                .putShort((short) 0)
                .put(source.getAddress())
                .put(destination.getAddress())
                .put(messageAt, message);
        int checksum =
                new InternetChecksum().bytes(packet, 0, IPV4_HEADER_LENGTH).value();
        packet.putShort(10, (short) checksum);
        framing.seal().ifPresent(seal -> AuthenticationHeader.write(packet, IPV4_HEADER_LENGTH, seal));
        return packet.array();
    }

    private static byte[] ipv6Packet(byte[] message, InetAddress source, InetAddress destination, Framing framing) {
        return ByteBuffer.allocate(IPV6_HEADER_LENGTH + message.length)
                .putInt(6 << 28 | INTERNETWORK_CONTROL << 20)
                .putShort((short) message.length)
                .put((byte) PROTOCOL)
                .put((byte) framing.ttl())
                .put(source.getAddress())
                .put(destination.getAddress())
                .put(message)
                .array();
    }

    /** The VRRP message alone. The IP addresses matter in version 3, unless the form says otherwise. */
    public static byte[] encodeMessage(
            Advertisement advert, InetAddress source, InetAddress destination, ChecksumForm form) {
        int version = advert.version();
        int length = messageLength(version, advert.addresses().size(), advert.ipv6());
        int interval = (int) (advert.advertIntervalNs() / Advertisement.unitNs(version));
        ByteBuffer message = ByteBuffer.allocate(length)
                .put((byte) (version << 4 | TYPE_ADVERTISEMENT))
                .put((byte) advert.virtualRouterId())
                .put((byte) advert.priority())
                .put((byte) advert.addresses().size())
                .putShort((short) (version == 2 ? advert.authType() << 8 | interval : interval))
                .putShort((short) 0);
        advert.addresses().forEach(address -> message.put(address.getAddress()));
        InternetChecksum checksum = new InternetChecksum();
        if (version == 2) {
            message.putLong(advert.authData());
        } else if (advert.ipv6()) {
            pseudoHeader(checksum, source, destination, length);
        } else {
            switch (form) {
                case PSEUDO_HEADER -> pseudoHeader(checksum, source, destination, length);
                case GROUP_PSEUDO_HEADER -> pseudoHeader(checksum, source, GROUP, length);
                case MESSAGE_ONLY -> {}
            }
        }
        int value = checksum.bytes(message, 0, length).value();
        return message.putShort(CHECKSUM_OFFSET, (short) value).array();
    }

    /** As {@link #decode(ByteBuffer)}, of the first {@code length} bytes. */
    public static DecodeResult decode(byte[] packet, int length) {
        return decode(ByteBuffer.wrap(packet, 0, length));
    }

    /**
     * Decodes a packet from its IPv4 or IPv6 header on, between position and limit, which stay as they are. Never
     * throws, whatever the bytes. Padding after the packet or after the message is accepted. Whether an authentication
     * header is right is for the one to say who has the password.
     */
    public static DecodeResult decode(ByteBuffer packet) {
        return new AdvertDecoder(packet).decode();
    }

    static int messageLength(int version, int addresses, boolean ipv6) {
        return MESSAGE_HEADER_LENGTH
                + (ipv6 ? Ipv6.ADDRESS_BYTES : Integer.BYTES) * addresses
                + (version == 2 ? AUTH_DATA_LENGTH : 0);
    }

    /** Adds what is summed before the message: both addresses, its length, the protocol (RFC 8200, 8.1). */
    static InternetChecksum pseudoHeader(
            InternetChecksum checksum, InetAddress source, InetAddress destination, int length) {
        byte[] from = source.getAddress();
        byte[] to = destination.getAddress();
        return checksum.bytes(ByteBuffer.wrap(from), 0, from.length)
                .bytes(ByteBuffer.wrap(to), 0, to.length)
                .word(PROTOCOL)
                .word(length);
    }
}
