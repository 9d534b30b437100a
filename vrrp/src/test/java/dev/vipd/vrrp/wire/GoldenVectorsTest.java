package dev.vipd.vrrp.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.vrrp.ChecksumForm;
import dev.vipd.vrrp.wire.DecodeResult.Decoded;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Frames captured from keepalived 2.2.7: what they decode to, and that the same bytes are encoded. */
class GoldenVectorsTest {
    private static final InetAddress SENDER = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress PEER = InetAddress.ofLiteral("192.0.2.2");
    private static final InetAddress VIP_1 = InetAddress.ofLiteral("192.0.2.100");
    private static final InetAddress VIP_2 = InetAddress.ofLiteral("192.0.2.101");
    private static final InetAddress SENDER_6 = InetAddress.ofLiteral("fe80::a");
    private static final InetAddress VIP_LINK_LOCAL = InetAddress.ofLiteral("fe80::100");
    private static final InetAddress VIP_GLOBAL = InetAddress.ofLiteral("2001:db8::100");
    private static final long SECOND = 1_000_000_000L;
    private static final long PASSWORD = HexFormat.fromHexDigitsToLong("7333637233740000");

    @ParameterizedTest
    @CsvSource({
        "vrrp3-ip4, 100, 2, PSEUDO_HEADER, 4307",
        "vrrp3-ip4-prio0, 0, 2, PSEUDO_HEADER, a707",
        "vrrp3-ip4-rfc9568-checksum, 100, 2, MESSAGE_ONLY, e59b",
        "vrrp3-ip4-vmac, 100, 1, PSEUDO_HEADER, 0572",
        "vrrp3-ip4-vmac-prio0, 0, 1, PSEUDO_HEADER, 6972",
    })
    void version3Multicast(String name, int priority, int count, ChecksumForm form, String checksum) {
        Advertisement advert =
                new Advertisement(3, 51, priority, SECOND, List.of(VIP_1, VIP_2).subList(0, count));
        assertBothWays(name, advert, AdvertCodec.GROUP, form);
        assertEquals(HexFormat.fromHexDigits(checksum), checksumOf(Vectors.packet(name)));
    }

    @Test
    void version3UnicastCoversTheRealDestination() {
        Advertisement advert = new Advertisement(3, 51, 100, SECOND, List.of(VIP_1));
        assertBothWays("vrrp3-ip4-unicast", advert, PEER, ChecksumForm.PSEUDO_HEADER);
        assertEquals(0x2382, checksumOf(Vectors.packet("vrrp3-ip4-unicast")));
    }

    @ParameterizedTest
    @CsvSource({"vrrp2-none, 100, b865", "vrrp2-none-prio0, 0, 1c66"})
    void version2WithoutAuthentication(String name, int priority, String checksum) {
        assertBothWays(
                name,
                new Advertisement(2, 51, priority, SECOND, List.of(VIP_1)),
                AdvertCodec.GROUP,
                ChecksumForm.MESSAGE_ONLY);
        assertEquals(HexFormat.fromHexDigits(checksum), checksumOf(Vectors.packet(name)));
    }

    @ParameterizedTest
    @CsvSource({"vrrp2-pass, 100, eae4", "vrrp2-pass-prio0, 0, 4ee5"})
    void version2WithPassword(String name, int priority, String checksum) {
        assertBothWays(
                name,
                new Advertisement(2, 51, priority, SECOND, List.of(VIP_1, VIP_2), 1, PASSWORD),
                AdvertCodec.GROUP,
                ChecksumForm.MESSAGE_ONLY);
        assertEquals(HexFormat.fromHexDigits(checksum), checksumOf(Vectors.packet(name)));
    }

    @ParameterizedTest
    @CsvSource({
        "vrrp2-ah, 100, 1, 208f95bbcf49f1f92b963723", "vrrp2-ah-prio0, 0, 5, 7d5d65126de0c4bfddf24113",
    })
    void version2WithAuthenticationHeader(String name, int priority, int sequence, String icv) {
        byte[] packet = Vectors.packet(name);
        Advertisement advert = new Advertisement(2, 51, priority, SECOND, List.of(VIP_1), 2, 0);
        Decoded decoded = assertInstanceOf(Decoded.class, AdvertCodec.decode(packet, packet.length));
        assertEquals(advert, decoded.advert());
        AuthenticationHeader seal = decoded.seal().orElseThrow();
        assertEquals(sequence, seal.sequence());
        assertTrue(seal.names(SENDER));
        assertTrue(seal.sealedWith(PASSWORD));
        assertFalse(seal.sealedWith(PASSWORD ^ 1));
        assertArrayEquals(HexFormat.of().parseHex(icv), Arrays.copyOfRange(packet, 32, 44));
        Framing framing = new Framing(
                ByteBuffer.wrap(packet).getShort(4), 255, ChecksumForm.PSEUDO_HEADER,
                Optional.of(new AuthenticationHeader.Seal(PASSWORD, sequence)));
        assertArrayEquals(packet, AdvertCodec.encodePacket(advert, SENDER, AdvertCodec.GROUP, framing), name);
    }

    @ParameterizedTest
    @CsvSource({"vrrp3-ip6, 100, 3df4", "vrrp3-ip6-prio0, 0, a1f4", "vrrp3-ip6-vmac, 100, 3df4"})
    void version3OverIpv6(String name, int priority, String checksum) {
        byte[] packet = Vectors.packet(name);
        Advertisement advert = new Advertisement(3, 51, priority, SECOND, List.of(VIP_LINK_LOCAL, VIP_GLOBAL));
        assertEquals(
                new Decoded(
                        advert, SENDER_6, AdvertCodec.GROUP_IPV6, 255, ChecksumForm.PSEUDO_HEADER, Optional.empty()),
                AdvertCodec.decode(packet, packet.length));
        assertEquals(HexFormat.fromHexDigits(checksum), ByteBuffer.wrap(packet).getShort(46) & 0xffff);
        ByteBuffer.wrap(packet).putInt(0, 0x6c00_0000); // the flow label is the kernel's
        assertArrayEquals(
                packet,
                AdvertCodec.encodePacket(advert, SENDER_6, AdvertCodec.GROUP_IPV6, 0, ChecksumForm.PSEUDO_HEADER));
    }

    @ParameterizedTest
    @CsvSource({
        "na-linklocal, 02000000000a, fe80::100",
        "na-linklocal-vmac, 00005e000233, fe80::100",
        "na-global, 02000000000a, 2001:db8::100",
    })
    void neighbourAdvertisement(String name, String mac, String vip) {
        byte[] hardware = HexFormat.of().parseHex(mac);
        byte[] frame = NeighbourAdvertisement.frame(hardware, InetAddress.ofLiteral(vip), false);
        assertArrayEquals(Vectors.frame(name), frame);
        byte[] ofRouter = NeighbourAdvertisement.frame(hardware, InetAddress.ofLiteral(vip), true);
        assertEquals((byte) 0xa0, ofRouter[58]);
        int sums = (ByteBuffer.wrap(frame).getShort(56) & 0xffff) - (ByteBuffer.wrap(ofRouter).getShort(56) & 0xffff);
        assertEquals(0x8000, Math.floorMod(sums, 0xffff), "the checksum covers the flag");
    }

    @ParameterizedTest
    @CsvSource({"garp-request, 02000000000a", "garp-request-vmac, 00005e000133"})
    void gratuitousArp(String name, String mac) {
        assertArrayEquals(Vectors.frame(name), GratuitousArp.frame(HexFormat.of().parseHex(mac), VIP_1));
    }

    private static void assertBothWays(
            String name, Advertisement advert, InetAddress destination, ChecksumForm form) {
        byte[] packet = Vectors.packet(name);
        assertEquals(
                new Decoded(advert, SENDER, destination, 255, form, Optional.empty()),
                AdvertCodec.decode(packet, packet.length),
                name);
        int identification = ByteBuffer.wrap(packet).getShort(4);
        assertArrayEquals(
                packet, AdvertCodec.encodePacket(advert, SENDER, destination, identification, form), name);
    }

    private static int checksumOf(byte[] packet) {
        return ByteBuffer.wrap(packet).getShort(26) & 0xffff;
    }
}
