package dev.vipd.ipvs;

import java.net.InetAddress;

/**
 * One {@code real_server} as configured.
 *
 * @param address        its address
 * @param port           its port; 0: the port of each service that it is in. With DR and TUN it is that port
 * @param weight         0..2^31-1
 * @param method         {@code lb_kind}: how packets are forwarded to it
 * @param tunnel         how they are wrapped; {@link Destination.Tunnel#IPIP} unless with TUN another was asked for
 * @param upperThreshold {@code uthreshold}: connections above which it takes no new ones; 0: no limit
 * @param lowerThreshold {@code lthreshold}: connections below which it takes new ones again; 0: 3/4 of the upper one
 */
public record RealServer(
        InetAddress address,
        int port,
        int weight,
        ForwardingMethod method,
        Destination.Tunnel tunnel,
        int upperThreshold,
        int lowerThreshold) {

    /** One without thresholds and special tunnels. */
    public static RealServer of(InetAddress address, int port, int weight, ForwardingMethod method) {
        return new RealServer(address, port, weight, method, Destination.Tunnel.IPIP, 0, 0);
    }
}
