package dev.vipd.ipvs;

import java.net.InetAddress;

/**
 * A real server of one virtual server; the same machine in two services is two real servers.
 *
 * @param service name of the virtual server in the configuration
 * @param address its address
 * @param port    its port
 */
public record RealServerId(String service, InetAddress address, int port) {}
