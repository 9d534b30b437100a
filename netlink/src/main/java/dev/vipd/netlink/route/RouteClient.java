package dev.vipd.netlink.route;

import dev.vipd.netlink.NetlinkConn;
import dev.vipd.netlink.NetlinkException;
import dev.vipd.netlink.Nl;
import dev.vipd.netlink.NlMessage;
import dev.vipd.netlink.sys.Errno;
import dev.vipd.netlink.sys.SysException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Interfaces and addresses of this network namespace. Not thread-safe. */
public final class RouteClient implements AutoCloseable {
    private final NetlinkConn conn;

    public RouteClient(NetlinkConn conn) {
        this.conn = conn;
    }

    public static RouteClient open() throws SysException {
        return new RouteClient(NetlinkConn.open("route", Nl.NETLINK_ROUTE));
    }

    public List<Link> links() throws NetlinkException {
        return conn.dump("list interfaces", RouteCodec.RTM_GETLINK, RouteCodec.linkDump()).stream()
                .filter(message -> message.type() == RouteCodec.RTM_NEWLINK)
                .map(RouteCodec::link)
                .flatMap(Optional::stream)
                .toList();
    }

    /** IPv4 and IPv6 addresses of all interfaces. */
    public List<InterfaceAddress> addresses() throws NetlinkException {
        List<NlMessage> messages = conn.dump(
                "list addresses", RouteCodec.RTM_GETADDR, RouteCodec.addressDump(RouteCodec.AF_UNSPEC));
        return messages.stream()
                .filter(message -> message.type() == RouteCodec.RTM_NEWADDR)
                .map(RouteCodec::address)
                .flatMap(Optional::stream)
                .toList();
    }

    /**
     * Adds an address.
     *
     * @return false when it was there already
     * @throws NetlinkException EPERM without CAP_NET_ADMIN, ENODEV without the interface
     */
    public boolean addAddress(Link link, InetAddress address, int prefixLength) throws NetlinkException {
        return change("add", RouteCodec.RTM_NEWADDR, Nl.NLM_F_CREATE | Nl.NLM_F_EXCL, Errno.EEXIST, link, address,
                prefixLength);
    }

    /**
     * Deletes an address.
     *
     * @return false when it was not there
     */
    public boolean deleteAddress(Link link, InetAddress address, int prefixLength) throws NetlinkException {
        return change("delete", RouteCodec.RTM_DELADDR, 0, Errno.EADDRNOTAVAIL, link, address, prefixLength);
    }

    @Override
    public void close() {
        conn.close();
    }

    private boolean change(
            String verb, int type, int flags, int errnoWhenDone, Link link, InetAddress address, int prefixLength)
            throws NetlinkException {
        String operation = verb + " address " + address.getHostAddress() + "/" + prefixLength + " on " + link.name();
        try {
            conn.request(operation, type, flags, RouteCodec.address(link.index(), address, prefixLength));
            return true;
        } catch (NetlinkException e) {
            if (e.errno() == errnoWhenDone) {
                return false;
            }
            throw e;
        }
    }
}
