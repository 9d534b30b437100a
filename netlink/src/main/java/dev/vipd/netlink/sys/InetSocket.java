package dev.vipd.netlink.sys;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the sockets of health checks have in common, by descriptor. They never block. Results are those of the system
 * calls, with the error as a negative number, not an exception: ten thousand refused connections a second are nothing
 * unusual to a health check.
 */
public abstract sealed class InetSocket permits StreamSocket, DatagramSocket, IcmpSocket {
    private static final int SO_REUSEADDR = 2;
    private static final int SO_MARK = 36;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int ADDRESS_BYTES_MAX = 28; // struct sockaddr_in6

    private static final Libc.Calls C = Libc.CALLS;

    static final ThreadLocal<ByteBuffer> SCRATCH = ThreadLocal.withInitial(() -> Sys.buffer(8));

    InetSocket() {}

    /** A buffer for an address, to be reused: {@link #putAddress}. */
    public static ByteBuffer addressBuffer() {
        return Sys.buffer(ADDRESS_BYTES_MAX);
    }

    /** Writes a struct sockaddr_in or sockaddr_in6 into the buffer, ready to be read. */
    public static void putAddress(ByteBuffer buffer, InetAddress address, int port) {
        buffer.clear();
        boolean six = address instanceof Inet6Address;
        buffer.putShort(0, (short) (six ? Sys.AF_INET6 : Sys.AF_INET));
        buffer.order(ByteOrder.BIG_ENDIAN).putShort(2, (short) port).order(ByteOrder.nativeOrder());
        if (six) {
            buffer.putInt(4, 0).put(8, address.getAddress()).putInt(24, ((Inet6Address) address).getScopeId());
        } else {
            buffer.put(4, address.getAddress()).putLong(8, 0);
        }
        buffer.limit(six ? ADDRESS_BYTES_MAX : 16);
    }

    static int open(boolean six, int type, int protocol) {
        return result(C.socket(
                six ? Sys.AF_INET6 : Sys.AF_INET, type | Sys.SOCK_NONBLOCK | Sys.SOCK_CLOEXEC, protocol));
    }

    /** @return 0 or an error; a port of 0 is the kernel's choice */
    public static int bind(int fd, ByteBuffer address) {
        int error = setOption(fd, Sys.SOL_SOCKET, SO_REUSEADDR, 1);
        return error < 0 ? error : result(C.bind(fd, address, address.remaining()));
    }

    /** @return 0 or an error, ENODEV without such an interface */
    public static int bindToDevice(int fd, String interfaceName) {
        ByteBuffer name = Sys.text(interfaceName);
        return result(C.setsockopt(fd, Sys.SOL_SOCKET, Sys.SO_BINDTODEVICE, name, name.remaining()));
    }

    /** SO_MARK. @return 0 or an error, EPERM without CAP_NET_ADMIN */
    public static int mark(int fd, int mark) {
        return setOption(fd, Sys.SOL_SOCKET, SO_MARK, mark);
    }

    /** @return 0 when the connection is there, -EINPROGRESS for one that is being made, or an error */
    public static int connect(int fd, ByteBuffer address) {
        return result(C.connect(fd, address, address.remaining()));
    }

    /**
     * Receives into the buffer from its position on, which stays where it is.
     *
     * @return how many bytes; 0 at the end of a stream, or for an empty datagram; or an error, EAGAIN
     */
    public static int receive(int fd, ByteBuffer data) {
        return size(C.recv(fd, data, data.remaining(), 0));
    }

    /** @return how many of the remaining bytes were taken; or an error, EAGAIN */
    public static int send(int fd, ByteBuffer data) {
        return size(C.send(fd, data, data.remaining(), MSG_NOSIGNAL));
    }

    static int setOption(int fd, int level, int option, int value) {
        return result(C.setsockopt(fd, level, option, SCRATCH.get().putInt(0, value), 4));
    }

    static int result(int result) {
        return result < 0 ? -Libc.errno() : result;
    }

    static int size(long size) {
        return size < 0 ? -Libc.errno() : (int) size;
    }
}
