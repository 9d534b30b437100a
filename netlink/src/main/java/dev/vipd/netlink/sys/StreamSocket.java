package dev.vipd.netlink.sys;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * TCP connections that never block, by descriptor. Results are those of the system calls, with the error as a negative
 * number, not an exception: ten thousand refused connections a second are nothing unusual to a health check.
 */
public final class StreamSocket {
    private static final int SOCK_STREAM = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int SO_ERROR = 4;
    private static final int SO_MARK = 36;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int ADDRESS_BYTES_MAX = 28; // struct sockaddr_in6

    private static final Libc.Calls C = Libc.CALLS;

    private StreamSocket() {}

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

    /** @return the descriptor of a new socket, close-on-exec, or an error */
    public static int open(boolean six) {
        return result(C.socket(six ? Sys.AF_INET6 : Sys.AF_INET,
                SOCK_STREAM | Sys.SOCK_NONBLOCK | Sys.SOCK_CLOEXEC, 0));
    }

    /** @return 0 or an error; a port of 0 is the kernel's choice */
    public static int bind(int fd, ByteBuffer address) {
        int error = setOption(fd, SO_REUSEADDR, 1);
        return error < 0 ? error : result(C.bind(fd, address, address.remaining()));
    }

    /** @return 0 or an error, ENODEV without such an interface */
    public static int bindToDevice(int fd, String interfaceName) {
        ByteBuffer name = Sys.text(interfaceName);
        return result(C.setsockopt(fd, Sys.SOL_SOCKET, Sys.SO_BINDTODEVICE, name, name.remaining()));
    }

    /** SO_MARK. @return 0 or an error, EPERM without CAP_NET_ADMIN */
    public static int mark(int fd, int mark) {
        return setOption(fd, SO_MARK, mark);
    }

    /** @return 0 when the connection is there, -EINPROGRESS, or an error */
    public static int connect(int fd, ByteBuffer address) {
        return result(C.connect(fd, address, address.remaining()));
    }

    /** What became of the connect, once the socket is writable: 0, or an error. */
    public static int connectError(int fd) {
        ByteBuffer value = SCRATCH.get();
        value.putInt(0, 0).putInt(4, 4);
        int result = result(C.getsockopt(fd, Sys.SOL_SOCKET, SO_ERROR, value.slice(0, 4), value.slice(4, 4)));
        return result < 0 ? result : -value.getInt(0);
    }

    /** @return how many bytes went into the buffer from its position on; 0 at the end of the stream; or an error, EAGAIN */
    public static int receive(int fd, ByteBuffer data) {
        long size = C.recv(fd, data, data.remaining(), 0);
        return size < 0 ? -Libc.errno() : (int) size;
    }

    /** @return how many of the remaining bytes were taken; or an error, EAGAIN */
    public static int send(int fd, ByteBuffer data) {
        long size = C.send(fd, data, data.remaining(), MSG_NOSIGNAL);
        return size < 0 ? -Libc.errno() : (int) size;
    }

    private static int setOption(int fd, int option, int value) {
        return result(C.setsockopt(fd, Sys.SOL_SOCKET, option, SCRATCH.get().putInt(0, value), 4));
    }

    private static int result(int result) {
        return result < 0 ? -Libc.errno() : result;
    }

    private static final ThreadLocal<ByteBuffer> SCRATCH = ThreadLocal.withInitial(() -> Sys.buffer(8));
}
