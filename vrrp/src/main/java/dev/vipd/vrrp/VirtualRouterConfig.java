package dev.vipd.vrrp;

import dev.vipd.vrrp.wire.AdvertCodec;
import dev.vipd.vrrp.wire.Advertisement;
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

    /** Whether it is the same virtual router as another one, so that a reload may change one into the other. */
    public boolean sameRouter(VirtualRouterConfig other) {
        return name.equals(other.name)
                && interfaceName.equals(other.interfaceName)
                && virtualRouterId == other.virtualRouterId
                && version == other.version
                && ipv6() == other.ipv6()
                && holding.vmac().equals(other.holding.vmac());
    }

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

    /** Name of the interface that a VIP belongs on; of a macvlan of its own ({@code use_vmac}), that of its base. */
    public String deviceOf(VirtualAddress address) {
        return address.options().device().or(() -> holding.vmac().map(HoldingConfig.Vmac::name)).orElse(interfaceName);
    }

    public Optional<InetAddress> sourceAddress() {
        return transport.source();
    }

    /** Where multicast adverts go: {@code mcast_dst_ip}, or the group of the family. */
    public InetAddress group() {
        return transport.group().orElse(AdvertCodec.group(ipv6()));
    }

    /** Where adverts go: the group, or the unicast peers. */
    public List<InetAddress> destinations() {
        return transport.unicast() ? transport.peerAddresses() : List.of(group());
    }

    /** What it says of itself with this priority. */
    public Advertisement advert(int advertisedPriority) {
        return advert(advertisedPriority, advertIntervalNs);
    }

    /** The same with another Max Advertise Interval. */
    public Advertisement advert(int advertisedPriority, long intervalNs) {
        List<InetAddress> vips = addresses().stream().map(VirtualAddress::address).toList();
        int authType = transport.authentication().map(secret -> secret.type().number()).orElse(0);
        long authData = transport.authentication()
                .filter(secret -> secret.type() == Authentication.Type.PASS)
                .map(Authentication::password)
                .orElse(0L);
        return new Advertisement(
                version, virtualRouterId, advertisedPriority, intervalNs, vips, authType, authData);
    }
}
