package dev.vipd.netlink.sys;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/** A wake-up that threads give to a thread that polls: eventfd(2). Nobody waits for a lock, whoever calls what. */
public final class EventFd implements AutoCloseable {
    /** EFD_CLOEXEC and EFD_NONBLOCK, which are the same bits. */
    private static final int EFD_FLAGS = Sys.SOCK_CLOEXEC | Sys.SOCK_NONBLOCK;
    private static final int CLOSED = Integer.MIN_VALUE;

    private final Fd fd;
    private final ByteBuffer one = Sys.buffer(8).putLong(0, 1);
    private final ByteBuffer readBuffer = Sys.buffer(8);
    /** Callers inside {@link #signal}; with {@link #CLOSED}, the last of them closes the descriptor. */
    private final AtomicInteger signalling = new AtomicInteger();

    public EventFd() throws SysException {
        fd = new Fd(Sys.check("create eventfd", Libc.CALLS.eventfd(0, EFD_FLAGS)));
    }

    public Fd fd() {
        return fd;
    }

    /** Makes the descriptor readable; does nothing once it is closed. Any thread; never blocks. */
    public void signal() {
        if (signalling.incrementAndGet() > 0) { // else the number may be another's by now
            // fails only with EAGAIN, at a count of 2^64-2: then it is readable already
            Libc.CALLS.write(fd.number(), one, 8);
        }
        if (signalling.decrementAndGet() == CLOSED) {
            fd.close();
        }
    }

    /** Takes back all signals given so far. The polling thread only. */
    public void clear() {
        Libc.CALLS.read(fd.number(), readBuffer, 8);
    }

    @Override
    public void close() {
        if (signalling.getAndUpdate(callers -> callers | CLOSED) == 0) {
            fd.close();
        }
    }
}
