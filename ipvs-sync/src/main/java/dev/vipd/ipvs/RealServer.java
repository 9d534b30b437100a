package dev.vipd.ipvs;

import java.net.InetAddress;

/**
 * One {@code real_server} as configured.
 *
 * @param address its address
 * @param port    its port; equal to the service's port with DR and TUN
 * @param weight  0..2^31-1
 * @param method  {@code lb_kind}: how packets are forwarded to it
 */
public record RealServer(InetAddress address, int port, int weight, ForwardingMethod method) {}
