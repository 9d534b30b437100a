package dev.vipd.director.config;

import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.ipvs.RealServer;
import dev.vipd.ipvs.VirtualServer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One virtual server with the checks of its real servers.
 *
 * @param server the service
 * @param checks for each of {@code server.realServers()}, in that order, its checks in the order of the file; all must
 *               pass. An empty list: the real server is always up
 */
public record ServiceConfig(VirtualServer server, Map<RealServer, List<CheckConfig>> checks) {
    public ServiceConfig {
        LinkedHashMap<RealServer, List<CheckConfig>> copy = new LinkedHashMap<>();
        checks.forEach((realServer, list) -> copy.put(realServer, List.copyOf(list)));
        checks = Collections.unmodifiableMap(copy);
    }
}
