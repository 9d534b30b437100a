package dev.vipd.netlink.sys;

import java.nio.ByteBuffer;

/** AF_PACKET socket that sends whole Ethernet frames and receives nothing: gratuitous ARP, neighbour advertisements. */
public final class PacketSocket implements AutoCloseable {
    private final Fd fd;
    private final ByteBuffer address = Sys.buffer(20); // struct sockaddr_ll: family @0, protocol be16 @2, ifindex @4

    /** @throws SysException EPERM without CAP_NET_RAW */
    public PacketSocket() throws SysException {
        fd = Sys.socket("open a packet socket", Sys.AF_PACKET, Sys.SOCK_RAW, 0); // protocol 0: receive nothing
    }

    /**
     * Sends one frame out of an interface.
     *
     * @param frame direct buffer, from position to limit, beginning with the Ethernet header
     */
    public void send(ByteBuffer frame, int interfaceIndex) throws SysException {
        address.putShort(0, (short) Sys.AF_PACKET).putInt(4, interfaceIndex);
        Sys.send("send a frame", fd, frame, 0, address);
    }

    @Override
    public void close() {
        fd.close();
    }
}
