package dev.vipd.netlink.sys;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;

/** ARP requests for a neighbour on one Ethernet interface, which no firewall of IP's stands in the way of (RFC 826). */
public final class ArpSocket implements ProbeSocket {
    private static final int SOCK_DGRAM = 2;
    private static final short ETH_P_ARP = 0x0806;
    private static final int REQUEST = 1;
    private static final int REPLY = 2;

    /** Hardware @0, protocol @2, lengths @4 @5, operation @6, sender's MAC @8 and IP @14, target's MAC @18, IP @24. */
    private static final int ARP_BYTES = 28;

    private final Inet4Address target;
    private final String interfaceName;
    private final String operation;
    private final Fd fd;
    private final ByteBuffer received = Sys.buffer(64).order(ByteOrder.BIG_ENDIAN);
    private final ByteBuffer sender = Sys.buffer(20);
    private final ByteBuffer senderLength = Sys.buffer(4);

    /** @throws SysException EPERM without CAP_NET_RAW, ENODEV without such an interface */
    public ArpSocket(Inet4Address target, String interfaceName) throws SysException {
        this.target = target;
        this.interfaceName = interfaceName;
        operation = "ask for " + target.getHostAddress() + " by ARP on " + interfaceName;
        fd = Sys.socket(operation, Sys.AF_PACKET, SOCK_DGRAM, 0);
        try {
            Sys.bind(operation, fd, address(device().getIndex(), new byte[0]));
        } catch (SysException e) {
            fd.close();
            throw e;
        }
    }

    @Override
    public Fd fd() {
        return fd;
    }

    @Override
    public void send(int seq) throws SysException {
        NetworkInterface device = device();
        byte[] mac = mac(device);
        ByteBuffer request = Sys.buffer(ARP_BYTES).order(ByteOrder.BIG_ENDIAN);
        request.putShort(0, (short) 1).putShort(2, (short) 0x0800).put(4, (byte) 6).put(5, (byte) 4);
        request.putShort(6, (short) REQUEST).put(8, mac).put(14, ownAddress(device)).put(24, target.getAddress());
        byte[] broadcast = new byte[6];
        Arrays.fill(broadcast, (byte) 0xff);
        Sys.send(operation, fd, request, 0, address(device.getIndex(), broadcast));
    }

    /** {@inheritDoc} ARP has no numbers: each reply of the neighbour answers what was asked last. */
    @Override
    public boolean answered(int seq) throws SysException {
        boolean found = false;
        for (long size = receive(); size >= 0; size = receive()) {
            byte[] from = new byte[4];
            received.get(14, from);
            found |= size >= ARP_BYTES
                    && received.getShort(6) == REPLY
                    && Arrays.equals(from, target.getAddress());
        }
        return found;
    }

    @Override
    public void close() {
        fd.close();
    }

    private long receive() throws SysException {
        return Sys.receive(operation, fd, received.clear(), sender, senderLength);
    }

    private NetworkInterface device() throws SysException {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(device -> device.getName().equals(interfaceName))
                    .findFirst()
                    .orElseThrow(() -> new SysException(operation, Errno.ENODEV));
        } catch (SocketException e) {
            throw new SysException(operation, Errno.ENODEV);
        }
    }

    private byte[] mac(NetworkInterface device) throws SysException {
        try {
            byte[] mac = device.getHardwareAddress();
            if (mac != null && mac.length == 6) {
                return mac;
            }
        } catch (SocketException e) {
            // as if it had none
        }
        throw new SysException(operation + ", which is no Ethernet", Errno.EADDRNOTAVAIL);
    }

    /** The first IPv4 address of the interface; without one 0.0.0.0, as in a probe of RFC 5227. */
    private static byte[] ownAddress(NetworkInterface device) {
        return Collections.list(device.getInetAddresses()).stream()
                .filter(Inet4Address.class::isInstance)
                .map(InetAddress::getAddress)
                .findFirst()
                .orElse(new byte[4]);
    }

    /** struct sockaddr_ll: family @0, protocol be16 @2, ifindex @4, length of the address @11, address @12. */
    private static ByteBuffer address(int interfaceIndex, byte[] mac) {
        ByteBuffer address = Sys.buffer(20).putShort(0, (short) Sys.AF_PACKET).putInt(4, interfaceIndex);
        address.put(11, (byte) mac.length).put(12, mac);
        address.order(ByteOrder.BIG_ENDIAN).putShort(2, ETH_P_ARP);
        return address;
    }
}
