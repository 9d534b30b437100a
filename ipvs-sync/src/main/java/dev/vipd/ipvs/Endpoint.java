package dev.vipd.ipvs;

import java.net.InetAddress;

/**
 * Identity of a destination within its service.
 *
 * @param address address of the real server; its family may differ from the service's with TUN
 * @param port    0..65535
 */
public record Endpoint(InetAddress address, int port) {

    /** {@code 192.0.2.1:80} or {@code [2001:db8::1]:80}. */
    @Override
    public String toString() {
        return Endpoints.format(address, port);
    }
}
