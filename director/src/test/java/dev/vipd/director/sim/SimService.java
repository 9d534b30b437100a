package dev.vipd.director.sim;

import dev.vipd.director.HealthBoard;
import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.pool.PoolConfig;
import dev.vipd.ipvs.Destination;
import dev.vipd.ipvs.Endpoint;
import dev.vipd.ipvs.RealServer;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.VirtualServer;
import java.util.List;
import java.util.stream.Stream;

/** A virtual server with the rules of its pool. */
record SimService(VirtualServer server, PoolConfig pool) {
    String name() {
        return pool.name();
    }

    /** Of its only service in the table. */
    ServiceKey key() {
        return server.keys().getFirst();
    }

    /** Where a member, or a sorry server, is in the table. */
    Endpoint at(PoolConfig.Member member) {
        return Stream.concat(server.realServers().stream(), server.sorryServers().stream())
                .filter(real -> HealthBoard.memberId(real).equals(member.id()))
                .map(this::at)
                .findFirst()
                .orElseThrow();
    }

    Endpoint at(RealServer real) {
        return Destination.of(real, key()).at();
    }

    List<CheckConfig> checks() {
        return Stream.concat(pool.members().stream(), pool.sorryServers().stream())
                .flatMap(member -> member.checks().stream())
                .distinct()
                .toList();
    }
}
