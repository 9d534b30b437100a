package dev.vipd.vrrp.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.vrrp.ChecksumForm;
import dev.vipd.vrrp.wire.DecodeResult.Decoded;
import dev.vipd.vrrp.wire.DecodeResult.Rejected;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class AdvertCodecTest {
    private static final InetAddress SENDER = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress GROUP_6 = AdvertCodec.GROUP_IPV6;
    private static final Advertisement ADVERT =
            new Advertisement(3, 51, 100, 1_000_000_000L, List.of(InetAddress.ofLiteral("192.0.2.100")));
    private static final int ROUNDS = 20_000;

    @Test
    void everyAdvertSurvivesEncodingAndDecoding() {
        RandomGenerator random = seeded(1);
        for (int i = 0; i < ROUNDS / 10; i++) {
            Advertisement advert = randomAdvert(random);
            InetAddress source = randomAddress(random, advert.ipv6());
            InetAddress destination =
                    random.nextBoolean() ? AdvertCodec.group(advert.ipv6()) : randomAddress(random, advert.ipv6());
            ChecksumForm form = randomForm(random, advert, destination);
            Optional<AuthenticationHeader.Seal> seal = advert.authType() == 2
                    ? Optional.of(new AuthenticationHeader.Seal(random.nextLong(), random.nextInt() & 0xffff_ffffL))
                    : Optional.empty();
            int ttl = destination.isMulticastAddress() ? 255 : random.nextInt(256);
            byte[] packet =
                    AdvertCodec.encodePacket(advert, source, destination, new Framing(i, ttl, form, seal));
            assertTrue(packet.length <= AdvertCodec.MAX_PACKET_LENGTH);
            Decoded decoded = assertInstanceOf(Decoded.class, AdvertCodec.decode(packet, packet.length));
            assertEquals(new Decoded(advert, source, destination, ttl, form, decoded.seal()), decoded);
            assertEquals(seal.map(AuthenticationHeader.Seal::sequence), decoded.seal().map(read -> {
                assertTrue(read.names(source) && read.sealedWith(seal.get().password()));
                return read.sequence();
            }));
        }
    }

    @Test
    void everySingleBitErrorOfASealedPacketIsNoticed() {
        AuthenticationHeader.Seal seal = new AuthenticationHeader.Seal(0x7333637233740000L, 7);
        Advertisement advert = new Advertisement(2, 51, 100, 1_000_000_000L, ADVERT.addresses(), 2, 0);
        byte[] packet = AdvertCodec.encodePacket(
                advert, SENDER, AdvertCodec.GROUP, new Framing(1, 255, ChecksumForm.MESSAGE_ONLY, Optional.of(seal)));
        for (int bit = 2 * 8; bit < packet.length * 8; bit++) {
            byte[] broken = packet.clone();
            broken[bit / 8] ^= (byte) (1 << bit % 8);
            boolean mayVary = bit / 8 == 10 || bit / 8 == 11 || bit == 54 || bit == 55; // header checksum, DF
            boolean believed = AdvertCodec.decode(broken, broken.length) instanceof Decoded decoded
                    && decoded.seal().isPresent()
                    && decoded.seal().get().sealedWith(seal.password());
            assertEquals(mayVary, believed, "bit " + bit);
        }
    }

    @Test
    void anAddressThatMapsIpv4IsStillOneOfIpv6() {
        byte[] packet = Vectors.packet("vrrp3-ip6");
        byte[] mapped = HexFormat.of().parseHex("00000000000000000000ffffc0000264");
        System.arraycopy(mapped, 0, packet, packet.length - 16, 16);
        repairChecksum(packet);
        Decoded decoded = assertInstanceOf(Decoded.class, AdvertCodec.decode(packet, packet.length));
        assertArrayEquals(mapped, decoded.advert().addresses().get(1).getAddress());
    }

    @Test
    void versionTwoIsNotForIpv6() {
        byte[] packet = Vectors.packet("vrrp3-ip6");
        packet[40] = 0x21;
        Rejected rejected = assertInstanceOf(Rejected.class, AdvertCodec.decode(packet, packet.length));
        assertEquals(AdvertRejection.VERSION, rejected.kind());
        assertEquals("version 2 over IPv6", rejected.detail());
        refused(() -> new Advertisement(2, 51, 100, 1_000_000_000L, List.of(GROUP_6)));
        refused(() -> new Advertisement(3, 51, 100, 1_000_000_000L, List.of(GROUP_6, SENDER)));
    }

    @Test
    void randomBytesNeverThrow() {
        RandomGenerator random = seeded(2);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = new byte[random.nextInt(120)];
            random.nextBytes(bytes);
            switch (random.nextInt(bytes.length > 9 ? 4 : 1)) {
                case 1, 2 -> {
                    bytes[0] = 0x45;
                    bytes[9] = (byte) (random.nextBoolean() ? AdvertCodec.PROTOCOL : AuthenticationHeader.PROTOCOL);
                    bytes[2] = 0;
                    bytes[3] = (byte) bytes.length;
                }
                case 3 -> {
                    bytes[0] = 0x60;
                    bytes[4] = 0;
                    bytes[5] = (byte) Math.max(0, bytes.length - 40);
                    bytes[6] = AdvertCodec.PROTOCOL;
                }
                default -> {}
            }
            decodeAndCheck(bytes, bytes.length);
        }
    }

    @Test
    void mutatedAndCutVectorsNeverThrowAndEveryReasonOccurs() {
        RandomGenerator random = seeded(3);
        List<byte[]> vectors = List.of(
                Vectors.packet("vrrp2-pass"), Vectors.packet("vrrp2-ah"), Vectors.packet("vrrp3-ip4"),
                Vectors.packet("vrrp3-ip4-unicast"), Vectors.packet("vrrp3-ip6"));
        Map<AdvertRejection, Integer> seen = new EnumMap<>(AdvertRejection.class);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = vectors.get(random.nextInt(vectors.size())).clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            if (random.nextBoolean()) {
                repairChecksum(bytes);
            }
            int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
            if (decodeAndCheck(bytes, length) instanceof Rejected rejected) {
                seen.merge(rejected.kind(), 1, Integer::sum);
            }
        }
        List<AdvertRejection> ofTheCore = List.of(
                AdvertRejection.AUTH_TYPE_MISMATCH,
                AdvertRejection.AUTH_FAILURE,
                AdvertRejection.CAST,
                AdvertRejection.UNKNOWN_PEER,
                AdvertRejection.ADDRESS_LIST,
                AdvertRejection.OWN_ADDRESS);
        List<AdvertRejection> expected = new ArrayList<>(List.of(AdvertRejection.values()));
        expected.removeAll(ofTheCore);
        assertEquals(expected, List.copyOf(seen.keySet()));
    }

    @Test
    void everySingleBitErrorOfTheMessageIsNoticed() {
        for (ChecksumForm form : ChecksumForm.values()) {
            byte[] packet = AdvertCodec.encodePacket(ADVERT, SENDER, AdvertCodec.GROUP, 1, form);
            for (int bit = 20 * 8; bit < packet.length * 8; bit++) {
                byte[] broken = packet.clone();
                broken[bit / 8] ^= (byte) (1 << bit % 8);
                assertInstanceOf(Rejected.class, AdvertCodec.decode(broken, broken.length), "bit " + bit);
            }
        }
    }

    @Test
    void ethernetPaddingIsAccepted() {
        byte[] packet = Vectors.packet("vrrp3-ip4-unicast");
        byte[] padded = Arrays.copyOf(packet, 46);
        padded[45] = 7;
        assertEquals(AdvertCodec.decode(packet, packet.length), AdvertCodec.decode(padded, padded.length));
    }

    @Test
    void reservedBitsOfTheIntervalAreIgnored() {
        byte[] packet = AdvertCodec.encodePacket(ADVERT, SENDER, AdvertCodec.GROUP, 1, ChecksumForm.MESSAGE_ONLY);
        packet[24] |= (byte) 0xf0;
        repairChecksum(packet);
        Decoded decoded = assertInstanceOf(Decoded.class, AdvertCodec.decode(packet, packet.length));
        assertEquals(ADVERT, decoded.advert());
    }

    @Test
    void aSliceOfADirectBufferIsReadInPlace() {
        byte[] packet = Vectors.packet("vrrp2-pass");
        ByteBuffer direct = ByteBuffer.allocateDirect(200);
        direct.position(33).put(packet).flip().position(33);
        assertEquals(AdvertCodec.decode(packet, packet.length), AdvertCodec.decode(direct));
        assertEquals(33, direct.position());
        assertEquals(33 + packet.length, direct.limit());
    }

    @Test
    void rejectionsCarryWhatTheBytesShow() {
        byte[] packet = Vectors.packet("vrrp3-ip4");
        packet[26] ^= 1;
        assertEquals(
                new Rejected(AdvertRejection.CHECKSUM, 51, 3, Optional.of(SENDER), "checksum 0x4207"),
                AdvertCodec.decode(packet, packet.length));
        assertEquals(
                new Rejected(
                        AdvertRejection.TRUNCATED,
                        Rejected.UNKNOWN,
                        Rejected.UNKNOWN,
                        Optional.of(SENDER),
                        "length 27, total length 36"),
                AdvertCodec.decode(packet, 27));
    }

    @Test
    void whatCanNotBeEncodedIsRefused() {
        List<InetAddress> addresses = ADVERT.addresses();
        refused(() -> new Advertisement(4, 51, 100, 1_000_000_000L, addresses));
        refused(() -> new Advertisement(3, 0, 100, 1_000_000_000L, addresses));
        refused(() -> new Advertisement(3, 51, 256, 1_000_000_000L, addresses));
        refused(() -> new Advertisement(3, 51, 100, 1_000_000_000L, List.of()));
        refused(() -> new Advertisement(3, 51, 100, 15_000_000L, addresses));
        refused(() -> new Advertisement(3, 51, 100, 40_960_000_000L, addresses));
        refused(() -> new Advertisement(2, 51, 100, 1_500_000_000L, addresses));
        refused(() -> new Advertisement(2, 51, 100, 256_000_000_000L, addresses));
        refused(() -> new Advertisement(3, 51, 100, 1_000_000_000L, addresses, 1, 0));
        refused(() -> new Advertisement(3, 51, 100, 1_000_000_000L, addresses, 0, 1));
        refused(() -> GratuitousArp.frame(new byte[5], SENDER));
    }

    @Test
    void checksumOfAnOddNumberOfBytes() {
        // the example of RFC 1071, 3, and the same with one byte more
        byte[] data = {0x00, 0x01, (byte) 0xf2, 0x03, (byte) 0xf4, (byte) 0xf5, (byte) 0xf6, (byte) 0xf7, 0x12};
        ByteBuffer buffer = ByteBuffer.wrap(data);
        assertEquals(~0xddf2 & 0xffff, new InternetChecksum().bytes(buffer, 0, 8).value());
        assertEquals(~0xeff2 & 0xffff, new InternetChecksum().bytes(buffer, 0, 9).value());
    }

    private static void refused(Runnable constructor) {
        assertThrows(IllegalArgumentException.class, constructor::run);
    }

    /** Whatever is decoded must mean the same when it is encoded again. */
    private static DecodeResult decodeAndCheck(byte[] bytes, int length) {
        DecodeResult result = AdvertCodec.decode(bytes, length);
        if (result instanceof Decoded decoded) {
            byte[] again = AdvertCodec.encodeMessage(
                    decoded.advert(), decoded.source(), decoded.destination(), decoded.checksumForm());
            int message = messageAt(bytes);
            byte[] original = Arrays.copyOfRange(bytes, message, message + again.length);
            if (decoded.advert().version() == 2 || (original[4] & 0xf0) == 0) {
                assertArrayEquals(original, again);
            }
        }
        return result;
    }

    private static Advertisement randomAdvert(RandomGenerator random) {
        boolean version2 = random.nextBoolean();
        boolean ipv6 = !version2 && random.nextBoolean();
        int count = random.nextInt(8) == 0 ? 255 : 1 + random.nextInt(6);
        List<InetAddress> addresses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            addresses.add(randomAddress(random, ipv6));
        }
        return version2
                ? new Advertisement(
                        2,
                        random.nextInt(1, 256),
                        random.nextInt(256),
                        random.nextInt(1, 256) * 1_000_000_000L,
                        addresses,
                        random.nextInt(3),
                        random.nextLong())
                : new Advertisement(
                        3,
                        random.nextInt(1, 256),
                        random.nextInt(256),
                        random.nextInt(1, 4096) * 10_000_000L,
                        addresses);
    }

    private static InetAddress randomAddress(RandomGenerator random, boolean ipv6) {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return ipv6 ? Ipv6.of(ByteBuffer.wrap(bytes), 0) : Ipv4.of(random.nextInt());
    }

    /** One that can be told from the others again. */
    private static ChecksumForm randomForm(RandomGenerator random, Advertisement advert, InetAddress destination) {
        if (advert.version() == 2) {
            return ChecksumForm.MESSAGE_ONLY;
        }
        int forms = advert.ipv6() ? 1 : destination.isMulticastAddress() ? 2 : 3;
        return ChecksumForm.values()[random.nextInt(forms)];
    }

    private static int messageAt(byte[] packet) {
        boolean sealed = packet.length > 9 && packet[9] == AuthenticationHeader.PROTOCOL && packet[0] >>> 4 == 4;
        return packet.length > 0 && packet[0] >>> 4 == 6 ? 40 : (packet[0] & 0x0f) * 4 + (sealed ? 24 : 0);
    }

    private static void repairChecksum(byte[] packet) {
        int at = messageAt(packet);
        if (at + 8 <= packet.length) {
            ByteBuffer buffer = ByteBuffer.wrap(packet).putShort(at + 6, (short) 0);
            InternetChecksum sum = new InternetChecksum();
            int length = packet.length - at;
            if (at == 40) {
                AdvertCodec.pseudoHeader(sum, Ipv6.of(buffer, 8), Ipv6.of(buffer, 24), length);
            }
            buffer.putShort(at + 6, (short) sum.bytes(buffer, at, length).value());
        }
    }

    private static RandomGenerator seeded(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }
}
