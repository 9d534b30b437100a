package dev.vipd.ipvs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who is in the table for one virtual server.
 *
 * @param weights weight of each real server that is, 0 taking no new connections; the others are not
 * @param sorry   the sorry servers that are
 * @param leaving servers that are not configured any more and stay with weight 0 until their connections have ended
 */
public record ServiceShares(Map<RealServer, Integer> weights, List<RealServer> sorry, List<RealServer> leaving) {
    /** Nobody. */
    public static final ServiceShares NONE = new ServiceShares(Map.of(), List.of(), List.of());

    public ServiceShares {
        weights = Map.copyOf(weights);
        sorry = List.copyOf(sorry);
        leaving = List.copyOf(leaving);
    }

    /** All real servers with their configured weights. */
    public static ServiceShares whole(VirtualServer server) {
        Map<RealServer, Integer> weights = LinkedHashMap.newLinkedHashMap(server.realServers().size());
        server.realServers().forEach(real -> weights.put(real, real.weight()));
        return new ServiceShares(weights, List.of(), List.of());
    }
}
