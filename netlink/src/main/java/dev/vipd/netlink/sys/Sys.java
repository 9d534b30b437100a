package dev.vipd.netlink.sys;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** System calls, checked: a failure is a {@link SysException}, EINTR is retried. */
final class Sys {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int AF_NETLINK = 16;
    static final int AF_PACKET = 17;
    static final int SOCK_RAW = 3;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int SOCK_NONBLOCK = 0x800;
    static final int SOL_SOCKET = 1;
    static final int SOL_IPV6 = 41;
    static final int SO_RCVBUF = 8;
    static final int SO_BINDTODEVICE = 25;
    static final int SO_ATTACH_FILTER = 26;
    static final int SO_RCVBUFFORCE = 33;
    static final int MSG_DONTROUTE = 4;
    static final int MSG_TRUNC = 0x20;
    static final int MSG_DONTWAIT = 0x40;

    private static final Libc.Calls C = Libc.CALLS;

    private Sys() {}

    /** A zeroed direct buffer in the order the kernel reads its own structures. */
    static ByteBuffer buffer(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }

    /** The text with a zero byte behind it. */
    static ByteBuffer text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return buffer(bytes.length + 1).put(bytes).put((byte) 0).flip();
    }

    static Fd socket(String operation, int domain, int type, int protocol) throws SysException {
        return new Fd(check(operation, C.socket(domain, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol)));
    }

    static void bind(String operation, Fd fd, ByteBuffer address) throws SysException {
        check(operation, C.bind(fd.number(), address, address.remaining()));
    }

    static void setOption(String operation, Fd fd, int level, int option, ByteBuffer value) throws SysException {
        check(operation, C.setsockopt(fd.number(), level, option, value, value.remaining()));
    }

    static void setOption(String operation, Fd fd, int level, int option, int value) throws SysException {
        setOption(operation, fd, level, option, buffer(4).putInt(0, value));
    }

    /** A receive buffer above rmem_max where CAP_NET_ADMIN allows it, as large as allowed otherwise. */
    static void setReceiveBuffer(String operation, Fd fd, int bytes) throws SysException {
        if (C.setsockopt(fd.number(), SOL_SOCKET, SO_RCVBUFFORCE, buffer(4).putInt(0, bytes), 4) < 0) {
            setOption(operation, fd, SOL_SOCKET, SO_RCVBUF, bytes);
        }
    }

    static void bindToDevice(String operation, Fd fd, String interfaceName) throws SysException {
        setOption(operation, fd, SOL_SOCKET, SO_BINDTODEVICE, text(interfaceName));
    }

    /** Sends the remaining bytes of the buffer as one datagram. */
    static void send(String operation, Fd fd, ByteBuffer data, int flags, ByteBuffer address) throws SysException {
        long sent;
        do {
            sent = C.sendto(fd.number(), data, data.remaining(), flags, address, address.remaining());
        } while (sent < 0 && Libc.errno() == Errno.EINTR);
        check(operation, sent);
    }

    /**
     * Receives one datagram into the buffer from its position to its limit.
     *
     * @param address receives the sender's address; its whole capacity may be written
     * @param length  4 bytes of room for the length of that
     * @return the datagram's true length, which is more than the buffer's room when it was cut; -1 when none waits
     */
    static long receive(String operation, Fd fd, ByteBuffer data, ByteBuffer address, ByteBuffer length)
            throws SysException {
        while (true) {
            length.putInt(0, address.capacity());
            long size = C.recvfrom(
                    fd.number(), data, data.remaining(), MSG_DONTWAIT | MSG_TRUNC, address, length);
            if (size >= 0) {
                return size;
            }
            int errno = Libc.errno();
            if (errno == Errno.EAGAIN) {
                return -1;
            }
            if (errno != Errno.EINTR) {
                throw new SysException(operation, errno);
            }
        }
    }

    /** As {@link #receive} by recvmsg: into what a struct msghdr points to. */
    static long receiveMessage(String operation, Fd fd, ByteBuffer message) throws SysException {
        while (true) {
            long size = C.recvmsg(fd.number(), message, MSG_DONTWAIT | MSG_TRUNC);
            if (size >= 0) {
                return size;
            }
            int errno = Libc.errno();
            if (errno == Errno.EAGAIN) {
                return -1;
            }
            if (errno != Errno.EINTR) {
                throw new SysException(operation, errno);
            }
        }
    }

    static int check(String operation, int result) throws SysException {
        if (result < 0) {
            throw new SysException(operation, Libc.errno());
        }
        return result;
    }

    private static void check(String operation, long result) throws SysException {
        if (result < 0) {
            throw new SysException(operation, Libc.errno());
        }
    }
}
