package dev.vipd.vrrp.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.vipd.vrrp.Authentication;
import dev.vipd.vrrp.ChecksumForm;
import dev.vipd.vrrp.TransportConfig;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.wire.AdvertCodec;
import dev.vipd.vrrp.wire.AdvertRejection;
import dev.vipd.vrrp.wire.Advertisement;
import dev.vipd.vrrp.wire.AuthenticationHeader;
import dev.vipd.vrrp.wire.DecodeResult;
import dev.vipd.vrrp.wire.DecodeResult.Rejected;
import dev.vipd.vrrp.wire.Framing;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AhSequencesTest {
    private static final long PASSWORD = 0x7333637233740000L;
    private static final InetAddress PEER = InetAddress.ofLiteral("192.0.2.2");
    private static final InetAddress OTHER = InetAddress.ofLiteral("192.0.2.3");
    private static final long NOW_SEC = 1_000_000;
    private static final VirtualRouterConfig VI_1 = sealed(Routers.on("eth0"));

    private final AhSequences sequences = new AhSequences();

    @Test
    void numbersGrowWithTimeAndWithWhatIsHeard() {
        assertEquals(NOW_SEC, next());
        assertEquals(NOW_SEC + 1, next(), "a second one in the same second");
        heard(PEER, PASSWORD, NOW_SEC + 50);
        assertEquals(NOW_SEC + 51, next());
        heard(OTHER, PASSWORD + 1, NOW_SEC + 500);
        assertEquals(NOW_SEC + 52, next(), "of one without the password");
        assertEquals(Optional.empty(), sequences.next(Routers.on("eth0"), NOW_SEC));
    }

    @Test
    void aNumberThatWasHeardBeforeIsRefused() {
        DecodeResult first = packet(PEER, PASSWORD, 7);
        assertSame(first, sequences.check(VI_1, first));
        for (long repeated : new long[] {7, 6, 0}) {
            Rejected rejected = assertInstanceOf(Rejected.class, heard(PEER, PASSWORD, repeated));
            assertEquals(AdvertRejection.AUTH_FAILURE, rejected.kind());
            assertEquals("sequence number " + repeated + ", last 7", rejected.detail());
            assertEquals(51, rejected.virtualRouterId());
        }
        assertInstanceOf(DecodeResult.Decoded.class, heard(OTHER, PASSWORD, 7), "each sender has numbers of its own");
        assertInstanceOf(DecodeResult.Decoded.class, heard(PEER, PASSWORD, 0xffff_ffffL));
        sequences.forget(VI_1);
        assertInstanceOf(DecodeResult.Decoded.class, heard(PEER, PASSWORD, 7));
    }

    @Test
    void whatIsNotSealedRightIsForTheRouterToDiscard() {
        heard(PEER, PASSWORD, 7);
        assertInstanceOf(DecodeResult.Decoded.class, heard(PEER, PASSWORD + 1, 3));
        assertInstanceOf(DecodeResult.Decoded.class, sequences.check(Routers.on("eth0"), packet(PEER, PASSWORD, 3)));
    }

    private long next() {
        return sequences.next(VI_1, NOW_SEC).orElseThrow().sequence();
    }

    private DecodeResult heard(InetAddress source, long password, long sequence) {
        return sequences.check(VI_1, packet(source, password, sequence));
    }

    private static DecodeResult packet(InetAddress source, long password, long sequence) {
        Advertisement advert =
                new Advertisement(2, 51, 100, 1_000_000_000L, List.of(Routers.VIP.address()), 2, 0);
        AuthenticationHeader.Seal seal = new AuthenticationHeader.Seal(password, sequence);
        byte[] packet = AdvertCodec.encodePacket(
                advert, source, AdvertCodec.GROUP, new Framing(1, 255, ChecksumForm.MESSAGE_ONLY, Optional.of(seal)));
        return AdvertCodec.decode(packet, packet.length);
    }

    private static VirtualRouterConfig sealed(VirtualRouterConfig config) {
        TransportConfig transport = new TransportConfig(
                Optional.empty(), false, Optional.empty(), List.of(), 255, true, false, ChecksumForm.PSEUDO_HEADER,
                Optional.of(new Authentication(Authentication.Type.AH, PASSWORD)));
        return new VirtualRouterConfig(
                config.name(), config.interfaceName(), config.virtualRouterId(), 2, config.priority(),
                config.advertIntervalNs(), config.election(), transport, config.holding(), config.announce(),
                config.tracking());
    }
}
