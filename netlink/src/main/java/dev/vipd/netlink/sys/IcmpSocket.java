package dev.vipd.netlink.sys;

import java.nio.ByteBuffer;

/**
 * Raw ICMP, version 4 or 6, for very many echo requests to any hosts by one socket: the kernel lets in only replies
 * with the socket's identifier, and what says that an ICMP message could not be delivered.
 */
public final class IcmpSocket extends InetSocket {
    private static final int RECEIVE_BUFFER_BYTES = 4 << 20; // thousands of replies within one stall

    private static final Libc.Calls C = Libc.CALLS;
    private static final ThreadLocal<ByteBuffer> LENGTH = ThreadLocal.withInitial(() -> Sys.buffer(4));

    private IcmpSocket() {}

    /**
     * Opens a socket.
     *
     * @param identifier of the echo requests that will be sent by it, 0..65535
     * @return its descriptor, close-on-exec, or an error, EPERM without CAP_NET_RAW
     */
    public static int open(boolean six, int identifier) {
        int fd = open(six, Sys.SOCK_RAW, IcmpEcho.protocol(six));
        if (fd < 0) {
            return fd;
        }
        if (setOption(fd, Sys.SOL_SOCKET, Sys.SO_RCVBUFFORCE, RECEIVE_BUFFER_BYTES) < 0) {
            setOption(fd, Sys.SOL_SOCKET, Sys.SO_RCVBUF, RECEIVE_BUFFER_BYTES); // as large as allowed
        }
        int error = SocketFilter.attach(fd, SocketFilter.echoAnswers(six, identifier));
        if (error < 0) {
            C.close(fd);
            return error;
        }
        return fd;
    }

    /** Sends the remaining bytes as one message. @return their number, or an error; a full queue is ENOBUFS */
    public static int sendTo(int fd, ByteBuffer message, ByteBuffer address) {
        int sent = size(C.sendto(fd, message, message.remaining(), 0, address, address.remaining()));
        return sent == -Errno.EAGAIN ? -Errno.ENOBUFS : sent;
    }

    /**
     * Receives one message into the buffer from its position on, which stays where it is: of version 4 with the header
     * of its packet.
     *
     * @param sender room for an address: {@link #addressBuffer}
     * @return how many bytes, or an error, EAGAIN
     */
    public static int receiveFrom(int fd, ByteBuffer message, ByteBuffer sender) {
        ByteBuffer length = LENGTH.get().putInt(0, sender.clear().capacity());
        return size(C.recvfrom(fd, message, message.remaining(), 0, sender, length));
    }
}
