package dev.vipd.netlink.route;

import java.net.InetAddress;
import java.util.Optional;

/**
 * Where packets of a route go.
 *
 * @param via            the gateway, which may be of the other family; empty: the destination is on the link
 * @param interfaceIndex 0: the one that leads to the gateway
 * @param weight         1..256, a share among several
 * @param onlink         the gateway is on the link, though no route says so
 */
public record NextHop(Optional<InetAddress> via, int interfaceIndex, int weight, boolean onlink) {}
