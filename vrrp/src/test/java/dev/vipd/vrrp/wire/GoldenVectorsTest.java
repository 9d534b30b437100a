package dev.vipd.vrrp.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.vipd.vrrp.ChecksumForm;
import dev.vipd.vrrp.wire.DecodeResult.Decoded;
import dev.vipd.vrrp.wire.DecodeResult.Rejected;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames captured from keepalived 2.2.7: what they decode to, and that the same bytes are encoded. */
class GoldenVectorsTest {
    private static final InetAddress SENDER = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress PEER = InetAddress.ofLiteral("192.0.2.2");
    private static final InetAddress VIP_1 = InetAddress.ofLiteral("192.0.2.100");
    private static final InetAddress VIP_2 = InetAddress.ofLiteral("192.0.2.101");
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
    @ValueSource(strings = {"vrrp2-ah", "vrrp2-ah-prio0"})
    void authenticationHeaderIsAnotherProtocol(String name) {
        byte[] packet = Vectors.packet(name);
        Rejected rejected = assertInstanceOf(Rejected.class, AdvertCodec.decode(packet, packet.length));
        assertEquals(AdvertRejection.IP_HEADER, rejected.kind());
        assertEquals("protocol 51", rejected.detail());
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
                new Decoded(advert, SENDER, destination, 255, form), AdvertCodec.decode(packet, packet.length), name);
        int identification = ByteBuffer.wrap(packet).getShort(4);
        assertArrayEquals(
                packet, AdvertCodec.encodePacket(advert, SENDER, destination, identification, form), name);
    }

    private static int checksumOf(byte[] packet) {
        return ByteBuffer.wrap(packet).getShort(26) & 0xffff;
    }
}
