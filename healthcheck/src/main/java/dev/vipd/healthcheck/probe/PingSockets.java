package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.Route;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The ICMP sockets of one loop: one for each family and way to leave this machine, whatever the number of targets.
 *
 * <p>They are raw ones, for which CAP_NET_RAW is needed. ICMP datagram sockets need net.ipv4.ping_group_range, which is
 * empty by default and is not ours to change; and either each check had one of its own, ten thousand descriptors and
 * bind calls, or they were shared like these. A raw socket's fault is that it gets all of the host's ICMP; a filter in
 * the kernel leaves its own.
 */
final class PingSockets {
    /** What sockets differ in. */
    record Way(boolean six, Optional<InetAddress> bindTo, Optional<String> bindInterface, int mark) {
        static Way of(Route route) {
            boolean six = route.target().getAddress() instanceof Inet6Address;
            return new Way(six, route.bindTo(), route.bindInterface(), route.mark());
        }
    }

    private final CheckLoop loop;
    private final Map<Way, PingSocket> sockets = new HashMap<>();

    PingSockets(CheckLoop loop) {
        this.loop = loop;
    }

    /** The socket for this way, to be released. @return null when there can be none, which is the run's end */
    PingSocket acquire(Route route, ProbeRun run) {
        Way way = Way.of(route);
        PingSocket socket = sockets.get(way);
        if (socket == null) {
            socket = PingSocket.open(loop, route, run);
            if (socket == null) {
                return null;
            }
            sockets.put(way, socket);
        }
        socket.acquire();
        return socket;
    }

    /** The last user has released it. */
    void gone(PingSocket socket) {
        sockets.remove(socket.way(), socket);
    }
}
