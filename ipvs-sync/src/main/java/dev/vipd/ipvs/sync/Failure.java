package dev.vipd.ipvs.sync;

import dev.vipd.ipvs.IpvsOp;
import dev.vipd.netlink.sys.Errno;

/** What an error of the kernel says about the row. */
enum Failure {
    /** The kernel won't have it, and won't have it the next time. */
    REFUSED,
    /** The row is not as it was thought to be. */
    MOVED,
    /** The change may have been made or not. */
    UNKNOWN;

    static Failure of(IpvsOp op, int errno) {
        if (errno == Errno.ENOBUFS || errno == Errno.ETIMEDOUT || errno == Errno.EINTR || errno == Errno.EAGAIN) {
            return UNKNOWN;
        }
        boolean moved = switch (op) { // ENOENT of a service is its scheduler
            case IpvsOp.AddService _ -> errno == Errno.EEXIST;
            case IpvsOp.EditService _ -> errno == Errno.ESRCH;
            case IpvsOp.DeleteService _ -> errno == Errno.ESRCH;
            case IpvsOp.AddDestination _ -> errno == Errno.EEXIST || errno == Errno.ESRCH;
            case IpvsOp.EditDestination _ -> errno == Errno.ENOENT || errno == Errno.ESRCH;
            case IpvsOp.DeleteDestination _ -> errno == Errno.ENOENT || errno == Errno.ESRCH;
        };
        return moved ? MOVED : REFUSED;
    }
}
