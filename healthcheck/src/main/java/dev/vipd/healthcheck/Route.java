package dev.vipd.healthcheck;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * How a probe reaches its server.
 *
 * @param target        the real server's address and port, or {@code connect_ip} and {@code connect_port}; the port
 *                      is 0 where the kind has none
 * @param bindTo        {@code bindto}: source address; of the target's family
 * @param bindPort      {@code bind_port}: source port; 0: the kernel's choice
 * @param bindInterface {@code bind_if}: leaves by this interface (SO_BINDTODEVICE)
 * @param mark          {@code fwmark} of its packets (SO_MARK), unsigned; 0: none
 */
public record Route(
        InetSocketAddress target,
        Optional<InetAddress> bindTo,
        int bindPort,
        Optional<String> bindInterface,
        int mark) {

    /** Straight to the target. */
    public static Route to(InetSocketAddress target) {
        return new Route(target, Optional.empty(), 0, Optional.empty(), 0);
    }

    /** The target as it is written: {@code 192.0.2.1:80}, {@code [2001:db8::1]:80}; without a port when it is 0. */
    public String text() {
        String address = target.getAddress().getHostAddress();
        if (target.getPort() == 0) {
            return address;
        }
        boolean six = target.getAddress() instanceof Inet6Address;
        return (six ? "[" + address + "]" : address) + ":" + target.getPort();
    }
}
