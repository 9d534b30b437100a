package dev.vipd.vrrp;

import dev.vipd.vrrp.StateReason.Cause;
import dev.vipd.vrrp.VrrpTimers.Timer;
import dev.vipd.vrrp.wire.Advertisement;
import dev.vipd.vrrp.wire.DecodeResult.Decoded;
import java.util.Optional;
import java.util.OptionalLong;

/** What a virtual router does in BACKUP (RFC 9568, 6.4.2). */
final class BackupRole {
    /** What the timer waits for. */
    private enum Wait {
        /** Active_Down_Interval: the master's next advert. */
        MASTER_DOWN,
        /** Skew_Time: the master resigned. */
        SKEW,
        /** One advert interval and Skew_Time: whether there is a master at all, after a time without hearing. */
        LISTEN
    }

    private final RouterContext context;
    /** Active_Adver_Interval. */
    private long masterIntervalNs;
    private boolean intervalLearned;
    private Optional<VirtualRouterStatus.Peer> master = Optional.empty();
    /** Why the router becomes master, should the timer run out. */
    private Cause expiry = Cause.MASTER_DOWN;
    private Wait wait = Wait.MASTER_DOWN;
    /** Length that the timer was last set to, to move it when priority or interval change. */
    private long timerNs;
    private OptionalLong preemptNotBeforeNs = OptionalLong.empty();
    /** The timer ran out, but the router must not become master yet. */
    private boolean awaitsClaim;
    /** The VIPs that a killed predecessor left are kept meanwhile. */
    private boolean keepsHoldings;
    /** Handed over by an operator's command: it preempts nobody until it has been master again. */
    private boolean standsAside;

    BackupRole(RouterContext context) {
        this.context = context;
    }

    /** Begins with the own interval, or with that of the master yielded to. */
    void enter(Optional<Decoded> heard) {
        masterIntervalNs = context.config.advertIntervalNs();
        intervalLearned = false;
        master = Optional.empty();
        preemptNotBeforeNs = OptionalLong.empty();
        keepsHoldings = false;
        heard.ifPresentOrElse(this::accept, () -> startTimer(Wait.MASTER_DOWN, Cause.MASTER_DOWN));
    }

    /**
     * Whether no backup of lower priority can have taken over from a killed predecessor yet: its last advert left at
     * most one interval before it was last seen alive.
     */
    boolean unnoticed(long aliveAgoNs) {
        return aliveAgoNs + context.config.advertIntervalNs() < context.ownMasterDownNs();
    }

    /**
     * Begins as one that was master a moment ago.
     *
     * @param keep whether what it holds as master is there, and stays until somebody better is heard
     */
    void listen(boolean keep) {
        enter(Optional.empty());
        keepsHoldings = keep;
        startTimer(Wait.LISTEN, Cause.RESUME);
    }

    void standAside() {
        standsAside = true;
    }

    boolean standsAside() {
        return standsAside;
    }

    void leave(VrrpState to) {
        standsAside &= to == VrrpState.FAULT;
        if (to == VrrpState.MASTER) {
            keepsHoldings = false;
        } else {
            dropHoldings();
        }
    }

    Optional<Transition> deadline() {
        context.conflicts.endSilent();
        long lateNs = context.timers.lateNs(Timer.MASTER_DOWN, context.nowNs);
        if (!context.timers.take(Timer.MASTER_DOWN, context.nowNs)) {
            return Optional.empty();
        }
        if (lateNs >= masterIntervalNs) {
            // asleep when a master's adverts were due: they may be lost, and its silence means nothing yet
            startTimer(Wait.LISTEN, expiry);
            return Optional.empty();
        }
        boolean first = !awaitsClaim;
        awaitsClaim = true;
        Optional<Transition> claim = claim();
        if (claim.isEmpty() && keepsHoldings && first && context.awaitsMatesOnly()) {
            context.timers.arm(Timer.MASTER_DOWN, context.nowNs + timerNs); // they resume too: as long once more
        } else if (claim.isEmpty()) {
            dropHoldings();
        }
        return claim;
    }

    /** Becomes master when the timer has run out and nothing else keeps it from that. */
    Optional<Transition> claim() {
        return awaitsClaim && context.claimBlocks.isEmpty()
                ? Optional.of(new Transition(VrrpState.MASTER, expiry))
                : Optional.empty();
    }

    boolean awaitsClaim() {
        return awaitsClaim;
    }

    Optional<Transition> advert(Decoded packet) {
        context.conflicts.endSilent();
        int priority = packet.advert().priority();
        if (priority == 0) {
            master = master.filter(peer -> !peer.address().equals(packet.source()));
            if (wait != Wait.LISTEN) {
                startTimer(Wait.SKEW, Cause.PRIO_ZERO);
            }
        } else if (priority >= context.effectivePriority) {
            preemptNotBeforeNs = OptionalLong.empty();
            accept(packet);
        } else if (!context.preempts() || standsAside || preemptDelayed()) {
            accept(packet);
        } else {
            discardLower(packet);
            if (keepsHoldings && context.claimBlocks.isEmpty()) {
                // the other took over while this host's VIPs were still there: one of the two has to end it at once
                return Optional.of(new Transition(VrrpState.MASTER, Cause.PREEMPT));
            }
        }
        return Optional.empty();
    }

    /**
     * The effective priority or the configuration changed: the running timer gets the length that it would now be set
     * to, counted from when it was set.
     */
    void retime() {
        if (!intervalLearned || context.config.version() == 2) {
            masterIntervalNs = context.config.advertIntervalNs();
        }
        long lengthNs = timerLengthNs();
        context.timers.shift(Timer.MASTER_DOWN, lengthNs - timerNs);
        timerNs = lengthNs;
    }

    Optional<VirtualRouterStatus.Peer> master() {
        return master;
    }

    long masterIntervalNs() {
        return masterIntervalNs;
    }

    private void accept(Decoded packet) {
        // RFC 3768 has no learning: its adverts are only accepted when the interval is the own one
        masterIntervalNs = packet.advert().advertIntervalNs();
        intervalLearned = true;
        remember(packet);
        dropHoldings();
        startTimer(Wait.MASTER_DOWN, Cause.MASTER_DOWN);
    }

    /** RFC 9568, 6.4.2: discarded, and the timer runs on; but who only listened whether there is a master knows now. */
    private void discardLower(Decoded packet) {
        expiry = Cause.PREEMPT;
        remember(packet);
        if (wait == Wait.LISTEN) {
            startTimer(Wait.MASTER_DOWN, Cause.PREEMPT);
        }
    }

    private void remember(Decoded packet) {
        Advertisement advert = packet.advert();
        master = Optional.of(
                new VirtualRouterStatus.Peer(packet.source(), advert.priority(), advert.advertIntervalNs()));
    }

    /** A reload: what a predecessor left is kept only while it is what is configured. */
    void dropHoldingsOf(VirtualRouterConfig old) {
        if (keepsHoldings && !old.holding().equals(context.config.holding())) {
            keepsHoldings = false;
            context.act(new VrrpEffect.RemoveHoldings(old.holding().all()));
        }
    }

    private void dropHoldings() {
        if (keepsHoldings) {
            keepsHoldings = false;
            context.act(new VrrpEffect.RemoveHoldings(context.config.holding().all()));
        }
    }

    /**
     * keepalived's {@code preempt_delay}: it begins with the first advert of lower priority; until it is over, such
     * adverts count as those of a master. The owner does not wait.
     */
    private boolean preemptDelayed() {
        long delayNs = context.config.election().preemptDelayNs();
        if (delayNs == 0 || context.config.owner()) {
            return false;
        }
        if (preemptNotBeforeNs.isEmpty()) {
            preemptNotBeforeNs = OptionalLong.of(context.nowNs + delayNs);
        }
        return context.nowNs - preemptNotBeforeNs.getAsLong() < 0;
    }

    private void startTimer(Wait forWhat, Cause why) {
        awaitsClaim = false;
        expiry = why;
        wait = forWhat;
        timerNs = timerLengthNs();
        context.timers.arm(Timer.MASTER_DOWN, context.nowNs + timerNs);
    }

    private long timerLengthNs() {
        return switch (wait) {
            case MASTER_DOWN -> context.masterDownNs(masterIntervalNs);
            case SKEW -> context.skewNs(masterIntervalNs);
            case LISTEN -> masterIntervalNs + context.skewNs(masterIntervalNs);
        };
    }
}
