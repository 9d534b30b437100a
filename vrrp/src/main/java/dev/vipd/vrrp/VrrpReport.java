package dev.vipd.vrrp;

import dev.vipd.vrrp.wire.AdvertRejection;
import dev.vipd.vrrp.wire.Advertisement;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Something worth a line in the event log (docs/events.md). The volume is bounded whatever is received. */
public sealed interface VrrpReport {

    /**
     * {@code vrrp.state}.
     *
     * @param priority effective priority
     * @param term     ownerships so far, this one included
     */
    record StateChanged(VrrpState from, VrrpState to, StateReason why, int priority, long term)
            implements VrrpReport {}

    /** {@code vrrp.priority}: the effective priority. */
    record PriorityChanged(int from, int to, String why) implements VrrpReport {}

    /** {@code vrrp.conflict}: another master, or what looks like one that can't be heard as one. */
    record ConflictBegun(Conflict conflict) implements VrrpReport {}

    /** {@code vrrp.conflict_end}: it resigned, was silent for its master-down time, or this router is not master. */
    record ConflictEnded(Conflict conflict) implements VrrpReport {}

    /** {@code vrrp.handover}: a master has a successor take over before it goes. */
    record HandoverBegun(HandoverGoal goal) implements VrrpReport {}

    /**
     * {@code vrrp.handover_end}.
     *
     * @param successor who took over; empty: nobody in time, or it was given up
     * @param tookNs    since it began; 0: there was none, the instance let go at once
     */
    record HandoverEnded(HandoverGoal goal, Optional<InetAddress> successor, long tookNs) implements VrrpReport {}

    /**
     * {@code vrrp.rejected}: a packet was discarded; once per kind and source in each state.
     *
     * @param source     empty when the packet was too short to tell
     * @param suppressed rejections and mismatches not reported since the last that was
     */
    record Rejected(AdvertRejection kind, Optional<InetAddress> source, String detail, long suppressed)
            implements VrrpReport {}

    /** An advert was accepted although something about it is not as configured; once per kind and source. */
    record Mismatch(AdvertMismatch kind, InetAddress source, String detail, long suppressed) implements VrrpReport {}

    /** {@code vrrp.advert_tx}. */
    record AdvertSent(Advertisement advert, InetAddress source, List<InetAddress> destinations, Note why)
            implements VrrpReport {}

    /** {@code vrrp.advert_rx}: an advert that passed the checks, whether or not it changed anything. */
    record AdvertHeard(Advertisement advert, InetAddress source, Note why) implements VrrpReport {}

    /** {@code vrrp.vip_failed}: the kernel refused it; it is tried again each advert interval while master. */
    record HoldingFailed(Holding item, String why) implements VrrpReport {}

    /** Somebody else deleted it; it was put back. */
    record HoldingRestored(Holding item) implements VrrpReport {}

    /** Why an advert is reported. */
    enum Note {
        /** First of this router as master, or first heard of this peer in this state. */
        FIRST("first"),
        /** Not like the one before. */
        CHANGE("change"),
        /** Resigns. */
        PRIO_ZERO("prio_zero");

        private final String wireName;

        Note(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }
}
