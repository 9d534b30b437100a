package dev.vipd.vrrp;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

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
 * @param conflicts            other masters, and what looks like one, the oldest first
 * @param handover             what a MASTER is handing over for
 * @param standsAside          whether a BACKUP preempts nobody, since an operator had it hand over
 * @param missing              what a MASTER does not hold, since the kernel refused or somebody deletes it
 * @param term                 ownerships so far
 * @param lastAdvertSource     where the advert that was accepted last came from (RFC 8347, last-adv-source)
 * @param upSinceNs            when it left INIT (RFC 8347, up-datetime)
 * @param countedSinceNs       when its counters began (RFC 8347, discontinuity-datetime)
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
        List<Conflict> conflicts,
        Optional<HandoverGoal> handover,
        boolean standsAside,
        List<Holding> missing,
        long term,
        Optional<InetAddress> lastAdvertSource,
        OptionalLong upSinceNs,
        long countedSinceNs,
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
        conflicts = List.copyOf(conflicts);
        missing = List.copyOf(missing);
    }
}
