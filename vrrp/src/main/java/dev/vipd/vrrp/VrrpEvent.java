package dev.vipd.vrrp;

import dev.vipd.vrrp.wire.DecodeResult;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalLong;

/** What can happen to a {@link VirtualRouter}. */
public sealed interface VrrpEvent {

    /**
     * Leaves INIT. Every fault and the effective priority are best given before it. Ignored in other states.
     *
     * @param leftHeldNs all VIPs are there, left by a predecessor that was killed as master: at most so long ago it was
     *                   seen alive. Empty: they are not
     */
    record Startup(OptionalLong leftHeldNs) implements VrrpEvent {
        /** Nothing was left behind. */
        public Startup() {
            this(OptionalLong.empty());
        }
    }

    /** Goes to INIT from any state; a master resigns with priority 0 (RFC 9568, 6.4.3). */
    record Shutdown() implements VrrpEvent {}

    /**
     * Goes, but as master only when a successor has taken over or none did in time; until then it stays MASTER. In
     * other states the goal is reached at once. FAILOVER does nothing there.
     */
    record HandOver(HandoverGoal goal) implements VrrpEvent {}

    /** The time of {@link VirtualRouter#nextDeadlineNs()} has come. Too early or superfluous ones do nothing. */
    record Deadline() implements VrrpEvent {}

    /**
     * A packet came in for this virtual router. What could not be decoded is given too, so that it is counted.
     * After a stall of the caller, every queued packet is to be given before {@link Deadline}.
     */
    record PacketReceived(DecodeResult packet) implements VrrpEvent {}

    /** Something keeps the instance from taking part. Raising what is already raised does nothing. */
    record FaultRaised(FaultReason reason) implements VrrpEvent {}

    /** The opposite; clearing what is not raised does nothing. */
    record FaultCleared(FaultReason reason) implements VrrpEvent {}

    /**
     * The trackers came to another priority. Ignored by the address owner, whose priority never changes.
     *
     * @param effective 1..254
     * @param why       which tracker, for the report
     */
    record PriorityChanged(int effective, String why) implements VrrpEvent {}

    /** The address that adverts are sent from is now this; without one the instance is in FAULT. */
    record SourceAddressChanged(Optional<InetAddress> source) implements VrrpEvent {}

    /** Something must come before this router may become master; a backup whose timer runs out stays one until then. */
    record ClaimBlocked(ClaimBlock block) implements VrrpEvent {}

    /** The opposite; a backup whose timer has run out becomes master with the last one. */
    record ClaimFreed(ClaimBlock block) implements VrrpEvent {}

    /** A master becomes backup, without priority 0: another member of its sync group did. */
    record Yield() implements VrrpEvent {}

    /** The kernel says that something is gone that this instance did not remove itself. */
    record HoldingLost(Holding item) implements VrrpEvent {}

    /** The kernel refused to add something: the outcome of {@link VrrpEffect.AddHoldings}. */
    record HoldingAddFailed(Holding item, String why) implements VrrpEvent {}

    /**
     * A reload brought another configuration.
     *
     * @param config            of the same name, interface, VRID and version; another one of those is another router
     * @param effectivePriority what the trackers make of its priority; 255 exactly when it is the owner's
     */
    record Reconfigured(VirtualRouterConfig config, int effectivePriority) implements VrrpEvent {}
}
