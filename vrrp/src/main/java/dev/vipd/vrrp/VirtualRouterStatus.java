package dev.vipd.vrrp;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * What a virtual router looks like at one moment.
 *
 * @param config               its configuration
 * @param state                its state
 * @param sinceNs              when it came into it, on the clock that the events are stamped with
 * @param why                  why it came into it
 * @param faults               what keeps it in FAULT, the oldest first
 * @param claimBlocks          what keeps a backup from becoming master
 * @param awaitsClaim          whether only those do: its timer has run out
 * @param effectivePriority    priority with tracker weights; 255 for the owner
 * @param source               address that adverts are sent from
 * @param master               the master: itself when MASTER; the last one heard when BACKUP; empty when not known
 * @param masterAdvertIntervalNs Active_Adver_Interval (RFC 9568, 6.1)
 * @param masterDownIntervalNs Active_Down_Interval
 * @param skewNs               Skew_Time
 * @param conflict             another master that is heard while MASTER
 * @param missing              what a MASTER does not hold, since the kernel refused or somebody deletes it
 * @param term                 ownerships so far
 * @param stats                counters
 */
public record VirtualRouterStatus(
        VirtualRouterConfig config,
        VrrpState state,
        long sinceNs,
        StateReason why,
        List<FaultReason> faults,
        List<ClaimBlock> claimBlocks,
        boolean awaitsClaim,
        int effectivePriority,
        Optional<InetAddress> source,
        Optional<Peer> master,
        long masterAdvertIntervalNs,
        long masterDownIntervalNs,
        long skewNs,
        Optional<Peer> conflict,
        List<Holding> missing,
        long term,
        VrrpStats stats) {

    /**
     * A router as its last advert showed it.
     *
     * @param address          where the advert came from
     * @param priority         0..255
     * @param advertIntervalNs its Max Advertise Interval
     */
    public record Peer(InetAddress address, int priority, long advertIntervalNs) {}

    public VirtualRouterStatus {
        faults = List.copyOf(faults);
        claimBlocks = List.copyOf(claimBlocks);
        missing = List.copyOf(missing);
    }
}
