package dev.vipd.ipvs;

import static dev.vipd.ipvs.Tables.destination;
import static dev.vipd.ipvs.Tables.key;
import static dev.vipd.ipvs.Tables.real;
import static dev.vipd.ipvs.Tables.server;
import static dev.vipd.ipvs.Tables.withSorry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.vipd.ipvs.ServiceKey.Protocol;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DesiredTableTest {
    private static final VirtualServer WEB = server("web", 80, real(1, 1), real(2, 1), real(3, 2));
    private static final VirtualServer DNS = server("dns", 53, real(4, 1));

    private static DesiredTable desired(VirtualServer server, Map<RealServer, Integer> weights, RealServer... sorry) {
        return DesiredTable.of(List.of(server), _ -> new ServiceShares(weights, List.of(sorry), List.of()));
    }

    private static void assertDestinations(DesiredTable desired, Destination... expected) {
        IpvsTable.Entry entry = desired.table().entry(key(80)).orElseThrow();
        assertEquals(List.of(expected), List.copyOf(entry.destinations().values()));
    }

    @Test
    void whoHasAShareIsInTheTableWithItInTheOrderOfTheConfiguration() {
        DesiredTable desired = desired(WEB, Map.of(real(3, 2), 7, real(1, 1), 0));
        assertDestinations(desired, destination(1, 0), destination(3, 7));
        assertEquals(Map.of(key(80), "web"), desired.names());
    }

    @Test
    void aServiceWithoutAnybodyIsStillAService() {
        assertDestinations(desired(WEB, Map.of()));
    }

    @Test
    void activeSorryServersComeLastWithTheirOwnWeights() {
        VirtualServer server = withSorry(WEB, real(8, 1), real(9, 3));
        assertDestinations(
                desired(server, Map.of(real(1, 1), 0), real(8, 1), real(9, 3)),
                destination(1, 0), destination(8, 1), destination(9, 3));
        assertDestinations(desired(server, Map.of(), real(9, 3)), destination(9, 3));
    }

    @Test
    void aSorryServerThatIsARealServerTooIsOneRow() {
        VirtualServer server = withSorry(WEB, real(1, 5));
        assertDestinations(
                desired(server, Map.of(real(1, 1), 0, real(2, 1), 0), real(1, 5)),
                destination(2, 0), destination(1, 5));
    }

    @Test
    void entriesOfUntouchedServicesAreTheSameObjectsAsBefore() {
        DesiredTable before = Tables.desired(WEB, DNS);
        DesiredTable after = before.with(List.of(DNS), _ -> ServiceShares.NONE);
        assertSame(
                before.table().entry(key(80)).orElseThrow(), after.table().entry(key(80)).orElseThrow());
        assertNotSame(
                before.table().entry(key(53)).orElseThrow(), after.table().entry(key(53)).orElseThrow());
        assertEquals(Map.of(), after.table().entry(key(53)).orElseThrow().destinations());
        assertEquals(before.names(), after.names());
        assertEquals(before, after.with(List.of(DNS), ServiceShares::whole));
    }

    @Test
    void servicesThatOnlyTheOtherHasStandBesideWithTheirNames() {
        DesiredTable moved = Tables.desired(server("web", 81, real(2, 1)));
        DesiredTable both = moved.beside(Tables.desired(WEB, server("old", 81, real(3, 1))));
        assertEquals(Map.of(key(81), "web", key(80), "web"), both.names());
        assertEquals(moved.table().entry(key(81)), both.table().entry(key(81)));
        assertEquals(Tables.desired(WEB).table().entry(key(80)), both.table().entry(key(80)));
    }

    @Test
    void persistenceBecomesFlagTimeoutAndMask() {
        Scheduling scheduling = new Scheduling("sh", "", 0, 300, 24, "");
        assertEquals(
                new Service(key(80), "sh", Service.PERSISTENT, 300, 0xffffff00, ""),
                Service.of(key(80), scheduling));
    }

    @Test
    void prefixOfIpv6StaysAPrefix() {
        ServiceKey key = ServiceKey.of(Protocol.UDP, InetAddress.ofLiteral("2001:db8::100"), 53);
        assertEquals(new Service(key, "rr", 0, 0, 128, ""), Service.of(key, Scheduling.of("rr", true)));
    }
}
