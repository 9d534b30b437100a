package dev.vipd.netlink.sys;

import java.nio.ByteBuffer;

/** TCP connections. */
public final class StreamSocket extends InetSocket {
    private static final int SOCK_STREAM = 1;
    private static final int SO_ERROR = 4;

    private static final Libc.Calls C = Libc.CALLS;

    private static final ThreadLocal<ByteBuffer> LENGTH = ThreadLocal.withInitial(() -> Sys.buffer(4));

    private StreamSocket() {}

    /** @return the descriptor of a new socket, close-on-exec, or an error */
    public static int open(boolean six) {
        return open(six, SOCK_STREAM, 0);
    }

    /** What became of the connect, once the socket is writable: 0, or an error. */
    public static int connectError(int fd) {
        ByteBuffer value = SCRATCH.get();
        ByteBuffer length = LENGTH.get();
        length.putInt(0, 4);
        int result = result(C.getsockopt(fd, Sys.SOL_SOCKET, SO_ERROR, value, length));
        return result < 0 ? result : -value.getInt(0);
    }
}
