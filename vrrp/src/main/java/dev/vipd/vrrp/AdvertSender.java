package dev.vipd.vrrp;

import dev.vipd.vrrp.VrrpEffect.SendAdvert;
import dev.vipd.vrrp.VrrpReport.Note;
import dev.vipd.vrrp.wire.Advertisement;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** A master's adverts: what is in them, and which are worth a report. */
final class AdvertSender {
    /** The highest that is not the owner's: nobody who comes back has a better one. */
    private static final int STICKY_PRIORITY = VirtualRouterConfig.OWNER_PRIORITY - 1;

    /** Longer than a switch port may take to forward after a link came up (spanning tree: up to 50 s). */
    private static final long SETTLED_NS = 60_000_000_000L;

    private final RouterContext context;
    private Optional<SendAdvert> last = Optional.empty();
    private long sinceNs;
    private long lastSentNs;

    AdvertSender(RouterContext context) {
        this.context = context;
    }

    /** On becoming master. */
    void start() {
        last = Optional.empty();
        sinceNs = context.nowNs;
    }

    /**
     * The priority that is advertised: the effective one, but for a {@code sticky} master that has been one for a
     * while. Before that it may itself be the one that comes back and could not hear the other yet.
     */
    int priority() {
        boolean settled = context.nowNs - sinceNs >= Math.max(SETTLED_NS, context.ownMasterDownNs());
        return context.config.election().sticky() && settled
                ? Math.max(context.effectivePriority, STICKY_PRIORITY)
                : context.effectivePriority;
    }

    long lastSentNs() {
        return lastSentNs;
    }

    /** @param intervalNs Max Advertise Interval in it */
    void send(int priority, long intervalNs) {
        VirtualRouterConfig config = context.config;
        Advertisement advert = config.advert(priority, intervalNs);
        List<InetAddress> destinations = config.destinations();
        SendAdvert effect =
                new SendAdvert(advert, context.sourceOfAdverts(), destinations, config.transport().checksum());
        context.act(effect);
        context.counters.sent(priority);
        lastSentNs = context.nowNs;
        if (!last.equals(Optional.of(effect))) {
            Note why = priority == 0 ? Note.PRIO_ZERO : last.isEmpty() ? Note.FIRST : Note.CHANGE;
            context.report(new VrrpReport.AdvertSent(advert, effect.source(), destinations, why));
            last = Optional.of(effect);
        }
    }
}
