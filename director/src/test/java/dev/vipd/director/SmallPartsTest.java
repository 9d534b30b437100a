package dev.vipd.director;

import static dev.vipd.director.Samples.RS1;
import static dev.vipd.director.Samples.RS2;
import static dev.vipd.director.Samples.config;
import static dev.vipd.director.Samples.instance;
import static dev.vipd.director.Samples.ip;
import static dev.vipd.director.Samples.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.vrrp.wire.Advertisement;
import java.net.Inet4Address;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@link Changes}, {@link Capabilities}, {@link AdvertDigest}, {@link ServerNames}. */
class SmallPartsTest {
    private static final Inet4Address SOURCE = ip("192.0.2.1");

    @Test
    void changesAreCountedByBlock() {
        var before = config(
                List.of(instance("VI_1", 51, 100), instance("VI_2", 52, 100)),
                List.of(service("web", 80, RS1), service("api", 81, RS1)));
        assertEquals(new Changes(0, 0, 0), Changes.between(before, before));
        var after = config(
                List.of(instance("VI_2", 52, 100), instance("VI_1", 51, 90)),
                List.of(service("web", 80, RS1, RS2), service("mail", 25, RS1)));
        assertEquals(new Changes(1, 1, 2), Changes.between(before, after));
        assertEquals("1 added, 1 removed, 2 changed", Changes.between(before, after).toString());
    }

    @Test
    void anInstanceAndAServiceOfOneNameAreTwo() {
        var before = config(List.of(instance("web", 51, 100)), List.of());
        var after = config(List.of(), List.of(service("web", 80, RS1)));
        assertEquals(new Changes(1, 1, 0), Changes.between(before, after));
    }

    @Test
    void capabilitiesAreTheEffectiveOnes() {
        assertEquals(0x3000, Capabilities.effective(List.of(
                "Name:\tvipd", "CapInh:\t0000000000000000", "CapPrm:\t000001ffffffffff", "CapEff:\t0000000000003000",
                "CapBnd:\t000001ffffffffff")));
        assertEquals(-1L, Capabilities.effective(List.of("CapEff:\tffffffffffffffff")));
        assertEquals(0, Capabilities.effective(List.of("Name:\tvipd")));
    }

    @Test
    void aRealServerIsKnownByAsMuchAsIsClear() {
        List<String> servers = List.of("192.0.2.1:80", "192.0.2.1:81", "192.0.2.11:80", "[2001:db8::1]:80",
                "[2001:db8::1:2]:80");
        for (String word : List.of("192.0.2.1:80", "192.0.2.11", "[2001:db8::1]:80", "[2001:DB8::1]", "2001:db8::1")) {
            String found = ServerNames.find(word, servers).orElse("");
            assertTrue(found.contains(word.toLowerCase(Locale.ROOT)) && !found.contains("1:2"), found);
        }
        for (String word : List.of("192.0.2.1", "192.0.2", "192.0.2.11:", "2001:db8:", "", "[", "web1")) {
            assertEquals(Optional.empty(), ServerNames.find(word, servers), word);
        }
    }

    @Test
    void whoNamesNobodyIsToldWhoThereIs() {
        assertEquals("web has no real server \"192.0.2.1\"; it has 192.0.2.1:80, 192.0.2.1:81\n",
                ServerNames.noServer("web", "192.0.2.1", List.of("192.0.2.1:80", "192.0.2.1:81")));
        assertEquals("there is no virtual server \"w\"; none is configured\n", ServerNames.noService("w", List.of()));
        List<String> many = IntStream.range(1, 31).mapToObj(i -> "service-" + i).toList();
        assertEquals("there is no virtual server \"servcie-30\"; did you mean service-30?\n",
                ServerNames.noService("servcie-30", many));
        assertTrue(ServerNames.noService("x", many).endsWith("service-10 and 20 more; see vipd status\n"));
    }

    @Test
    void theDigestIsOverSourceAndMessageWithItsOwnChecksum() throws Exception {
        Advertisement advert = new Advertisement(3, 51, 100, 1_000_000_000L, List.of(ip("192.0.2.100")));
        // version 3 and type 1, VRID 51, priority 100, 1 address, interval 100 cs, checksum, 192.0.2.100
        int sum = 0x3133 + 0x6401 + 0x0064 + 0xc000 + 0x0264;
        int checksum = ~(sum % 0xffff) & 0xffff;
        byte[] message = HexFormat.of().parseHex("c0000201" + "313364010064" + String.format("%04x", checksum)
                + "c0000264");
        String expected = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(message), 0, 4);
        assertEquals(expected, AdvertDigest.of(advert, SOURCE));
        assertNotEquals(expected, AdvertDigest.of(advert, ip("192.0.2.2")));
        Advertisement resigns = new Advertisement(3, 51, 0, 1_000_000_000L, List.of(ip("192.0.2.100")));
        assertNotEquals(expected, AdvertDigest.of(resigns, SOURCE));
    }
}
