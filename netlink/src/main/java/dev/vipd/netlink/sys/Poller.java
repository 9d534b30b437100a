package dev.vipd.netlink.sys;

import java.nio.ByteBuffer;
import java.util.List;

/** Waits until one of a fixed list of descriptors is readable: ppoll(2), so with nanoseconds. Not thread-safe. */
public final class Poller {
    private static final int POLLFD_SIZE = 8; // struct pollfd: int fd @0, short events @4, short revents @6
    private static final short POLLIN = 1;

    private final int count;
    private final ByteBuffer pollFds;
    private final ByteBuffer timeout = Sys.buffer(16); // struct timespec: seconds @0, nanoseconds @8

    public Poller(List<Fd> fds) {
        count = fds.size();
        pollFds = Sys.buffer(count * POLLFD_SIZE);
        for (int i = 0; i < count; i++) {
            pollFds.putInt(i * POLLFD_SIZE, fds.get(i).number());
            pollFds.putShort(i * POLLFD_SIZE + 4, POLLIN);
        }
    }

    /**
     * Waits for at most {@code timeoutNs} (0 or less: does not wait). A signal ends the wait early.
     *
     * @return number of ready descriptors
     */
    public int poll(long timeoutNs) throws SysException {
        long ns = Math.max(0, timeoutNs);
        timeout.putLong(0, ns / 1_000_000_000L).putLong(8, ns % 1_000_000_000L);
        int ready = Libc.CALLS.ppoll(pollFds, count, timeout, null);
        if (ready < 0) {
            int errno = Libc.errno();
            if (errno == Errno.EINTR) {
                for (int i = 0; i < count; i++) {
                    pollFds.putShort(i * POLLFD_SIZE + 6, (short) 0);
                }
                return 0;
            }
            throw new SysException("poll", errno);
        }
        return ready;
    }

    /** Whether the descriptor at this place of the list was ready (readable, in error or hung up) in the last poll. */
    public boolean ready(int index) {
        return pollFds.getShort(index * POLLFD_SIZE + 6) != 0;
    }
}
