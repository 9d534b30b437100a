package dev.vipd.ipvs;

import java.util.List;
import java.util.Optional;

/**
 * One {@code virtual_server}: the configuration of one service and its real servers.
 *
 * @param name                  key in the configuration, for example {@code web}
 * @param key                   family, protocol, address and port: what the kernel knows it by
 * @param scheduler             {@code lb_algo}: rr, wrr, lc, wlc, ...
 * @param persistenceTimeoutSec {@code persistence_timeout} in seconds; 0: not persistent
 * @param persistencePrefix     {@code persistence_granularity} as a prefix length; 32 for IPv4, 128 for IPv6 by default
 * @param quorum                sum of weights of healthy real servers at which the service is up, 1 or more
 * @param inhibitOnFailure      true: a failed real server stays in the table with weight 0; false: it is removed
 * @param sorryServer           takes the place of all real servers while the quorum is lost
 * @param realServers           at least one
 */
public record VirtualServer(
        String name,
        ServiceKey key,
        String scheduler,
        int persistenceTimeoutSec,
        int persistencePrefix,
        int quorum,
        boolean inhibitOnFailure,
        Optional<RealServer> sorryServer,
        List<RealServer> realServers) {
    public VirtualServer {
        realServers = List.copyOf(realServers);
    }
}
