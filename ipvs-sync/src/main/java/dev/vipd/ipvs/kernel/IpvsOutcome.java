package dev.vipd.ipvs.kernel;

import dev.vipd.netlink.NetlinkException;
import java.util.Optional;

/**
 * What became of a change.
 *
 * @param failure empty: the kernel acknowledged it. Else with the kernel's errno: EEXIST, ESRCH, ENOENT when the row is
 *                not as the change takes it to be, ENOENT for an unknown scheduler, EINVAL, ERANGE for a value; with
 *                ETIMEDOUT or ENOBUFS it is not known whether the change was made
 * @param ackNs   from the sending to the ack, which is one for all that are sent together; 0 when it failed
 */
public record IpvsOutcome(Optional<NetlinkException> failure, long ackNs) {
    public static IpvsOutcome acked(long ackNs) {
        return new IpvsOutcome(Optional.empty(), ackNs);
    }

    public static IpvsOutcome failed(NetlinkException why) {
        return new IpvsOutcome(Optional.of(why), 0);
    }
}
