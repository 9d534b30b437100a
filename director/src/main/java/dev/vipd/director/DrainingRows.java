package dev.vipd.director;

import dev.vipd.director.config.ServiceConfig;
import dev.vipd.healthcheck.pool.MemberState;
import dev.vipd.healthcheck.pool.MemberStatus;
import dev.vipd.ipvs.Destination;
import dev.vipd.ipvs.IpvsTable;
import dev.vipd.ipvs.Observation.DestinationId;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.VirtualServer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which rows of the table are there only until their connections have ended. */
final class DrainingRows {
    private DrainingRows() {}

    /** Rows that are wanted with weight 0 for a drain, or because their server has left the configuration. */
    static Set<DestinationId> of(List<ServiceConfig> services, Services.View view) {
        Set<DestinationId> staying = services.stream()
                .flatMap(service -> staying(service.server(), view))
                .collect(Collectors.toSet());
        Set<DestinationId> all = new HashSet<>();
        for (IpvsTable.Entry entry : view.desired().table().entries()) {
            ServiceKey key = entry.service().key();
            entry.destinations().values().stream()
                    .filter(row -> row.weight() == 0)
                    .map(row -> new DestinationId(key, row.at()))
                    .filter(id -> !staying.contains(id))
                    .forEach(all::add);
        }
        return all;
    }

    private static Stream<DestinationId> staying(VirtualServer server, Services.View view) {
        Set<String> drained = view.members().getOrDefault(server.name(), List.of()).stream()
                .filter(member -> member.state() == MemberState.DRAIN)
                .map(MemberStatus::id)
                .collect(Collectors.toSet());
        return Stream.concat(server.realServers().stream(), server.sorryServers().stream())
                .filter(real -> !drained.contains(HealthBoard.memberId(real)))
                .flatMap(real -> server.keys().stream()
                        .map(key -> new DestinationId(key, Destination.of(real, key).at())));
    }
}
