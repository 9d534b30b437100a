package dev.vipd.netlink.route;

import dev.vipd.netlink.Nl;
import dev.vipd.netlink.NlMessage;
import dev.vipd.netlink.sys.Errno;
import dev.vipd.netlink.sys.Fd;
import dev.vipd.netlink.sys.NetlinkSocket;
import dev.vipd.netlink.sys.SysException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Notifications of links and addresses, and on demand of routes and rules. Open it before the first dump, so that no
 * change is missed between the two; what it then tells may be older than the dump, and is to be taken as it comes. Not
 * thread-safe.
 */
public final class RouteMonitor implements AutoCloseable {
    private static final int RTNLGRP_LINK = 1;
    private static final int RTNLGRP_IPV4_IFADDR = 5;
    private static final int RTNLGRP_IPV6_IFADDR = 9;
    /** Of IPv4 routes, IPv4 rules, IPv6 routes, IPv6 rules. */
    private static final List<Integer> RTNLGRP_ROUTES_AND_RULES = List.of(7, 8, 11, 19);
    private static final int DATAGRAMS_PER_READ_MAX = 256;

    private final NetlinkSocket socket;

    public RouteMonitor() throws SysException {
        socket = new NetlinkSocket(
                "monitor", Nl.NETLINK_ROUTE, List.of(RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR));
    }

    public Fd fd() {
        return socket.fd();
    }

    /**
     * Tells of routes and rules from now on. Only where they matter: a host with a full routing table has thousands of
     * changes.
     */
    public void watchRoutes() throws SysException {
        for (int group : RTNLGRP_ROUTES_AND_RULES) {
            socket.join(group);
        }
    }

    /** What waits in the queue, oldest first; at most some hundred datagrams a call. Does not block. */
    public List<RouteEvent> read() throws SysException {
        List<RouteEvent> events = new ArrayList<>();
        for (int i = 0; i < DATAGRAMS_PER_READ_MAX; i++) {
            try {
                Optional<byte[]> datagram = socket.receive(0);
                if (datagram.isEmpty()) {
                    break;
                }
                for (NlMessage message : NlMessage.decodeAll(datagram.get())) {
                    RouteEvent.of(message).ifPresent(events::add);
                }
            } catch (SysException e) {
                if (e.errno() != Errno.ENOBUFS && e.errno() != Errno.EMSGSIZE) {
                    throw e;
                }
                events.add(new RouteEvent.Overrun());
            }
        }
        return events;
    }

    @Override
    public void close() {
        socket.close();
    }
}
