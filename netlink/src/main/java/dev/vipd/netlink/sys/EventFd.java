package dev.vipd.netlink.sys;

import java.nio.ByteBuffer;

/** A wake-up that other threads give to a thread that polls: eventfd(2). */
public final class EventFd implements AutoCloseable {
    /** EFD_CLOEXEC and EFD_NONBLOCK, which are the same bits. */
    private static final int EFD_FLAGS = Sys.SOCK_CLOEXEC | Sys.SOCK_NONBLOCK;

    private final Fd fd;
    private final ByteBuffer one = Sys.buffer(8).putLong(0, 1);
    private final ByteBuffer readBuffer = Sys.buffer(8);
    private boolean closed;

    public EventFd() throws SysException {
        fd = new Fd(Sys.check("create eventfd", Libc.CALLS.eventfd(0, EFD_FLAGS)));
    }

    public Fd fd() {
        return fd;
    }

    /** Makes the descriptor readable; does nothing once it is closed. Any thread; never blocks. */
    public synchronized void signal() {
        if (!closed) { // else the number may be another's by now
            // fails only with EAGAIN, at a count of 2^64-2: then it is readable already
            Libc.CALLS.write(fd.number(), one, 8);
        }
    }

    /** Takes back all signals given so far. The polling thread only. */
    public void clear() {
        Libc.CALLS.read(fd.number(), readBuffer, 8);
    }

    @Override
    public synchronized void close() {
        closed = true;
        fd.close();
    }
}
