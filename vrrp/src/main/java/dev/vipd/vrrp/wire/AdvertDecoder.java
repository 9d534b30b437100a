package dev.vipd.vrrp.wire;

import dev.vipd.vrrp.ChecksumForm;
import dev.vipd.vrrp.wire.DecodeResult.Decoded;
import dev.vipd.vrrp.wire.DecodeResult.Rejected;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One decoding: the checks in the order of {@link AdvertRejection}. */
final class AdvertDecoder {
    private static final int AUTH_TYPE_MAX = 2;
    private static final int INTERVAL_MASK = 0x0fff;
    private static final int FRAGMENT_MASK = 0x3fff;

    private final ByteBuffer packet;
    private final int start;
    private final int received;

    // known once the IP header is
    private InetAddress source;
    private InetAddress destination;
    private int ttl;
    private boolean ipv6;
    private Optional<AuthenticationHeader> seal = Optional.empty();
    /** Index of the VRRP message, once the packet is known to be whole. */
    private int message = Rejected.UNKNOWN;

    AdvertDecoder(ByteBuffer packet) {
        this.packet = packet;
        this.start = packet.position();
        this.received = packet.remaining();
    }

    DecodeResult decode() {
        ipv6 = received > 0 && u8(start) >>> 4 == 6;
        return ipv6 ? decodeIpv6() : decodeIpv4();
    }

    private DecodeResult decodeIpv4() {
        if (received < AdvertCodec.IPV4_HEADER_LENGTH) {
            return reject(AdvertRejection.TRUNCATED, "length " + received);
        }
        int headerLength = (u8(start) & 0x0f) * 4;
        int totalLength = u16(start + 2);
        int protocol = u8(start + 9);
        if (u8(start) >>> 4 != 4 || headerLength < AdvertCodec.IPV4_HEADER_LENGTH) {
            return reject(AdvertRejection.IP_HEADER, "first byte " + hex(u8(start)));
        }
        if (protocol != AdvertCodec.PROTOCOL && protocol != AuthenticationHeader.PROTOCOL) {
            return reject(AdvertRejection.IP_HEADER, "protocol " + protocol);
        }
        if ((u16(start + 6) & FRAGMENT_MASK) != 0) {
            return reject(AdvertRejection.IP_HEADER, "fragment");
        }
        source = Ipv4.of(u32(start + 12));
        destination = Ipv4.of(u32(start + 16));
        ttl = u8(start + 8);
        int sealLength = protocol == AuthenticationHeader.PROTOCOL ? AuthenticationHeader.LENGTH : 0;
        int messageAt = headerLength + sealLength;
        if (totalLength > received || totalLength < messageAt + AdvertCodec.MESSAGE_HEADER_LENGTH) {
            return reject(AdvertRejection.TRUNCATED, "length " + received + ", total length " + totalLength);
        }
        if (sealLength > 0) {
            if (!AuthenticationHeader.isAt(packet, start + headerLength)) {
                return reject(AdvertRejection.IP_HEADER, "authentication header of another protocol or length");
            }
            seal = Optional.of(
                    AuthenticationHeader.read(packet, start, start + headerLength, start + totalLength));
        }
        message = start + messageAt;
        return decodeMessage(totalLength - messageAt);
    }

    private DecodeResult decodeIpv6() {
        if (received < AdvertCodec.IPV6_HEADER_LENGTH) {
            return reject(AdvertRejection.TRUNCATED, "length " + received);
        }
        if (u8(start + 6) != AdvertCodec.PROTOCOL) {
            return reject(AdvertRejection.IP_HEADER, "next header " + u8(start + 6));
        }
        source = Ipv6.of(packet, start + 8);
        destination = Ipv6.of(packet, start + 24);
        ttl = u8(start + 7);
        int payload = u16(start + 4);
        if (AdvertCodec.IPV6_HEADER_LENGTH + payload > received || payload < AdvertCodec.MESSAGE_HEADER_LENGTH) {
            return reject(AdvertRejection.TRUNCATED, "length " + received + ", payload length " + payload);
        }
        message = start + AdvertCodec.IPV6_HEADER_LENGTH;
        return decodeMessage(payload);
    }

    private DecodeResult decodeMessage(int available) {
        int version = u8(message) >>> 4;
        int type = u8(message) & 0x0f;
        int count = u8(message + 3);
        if (u8(message + 1) == 0) {
            return reject(AdvertRejection.VRID, "VRID 0");
        }
        if (destination.isMulticastAddress() && ttl != AdvertCodec.TTL) {
            return reject(AdvertRejection.TTL, (ipv6 ? "hop limit " : "TTL ") + ttl);
        }
        if (version != 3 && (version != 2 || ipv6)) {
            return reject(AdvertRejection.VERSION, "version " + version + (ipv6 ? " over IPv6" : ""));
        }
        if (type != AdvertCodec.TYPE_ADVERTISEMENT) {
            return reject(AdvertRejection.TYPE, "type " + type);
        }
        int length = AdvertCodec.messageLength(version, count, ipv6);
        if (available < length) {
            return reject(AdvertRejection.LENGTH, available + " bytes for " + count + " addresses");
        }
        if (count == 0) {
            return reject(AdvertRejection.ADDRESS_COUNT, "no address");
        }
        Optional<ChecksumForm> form = checksumForm(version, length);
        if (form.isEmpty()) {
            return reject(
                    AdvertRejection.CHECKSUM, "checksum " + hex(u16(message + AdvertCodec.CHECKSUM_OFFSET)));
        }
        return decodeFields(version, count, form.get());
    }

    private DecodeResult decodeFields(int version, int count, ChecksumForm form) {
        int authType = version == 2 ? u8(message + 4) : 0;
        if (authType > AUTH_TYPE_MAX) {
            return reject(AdvertRejection.AUTH_TYPE_INVALID, "authentication type " + authType);
        }
        if (version == 3 && seal.isPresent()) {
            return reject(AdvertRejection.AUTH_TYPE_INVALID, "authentication header in version 3");
        }
        int interval = version == 2 ? u8(message + 5) : u16(message + 4) & INTERVAL_MASK;
        if (interval == 0) {
            return reject(AdvertRejection.INTERVAL, "interval 0");
        }
        int at = message + AdvertCodec.MESSAGE_HEADER_LENGTH;
        List<InetAddress> addresses = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            addresses.add(ipv6 ? Ipv6.of(packet, at) : Ipv4.of(u32(at)));
            at += ipv6 ? Ipv6.ADDRESS_BYTES : Integer.BYTES;
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
        return new Decoded(advert, source, destination, ttl, form, seal);
    }

    /**
     * RFC 9568, 5.2.8 sums the message only over IPv4; RFC 5798 was read otherwise by nearly everyone. All are
     * accepted: a peer not understood for this would be a second master.
     */
    private Optional<ChecksumForm> checksumForm(int version, int length) {
        if (version == 3 && sumsUp(destination, length)) {
            return Optional.of(ChecksumForm.PSEUDO_HEADER);
        }
        if (ipv6) {
            return Optional.empty();
        }
        if (new InternetChecksum().bytes(packet, message, length).value() == 0) {
            return Optional.of(ChecksumForm.MESSAGE_ONLY);
        }
        return version == 3 && !destination.isMulticastAddress() && sumsUp(AdvertCodec.GROUP, length)
                ? Optional.of(ChecksumForm.GROUP_PSEUDO_HEADER)
                : Optional.empty();
    }

    private boolean sumsUp(InetAddress to, int length) {
        return AdvertCodec.pseudoHeader(new InternetChecksum(), source, to, length)
                        .bytes(packet, message, length)
                        .value()
                == 0;
    }

    private Rejected reject(AdvertRejection kind, String detail) {
        boolean known = message != Rejected.UNKNOWN;
        return new Rejected(
                kind,
                known ? u8(message + 1) : Rejected.UNKNOWN,
                known ? u8(message) >>> 4 : Rejected.UNKNOWN,
                kind == AdvertRejection.IP_HEADER ? Optional.empty() : Optional.ofNullable(source),
                detail);
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
