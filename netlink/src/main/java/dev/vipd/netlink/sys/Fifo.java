package dev.vipd.netlink.sys;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The writing end of a named pipe, fifo(7). Not thread-safe. */
public final class Fifo implements AutoCloseable {
    /** Read and write, so that it opens without a reader and what is written waits for one; O_NOFOLLOW is below. */
    private static final int FLAGS = 2 | Sys.SOCK_NONBLOCK | Sys.SOCK_CLOEXEC;
    private static final int O_NOFOLLOW_X86 = 0x20000;
    private static final int O_NOFOLLOW_ARM = 0x8000;

    private final Fd fd;

    private Fifo(Fd fd) {
        this.fd = fd;
    }

    /**
     * Makes one that only its owner, this process' user, may use.
     *
     * @throws SysException EEXIST when something is there
     */
    public static void make(Path path) throws SysException {
        Sys.check("mkfifo " + path, Libc.CALLS.mkfifo(Sys.text(path.toString()), 0600));
    }

    /** Opens one that is there, without waiting for a reader. */
    public static Fifo open(Path path) throws SysException {
        int noFollow = System.getProperty("os.arch").equals("aarch64") ? O_NOFOLLOW_ARM : O_NOFOLLOW_X86;
        return new Fifo(new Fd(Sys.check(
                "open " + path, Libc.CALLS.open(Sys.text(path.toString()), FLAGS | noFollow))));
    }

    /**
     * Writes all of it or nothing.
     *
     * @param data a direct buffer with at most 4096 bytes (PIPE_BUF) left
     * @return false when the pipe is full
     */
    public boolean write(ByteBuffer data) throws SysException {
        while (true) {
            if (Libc.CALLS.write(fd.number(), data, data.remaining()) >= 0) {
                return true;
            }
            int errno = Libc.errno();
            if (errno == Errno.EAGAIN) {
                return false;
            }
            if (errno != Errno.EINTR) {
                throw new SysException("write to a named pipe", errno);
            }
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}
