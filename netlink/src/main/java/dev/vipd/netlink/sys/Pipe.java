package dev.vipd.netlink.sys;

import java.nio.ByteBuffer;

/**
 * A pipe whose reading end is ours and never blocks, pipe(7); the writing end is for a process to be started. Not
 * thread-safe, but for {@link #closeWriter}.
 */
public final class Pipe implements AutoCloseable {
    private final Fd reader;
    private final Fd writer;

    public Pipe() throws SysException {
        ByteBuffer numbers = Sys.buffer(8);
        Sys.check("create pipe", Libc.CALLS.pipe2(numbers, Sys.SOCK_CLOEXEC | Sys.SOCK_NONBLOCK));
        reader = new Fd(numbers.getInt(0));
        writer = new Fd(numbers.getInt(4));
    }

    /** Readable when there is something, or the end. */
    public Fd fd() {
        return reader;
    }

    /** A file by which this process can open the writing end once more, blocking, until {@link #closeWriter}. */
    public String writerPath() {
        return "/proc/self/fd/" + writer.number();
    }

    /** Gives up our own writing end, so that there is an end when nobody else holds one. */
    public void closeWriter() {
        writer.close();
    }

    /**
     * Reads into a direct buffer from its position on.
     *
     * @return how many bytes; 0 when there are none yet; -1 at the end
     */
    public int read(ByteBuffer data) throws SysException {
        long size = Libc.CALLS.read(reader.number(), data, data.remaining());
        if (size > 0) {
            data.position(data.position() + (int) size);
            return (int) size;
        }
        int errno = size == 0 ? 0 : Libc.errno();
        if (errno != 0 && errno != Errno.EAGAIN && errno != Errno.EINTR) {
            throw new SysException("read from a pipe", errno);
        }
        return errno == 0 ? -1 : 0;
    }

    /** Whoever writes from here on gets SIGPIPE or EPIPE. */
    @Override
    public void close() {
        reader.close();
        writer.close();
    }
}
