package dev.vipd.netlink.sys;

import java.nio.ByteBuffer;
import jnr.ffi.Pointer;

/** recvmsg(2) of a raw IPv6 socket, with the packet's header made anew. */
final class Ipv6Receiver {
    private static final int IPV6_RECVPKTINFO = 49;
    private static final int IPV6_PKTINFO = 50;
    private static final int IPV6_RECVHOPLIMIT = 51;
    private static final int IPV6_HOPLIMIT = 52;
    private static final int HEADER = 40;
    private static final int CMSG_HEADER = 16; // struct cmsghdr: length @0, level @8, type @12

    private final String operation;
    private final Fd fd;
    private final int protocol;
    private final ByteBuffer source = Sys.buffer(28); // struct sockaddr_in6: address @8
    private final ByteBuffer control = Sys.buffer(128);
    private final ByteBuffer vector = Sys.buffer(16); // struct iovec: base @0, length @8
    private final ByteBuffer message = Sys.buffer(56);
    private final byte[] address = new byte[16];
    private ByteBuffer data;

    Ipv6Receiver(String operation, Fd fd, int protocol) throws SysException {
        this.operation = operation;
        this.fd = fd;
        this.protocol = protocol;
        Sys.setOption(operation, fd, Sys.SOL_IPV6, IPV6_RECVPKTINFO, 1);
        Sys.setOption(operation, fd, Sys.SOL_IPV6, IPV6_RECVHOPLIMIT, 1);
        // struct msghdr: name @0, its length @8, vector @16, its length @24, control @32, its length @40, flags @48
        message.putLong(0, addressOf(source)).putLong(16, addressOf(vector)).putLong(24, 1);
        message.putLong(32, addressOf(control));
    }

    /** As {@link VrrpSocket#receive}. */
    long receive(ByteBuffer packet) throws SysException {
        if (packet != data) {
            data = packet;
            vector.putLong(0, addressOf(packet) + HEADER).putLong(8, packet.capacity() - HEADER);
        }
        message.putInt(8, source.capacity()).putLong(40, control.capacity());
        long size = Sys.receiveMessage(operation, fd, message);
        if (size < 0) {
            return size;
        }
        packet.put(0, (byte) 0x60).put(1, (byte) 0).put(2, (byte) 0).put(3, (byte) 0);
        packet.put(4, (byte) (size >>> 8)).put(5, (byte) size).put(6, (byte) protocol).put(7, (byte) 0);
        packet.putLong(24, 0).putLong(32, 0);
        source.get(8, address);
        packet.put(8, address);
        readControl(packet);
        return HEADER + size;
    }

    /** Hop limit and destination; without them the packet is one of hop limit 0. */
    private void readControl(ByteBuffer packet) {
        int end = (int) Math.min(message.getLong(40), control.capacity());
        long length;
        for (int at = 0; at + CMSG_HEADER <= end; at += (int) (length + 7 & ~7)) {
            length = control.getLong(at);
            if (length < CMSG_HEADER || length > end - at) {
                return;
            }
            int type = control.getInt(at + 8) == Sys.SOL_IPV6 ? control.getInt(at + 12) : 0;
            if (type == IPV6_HOPLIMIT && length >= CMSG_HEADER + 4) {
                packet.put(7, (byte) control.getInt(at + CMSG_HEADER));
            } else if (type == IPV6_PKTINFO && length >= CMSG_HEADER + 20) { // struct in6_pktinfo: address @0
                control.get(at + CMSG_HEADER, address);
                packet.put(24, address);
            }
        }
    }

    private static long addressOf(ByteBuffer buffer) {
        return Pointer.wrap(jnr.ffi.Runtime.getSystemRuntime(), buffer).address();
    }
}
