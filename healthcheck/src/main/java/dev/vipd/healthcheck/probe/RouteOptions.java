package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.Route;
import dev.vipd.netlink.sys.InetSocket;
import java.nio.ByteBuffer;

/** What of a route has to be set on a socket before it is used. */
final class RouteOptions {
    private RouteOptions() {}

    /**
     * Sets mark, interface and source address.
     *
     * @param address room for an address
     * @return 0 or a negative error
     */
    static int apply(int fd, Route route, ByteBuffer address) {
        int error = 0;
        if (route.mark() != 0) {
            error = InetSocket.mark(fd, route.mark());
        }
        if (error == 0 && route.bindInterface().isPresent()) {
            error = InetSocket.bindToDevice(fd, route.bindInterface().get());
        }
        if (error == 0 && route.bindTo().isPresent()) {
            InetSocket.putAddress(address, route.bindTo().get(), route.bindPort());
            error = InetSocket.bind(fd, address);
        }
        return error;
    }
}
