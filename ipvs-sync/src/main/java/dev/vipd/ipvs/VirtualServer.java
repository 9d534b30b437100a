package dev.vipd.ipvs;

import java.util.List;

/**
 * One {@code virtual_server}: the configuration of one service and its real servers.
 *
 * @param name                  key in the configuration, for example {@code web}
 * @param key                   family, protocol, address and port: what the kernel knows it by
 * @param scheduler             {@code lb_algo}: rr, wrr, lc, wlc, ...
 * @param persistenceTimeoutSec {@code persistence_timeout} in seconds; 0: not persistent
 * @param persistencePrefix     {@code persistence_granularity} as a prefix length; 32 for IPv4, 128 for IPv6 by default
 * @param sorryServers          may take the place of the real servers; often none
 * @param realServers           at least one
 */
public record VirtualServer(
        String name,
        ServiceKey key,
        String scheduler,
        int persistenceTimeoutSec,
        int persistencePrefix,
        List<RealServer> sorryServers,
        List<RealServer> realServers) {
    public VirtualServer {
        sorryServers = List.copyOf(sorryServers);
        realServers = List.copyOf(realServers);
    }
}
