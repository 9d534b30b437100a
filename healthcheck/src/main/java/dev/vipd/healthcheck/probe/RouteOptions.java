package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.Route;
import dev.vipd.netlink.sys.InetSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/** What of a route has to be set on a socket before it is used. */
final class RouteOptions {
    private static final InetAddress ANY_V4 = InetAddress.ofLiteral("0.0.0.0");
    private static final InetAddress ANY_V6 = InetAddress.ofLiteral("::");

    private RouteOptions() {}

    /**
     * Sets mark, interface, source address and port.
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
        if (error == 0 && (route.bindTo().isPresent() || route.bindPort() != 0)) {
            InetAddress any = route.target().getAddress() instanceof Inet6Address ? ANY_V6 : ANY_V4;
            InetSocket.putAddress(address, route.bindTo().orElse(any), route.bindPort());
            error = InetSocket.bind(fd, address);
        }
        return error;
    }
}
