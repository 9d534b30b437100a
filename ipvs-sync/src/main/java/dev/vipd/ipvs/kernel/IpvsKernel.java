package dev.vipd.ipvs.kernel;

import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.Observation;
import dev.vipd.netlink.NetlinkException;

/** Access to the IPVS table of one network namespace. Not thread-safe: one owner. */
public interface IpvsKernel extends AutoCloseable {
    /**
     * Reads the whole table. Not one moment's view: a service that goes away meanwhile is left out.
     *
     * @throws NetlinkException         the table could not be read this time
     * @throws IpvsUnavailableException there is no table, or it is not for us
     */
    Observation dump() throws NetlinkException, IpvsUnavailableException;

    /**
     * Makes one change and waits until the kernel has acknowledged it.
     *
     * @throws NetlinkException         with the kernel's errno: EEXIST, ESRCH, ENOENT when the row is not as {@code op}
     *                                  takes it to be, ENOENT for an unknown scheduler, EINVAL, ERANGE for a value;
     *                                  with ETIMEDOUT or ENOBUFS it is not known whether the change was made
     * @throws IpvsUnavailableException as for {@link #dump()}
     */
    void apply(IpvsOp op) throws NetlinkException, IpvsUnavailableException;

    @Override
    void close();
}
