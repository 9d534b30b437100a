package dev.vipd.vrrp;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * One {@code vrrp_instance}: the configuration of one virtual router.
 *
 * @param name              key of the instance in the configuration, for example {@code VI_1}
 * @param interfaceName     interface that adverts run on and VIPs are added to
 * @param virtualRouterId   VRID, 1..255
 * @param version           2 or 3
 * @param priority          1..255; 255 is the address owner
 * @param advertIntervalNs  own Advertisement_Interval; version 2: whole seconds 1..255, version 3: 10 ms..40.95 s in
 *                          steps of 10 ms
 * @param election          how it takes part in the election
 * @param transport         how adverts travel
 * @param holding           what it holds as master
 * @param announce          timing of gratuitous ARP and unsolicited neighbour advertisements
 * @param tracking          what it follows
 */
public record VirtualRouterConfig(
        String name,
        String interfaceName,
        int virtualRouterId,
        int version,
        int priority,
        long advertIntervalNs,
        ElectionConfig election,
        TransportConfig transport,
        HoldingConfig holding,
        AnnounceConfig announce,
        TrackingConfig tracking) {

    /** Priority of the address owner (RFC 9568, 5.2.4); tracker weights never change it. */
    public static final int OWNER_PRIORITY = 255;

    public boolean owner() {
        return priority == OWNER_PRIORITY;
    }

    /** Whether it is a virtual router of IPv6; its VIPs say so. */
    public boolean ipv6() {
        return addresses().getFirst().address() instanceof Inet6Address;
    }

    /** The advertised VIPs. */
    public List<VirtualAddress> addresses() {
        return holding.addresses();
    }

    /** As this, with another tracking. */
    public VirtualRouterConfig withTracking(TrackingConfig other) {
        return new VirtualRouterConfig(
                name, interfaceName, virtualRouterId, version, priority, advertIntervalNs, election, transport, holding,
                announce, other);
    }

    public Optional<InetAddress> sourceAddress() {
        return transport.source();
    }
}
