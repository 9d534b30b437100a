package dev.vipd.vrrp;

import dev.vipd.vrrp.StateReason.Cause;
import dev.vipd.vrrp.VrrpTimers.Timer;
import dev.vipd.vrrp.wire.Advertisement;
import dev.vipd.vrrp.wire.DecodeResult.Decoded;
import java.util.Optional;
import java.util.OptionalLong;

/** What a virtual router does in BACKUP (RFC 9568, 6.4.2). */
final class BackupRole {
    private final RouterContext context;
    /** Active_Adver_Interval. */
    private long masterIntervalNs;
    private boolean intervalLearned;
    private Optional<VirtualRouterStatus.Peer> master = Optional.empty();
    /** Why the router becomes master, should the timer run out. */
    private Cause expiry = Cause.MASTER_DOWN;
    /** The master resigned: the timer is Skew_Time, not Active_Down_Interval. */
    private boolean skewOnly;
    /** Length that the timer was last set to, to move it when priority or interval change. */
    private long timerNs;
    private OptionalLong preemptNotBeforeNs = OptionalLong.empty();
    /** The timer ran out, but the router must not become master yet. */
    private boolean awaitsClaim;

    BackupRole(RouterContext context) {
        this.context = context;
    }

    /** Begins with the own interval, or with that of the master yielded to. */
    void enter(Optional<Decoded> heard) {
        masterIntervalNs = context.config.advertIntervalNs();
        intervalLearned = false;
        master = Optional.empty();
        preemptNotBeforeNs = OptionalLong.empty();
        heard.ifPresentOrElse(this::accept, () -> startTimer(Cause.MASTER_DOWN));
    }

    Optional<Transition> deadline() {
        if (!context.timers.take(Timer.MASTER_DOWN, context.nowNs)) {
            return Optional.empty();
        }
        awaitsClaim = true;
        return claim();
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

    void advert(Decoded packet) {
        int priority = packet.advert().priority();
        if (priority == 0) {
            master = master.filter(peer -> !peer.address().equals(packet.source()));
            startTimer(Cause.PRIO_ZERO);
        } else if (priority >= context.effectivePriority) {
            preemptNotBeforeNs = OptionalLong.empty();
            accept(packet);
        } else if (!context.preempts() || preemptDelayed()) {
            accept(packet);
        } else {
            // RFC 9568, 6.4.2: discarded, and the timer runs on
            expiry = Cause.PREEMPT;
            remember(packet);
        }
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
        startTimer(Cause.MASTER_DOWN);
    }

    private void remember(Decoded packet) {
        Advertisement advert = packet.advert();
        master = Optional.of(
                new VirtualRouterStatus.Peer(packet.source(), advert.priority(), advert.advertIntervalNs()));
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

    private void startTimer(Cause why) {
        awaitsClaim = false;
        expiry = why;
        skewOnly = why == Cause.PRIO_ZERO;
        timerNs = timerLengthNs();
        context.timers.arm(Timer.MASTER_DOWN, context.nowNs + timerNs);
    }

    private long timerLengthNs() {
        return skewOnly ? context.skewNs(masterIntervalNs) : context.masterDownNs(masterIntervalNs);
    }
}
