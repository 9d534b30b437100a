package dev.vipd.netlink.sys;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * Raw socket for adverts on one interface. The receiving one gives whole packets with their IP header, the sending one
 * takes them so (the kernel writes total length and header checksum of IPv4). A raw IPv6 socket gives no header: it is
 * put before the data again, of what the kernel tells beside it.
 */
public final class VrrpSocket implements AutoCloseable {
    private static final int IPPROTO_VRRP = 112;
    private static final int SOL_IP = 0;
    private static final int IP_HDRINCL = 3;
    private static final int IP_FREEBIND = 15;
    private static final int IP_MULTICAST_IF = 32;
    private static final int IP_MULTICAST_LOOP = 34;
    private static final int IP_ADD_MEMBERSHIP = 35;
    private static final int IP_MULTICAST_ALL = 49;
    private static final int IPV6_MULTICAST_IF = 17;
    private static final int IPV6_MULTICAST_LOOP = 19;
    private static final int IPV6_ADD_MEMBERSHIP = 20;
    private static final int IPV6_MULTICAST_ALL = 29;
    private static final int IPV6_HDRINCL = 36;
    private static final int IPV6_FREEBIND = 78;
    private static final int RECEIVE_BUFFER_BYTES = 256 * 1024;

    private final String sendOperation;
    private final String receiveOperation;
    private final int interfaceIndex;
    private final Fd fd;
    private final Ipv6Receiver ipv6;
    private final ByteBuffer sender = Sys.buffer(16);
    private final ByteBuffer senderLength = Sys.buffer(4);
    private InetAddress destination; // of the last packet: mostly the next one's too
    private ByteBuffer destinationAddress;

    private VrrpSocket(String interfaceName, int interfaceIndex, Fd fd, Ipv6Receiver ipv6) {
        sendOperation = "send advert on " + interfaceName;
        receiveOperation = "receive adverts on " + interfaceName;
        this.interfaceIndex = interfaceIndex;
        this.fd = fd;
        this.ipv6 = ipv6;
    }

    /**
     * Opens a socket that receives what is sent to {@code local}: a multicast group, which is joined, or an own
     * address.
     *
     * @param protocol IP protocol number: 112, or 51 for version 2 with authentication headers
     * @throws SysException EPERM without CAP_NET_RAW, ENODEV without such an interface, EAFNOSUPPORT without IPv6
     */
    public static VrrpSocket receiver(String interfaceName, int interfaceIndex, InetAddress local, int protocol)
            throws SysException {
        String operation = "open the VRRP receive socket for " + local.getHostAddress() + " on " + interfaceName;
        boolean ofIpv6 = local instanceof Inet6Address;
        Fd fd = Sys.socket(operation, ofIpv6 ? Sys.AF_INET6 : Sys.AF_INET, Sys.SOCK_RAW, protocol);
        try {
            Sys.bindToDevice(operation, fd, interfaceName);
            Sys.setReceiveBuffer(operation, fd, RECEIVE_BUFFER_BYTES);
            if (ofIpv6) {
                receiveIpv6(operation, fd, interfaceIndex, local);
            } else {
                receiveIpv4(operation, fd, interfaceIndex, local);
            }
            Sys.bind(operation, fd, address(local, interfaceIndex));
            return new VrrpSocket(
                    interfaceName, interfaceIndex, fd, ofIpv6 ? new Ipv6Receiver(operation, fd, protocol) : null);
        } catch (SysException e) {
            fd.close();
            throw e;
        }
    }

    private static void receiveIpv4(String operation, Fd fd, int interfaceIndex, InetAddress local)
            throws SysException {
        Sys.setOption(operation, fd, SOL_IP, IP_MULTICAST_ALL, 0); // only what this socket itself joined
        if (local.isMulticastAddress()) {
            ByteBuffer membership = mreqn(interfaceIndex).put(0, local.getAddress());
            Sys.setOption(operation, fd, SOL_IP, IP_ADD_MEMBERSHIP, membership);
        } else {
            Sys.setOption(operation, fd, SOL_IP, IP_FREEBIND, 1); // the address may come later
        }
    }

    private static void receiveIpv6(String operation, Fd fd, int interfaceIndex, InetAddress local)
            throws SysException {
        Sys.setOption(operation, fd, Sys.SOL_IPV6, IPV6_MULTICAST_ALL, 0);
        if (local.isMulticastAddress()) {
            ByteBuffer membership = Sys.buffer(20); // struct ipv6_mreq: group @0, index @16
            membership.put(0, local.getAddress()).putInt(16, interfaceIndex);
            Sys.setOption(operation, fd, Sys.SOL_IPV6, IPV6_ADD_MEMBERSHIP, membership);
        } else {
            Sys.setOption(operation, fd, Sys.SOL_IPV6, IPV6_FREEBIND, 1);
        }
    }

    /** Opens a socket that only sends, whatever the protocol that the packets' headers say. */
    public static VrrpSocket sender(String interfaceName, int interfaceIndex, boolean ofIpv6) throws SysException {
        String operation = "open the VRRP send socket on " + interfaceName;
        Fd fd = Sys.socket(operation, ofIpv6 ? Sys.AF_INET6 : Sys.AF_INET, Sys.SOCK_RAW, IPPROTO_VRRP);
        try {
            SocketFilter.dropAll(operation, fd);
            Sys.bindToDevice(operation, fd, interfaceName);
            if (ofIpv6) {
                Sys.setOption(operation, fd, Sys.SOL_IPV6, IPV6_MULTICAST_IF, interfaceIndex);
                Sys.setOption(operation, fd, Sys.SOL_IPV6, IPV6_MULTICAST_LOOP, 0);
                Sys.setOption(operation, fd, Sys.SOL_IPV6, IPV6_HDRINCL, 1);
            } else {
                Sys.setOption(operation, fd, SOL_IP, IP_MULTICAST_IF, mreqn(interfaceIndex));
                Sys.setOption(operation, fd, SOL_IP, IP_MULTICAST_LOOP, 0);
                Sys.setOption(operation, fd, SOL_IP, IP_HDRINCL, 1);
            }
            return new VrrpSocket(interfaceName, interfaceIndex, fd, null);
        } catch (SysException e) {
            fd.close();
            throw e;
        }
    }

    public Fd fd() {
        return fd;
    }

    /**
     * Sends one packet that begins with its IP header.
     *
     * @param packet direct buffer, from position to limit
     */
    public void send(ByteBuffer packet, InetAddress to) throws SysException {
        if (!to.equals(destination)) {
            destinationAddress = address(to, interfaceIndex);
            destination = to;
        }
        int flags = to.isMulticastAddress() ? Sys.MSG_DONTROUTE : 0;
        Sys.send(sendOperation, fd, packet, flags, destinationAddress);
    }

    /**
     * Receives one packet into the cleared buffer.
     *
     * @param packet direct buffer
     * @return its true length, more than the buffer's capacity when it was cut; -1 when none waits
     */
    public long receive(ByteBuffer packet) throws SysException {
        return ipv6 == null
                ? Sys.receive(receiveOperation, fd, packet.clear(), sender, senderLength)
                : ipv6.receive(packet.clear());
    }

    @Override
    public void close() {
        fd.close();
    }

    private static ByteBuffer mreqn(int interfaceIndex) { // struct ip_mreqn: group @0, address @4, index @8
        return Sys.buffer(12).putInt(8, interfaceIndex);
    }

    private static ByteBuffer address(InetAddress ip, int interfaceIndex) {
        if (ip instanceof Inet6Address) { // struct sockaddr_in6: family @0, port @2, flow @4, address @8, scope @24
            boolean local = ip.isLinkLocalAddress() || ip.isMulticastAddress();
            ByteBuffer address = Sys.buffer(28).putShort(0, (short) Sys.AF_INET6).put(8, ip.getAddress());
            return address.putInt(24, local ? interfaceIndex : 0);
        }
        // struct sockaddr_in: family @0, port @2, address @4
        return Sys.buffer(16).putShort(0, (short) Sys.AF_INET).put(4, ip.getAddress());
    }
}
