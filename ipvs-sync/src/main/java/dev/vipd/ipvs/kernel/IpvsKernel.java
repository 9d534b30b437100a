package dev.vipd.ipvs.kernel;

import dev.vipd.ipvs.Destination;
import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.Observation;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.SyncDaemon;
import dev.vipd.ipvs.Timeouts;
import dev.vipd.netlink.NetlinkException;
import java.util.List;
import java.util.Map;

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
     * Reads the destinations of one service, for their connections; none when there is no such service.
     *
     * @throws NetlinkException         they could not be read this time
     * @throws IpvsUnavailableException as for {@link #dump()}
     */
    Map<Destination, Observation.Load> destinations(ServiceKey key) throws NetlinkException, IpvsUnavailableException;

    /**
     * Sends the changes together, which the kernel makes in their order, and waits until it has. A change that fails
     * does not hold up those after it.
     *
     * @return one outcome each, in their order
     * @throws IpvsUnavailableException as for {@link #dump()}: none of them was made
     */
    List<IpvsOutcome> apply(List<IpvsOp> ops) throws IpvsUnavailableException;

    /** Version of IPVS and the size of its connection table. */
    IpvsInfo info() throws NetlinkException, IpvsUnavailableException;

    Timeouts timeouts() throws NetlinkException, IpvsUnavailableException;

    /** @param timeouts those of 0 stay as they are */
    void setTimeouts(Timeouts timeouts) throws NetlinkException, IpvsUnavailableException;

    /** The sync daemons that run: none, one or both. */
    List<SyncDaemon> daemons() throws NetlinkException, IpvsUnavailableException;

    /** @throws NetlinkException EEXIST: one of that role runs; ENODEV: no such interface */
    void start(SyncDaemon daemon) throws NetlinkException, IpvsUnavailableException;

    /** @throws NetlinkException ESRCH: none of that role runs */
    void stop(SyncDaemon.Role role) throws NetlinkException, IpvsUnavailableException;

    @Override
    void close();
}
