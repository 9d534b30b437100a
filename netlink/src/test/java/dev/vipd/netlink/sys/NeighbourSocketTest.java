package dev.vipd.netlink.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.netlink.sys.NeighbourSocket.Answer;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NeighbourSocketTest {
    private static final byte[] MAC = bytes("020000000001");
    private static final List<Byte> OTHER = List.of((byte) 2, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 11);
    private static final String REPLY = "0001080006040002" + "02000000000b" + "0a090032" + "020000000001" + "0a090001";
    private static final String ADVERTISEMENT = "6000000000203aff" + "fe80" + "00".repeat(13) + "0b"
            + "fe80" + "00".repeat(13) + "01" + "8800abcd60000000" + "20010db8" + "00".repeat(11) + "50";

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    @Test
    void repliesOfArp() {
        assertEquals(Optional.of(new Answer(InetAddress.ofLiteral("10.9.0.50"), OTHER)),
                NeighbourSocket.arpReply(bytes(REPLY)));
        assertEquals(Optional.empty(), NeighbourSocket.arpReply(bytes(REPLY.replace("06040002", "06040001"))));
        assertEquals(Optional.empty(), NeighbourSocket.arpReply(Arrays.copyOf(bytes(REPLY), 27)));
    }

    @Test
    void neighbourAdvertisements() {
        InetAddress vip = InetAddress.ofLiteral("2001:db8::50");
        assertEquals(Optional.of(new Answer(vip, OTHER)),
                NeighbourSocket.advertisement(bytes(ADVERTISEMENT + "020102000000000b"), MAC));
        assertEquals(Optional.of(new Answer(vip, OTHER)),
                NeighbourSocket.advertisement(bytes(ADVERTISEMENT), bytes("02000000000b")), "without the option");
        assertEquals(Optional.empty(), NeighbourSocket.advertisement(bytes(ADVERTISEMENT.replace("8800ab", "8700ab")),
                MAC), "a solicitation");
        assertEquals(Optional.empty(), NeighbourSocket.advertisement(Arrays.copyOf(bytes(ADVERTISEMENT), 63), MAC));
    }

    /** The checksum over all, with the pseudo header of RFC 8200, is that of a packet a receiver accepts. */
    @Test
    void theSolicitationIsOneOfRfc4861() {
        byte[] target = InetAddress.ofLiteral("2001:db8::12:3450").getAddress();
        ByteBuffer out = NeighbourSocket.solicitation(MAC, InetAddress.ofLiteral("fe80::1"), target);
        byte[] packet = new byte[out.remaining()];
        out.get(0, packet);
        assertEquals(72, packet.length);
        assertEquals("ff0200000000000000000001ff123450", HexFormat.of().formatHex(packet, 24, 40));
        assertEquals("0101020000000001", HexFormat.of().formatHex(packet, 64, 72));
        int sum = 58 + 32;
        for (int at = 8; at < packet.length; at += 2) {
            sum += (packet[at] & 0xff) << 8 | packet[at + 1] & 0xff;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        assertEquals(0xffff, sum);
    }

    @Test
    void anyBytesAreNoTrouble() {
        Random random = new Random(3);
        for (int i = 0; i < 10_000; i++) {
            byte[] any = new byte[random.nextInt(90)];
            random.nextBytes(any);
            assertTrue(NeighbourSocket.arpReply(any).map(answer -> answer.mac().size() == 6).orElse(true));
            assertTrue(NeighbourSocket.advertisement(any, MAC).map(answer -> answer.mac().size() == 6).orElse(true));
        }
    }
}
