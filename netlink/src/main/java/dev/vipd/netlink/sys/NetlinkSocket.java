package dev.vipd.netlink.sys;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** AF_NETLINK socket. Not thread-safe. */
public final class NetlinkSocket implements NlTransport {
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_ADD_MEMBERSHIP = 1;
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;
    private static final int NETLINK_GET_STRICT_CHK = 12;
    /** The lab lowers it to see answers lost to a full queue. */
    private static final int RECEIVE_BUFFER_BYTES = Integer.getInteger("vipd.netlink_receive_bytes", 4 * 1024 * 1024);
    private static final int DATAGRAM_BYTES_MAX = 64 * 1024; // the kernel fills dump datagrams up to 32 KiB

    private final String name;
    private final Fd fd;
    private final Poller poller;
    private final ByteBuffer buffer = Sys.buffer(DATAGRAM_BYTES_MAX);
    private final ByteBuffer sender = Sys.buffer(12);
    private final ByteBuffer senderLength = Sys.buffer(4);
    private final ByteBuffer kernel = kernelAddress();
    private ByteBuffer sendBuffer = Sys.buffer(4096);

    /**
     * @param protocol NETLINK_ROUTE 0, NETLINK_GENERIC 16
     * @param groups   multicast groups to join, by number
     */
    public NetlinkSocket(String name, int protocol, List<Integer> groups) throws SysException {
        this.name = name;
        String operation = "open the " + name + " netlink socket";
        fd = Sys.socket(operation, Sys.AF_NETLINK, Sys.SOCK_RAW, protocol);
        poller = new Poller(List.of(fd));
        try {
            Sys.setReceiveBuffer(operation, fd, RECEIVE_BUFFER_BYTES);
            tryOption(operation, NETLINK_EXT_ACK);
            tryOption(operation, NETLINK_CAP_ACK);
            tryOption(operation, NETLINK_GET_STRICT_CHK);
            Sys.bind(operation, fd, kernelAddress()); // port id 0: the kernel chooses one
            for (int group : groups) {
                join(group);
            }
        } catch (SysException e) {
            fd.close();
            throw e;
        }
    }

    public Fd fd() {
        return fd;
    }

    /** Joins a multicast group; one that is joined already stays so. */
    public void join(int group) throws SysException {
        Sys.setOption("listen to the kernel (" + name + ")", fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group);
    }

    @Override
    public void send(byte[] datagram) throws SysException {
        if (sendBuffer.capacity() < datagram.length) {
            sendBuffer = Sys.buffer(datagram.length);
        }
        Sys.send("send to the kernel (" + name + ")", fd, sendBuffer.clear().put(datagram).flip(), 0, kernel);
    }

    /** {@inheritDoc} Datagrams of other processes are dropped. */
    @Override
    public Optional<byte[]> receive(long timeoutNs) throws SysException {
        String operation = "receive from the kernel (" + name + ")";
        long deadlineNs = System.nanoTime() + timeoutNs;
        while (true) {
            long size = Sys.receive(operation, fd, buffer.clear(), sender, senderLength);
            if (size > buffer.capacity()) {
                throw new SysException(operation, Errno.EMSGSIZE);
            }
            if (size >= 0 && sender.getInt(4) == 0) {
                byte[] datagram = new byte[(int) size];
                buffer.get(0, datagram);
                return Optional.of(datagram);
            }
            if (size < 0) {
                long leftNs = deadlineNs - System.nanoTime();
                if (leftNs <= 0) {
                    return Optional.empty();
                }
                poller.poll(leftNs);
            }
        }
    }

    @Override
    public void close() {
        fd.close();
    }

    private void tryOption(String operation, int option) {
        try {
            Sys.setOption(operation, fd, SOL_NETLINK, option, 1);
        } catch (SysException e) {
            // a kernel without it answers with longer acks, without texts, or dumps more than was asked for
        }
    }

    private static ByteBuffer kernelAddress() { // struct sockaddr_nl: family @0, port id @4, groups @8
        return Sys.buffer(12).putShort(0, (short) Sys.AF_NETLINK);
    }
}
