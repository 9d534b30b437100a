package dev.vipd.vrrp;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * How adverts travel.
 *
 * @param source           {@code mcast_src_ip} or {@code unicast_src_ip}; empty: the interface's first address, for
 *                         IPv6 its link-local one
 * @param trackSource      {@code track_src_ip}: FAULT while {@code source} is on no interface
 * @param group            {@code mcast_dst_ip}; empty: 224.0.0.18 or ff02::12
 * @param unicastPeers     {@code unicast_peer}; empty: multicast
 * @param unicastTtl       {@code unicast_ttl}, 0..255
 * @param checkUnicastSource {@code check_unicast_src}: adverts from others than the peers are discarded
 * @param skipCheckAddresses {@code skip_check_adv_addr}: the address list of the master last heard is not compared
 *                         again
 * @param checksum         how the checksum of version 3 over IPv4 is sent; all forms are accepted
 * @param authentication   version 2: {@code authentication}
 */
public record TransportConfig(
        Optional<InetAddress> source,
        boolean trackSource,
        Optional<InetAddress> group,
        List<UnicastPeer> unicastPeers,
        int unicastTtl,
        boolean checkUnicastSource,
        boolean skipCheckAddresses,
        ChecksumForm checksum,
        Optional<Authentication> authentication) {
    public static final int MAX_TTL = 255;
    public static final TransportConfig DEFAULT = new TransportConfig(
            Optional.empty(), false, Optional.empty(), List.of(), MAX_TTL, true, false, ChecksumForm.PSEUDO_HEADER,
            Optional.empty());

    /**
     * One of {@code unicast_peer}.
     *
     * @param minTtl adverts with a lower TTL or hop limit are discarded, 0..255
     * @param maxTtl and those with a higher one
     */
    public record UnicastPeer(InetAddress address, int minTtl, int maxTtl) {
        /** A peer any number of hops away. */
        public static UnicastPeer of(InetAddress address) {
            return new UnicastPeer(address, 0, MAX_TTL);
        }
    }

    public TransportConfig {
        unicastPeers = List.copyOf(unicastPeers);
    }

    /** The default but for source, peers and checksum. */
    public static TransportConfig of(
            Optional<InetAddress> source, List<? extends InetAddress> peers, ChecksumForm checksum) {
        return new TransportConfig(
                source, false, Optional.empty(), peers.stream().map(UnicastPeer::of).toList(), MAX_TTL, true, false,
                checksum, Optional.empty());
    }

    public boolean unicast() {
        return !unicastPeers.isEmpty();
    }

    public List<InetAddress> peerAddresses() {
        return unicastPeers.stream().map(UnicastPeer::address).toList();
    }
}
