package dev.vipd.netlink.sys;

import java.nio.ByteBuffer;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/**
 * The C library, loaded once. The only place that knows jnr-ffi. Buffers are direct and are passed by address, from
 * their position; lengths are explicit.
 */
final class Libc {
    static final Calls CALLS = load();
    private static final Runtime RUNTIME = Runtime.getRuntime(CALLS);

    private Libc() {}

    /** Value of errno after the last call on this thread. */
    static int errno() {
        return RUNTIME.getLastError();
    }

    private static Calls load() {
        String arch = System.getProperty("os.arch");
        if (!arch.equals("amd64") && !arch.equals("x86_64") && !arch.equals("aarch64")) {
            throw new IllegalStateException("vipd runs on x86-64 and aarch64 Linux, not on " + arch
                    + ": the layouts of kernel structures are known for those two only");
        }
        return LibraryLoader.create(Calls.class).load("c");
    }

    /** Public because jnr-ffi implements it in a class loader of its own; the class around it keeps it in here. */
    public interface Calls {
        int socket(int domain, int type, int protocol);

        int bind(int fd, @In ByteBuffer address, int length);

        int connect(int fd, @In ByteBuffer address, int length);

        int getsockopt(int fd, int level, int option, @Out ByteBuffer value, @In @Out ByteBuffer length);

        @ssize_t
        long recv(int fd, @Out ByteBuffer data, @size_t long size, int flags);

        @ssize_t
        long send(int fd, @In ByteBuffer data, @size_t long size, int flags);

        int setsockopt(int fd, int level, int option, @In ByteBuffer value, int length);

        @ssize_t
        long sendto(int fd, @In ByteBuffer data, @size_t long size, int flags, @In ByteBuffer address, int length);

        @ssize_t
        long recvfrom(
                int fd,
                @Out ByteBuffer data,
                @size_t long size,
                int flags,
                @Out ByteBuffer address,
                @In @Out ByteBuffer length);

        @ssize_t
        long recvmsg(int fd, @In @Out ByteBuffer message, int flags);

        @ssize_t
        long read(int fd, @Out ByteBuffer data, @size_t long size);

        @ssize_t
        long write(int fd, @In ByteBuffer data, @size_t long size);

        int close(int fd);

        int pipe2(@Out ByteBuffer numbers, int flags);

        int eventfd(int initial, int flags);

        int inotify_init1(int flags);

        int inotify_add_watch(int fd, @In ByteBuffer path, int mask);

        int inotify_rm_watch(int fd, int watch);

        int open(@In ByteBuffer path, int flags);

        int setns(int fd, int kind);

        long syscall(long number, int first, int second);

        int kill(int pid, int signal);

        int mkfifo(@In ByteBuffer path, int mode);

        int ppoll(@In @Out ByteBuffer fds, @size_t long count, @In ByteBuffer timeout, @In ByteBuffer signalMask);

        int sched_setscheduler(int pid, int policy, @In ByteBuffer parameters);

        int setpriority(int which, int who, int priority);
    }
}
