package dev.vipd.ipvs;

import static dev.vipd.ipvs.Tables.destination;
import static dev.vipd.ipvs.Tables.key;
import static dev.vipd.ipvs.Tables.real;
import static dev.vipd.ipvs.Tables.server;
import static dev.vipd.ipvs.Tables.withSorry;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.ipvs.ServiceKey.Protocol;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DesiredTableTest {
    private static final VirtualServer WEB = server("web", 80, 2, real(1, 1), real(2, 1), real(3, 2));

    private static DesiredTable desired(VirtualServer server, Integer... healthyHosts) {
        Set<Integer> healthy = Set.of(healthyHosts);
        return DesiredTable.of(List.of(server), id -> healthy.contains((int) id.address().getAddress()[3] & 0xff));
    }

    private static void assertDestinations(DesiredTable desired, Destination... expected) {
        IpvsTable.Entry entry = desired.table().entry(key(80)).orElseThrow();
        assertEquals(List.of(expected), List.copyOf(entry.destinations().values()));
    }

    @Test
    void healthyServersAreInTheTableWithTheirWeights() {
        DesiredTable desired = desired(WEB, 1, 3);
        assertDestinations(desired, destination(1, 1), destination(3, 2));
        assertEquals(
                List.of(new ServiceSummary("web", key(80), 3, 2, true, false, 2, 3)), desired.services());
    }

    @Test
    void healthIsAskedByServiceNameAddressAndPort() {
        DesiredTable.of(List.of(server("a", 80, 1, real(7, 1))), id -> {
            assertEquals(new RealServerId("a", InetAddress.ofLiteral("192.0.2.7"), 80), id);
            return true;
        });
    }

    @Test
    void lostQuorumWithoutSorryServerKeepsTheHealthyOnes() {
        DesiredTable desired = desired(WEB, 1);
        assertDestinations(desired, destination(1, 1));
        assertEquals(List.of(new ServiceSummary("web", key(80), 1, 2, false, false, 1, 3)), desired.services());
    }

    @Test
    void lostQuorumWithSorryServerReplacesAll() {
        DesiredTable desired = desired(withSorry(WEB, false, real(9, 1)), 1);
        assertDestinations(desired, destination(9, 1));
        assertEquals(List.of(new ServiceSummary("web", key(80), 1, 2, false, true, 1, 3)), desired.services());
    }

    @Test
    void quorumThatHoldsKeepsTheSorryServerOut() {
        assertDestinations(desired(withSorry(WEB, false, real(9, 1)), 3), destination(3, 2));
    }

    @Test
    void inhibitOnFailureKeepsTheFailedWithWeightZero() {
        VirtualServer server = withSorry(WEB, true, real(9, 1));
        assertDestinations(desired(server, 2, 3), destination(1, 0), destination(2, 1), destination(3, 2));
        assertDestinations(
                desired(server, 1), destination(1, 0), destination(2, 0), destination(3, 0), destination(9, 1));
    }

    @Test
    void quorumIsReducedToTheSumOfWeights() {
        DesiredTable desired = desired(server("web", 80, 100, real(1, 1), real(2, 2)), 1, 2);
        assertEquals(List.of(new ServiceSummary("web", key(80), 3, 3, true, false, 2, 2)), desired.services());
    }

    @Test
    void allDrainedIsNotUpAndTheirConnectionsMayEnd() {
        VirtualServer server = withSorry(server("web", 80, 1, real(1, 0), real(2, 0)), false, real(9, 1));
        DesiredTable desired = desired(server, 1);
        assertDestinations(desired, destination(1, 0), destination(9, 1));
        assertEquals(List.of(new ServiceSummary("web", key(80), 0, 1, false, true, 1, 2)), desired.services());
    }

    @Test
    void weightsThatDoNotFitAnIntTogetherStillCount() {
        int max = Integer.MAX_VALUE;
        DesiredTable desired = desired(server("web", 80, max, real(1, max), real(2, max)), 1, 2);
        assertEquals(
                List.of(new ServiceSummary("web", key(80), 2L * max, max, true, false, 2, 2)), desired.services());
    }

    @Test
    void sorryServerThatIsAlsoARealServerIsOneRow() {
        VirtualServer server = withSorry(server("web", 80, 5, real(1, 1), real(2, 4)), true, real(1, 1));
        assertDestinations(desired(server, 1), destination(2, 0), destination(1, 1));
    }

    @Test
    void persistenceBecomesFlagTimeoutAndMask() {
        VirtualServer server = new VirtualServer(
                "web", key(80), "sh", 300, 24, 1, false, Optional.empty(), List.of(real(1, 1)));
        assertEquals(new Service(key(80), "sh", Service.PERSISTENT, 300, 0xffffff00, ""), Service.of(server));
    }

    @Test
    void prefixOfIpv6StaysAPrefix() {
        ServiceKey key = new ServiceKey(Protocol.UDP, InetAddress.ofLiteral("2001:db8::100"), 53);
        VirtualServer server = new VirtualServer(
                "dns", key, "rr", 0, 128, 1, false, Optional.empty(), List.of(real(1, 1)));
        assertEquals(new Service(key, "rr", 0, 0, 128, ""), Service.of(server));
    }
}
