package dev.vipd.ipvs;

import java.util.List;

/**
 * One {@code virtual_server}: the configuration of its service, or of its services when it is a group's, and of its
 * real servers.
 *
 * @param name        key in the configuration, for example {@code web}
 * @param keys        what the kernel knows it by; one, or for a group one each; all of one family
 * @param scheduling  scheduler and persistence
 * @param sorryServers may take the place of the real servers; often none
 * @param realServers at least one
 */
public record VirtualServer(
        String name,
        List<ServiceKey> keys,
        Scheduling scheduling,
        List<RealServer> sorryServers,
        List<RealServer> realServers) {
    public VirtualServer {
        keys = List.copyOf(keys);
        sorryServers = List.copyOf(sorryServers);
        realServers = List.copyOf(realServers);
    }

    /** For people: {@code tcp:192.0.2.1:80}, of a group {@code tcp:192.0.2.1:80 and 3 more}. */
    public String describeKeys() {
        return keys.getFirst() + (keys.size() == 1 ? "" : " and " + (keys.size() - 1) + " more");
    }
}
