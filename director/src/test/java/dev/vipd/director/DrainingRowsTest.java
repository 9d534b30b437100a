package dev.vipd.director;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.director.config.ServiceConfig;
import dev.vipd.healthcheck.pool.Admin;
import dev.vipd.healthcheck.pool.MemberStatus;
import dev.vipd.ipvs.DesiredTable;
import dev.vipd.ipvs.Destination;
import dev.vipd.ipvs.ForwardingMethod;
import dev.vipd.ipvs.Observation.DestinationId;
import dev.vipd.ipvs.RealServer;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.ServiceShares;
import dev.vipd.ipvs.VirtualServer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DrainingRowsTest {
    private static final ServiceConfig WEB = Samples.service("web", 80, Samples.RS1, Samples.RS2);
    private static final ServiceKey KEY = WEB.server().keys().getFirst();

    private final HealthBoard board = new HealthBoard();

    private Services.View view(Admin admin, RealServer... leaving) {
        board.configure(List.of(WEB.pool()), Map.of(), 0);
        board.admin("web", HealthBoard.memberId(Samples.RS1), admin);
        board.settle(0);
        DesiredTable desired = DesiredTable.of(List.of(WEB.server()), server -> {
            ServiceShares shares = board.shares(server);
            return new ServiceShares(shares.weights(), shares.sorry(), List.of(leaving));
        });
        Map<String, List<MemberStatus>> members = Map.of("web", board.members("web", 0));
        return new Services.View(desired, board.summaries(), members, Map.of(), Map.of());
    }

    private static DestinationId row(ServiceKey key, RealServer server) {
        return new DestinationId(key, Destination.of(server, key).at());
    }

    @Test
    void whomAnOperatorDrains() {
        assertEquals(Set.of(row(KEY, Samples.RS1)), DrainingRows.of(List.of(WEB), view(Admin.DRAIN)));
    }

    @Test
    void whoLeftTheConfiguration() {
        RealServer left = RealServer.of(Samples.ip("192.0.2.99"), 80, 5, ForwardingMethod.DR);
        assertEquals(Set.of(row(KEY, left)), DrainingRows.of(List.of(WEB), view(Admin.ENABLED, left)));
        Set<DestinationId> withItsService = DrainingRows.of(List.of(), view(Admin.ENABLED, left));
        assertEquals(Set.of(row(KEY, left)), withItsService, "who has weight is no drain");
    }

    /** It takes no new connections for good: nobody waits for its end. */
    @Test
    void notWhoIsConfiguredWithWeight0() {
        Services.View view = view(Admin.ENABLED);
        VirtualServer server = WEB.server();
        Map<RealServer, Integer> weights =
                server.realServers().stream().collect(Collectors.toMap(it -> it, _ -> 0));
        DesiredTable desired = DesiredTable.of(
                List.of(server), _ -> new ServiceShares(weights, List.of(), List.of()));
        assertEquals(Set.of(), DrainingRows.of(
                List.of(WEB), new Services.View(desired, view.summaries(), view.members(), Map.of(), Map.of())));
    }
}
