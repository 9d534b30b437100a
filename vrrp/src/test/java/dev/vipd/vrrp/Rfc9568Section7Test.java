package dev.vipd.vrrp;

import static dev.vipd.vrrp.Bench.HIGHER_IP;
import static dev.vipd.vrrp.Bench.LOWER_IP;
import static dev.vipd.vrrp.Bench.SECOND;
import static dev.vipd.vrrp.Bench.SELF;
import static dev.vipd.vrrp.Bench.actions;
import static dev.vipd.vrrp.Bench.reports;
import static dev.vipd.vrrp.Bench.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.vrrp.VrrpEvent.PacketReceived;
import dev.vipd.vrrp.wire.AdvertCodec;
import dev.vipd.vrrp.wire.AdvertRejection;
import dev.vipd.vrrp.wire.Advertisement;
import dev.vipd.vrrp.wire.Ipv4;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Reception (RFC 9568, 7.1; RFC 3768, 7.1), check by check, through bytes. */
class Rfc9568Section7Test {
    private static final int MESSAGE = 20;

    @Test
    void shorterThanTheHeaders() {
        discarded(settings(), AdvertRejection.TRUNCATED, "packet_length_errors", cut(20));
        discarded(settings(), AdvertRejection.TRUNCATED, "packet_length_errors", cut(27));
        discarded(settings(), AdvertRejection.TRUNCATED, "packet_length_errors", set(3, 20));
    }

    @Test
    void notVrrp() {
        discarded(settings(), AdvertRejection.IP_HEADER, "ip_header_errors", set(9, 50));
        discarded(settings(), AdvertRejection.IP_HEADER, "ip_header_errors", set(0, 0x44));
        discarded(settings(), AdvertRejection.IP_HEADER, "ip_header_errors", set(0, 0x55));
        discarded(settings(), AdvertRejection.IP_HEADER, "ip_header_errors", set(6, 0x20));
    }

    @Test
    void vrid() {
        discarded(settings(), AdvertRejection.VRID, "vrid_errors", set(MESSAGE + 1, 52));
        discarded(settings(), AdvertRejection.VRID, "vrid_errors", set(MESSAGE + 1, 0));
    }

    @Test
    void ttlOfMulticast() {
        discarded(settings(), AdvertRejection.TTL, "ip_ttl_errors", set(8, 254));
    }

    @Test
    void ttlOfUnicastIsNotChecked() {
        Bench bench = Bench.backup(settings().peers(HIGHER_IP));
        bench.nowNs += SECOND;
        receive(bench, advert(settings().build()), HIGHER_IP, SELF, set(8, 3));
        assertEquals(3_609_375_000L, bench.untilDeadlineNs());
    }

    @Test
    void version() {
        discarded(settings(), AdvertRejection.VERSION, "version_errors", set(MESSAGE, 0x41));
        discarded(settings(), AdvertRejection.VERSION, "version_errors", set(MESSAGE, 0x21));
        discarded(settings().version(2), AdvertRejection.VERSION, "version_errors", set(MESSAGE, 0x31));
    }

    @Test
    void aGoodAdvertOfTheOtherVersion() {
        Bench bench = Bench.backup(settings());
        Advertisement version2 = advert(settings().version(2).build());
        assertUntouched(bench, AdvertRejection.VERSION, () -> receive(
                bench, version2, HIGHER_IP, AdvertCodec.GROUP, _ -> {}));
    }

    @Test
    void type() {
        discarded(settings(), AdvertRejection.TYPE, "invalid_type_pkts_rcvd", set(MESSAGE, 0x32));
    }

    @Test
    void shorterThanItsAddresses() {
        discarded(settings(), AdvertRejection.LENGTH, "packet_length_errors", set(MESSAGE + 3, 3));
        discarded(settings().version(2), AdvertRejection.LENGTH, "packet_length_errors", set(MESSAGE + 3, 3));
    }

    @Test
    void noAddress() {
        discarded(settings(), AdvertRejection.ADDRESS_COUNT, "packet_length_errors", set(MESSAGE + 3, 0));
    }

    @Test
    void checksum() {
        discarded(settings(), AdvertRejection.CHECKSUM, "checksum_errors", set(MESSAGE + 2, 99));
        discarded(settings().version(2), AdvertRejection.CHECKSUM, "checksum_errors", set(MESSAGE + 2, 99));
    }

    @Test
    void everyFormOfTheChecksumIsAcceptedAndCounted() {
        Bench bench = Bench.backup(settings().peers(HIGHER_IP));
        Advertisement advert = advert(bench.router.config());
        for (ChecksumForm form : ChecksumForm.values()) {
            byte[] packet = AdvertCodec.encodePacket(advert, HIGHER_IP, SELF, 1, form);
            bench.on(new PacketReceived(AdvertCodec.decode(packet, packet.length)));
            assertEquals(1L, bench.router.status().stats().checksumForms().get(form));
        }
        assertEquals(3, bench.router.status().stats().advertsReceived());
    }

    @Test
    void rfc3768AuthenticationType() {
        Bench.Settings version2 = settings().version(2);
        AdvertRejection invalid = AdvertRejection.AUTH_TYPE_INVALID;
        AdvertRejection mismatch = AdvertRejection.AUTH_TYPE_MISMATCH;
        discarded(version2, invalid, "invalid_auth_type_errors", fixed(set(MESSAGE + 4, 3)));
        discarded(version2, mismatch, "auth_type_mismatch_errors", fixed(set(MESSAGE + 4, 1)));
        discarded(version2, mismatch, "auth_type_mismatch_errors", fixed(set(MESSAGE + 4, 2)));
    }

    @Test
    void rfc3768AuthenticationDataIsIgnoredWithoutAuthentication() {
        Bench bench = Bench.backup(settings().version(2));
        receive(bench, advert(bench.router.config()), HIGHER_IP, AdvertCodec.GROUP, fixed(set(MESSAGE + 16, 77)));
        assertEquals(1, bench.router.status().stats().advertsReceived());
    }

    @Test
    void rfc3768Interval() {
        discarded(settings().version(2), AdvertRejection.INTERVAL, "interval_errors", fixed(set(MESSAGE + 5, 2)));
        discarded(settings().version(2), AdvertRejection.INTERVAL, "interval_errors", fixed(set(MESSAGE + 5, 0)));
    }

    @Test
    void erratum8301IntervalZero() {
        discarded(settings(), AdvertRejection.INTERVAL, "interval_errors", fixed(set(MESSAGE + 5, 0)));
    }

    @Test
    void anotherIntervalOfVersion3IsKeptAndCounted() {
        Bench bench = Bench.backup(settings());
        List<VrrpEffect> effects = bench.hear(200, HIGHER_IP, 2 * SECOND);
        assertEquals(
                List.of(new VrrpReport.Mismatch(
                        AdvertMismatch.INTERVAL, HIGHER_IP, "interval 2000 ms, own 1000 ms", 0)),
                reports(effects, VrrpReport.Mismatch.class));
        bench.hear(200, HIGHER_IP, 2 * SECOND);
        assertEquals(2L, bench.router.status().stats().mismatched().get(AdvertMismatch.INTERVAL));
        assertEquals(2, bench.router.status().stats().advertsReceived());
    }

    @Test
    void unicastAndMulticastDoNotMix() {
        Bench multicast = Bench.backup(settings());
        assertUntouched(multicast, AdvertRejection.CAST, () -> receive(
                multicast, advert(multicast.router.config()), HIGHER_IP, SELF, _ -> {}));
        Bench unicast = Bench.backup(settings().peers(HIGHER_IP));
        assertUntouched(unicast, AdvertRejection.CAST, () -> receive(
                unicast, advert(unicast.router.config()), HIGHER_IP, AdvertCodec.GROUP, _ -> {}));
    }

    @Test
    void unicastFromAStranger() {
        Bench bench = Bench.backup(settings().peers(HIGHER_IP));
        assertUntouched(bench, AdvertRejection.UNKNOWN_PEER, () -> receive(
                bench, advert(bench.router.config()), LOWER_IP, SELF, _ -> {}));
    }

    @Test
    void erratum8298TheOwnerProcessesAndReports() {
        Bench bench = Bench.backup(settings().priority(255));
        List<VrrpEffect> effects = bench.hear(255, HIGHER_IP);
        assertEquals("MASTER>BACKUP higher_ip", Bench.change(effects));
        assertEquals(1L, bench.router.status().stats().mismatched().get(AdvertMismatch.OWNER));
    }

    @Test
    void anotherAddressListIsKeptAndCounted() {
        Bench bench = Bench.backup(settings());
        List<InetAddress> addresses = Bench.addresses(bench.router.config());
        bench.hear(new Advertisement(3, 51, 200, SECOND, addresses.reversed()), HIGHER_IP);
        assertEquals(0L, bench.router.status().stats().mismatched().get(AdvertMismatch.ADDRESS_LIST), "any order");
        bench.hear(new Advertisement(3, 51, 200, SECOND, List.of(HIGHER_IP, LOWER_IP)), HIGHER_IP);
        bench.hear(new Advertisement(3, 51, 200, SECOND, addresses.subList(0, 1)), HIGHER_IP);
        assertEquals(2L, bench.router.status().stats().mismatched().get(AdvertMismatch.ADDRESS_LIST));
        assertEquals(3, bench.router.status().stats().advertsReceived());
    }

    @Test
    void aMasterDoesNotAnswerItself() {
        Bench bench = Bench.master(settings());
        assertUntouched(bench, AdvertRejection.OWN_ADDRESS, () -> bench.hear(100, SELF));
    }

    @Test
    void aMasterThatRejectsKeepsAdvertising() {
        Bench bench = Bench.master(settings().announce(new AnnounceConfig(1, 0, 0, 1)));
        int sent = 0;
        for (int i = 0; i < 100; i++) {
            receive(bench, advert(bench.router.config()), HIGHER_IP, AdvertCodec.GROUP, set(MESSAGE + 2, 7));
            sent += Bench.only(bench.advance(SECOND / 10), VrrpEffect.SendAdvert.class).size();
        }
        assertEquals(10, sent);
    }

    @Test
    void rejectionsAreReportedOncePerKindAndSourceAndCountedAlways() {
        Bench bench = Bench.backup(settings());
        int reported = 0;
        for (int i = 0; i < 1000; i++) {
            List<VrrpEffect> effects = receive(
                    bench,
                    advert(bench.router.config()),
                    Ipv4.of(0x0a000000 + i % 100),
                    AdvertCodec.GROUP,
                    set(MESSAGE, 0x32));
            reported += reports(effects, VrrpReport.Rejected.class).size();
        }
        assertEquals(64, reported, "and no more, however many sources");
        assertEquals(1000L, bench.router.status().stats().rejected().get(AdvertRejection.TYPE));
        bench.on(new VrrpEvent.Shutdown());
        List<VrrpEffect> effects = receive(
                bench, advert(bench.router.config()), HIGHER_IP, AdvertCodec.GROUP, set(MESSAGE, 0x32));
        assertEquals(936, reports(effects, VrrpReport.Rejected.class).getFirst().suppressed());
    }

    @Test
    void advertsInInitAndFaultAreIgnored() {
        Bench bench = new Bench(settings().build());
        assertEquals(List.of(), bench.hear(200, HIGHER_IP));
        bench.on(new VrrpEvent.FaultRaised(new FaultReason(FaultReason.Kind.INTERFACE, "eth0")));
        bench.on(new VrrpEvent.Startup());
        assertEquals(List.of(), bench.hear(0, HIGHER_IP));
        assertEquals(OptionalLong.empty(), bench.router.nextDeadlineNs());
        assertEquals(2, bench.router.status().stats().advertsIgnored());
    }

    /** Both a master and a backup discard it, count it, say so, and nothing else changes. */
    private static void discarded(
            Bench.Settings settings, AdvertRejection kind, String counter, Consumer<byte[]> change) {
        assertEquals(counter, kind.counterName());
        for (Bench bench : List.of(Bench.backup(settings), Bench.master(settings))) {
            assertUntouched(bench, kind, () -> receive(
                    bench, advert(bench.router.config()), HIGHER_IP, AdvertCodec.GROUP, change));
        }
    }

    private static void assertUntouched(
            Bench bench, AdvertRejection kind, Supplier<List<VrrpEffect>> packet) {
        bench.nowNs += SECOND / 4;
        VirtualRouterStatus before = bench.router.status();
        OptionalLong deadline = bench.router.nextDeadlineNs();
        List<VrrpEffect> effects = packet.get();
        VirtualRouterStatus after = bench.router.status();
        assertEquals(1, effects.size(), effects::toString);
        assertEquals(kind, reports(effects, VrrpReport.Rejected.class).getFirst().kind());
        assertEquals(before.stats().rejected().get(kind) + 1, after.stats().rejected().get(kind));
        assertEquals(kind, after.stats().lastRejection().orElseThrow());
        assertEquals(deadline, bench.router.nextDeadlineNs());
        assertEquals(before.state(), after.state());
        assertEquals(before.master(), after.master());
        assertEquals(before.stats().advertsReceived(), after.stats().advertsReceived());
        assertEquals(before.stats().advertsSent(), after.stats().advertsSent());
        List<VrrpEffect> again = packet.get();
        assertEquals(List.of(), reports(again, VrrpReport.Rejected.class), "reported once");
        assertEquals(List.of(), actions(again));
        assertEquals(deadline, bench.router.nextDeadlineNs());
    }

    private static Advertisement advert(VirtualRouterConfig config) {
        return new Advertisement(
                config.version(), 51, 200, config.advertIntervalNs(), Bench.addresses(config));
    }

    private static List<VrrpEffect> receive(
            Bench bench,
            Advertisement advert,
            InetAddress source,
            InetAddress destination,
            Consumer<byte[]> change) {
        byte[] packet = AdvertCodec.encodePacket(advert, source, destination, 1, ChecksumForm.MESSAGE_ONLY);
        int length = packet.length;
        change.accept(packet);
        return bench.on(new PacketReceived(AdvertCodec.decode(packet, length)));
    }

    private static Consumer<byte[]> set(int at, int value) {
        return packet -> packet[at] = (byte) value;
    }

    /** As if only that much had been received; the rest is as good as absent, for the total length says so. */
    private static Consumer<byte[]> cut(int length) {
        return packet -> packet[3] = (byte) length;
    }

    /** The change with the checksum made right again. */
    private static Consumer<byte[]> fixed(Consumer<byte[]> change) {
        return packet -> {
            ByteBuffer words = ByteBuffer.wrap(packet);
            long before = sum(words);
            change.accept(packet);
            long checksum = ~words.getShort(MESSAGE + 6) & 0xffff;
            long fixed = checksum + sum(words) - before + 0xffff;
            while (fixed >>> 16 != 0) {
                fixed = (fixed & 0xffff) + (fixed >>> 16);
            }
            words.putShort(MESSAGE + 6, (short) ~fixed);
        };
    }

    private static long sum(ByteBuffer words) {
        long sum = 0;
        for (int at = MESSAGE; at < words.capacity(); at += 2) {
            sum += words.getShort(at) & 0xffff;
        }
        return sum - (words.getShort(MESSAGE + 6) & 0xffff);
    }
}
