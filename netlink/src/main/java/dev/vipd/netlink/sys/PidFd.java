package dev.vipd.netlink.sys;

/** A descriptor of a process that is readable once the process has ended: pidfd_open(2), since Linux 5.3. */
public final class PidFd {
    private static final long PIDFD_OPEN = 434; // the same number on all architectures

    private PidFd() {}

    /** @throws SysException ESRCH without such a process */
    public static Fd open(int pid) throws SysException {
        long fd = Libc.CALLS.syscall(PIDFD_OPEN, pid, 0); // close-on-exec by itself
        return new Fd(Sys.check("watch process " + pid, (int) fd));
    }
}
