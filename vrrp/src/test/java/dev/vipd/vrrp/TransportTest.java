package dev.vipd.vrrp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.vrrp.TransportConfig.UnicastPeer;
import dev.vipd.vrrp.VrrpEvent.PacketReceived;
import dev.vipd.vrrp.wire.AdvertCodec;
import dev.vipd.vrrp.wire.AdvertRejection;
import dev.vipd.vrrp.wire.Advertisement;
import dev.vipd.vrrp.wire.AuthenticationHeader;
import dev.vipd.vrrp.wire.Framing;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Reception where it depends on how adverts travel: authentication, TTL bounds, IPv6, strict mode. Through bytes. */
class TransportTest {
    private static final InetAddress PEER = Bench.HIGHER_IP;
    private static final InetAddress PEER_6 = InetAddress.ofLiteral("fe80::b");
    private static final InetAddress LINK_LOCAL = InetAddress.ofLiteral("fe80::100");
    private static final InetAddress GLOBAL = InetAddress.ofLiteral("2001:db8::100");
    private static final long PASSWORD = 0x7333637233740000L;

    private final VirtualRouterConfig version2 = Bench.settings().version(2).build();
    private final VirtualRouterConfig version3 = Bench.settings().build();

    @Test
    void passwordsAreCompared() {
        Bench bench = backup(with(version2, authentication(Authentication.Type.PASS)));
        accepted(bench, 1, advert2(bench, 1, PASSWORD), Optional.empty());
        refused(bench, AdvertRejection.AUTH_FAILURE, advert2(bench, 1, PASSWORD + 1), Optional.empty());
        refused(bench, AdvertRejection.AUTH_TYPE_MISMATCH, advert2(bench, 0, 0), Optional.empty());
        refused(bench, AdvertRejection.AUTH_TYPE_MISMATCH, advert2(bench, 2, 0), seal(1));
        assertEquals(advert2(bench, 1, PASSWORD), bench.router.config().advert(200));
    }

    @Test
    void authenticationHeadersAreChecked() {
        Bench bench = backup(with(version2, authentication(Authentication.Type.AH)));
        accepted(bench, 1, advert2(bench, 2, 0), seal(1));
        refused(bench, AdvertRejection.AUTH_FAILURE, advert2(bench, 2, 0),
                Optional.of(new AuthenticationHeader.Seal(PASSWORD + 1, 2)));
        refused(bench, AdvertRejection.AUTH_TYPE_MISMATCH, advert2(bench, 2, 0), Optional.empty());
        refused(bench, AdvertRejection.AUTH_TYPE_MISMATCH, advert2(bench, 1, PASSWORD), Optional.empty());
        refused(bench, AdvertRejection.AUTH_TYPE_MISMATCH, advert2(bench, 1, PASSWORD), seal(3));
        assertEquals(advert2(bench, 2, 0), bench.router.config().advert(200));
    }

    @Test
    void aHeaderOfAnotherSenderIsRefused() {
        Bench bench = backup(with(version2, authentication(Authentication.Type.AH)));
        byte[] packet = packet(advert2(bench, 2, 0), PEER, AdvertCodec.GROUP, 255, seal(1));
        byte[] other = packet(advert2(bench, 2, 0), Bench.LOWER_IP, AdvertCodec.GROUP, 255, seal(1));
        System.arraycopy(other, 24, packet, 24, 20); // SPI, sequence and value of the other
        bench.on(new PacketReceived(AdvertCodec.decode(packet, packet.length)));
        assertEquals(1L, rejected(bench, AdvertRejection.AUTH_FAILURE));
    }

    @Test
    void aHeaderIsUnknownWithoutAuthentication() {
        Bench bench = backup(version2);
        refused(bench, AdvertRejection.AUTH_TYPE_MISMATCH, advert2(bench, 0, 0), seal(1));
        byte[] packet = packet(version3.advert(200), PEER, AdvertCodec.GROUP, 255, seal(1));
        bench.on(new PacketReceived(AdvertCodec.decode(packet, packet.length)));
        assertEquals(1L, rejected(bench, AdvertRejection.VERSION), "the version comes first");
    }

    @Test
    void unicastHasToBeWithinItsPeersTtlBounds() {
        TransportConfig near = new TransportConfig(
                Optional.empty(), false, Optional.empty(), List.of(new UnicastPeer(PEER, 254, 255)), 255, true, false,
                ChecksumForm.PSEUDO_HEADER, Optional.empty());
        Bench bench = backup(with(version3, near));
        for (int ttl : new int[] {255, 254, 253, 0}) {
            byte[] packet = packet(version3.advert(200), PEER, Bench.SELF, ttl, Optional.empty());
            bench.on(new PacketReceived(AdvertCodec.decode(packet, packet.length)));
        }
        assertEquals(2, bench.router.status().stats().advertsReceived());
        assertEquals(2L, rejected(bench, AdvertRejection.TTL));
    }

    @Test
    void theListOfTheSameMasterIsNotComparedAgain() {
        TransportConfig skipping = new TransportConfig(
                Optional.empty(), false, Optional.empty(), List.of(), 255, true, true, ChecksumForm.PSEUDO_HEADER,
                Optional.empty());
        Bench bench = backup(with(version3, skipping));
        Advertisement other = new Advertisement(3, 51, 200, Bench.SECOND, List.of(PEER));
        for (InetAddress source : List.of(PEER, PEER, PEER, Bench.LOWER_IP, PEER)) {
            bench.hear(other, source);
        }
        assertEquals(3L, mismatched(bench, AdvertMismatch.ADDRESS_LIST));
    }

    @Test
    void ipv6() {
        VirtualRouterConfig config = ipv6(ElectionConfig.DEFAULT, LINK_LOCAL, GLOBAL);
        assertEquals(List.of(AdvertCodec.GROUP_IPV6), config.destinations());
        Bench bench = new Bench(config, Optional.of(InetAddress.ofLiteral("fe80::a")));
        bench.on(new VrrpEvent.Startup());
        hear6(bench, LINK_LOCAL, GLOBAL);
        assertEquals(Optional.of(PEER_6), bench.router.status().master().map(VirtualRouterStatus.Peer::address));
        assertEquals(0L, mismatched(bench, AdvertMismatch.ADDRESS_LIST));
        hear6(bench, GLOBAL, LINK_LOCAL);
        assertEquals(1L, mismatched(bench, AdvertMismatch.ADDRESS_LIST), "the first is not link-local");
        assertEquals(2, bench.router.status().stats().advertsReceived());
    }

    @Test
    void strictModeDropsWhatTheRfcWantsDropped() {
        ElectionConfig lax = ElectionConfig.DEFAULT;
        ElectionConfig strict = new ElectionConfig(true, 0, 0, 3, true, false, false, false, true, true, List.of());
        Bench bench = new Bench(ipv6(strict, LINK_LOCAL, GLOBAL), Optional.of(InetAddress.ofLiteral("fe80::a")));
        bench.on(new VrrpEvent.Startup());
        hear6(bench, GLOBAL, LINK_LOCAL);
        assertEquals(1L, rejected(bench, AdvertRejection.ADDRESS_LIST));

        for (ElectionConfig election : List.of(lax, strict)) {
            Bench old = backup(withElection(version2, election));
            old.hear(new Advertisement(2, 51, 200, Bench.SECOND, List.of(PEER)), PEER);
            old.hear(new Advertisement(2, 51, 255, Bench.SECOND, List.of(PEER)), PEER);
            assertEquals(election.strict() ? 1L : 0L, rejected(old, AdvertRejection.ADDRESS_LIST));
            assertEquals(election.strict() ? 1L : 2L, mismatched(old, AdvertMismatch.ADDRESS_LIST));
        }
    }

    private static void hear6(Bench bench, InetAddress... vips) {
        Advertisement advert = new Advertisement(3, 51, 200, Bench.SECOND, List.of(vips));
        byte[] packet = packet(advert, PEER_6, AdvertCodec.GROUP_IPV6, 255, Optional.empty());
        bench.on(new PacketReceived(AdvertCodec.decode(packet, packet.length)));
    }

    private static Bench backup(VirtualRouterConfig config) {
        Bench bench = new Bench(config);
        bench.on(new VrrpEvent.Startup());
        return bench;
    }

    private static Advertisement advert2(Bench bench, int authType, long authData) {
        return new Advertisement(
                2, 51, 200, Bench.SECOND, Bench.addresses(bench.router.config()), authType, authData);
    }

    private static Optional<AuthenticationHeader.Seal> seal(long sequence) {
        return Optional.of(new AuthenticationHeader.Seal(PASSWORD, sequence));
    }

    private static byte[] packet(
            Advertisement advert,
            InetAddress source,
            InetAddress destination,
            int ttl,
            Optional<AuthenticationHeader.Seal> seal) {
        return AdvertCodec.encodePacket(
                advert, source, destination, new Framing(1, ttl, ChecksumForm.PSEUDO_HEADER, seal));
    }

    private static void accepted(
            Bench bench, int count, Advertisement advert, Optional<AuthenticationHeader.Seal> seal) {
        byte[] packet = packet(advert, PEER, AdvertCodec.GROUP, 255, seal);
        bench.on(new PacketReceived(AdvertCodec.decode(packet, packet.length)));
        assertEquals(count, bench.router.status().stats().advertsReceived());
    }

    private static void refused(
            Bench bench, AdvertRejection kind, Advertisement advert, Optional<AuthenticationHeader.Seal> seal) {
        long before = rejected(bench, kind);
        long deadlineNs = bench.untilDeadlineNs();
        byte[] packet = packet(advert, PEER, AdvertCodec.GROUP, 255, seal);
        bench.on(new PacketReceived(AdvertCodec.decode(packet, packet.length)));
        assertEquals(before + 1, rejected(bench, kind));
        assertEquals(deadlineNs, bench.untilDeadlineNs(), "it touches no timer");
    }

    private static long rejected(Bench bench, AdvertRejection kind) {
        return bench.router.status().stats().rejected().get(kind);
    }

    private static long mismatched(Bench bench, AdvertMismatch kind) {
        return bench.router.status().stats().mismatched().get(kind);
    }

    private static TransportConfig authentication(Authentication.Type type) {
        return new TransportConfig(
                Optional.empty(), false, Optional.empty(), List.of(), 255, true, false, ChecksumForm.PSEUDO_HEADER,
                Optional.of(new Authentication(type, PASSWORD)));
    }

    private static VirtualRouterConfig ipv6(ElectionConfig election, InetAddress... vips) {
        VirtualAddress[] addresses = List.of(vips).stream()
                .map(vip -> new VirtualAddress(vip, 64))
                .toArray(VirtualAddress[]::new);
        return withElection(Bench.settings().addresses(addresses).build(), election);
    }

    private static VirtualRouterConfig withElection(VirtualRouterConfig config, ElectionConfig election) {
        return new VirtualRouterConfig(
                config.name(), config.interfaceName(), config.virtualRouterId(), config.version(), config.priority(),
                config.advertIntervalNs(), election, config.transport(), config.holding(), config.announce(),
                config.tracking());
    }

    private static VirtualRouterConfig with(VirtualRouterConfig config, TransportConfig transport) {
        return new VirtualRouterConfig(
                config.name(), config.interfaceName(), config.virtualRouterId(), config.version(), config.priority(),
                config.advertIntervalNs(), config.election(), transport, config.holding(), config.announce(),
                config.tracking());
    }
}
