package dev.vipd.netlink.sys;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * Raw IPv4 socket for IP protocol 112 on one interface. The receiving one gives whole packets with their IP header, the
 * sending one takes them so (IP_HDRINCL; the kernel writes total length and header checksum).
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
    private static final int RECEIVE_BUFFER_BYTES = 256 * 1024;

    private final String interfaceName;
    private final Fd fd;
    private final ByteBuffer sender = Sys.buffer(16);
    private final ByteBuffer senderLength = Sys.buffer(4);

    private VrrpSocket(String interfaceName, Fd fd) {
        this.interfaceName = interfaceName;
        this.fd = fd;
    }

    /**
     * Opens a socket that receives what is sent to {@code local}: a multicast group, which is joined, or an own
     * address.
     *
     * @throws SysException EPERM without CAP_NET_RAW, ENODEV without such an interface
     */
    public static VrrpSocket receiver(String interfaceName, int interfaceIndex, InetAddress local)
            throws SysException {
        String operation = "open the VRRP receive socket for " + local.getHostAddress() + " on " + interfaceName;
        Fd fd = Sys.socket(operation, Sys.AF_INET, Sys.SOCK_RAW, IPPROTO_VRRP);
        try {
            Sys.bindToDevice(operation, fd, interfaceName);
            Sys.setReceiveBuffer(operation, fd, RECEIVE_BUFFER_BYTES);
            Sys.setOption(operation, fd, SOL_IP, IP_MULTICAST_ALL, 0); // only what this socket itself joined
            if (local.isMulticastAddress()) {
                ByteBuffer membership = mreqn(interfaceIndex).put(0, local.getAddress());
                Sys.setOption(operation, fd, SOL_IP, IP_ADD_MEMBERSHIP, membership);
            } else {
                Sys.setOption(operation, fd, SOL_IP, IP_FREEBIND, 1); // the address may come later
            }
            Sys.bind(operation, fd, address(local));
            return new VrrpSocket(interfaceName, fd);
        } catch (SysException e) {
            fd.close();
            throw e;
        }
    }

    /** Opens a socket that only sends. */
    public static VrrpSocket sender(String interfaceName, int interfaceIndex) throws SysException {
        String operation = "open the VRRP send socket on " + interfaceName;
        Fd fd = Sys.socket(operation, Sys.AF_INET, Sys.SOCK_RAW, IPPROTO_VRRP);
        try {
            SocketFilter.dropAll(operation, fd);
            Sys.bindToDevice(operation, fd, interfaceName);
            Sys.setOption(operation, fd, SOL_IP, IP_MULTICAST_IF, mreqn(interfaceIndex));
            Sys.setOption(operation, fd, SOL_IP, IP_MULTICAST_LOOP, 0);
            Sys.setOption(operation, fd, SOL_IP, IP_HDRINCL, 1);
            return new VrrpSocket(interfaceName, fd);
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
    public void send(ByteBuffer packet, InetAddress destination) throws SysException {
        int flags = destination.isMulticastAddress() ? Sys.MSG_DONTROUTE : 0;
        Sys.send("send advert on " + interfaceName, fd, packet, flags, address(destination));
    }

    /**
     * Receives one packet into the cleared buffer.
     *
     * @return its true length, more than the buffer's capacity when it was cut; -1 when none waits
     */
    public long receive(ByteBuffer packet) throws SysException {
        return Sys.receive("receive adverts on " + interfaceName, fd, packet.clear(), sender, senderLength);
    }

    @Override
    public void close() {
        fd.close();
    }

    private static ByteBuffer mreqn(int interfaceIndex) { // struct ip_mreqn: group @0, address @4, index @8
        return Sys.buffer(12).putInt(8, interfaceIndex);
    }

    private static ByteBuffer address(InetAddress ip) { // struct sockaddr_in: family @0, port @2, address @4
        return Sys.buffer(16).putShort(0, (short) Sys.AF_INET).put(4, ip.getAddress());
    }
}
