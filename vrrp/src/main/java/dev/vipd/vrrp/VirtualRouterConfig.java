package dev.vipd.vrrp;

import java.net.Inet4Address;
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
 * @param preempt           Preempt_Mode (RFC 9568, 6.1); false is keepalived's {@code nopreempt}
 * @param preemptDelayNs    how long a lower-priority master is let be after it is first heard; 0 for none
 * @param sourceAddress     {@code mcast_src_ip} or {@code unicast_src_ip}; empty: the interface's first address
 * @param unicastPeers      {@code unicast_peer}; empty: multicast to 224.0.0.18
 * @param checksum          how the checksum of version 3 over IPv4 is sent; both forms are accepted
 * @param addresses         {@code virtual_ipaddress}, in the order they are advertised; at least one
 * @param announce          timing of gratuitous ARP
 * @param trackScripts      {@code track_script}: names of {@code vrrp_scripts}
 * @param trackInterfaces   {@code track_interface}; the instance's own interface is always tracked besides
 */
public record VirtualRouterConfig(
        String name,
        String interfaceName,
        int virtualRouterId,
        int version,
        int priority,
        long advertIntervalNs,
        boolean preempt,
        long preemptDelayNs,
        Optional<Inet4Address> sourceAddress,
        List<Inet4Address> unicastPeers,
        ChecksumForm checksum,
        List<VirtualAddress> addresses,
        AnnounceConfig announce,
        List<TrackRef> trackScripts,
        List<TrackRef> trackInterfaces) {

    /** Priority of the address owner (RFC 9568, 5.2.4); tracker weights never change it. */
    public static final int OWNER_PRIORITY = 255;

    public VirtualRouterConfig {
        unicastPeers = List.copyOf(unicastPeers);
        addresses = List.copyOf(addresses);
        trackScripts = List.copyOf(trackScripts);
        trackInterfaces = List.copyOf(trackInterfaces);
    }

    public boolean owner() {
        return priority == OWNER_PRIORITY;
    }
}
