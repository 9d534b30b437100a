package dev.vipd.ipvs.kernel;

import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.Observation;
import dev.vipd.netlink.NetlinkException;
import java.util.List;

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
     * Sends the changes together, which the kernel makes in their order, and waits for all acks. A change that fails
     * does not hold up those after it.
     *
     * @return one outcome each, in their order
     * @throws IpvsUnavailableException as for {@link #dump()}: none of them was made
     */
    List<IpvsOutcome> apply(List<IpvsOp> ops) throws IpvsUnavailableException;

    @Override
    void close();
}
