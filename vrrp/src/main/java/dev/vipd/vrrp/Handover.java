package dev.vipd.vrrp;

import dev.vipd.vrrp.VrrpTimers.Timer;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Make before break: a master that is to go has its successor take over first, and holds the VIPs until it hears it.
 *
 * <p>Version 3: backups learn the interval (RFC 9568, 6.4.2), so a last advert with the shortest there is, 10 ms, and
 * then silence has one of them take over some 40 ms later. Version 2 has no such thing: priority 0 has one take over
 * after its Skew_Time, up to a second later (RFC 3768, 6.4.2); the VIPs stay until then.
 */
final class Handover {
    private static final long MS = 1_000_000L;
    private static final long SHORTEST_INTERVAL_NS = 10 * MS;
    /** For a process to wake up and a packet to travel. */
    private static final long MARGIN_NS = 60 * MS;

    private static final long VERSION_2_SKEW_NS_MAX = 1_000 * MS;
    /** The advert may get lost once. In version 2 a second one would only have the backups begin to wait anew. */
    private static final int TRIES = 2;

    private final RouterContext context;
    private final AdvertSender sender;
    private Optional<HandoverGoal> goal = Optional.empty();
    private long beganNs;
    private int tries;

    Handover(RouterContext context, AdvertSender sender) {
        this.context = context;
        this.sender = sender;
    }

    /** What it is for; empty: none is going on. */
    Optional<HandoverGoal> goal() {
        return goal;
    }

    /** Begins, or goes on to another end: the one that takes the router out for longer. */
    void begin(HandoverGoal newGoal) {
        boolean goesOn = goal.isPresent();
        if (!goesOn || newGoal.outlasts(goal.get())) {
            goal = Optional.of(newGoal);
        }
        if (!goesOn) {
            beganNs = context.nowNs;
            tries = 0;
            context.timers.cancel(Timer.ADVERT);
            context.report(new VrrpReport.HandoverBegun(newGoal));
            ask();
        }
    }

    /** @return whether nobody took over in time */
    boolean deadline() {
        if (!context.timers.take(Timer.HANDOVER, context.nowNs)) {
            return false;
        }
        if (context.config.version() == 2 || tries == TRIES) {
            return true;
        }
        ask();
        return false;
    }

    /** @param successor who took over; empty: nobody, or it was given up */
    void end(Optional<InetAddress> successor) {
        goal.ifPresent(reached -> context.report(
                new VrrpReport.HandoverEnded(reached, successor, context.nowNs - beganNs)));
        goal = Optional.empty();
        context.timers.cancel(Timer.HANDOVER);
    }

    private void ask() {
        tries++;
        if (context.config.version() == 2) {
            sender.send(0, context.config.advertIntervalNs());
        } else {
            sender.send(sender.priority(), SHORTEST_INTERVAL_NS);
        }
        context.timers.arm(Timer.HANDOVER, context.nowNs + waitNs());
    }

    /** The longest that a backup takes which heard the advert. */
    private long waitNs() {
        if (context.config.version() == 2) {
            return VERSION_2_SKEW_NS_MAX + MARGIN_NS;
        }
        return (context.config.election().downTimerAdverts() + 1) * SHORTEST_INTERVAL_NS + MARGIN_NS;
    }
}
