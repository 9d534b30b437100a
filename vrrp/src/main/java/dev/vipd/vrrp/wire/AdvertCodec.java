package dev.vipd.vrrp.wire;

import dev.vipd.vrrp.ChecksumForm;
import dev.vipd.vrrp.wire.DecodeResult.Decoded;
import dev.vipd.vrrp.wire.DecodeResult.Rejected;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * VRRP adverts over IPv4 as bytes. All numbers are big-endian.
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
 * |  IPv4 addresses, 4 bytes each; v2: then 8 bytes Auth data     |
 * </pre>
 *
 * Sources: RFC 9568, 5.2 (version 3), RFC 3768, 5.1 (version 2).
 */
public final class AdvertCodec {
    /** IP protocol number. */
    public static final int PROTOCOL = 112;
    /** Where multicast adverts go: 224.0.0.18. */
    public static final InetAddress GROUP = Ipv4.of(0xe0000012);
    /** Anything else in a multicast packet has come through a router (RFC 9568, 5.1.1.3). */
    public static final int TTL = 255;
    /** Longest packet: IPv4 header with options, 255 addresses, version 2's authentication data. */
    public static final int MAX_PACKET_LENGTH = 60 + 8 + 255 * 4 + 8;

    private static final int IP_HEADER_LENGTH = 20;
    private static final int TOS_INTERNETWORK_CONTROL = 0xc0;
    private static final int MESSAGE_HEADER_LENGTH = 8;
    private static final int CHECKSUM_OFFSET = 6;
    private static final int AUTH_DATA_LENGTH = 8;
    private static final int TYPE_ADVERTISEMENT = 1;
    private static final int AUTH_TYPE_MAX = 2;
    private static final int INTERVAL_MASK = 0x0fff;
    private static final int FRAGMENT_MASK = 0x3fff;

    private AdvertCodec() {}

    /**
     * A packet for a raw socket with {@code IP_HDRINCL}: IPv4 header (TOS 0xc0, TTL 255, no DF) and VRRP message.
     *
     * @param identification lower 16 bits are used; the kernel replaces a 0
     * @param form           what the checksum covers in version 3
     */
    public static byte[] encodePacket(
            Advertisement advert,
            InetAddress source,
            InetAddress destination,
            int identification,
            ChecksumForm form) {
        byte[] message = encodeMessage(advert, source, destination, form);
        int length = IP_HEADER_LENGTH + message.length;
        ByteBuffer packet = ByteBuffer.allocate(length)
                .put((byte) 0x45)
                .put((byte) TOS_INTERNETWORK_CONTROL)
                .putShort((short) length)
                .putShort((short) identification)
                .putShort((short) 0)
                .put((byte) TTL)
                .put((byte) PROTOCOL)
                .putShort((short) 0)
                .putInt(Ipv4.toInt(source))
                .putInt(Ipv4.toInt(destination));
        int checksum = new InternetChecksum().bytes(packet, 0, IP_HEADER_LENGTH).value();
        return packet.putShort(10, (short) checksum).put(message).array();
    }

    /** The VRRP message alone. The addresses matter for {@link ChecksumForm#PSEUDO_HEADER}. */
    public static byte[] encodeMessage(
            Advertisement advert, InetAddress source, InetAddress destination, ChecksumForm form) {
        int version = advert.version();
        int length = messageLength(version, advert.addresses().size());
        int interval = (int) (advert.advertIntervalNs() / Advertisement.unitNs(version));
        ByteBuffer message = ByteBuffer.allocate(length)
                .put((byte) (version << 4 | TYPE_ADVERTISEMENT))
                .put((byte) advert.virtualRouterId())
                .put((byte) advert.priority())
                .put((byte) advert.addresses().size())
                .putShort((short) (version == 2 ? advert.authType() << 8 | interval : interval))
                .putShort((short) 0);
        advert.addresses().forEach(address -> message.putInt(Ipv4.toInt(address)));
        if (version == 2) {
            message.putLong(advert.authData());
        }
        InternetChecksum checksum = version == 3 && form == ChecksumForm.PSEUDO_HEADER
                ? pseudoHeader(Ipv4.toInt(source), Ipv4.toInt(destination), length)
                : new InternetChecksum();
        int value = checksum.bytes(message, 0, length).value();
        return message.putShort(CHECKSUM_OFFSET, (short) value).array();
    }

    /** As {@link #decode(ByteBuffer)}, of the first {@code length} bytes. */
    public static DecodeResult decode(byte[] packet, int length) {
        return decode(ByteBuffer.wrap(packet, 0, length));
    }

    /**
     * Decodes what a raw socket gave: from the IPv4 header on, between position and limit, which stay as they are.
     * Never throws, whatever the bytes. Padding after the packet or after the message is accepted.
     */
    public static DecodeResult decode(ByteBuffer packet) {
        return new Decoder(packet).decode();
    }

    private static int messageLength(int version, int addresses) {
        return MESSAGE_HEADER_LENGTH + Integer.BYTES * addresses + (version == 2 ? AUTH_DATA_LENGTH : 0);
    }

    private static InternetChecksum pseudoHeader(int source, int destination, int length) {
        return new InternetChecksum().words(source).words(destination).word(PROTOCOL).word(length);
    }

    /** One decoding: the checks in the order of {@link AdvertRejection}. */
    private static final class Decoder {
        private final ByteBuffer packet;
        private final int start;
        private final int received;
        /** Index of the VRRP message, once the IPv4 header is known to be whole. */
        private int message = Rejected.UNKNOWN;

        Decoder(ByteBuffer packet) {
            this.packet = packet;
            this.start = packet.position();
            this.received = packet.remaining();
        }

        DecodeResult decode() {
            if (received < IP_HEADER_LENGTH) {
                return reject(AdvertRejection.TRUNCATED, "length " + received);
            }
            int headerLength = (u8(start) & 0x0f) * 4;
            int totalLength = u16(start + 2);
            if (u8(start) >>> 4 != 4 || headerLength < IP_HEADER_LENGTH) {
                return reject(AdvertRejection.IP_HEADER, "first byte " + hex(u8(start)));
            }
            if (u8(start + 9) != PROTOCOL) {
                return reject(AdvertRejection.IP_HEADER, "protocol " + u8(start + 9));
            }
            if ((u16(start + 6) & FRAGMENT_MASK) != 0) {
                return reject(AdvertRejection.IP_HEADER, "fragment");
            }
            if (totalLength > received || totalLength < headerLength + MESSAGE_HEADER_LENGTH) {
                return reject(AdvertRejection.TRUNCATED, "length " + received + ", total length " + totalLength);
            }
            message = start + headerLength;
            return decodeMessage(totalLength - headerLength);
        }

        private DecodeResult decodeMessage(int available) {
            int version = u8(message) >>> 4;
            int type = u8(message) & 0x0f;
            int count = u8(message + 3);
            int ttl = u8(start + 8);
            if (u8(message + 1) == 0) {
                return reject(AdvertRejection.VRID, "VRID 0");
            }
            if (destination().isMulticastAddress() && ttl != TTL) {
                return reject(AdvertRejection.TTL, "TTL " + ttl);
            }
            if (version != 2 && version != 3) {
                return reject(AdvertRejection.VERSION, "version " + version);
            }
            if (type != TYPE_ADVERTISEMENT) {
                return reject(AdvertRejection.TYPE, "type " + type);
            }
            int length = messageLength(version, count);
            if (available < length) {
                return reject(AdvertRejection.LENGTH, available + " bytes for " + count + " addresses");
            }
            if (count == 0) {
                return reject(AdvertRejection.ADDRESS_COUNT, "no address");
            }
            Optional<ChecksumForm> form = checksumForm(version, length);
            if (form.isEmpty()) {
                return reject(AdvertRejection.CHECKSUM, "checksum " + hex(u16(message + CHECKSUM_OFFSET)));
            }
            return decodeFields(version, count, form.get());
        }

        private DecodeResult decodeFields(int version, int count, ChecksumForm form) {
            int authType = version == 2 ? u8(message + 4) : 0;
            if (authType > AUTH_TYPE_MAX) {
                return reject(AdvertRejection.AUTH_TYPE_INVALID, "authentication type " + authType);
            }
            int interval = version == 2 ? u8(message + 5) : u16(message + 4) & INTERVAL_MASK;
            if (interval == 0) {
                return reject(AdvertRejection.INTERVAL, "interval 0");
            }
            int at = message + MESSAGE_HEADER_LENGTH;
            List<InetAddress> addresses = new ArrayList<>(count);
            for (int i = 0; i < count; i++, at += Integer.BYTES) {
                addresses.add(Ipv4.of(u32(at)));
            }
            long authData = version == 2 ? (long) u32(at) << 32 | u32(at + 4) & 0xffff_ffffL : 0;
            Advertisement advert = new Advertisement(
                    version,
                    u8(message + 1),
                    u8(message + 2),
                    interval * Advertisement.unitNs(version),
                    addresses,
                    authType,
                    authData);
            return new Decoded(advert, source(), destination(), u8(start + 8), form);
        }

        /**
         * RFC 9568, 5.2.8 sums the message only; RFC 5798 was read otherwise by nearly everyone. Both are accepted: a
         * peer not understood for this would be a second master.
         */
        private Optional<ChecksumForm> checksumForm(int version, int length) {
            InternetChecksum pseudo = pseudoHeader(u32(start + 12), u32(start + 16), length);
            if (version == 3 && pseudo.bytes(packet, message, length).value() == 0) {
                return Optional.of(ChecksumForm.PSEUDO_HEADER);
            }
            return new InternetChecksum().bytes(packet, message, length).value() == 0
                    ? Optional.of(ChecksumForm.MESSAGE_ONLY)
                    : Optional.empty();
        }

        private Rejected reject(AdvertRejection kind, String detail) {
            boolean known = message != Rejected.UNKNOWN;
            Optional<InetAddress> source = received < IP_HEADER_LENGTH || kind == AdvertRejection.IP_HEADER
                    ? Optional.empty()
                    : Optional.of(source());
            return new Rejected(
                    kind,
                    known ? u8(message + 1) : Rejected.UNKNOWN,
                    known ? u8(message) >>> 4 : Rejected.UNKNOWN,
                    source,
                    detail);
        }

        private InetAddress source() {
            return Ipv4.of(u32(start + 12));
        }

        private InetAddress destination() {
            return Ipv4.of(u32(start + 16));
        }

        private int u8(int at) {
            return packet.get(at) & 0xff;
        }

        private int u16(int at) {
            return u8(at) << 8 | u8(at + 1);
        }

        private int u32(int at) {
            return u16(at) << 16 | u16(at + 2);
        }

        private static String hex(int value) {
            return "0x" + Integer.toHexString(value);
        }
    }
}
