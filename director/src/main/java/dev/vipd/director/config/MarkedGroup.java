package dev.vipd.director.config;

import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.ServiceKey.Protocol;
import java.net.InetAddress;
import java.util.List;

/**
 * A group whose packets get one firewall mark, by nftables, so that all of it is one service.
 *
 * @param key      the service
 * @param protocol of all packets
 * @param targets  where they go
 */
public record MarkedGroup(ServiceKey.Mark key, Protocol protocol, List<Target> targets) {
    public MarkedGroup {
        targets = List.copyOf(targets);
    }

    /**
     * A range of addresses with a port.
     *
     * @param first the lowest address
     * @param last  the highest; of the same family
     * @param port  0 for all
     */
    public record Target(InetAddress first, InetAddress last, int port) {}
}
