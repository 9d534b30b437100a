package dev.vipd.vrrp.sim;

import static dev.vipd.vrrp.sim.Violation.require;

import dev.vipd.vrrp.ClaimBlock;
import dev.vipd.vrrp.FaultReason;
import dev.vipd.vrrp.StateReason.Cause;
import dev.vipd.vrrp.VirtualRouter;
import dev.vipd.vrrp.VirtualRouterStatus;
import dev.vipd.vrrp.VrrpEffect;
import dev.vipd.vrrp.VrrpEvent;
import dev.vipd.vrrp.VrrpEvent.Deadline;
import dev.vipd.vrrp.VrrpEvent.PacketReceived;
import dev.vipd.vrrp.VrrpReport;
import dev.vipd.vrrp.VrrpState;
import dev.vipd.vrrp.wire.Advertisement;
import dev.vipd.vrrp.wire.DecodeResult.Decoded;
import java.util.List;
import java.util.OptionalLong;

/** What must hold of each single step of one virtual router. */
final class StepChecker {
    /** The status is a big snapshot: it is compared after each step that is not quite ordinary, and some others. */
    private static final int LOOK_EACH = 64;
    private static final int REPLIES_MAX = 8;

    private final VirtualRouter router;
    private final Oracle oracle;
    private long steps;
    private long term;
    private long lastSentNs;
    private long rejections;
    private int answersDue;

    /** Before this step a handover was going on; after it one is. */
    private boolean handingOver;
    private boolean handover;

    // what the last step did
    private boolean sent;
    private VrrpReport.StateChanged change;

    StepChecker(VirtualRouter router) {
        this.router = router;
        oracle = new Oracle(router);
    }

    long silenceNs(long nowNs) {
        return nowNs - lastSentNs;
    }

    List<VrrpEffect> on(VrrpEvent event, long nowNs) {
        VrrpState from = router.state();
        OptionalLong deadline = router.nextDeadlineNs();
        boolean rejected = event instanceof PacketReceived packet && oracle.rejects(packet.packet(), nowNs);
        boolean better = !rejected
                && event instanceof PacketReceived(Decoded packet)
                && oracle.better(packet.advert().priority(), packet.source(), nowNs);
        boolean asleep = from == VrrpState.MASTER && !handingOver
                && silenceNs(nowNs) > oracle.soonestTakeOverNs();
        List<VrrpEffect> effects = router.on(event, nowNs);
        VrrpState to = router.state();
        OptionalLong next = router.nextDeadlineNs();
        readEffects(to, effects);
        checkChange(event, from, to, nowNs);
        if (rejected) {
            rejections++;
            checkUntouched(event, deadline, next, effects);
        } else if (event instanceof PacketReceived(Decoded packet)) {
            checkAccepted(packet, better, asleep, from, to, next, nowNs);
        }
        if (event instanceof Deadline) {
            require(next.isEmpty() || next.getAsLong() - nowNs > 0, "a deadline that was handled is over", () ->
                    "due " + (nowNs - next.getAsLong()) + " ns ago");
            if (deadline.isEmpty() || deadline.getAsLong() - nowNs > 0) {
                require(effects.isEmpty() && next.equals(deadline), "a deadline too early does nothing",
                        effects::toString);
            }
        }
        require(!asleep || to != VrrpState.MASTER || effects.stream().allMatch(VrrpEffect.Report.class::isInstance),
                "who slept listens before it speaks", event::toString);
        boolean ordinary = from == to && (event instanceof PacketReceived || event instanceof Deadline);
        boolean runs = to == VrrpState.BACKUP || to == VrrpState.MASTER;
        if (!ordinary || runs && next.isEmpty() || ++steps % LOOK_EACH == 0) {
            look(nowNs, next);
        }
        if (sent) {
            lastSentNs = nowNs;
            answersDue = event instanceof Deadline && !handingOver ? 0 : answersDue;
        }
        handingOver = handover;
        return effects;
    }

    private void readEffects(VrrpState state, List<VrrpEffect> effects) {
        sent = false;
        change = null;
        boolean master = state == VrrpState.MASTER;
        readReports(effects);
        int last = 0;
        for (VrrpEffect effect : effects) {
            int rank = switch (effect) {
                case VrrpEffect.SendAdvert advert -> {
                    sent = true;
                    require(advert.advert().priority() > 0
                                    ? master || router.config().election().higherPrioSendAdvert()
                                    : !master || handover,
                            "a master announces itself, others resign", () -> "sent in " + state + ": " + advert);
                    yield 1;
                }
                case VrrpEffect.AddHoldings _ -> {
                    require(master, "only a master adds addresses", state::toString);
                    yield 2;
                }
                case VrrpEffect.RemoveHoldings _ -> 3;
                case VrrpEffect.Announce _ -> {
                    require(master, "only a master announces", state::toString);
                    yield 4;
                }
                case VrrpEffect.Report _ -> 5;
            };
            // several timers may be due at once: then addresses are added or announced more than once
            require(rank >= last || last < 5 && rank > 1, "send, add, remove, announce, report", effects::toString);
            last = rank;
        }
    }

    private void readReports(List<VrrpEffect> effects) {
        for (VrrpEffect effect : effects) {
            if (effect instanceof VrrpEffect.Report(VrrpReport report)) {
                if (report instanceof VrrpReport.StateChanged changed) {
                    require(change == null, "one event changes the state once", effects::toString);
                    change = changed;
                } else if (report instanceof VrrpReport.HandoverBegun) {
                    handover = true;
                } else if (report instanceof VrrpReport.HandoverEnded) {
                    handover = false;
                }
            }
        }
    }

    /** A change is reported as it was, has one of the reasons that it may have, and counts ownerships. */
    private void checkChange(VrrpEvent event, VrrpState from, VrrpState to, long nowNs) {
        if (change == null) {
            require(from == to, "a change of state is reported", () -> from + " to " + to);
            return;
        }
        long terms = term + (to == VrrpState.MASTER ? 1 : 0);
        require(change.from() == from && change.to() == to && from != to && change.term() == terms,
                "reported as it is", change::toString);
        term = terms;
        if (to == VrrpState.MASTER) {
            oracle.becameMaster(nowNs);
        }
        require(Oracle.legal(change), "each change has a reason that fits", change::toString);
        require(
                Oracle.mayCause(event, change, handingOver),
                "each change has an event that fits",
                () -> change + " by " + event);
    }

    private void checkUntouched(
            VrrpEvent event, OptionalLong before, OptionalLong after, List<VrrpEffect> effects) {
        boolean told = change == null && effects.stream().allMatch(VrrpEffect.Report.class::isInstance);
        require(before.equals(after) && told, "a rejected packet touches nothing",
                () -> event + " moved " + before + " to " + after + ", " + effects);
    }

    private void checkAccepted(
            Decoded packet, boolean better, boolean asleep, VrrpState from, VrrpState to, OptionalLong next,
            long nowNs) {
        Advertisement advert = packet.advert();
        Cause cause = change == null ? null : change.why().cause();
        if (from == VrrpState.MASTER && asleep) {
            require(to == VrrpState.BACKUP, "who slept listens before it speaks", packet::toString);
        } else if (from == VrrpState.MASTER && handingOver) {
            require(to == VrrpState.MASTER == (advert.priority() == 0), "a successor's advert ends a handover",
                    () -> to + " after " + packet);
        } else if (from == VrrpState.MASTER && advert.priority() > 0) {
            require((to == VrrpState.BACKUP) == better || cause == Cause.OTHER_OWNER,
                    "a master yields to a better one, and to no other", () -> to + " after " + packet);
            if (to == VrrpState.MASTER && !oracle.silentAsWinner() && answersDue++ < REPLIES_MAX) {
                require(sent, "the winner of a conflict advertises at once", packet::toString);
            }
        } else if (from == VrrpState.MASTER) {
            answersDue++;
        } else if (from == VrrpState.BACKUP) {
            require(to == VrrpState.BACKUP || cause == Cause.PREEMPT, "an advert makes no master", packet::toString);
            if (advert.priority() > 0 && advert.priority() >= oracle.priority()) {
                long expectedNs = oracle.masterDownNs(advert.advertIntervalNs());
                long waitNs = next.orElse(nowNs) - nowNs;
                require(waitNs == expectedNs || waitNs < expectedNs && !router.status().claimBlocks().isEmpty(),
                        "a master's advert starts the master-down timer anew",
                        () -> "waits " + waitNs + " ns, not " + expectedNs);
            }
        }
    }

    /** Compares the status with what it should be, by formulas of its own. */
    private void look(long nowNs, OptionalLong next) {
        VirtualRouterStatus status = router.status();
        VrrpState state = status.state();
        boolean runs = state == VrrpState.BACKUP || state == VrrpState.MASTER;
        boolean waits = switch (state) {
            case MASTER -> true;
            case BACKUP -> !status.awaitsClaim()
                    || status.claimBlocks().stream().anyMatch(block -> block.kind() == ClaimBlock.Kind.STARTUP_DELAY)
                    // its mates resume too: what a predecessor left is kept for so long
                    || next.isPresent() && status.why().cause() == Cause.RESUME;
            case FAULT -> status.faults().stream().anyMatch(fault -> fault.kind() == FaultReason.Kind.HOLDING);
            case INIT -> false;
        };
        require(next.isPresent() == waits, "timers run where something is waited for", () -> state + " " + next);
        require(status.faults().isEmpty() || !runs, "no one takes part with a fault", status.faults()::toString);
        require(state != VrrpState.FAULT || !status.faults().isEmpty(), "FAULT has a fault", state::toString);
        require(status.term() == term, "the term counts ownerships", () -> status.term() + " " + term);
        require(status.effectivePriority() == oracle.priority(), "the priority is the trackers'",
                () -> status.effectivePriority() + ", not " + oracle.priority());
        require(status.skewNs() == oracle.skewNs(status.masterAdvertIntervalNs()), "RFC 9568, 6.1: Skew_Time",
                () -> status.skewNs() + " ns at priority " + status.effectivePriority());
        require(status.masterDownIntervalNs() == oracle.masterDownNs(status.masterAdvertIntervalNs()),
                "RFC 9568, 6.1: Active_Down_Interval", () -> status.masterDownIntervalNs() + " ns");
        long longestNs = handover
                ? WorldChecker.HANDOVER_NS
                : state == VrrpState.MASTER ? status.masterAdvertIntervalNs() : status.masterDownIntervalNs();
        require(
                !runs || status.awaitsClaim() || next.isEmpty() || next.getAsLong() - nowNs <= longestNs,
                "nobody waits too long",
                () -> (next.getAsLong() - nowNs) + " ns of " + longestNs);
        long counted = 0;
        for (long count : status.stats().rejected().values()) {
            counted += count;
        }
        require(counted == rejections, "each rejected packet is counted", status.stats().rejected()::toString);
    }

    boolean handingOver() {
        return handingOver;
    }

    /** The trackers' priority, as the caller computed it. */
    void priority(int effective) {
        oracle.priority(effective);
    }
}
