package dev.vipd.vrrp;

import static dev.vipd.vrrp.Bench.HIGHER_IP;
import static dev.vipd.vrrp.Bench.SECOND;
import static dev.vipd.vrrp.Bench.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.vrrp.VrrpEvent.PacketReceived;
import dev.vipd.vrrp.VrrpEvent.Shutdown;
import dev.vipd.vrrp.VrrpEvent.Startup;
import dev.vipd.vrrp.wire.AdvertRejection;
import dev.vipd.vrrp.wire.DecodeResult.Rejected;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The statistics of RFC 6527 (vrrpv3StatisticsTable) and RFC 8347, entry by entry. */
class Rfc8347CountersTest {

    @Test
    void masterTransitionsAndNewMasterReason() {
        Bench bench = new Bench(settings().build());
        assertEquals("not-master", bench.router.status().stats().newMasterReasonName());
        bench.on(new Startup());
        bench.advance(4 * SECOND);
        assertEquals("no-response", bench.router.status().stats().newMasterReasonName());
        bench.hear(200, HIGHER_IP);
        bench.hear(0, HIGHER_IP);
        bench.advance(SECOND);
        assertEquals("priority", bench.router.status().stats().newMasterReasonName());
        bench.hear(200, HIGHER_IP);
        bench.hear(50, HIGHER_IP);
        bench.advance(4 * SECOND);
        assertEquals("preempted", bench.router.status().stats().newMasterReasonName());
        assertEquals(3, bench.router.status().stats().masterTransitions());
    }

    @Test
    void adverts() {
        Bench bench = Bench.master(settings());
        bench.hear(50, HIGHER_IP);
        bench.hear(0, HIGHER_IP);
        bench.on(new Shutdown());
        VrrpStats stats = bench.router.status().stats();
        assertEquals(2, stats.advertsReceived());
        assertEquals(1, stats.priorityZeroReceived());
        assertEquals(1, stats.priorityZeroSent());
        assertEquals(Optional.of(HIGHER_IP), bench.router.status().lastAdvertSource());
    }

    @Test
    void eachErrorHasItsCounter() {
        Bench bench = Bench.backup(settings());
        for (AdvertRejection kind : AdvertRejection.values()) {
            bench.on(new PacketReceived(new Rejected(kind, 51, 3, Optional.of(HIGHER_IP), "")));
            assertEquals(1, bench.router.status().stats().rejected().get(kind), kind::name);
        }
        bench.hear(200, HIGHER_IP, 2 * SECOND);
        assertEquals(1, bench.router.status().stats().mismatched().get(AdvertMismatch.INTERVAL));
    }

    @Test
    void protocolErrorReason() {
        Bench bench = Bench.backup(settings());
        assertEquals("no-error", bench.router.status().stats().protocolErrorName());
        assertEquals("ip-ttl-error", afterRejection(bench, AdvertRejection.TTL));
        assertEquals("version-error", afterRejection(bench, AdvertRejection.VERSION));
        assertEquals("checksum-error", afterRejection(bench, AdvertRejection.CHECKSUM));
        assertEquals("vrid-error", afterRejection(bench, AdvertRejection.VRID));
        assertEquals("vrid-error", afterRejection(bench, AdvertRejection.TYPE), "has no reason of its own");
    }

    @Test
    void timesAndIntervals() {
        Bench bench = new Bench(settings().build());
        long createdNs = bench.nowNs;
        assertEquals(OptionalLong.empty(), bench.router.status().upSinceNs());
        bench.nowNs += SECOND;
        bench.on(new Startup());
        bench.advance(4 * SECOND);
        VirtualRouterStatus status = bench.router.status();
        assertEquals(OptionalLong.of(createdNs + SECOND), status.upSinceNs());
        assertEquals(createdNs, status.countedSinceNs());
        assertEquals(3_609_375_000L, status.masterDownIntervalNs());
        assertEquals(609_375_000L, status.skewNs());
    }

    private static String afterRejection(Bench bench, AdvertRejection kind) {
        bench.on(new PacketReceived(new Rejected(kind, 51, 3, Optional.of(HIGHER_IP), "")));
        return bench.router.status().stats().protocolErrorName();
    }
}
