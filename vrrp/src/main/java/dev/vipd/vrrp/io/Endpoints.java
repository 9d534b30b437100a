package dev.vipd.vrrp.io;

import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.wire.AdvertCodec;
import dev.vipd.vrrp.wire.AuthenticationHeader;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where the adverts of an instance come from and where they are heard. Not thread-safe. */
final class Endpoints {
    private final Interfaces interfaces;

    Endpoints(Interfaces interfaces) {
        this.interfaces = interfaces;
    }

    /**
     * The sockets that an instance receives on; none while its interface or its address is not there. Version 2 also
     * listens for authentication headers where it sends none, and the other way round: else a peer configured so would
     * be a master that nobody hears.
     */
    List<SocketSet.Key> keys(VirtualRouterConfig config, Set<InetAddress> vips) {
        Optional<InetAddress> local =
                config.transport().unicast() ? source(config, vips) : Optional.of(config.group());
        String device = Devices.ofAdverts(config);
        List<Integer> protocols = config.version() == 2
                ? List.of(AdvertCodec.PROTOCOL, AuthenticationHeader.PROTOCOL)
                : List.of(AdvertCodec.PROTOCOL);
        return interfaces.link(device).stream()
                .flatMap(link -> local.stream().flatMap(address -> protocols.stream()
                        .map(protocol -> new SocketSet.Key(device, link.index(), address, protocol))))
                .toList();
    }

    /**
     * Where adverts are sent from: as configured, or the first address of the interface that is no VIP.
     *
     * @param vips of all instances, this one and the others: they come and go
     */
    Optional<InetAddress> source(VirtualRouterConfig config, Set<InetAddress> vips) {
        Optional<InetAddress> configured = config.sourceAddress();
        if (configured.isPresent()) {
            return configured.filter(address -> !config.transport().trackSource() || interfaces.hasAnywhere(address));
        }
        if (!config.ipv6()) {
            return interfaces.primary(config.interfaceName(), vips);
        }
        // peers beyond the link can't answer a link-local address
        boolean near = config.destinations().stream()
                .allMatch(to -> to.isLinkLocalAddress() || to.isMCLinkLocal());
        return interfaces.primaryIpv6(config.interfaceName(), near, vips);
    }

    /** The addresses that instances hold at times. */
    static Set<InetAddress> vips(Stream<VirtualRouterConfig> all) {
        return all.filter(instance -> !instance.owner()) // the owner's VIPs are the interface's own addresses
                .flatMap(Devices::addresses)
                .map(VirtualAddress::address)
                .collect(Collectors.toSet());
    }
}
