package dev.vipd.director;

import dev.vipd.director.config.ServiceConfig;
import dev.vipd.healthcheck.HealthState;
import dev.vipd.ipvs.Endpoints;
import dev.vipd.ipvs.RealServer;
import dev.vipd.ipvs.RealServerId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which real servers may get traffic, as the checks last said. Health checks know a server by a text id, the IPVS table
 * by {@link RealServerId}; this is where the two meet.
 */
public final class HealthBoard {
    private final Map<String, RealServerId> servers = new HashMap<>();
    private final Map<RealServerId, HealthState> states = new HashMap<>();

    /** The id that health checks know a real server by. */
    public static String checkId(String service, RealServer server) {
        return service + "/" + Endpoints.format(server.address(), server.port());
    }

    /** Takes another configuration: servers that stay keep their state, new ones are UP until told otherwise. */
    public void configure(List<ServiceConfig> services) {
        servers.clear();
        for (ServiceConfig service : services) {
            String name = service.server().name();
            for (RealServer server : service.server().realServers()) {
                servers.put(checkId(name, server), new RealServerId(name, server.address(), server.port()));
            }
        }
        states.keySet().retainAll(servers.values());
    }

    /**
     * Notes a server's state.
     *
     * @return which server, when it is a configured one and its state is another than before
     */
    public Optional<RealServerId> set(String checkId, HealthState state) {
        RealServerId server = servers.get(checkId);
        if (server == null) {
            return Optional.empty(); // a late report about a server that a reload removed
        }
        HealthState before = states.put(server, state);
        return (before == null ? HealthState.UP : before) == state ? Optional.empty() : Optional.of(server);
    }

    /** Whether the server may get traffic. */
    public boolean healthy(RealServerId server) {
        return states.getOrDefault(server, HealthState.UP) == HealthState.UP;
    }
}
