package dev.vipd.netlink.sys;

import java.io.IOException;

/** A system call failed. */
public final class SysException extends IOException {
    private static final long serialVersionUID = 1;

    private final int errno;

    /**
     * @param operation what was tried, in words a person can use: {@code open raw socket for VRRP on eth0}
     * @param errno     error number of the kernel
     */
    public SysException(String operation, int errno) {
        super(operation + ": " + Errno.text(errno));
        this.errno = errno;
    }

    public int errno() {
        return errno;
    }
}
