package dev.vipd.vrrp;

import dev.vipd.vrrp.VrrpEffect.Announce;
import dev.vipd.vrrp.VrrpEffect.Announce.Round;
import dev.vipd.vrrp.VrrpTimers.Timer;
import java.util.List;
import java.util.OptionalLong;

/** When a master sends gratuitous ARP. Its timers end with the mastership, so nothing is announced after it. */
final class AnnounceRounds {
    private final RouterContext context;
    private OptionalLong conflictRoundNs = OptionalLong.empty();

    AnnounceRounds(RouterContext context) {
        this.context = context;
    }

    /** On becoming master: the first round now, the others by timer. */
    void start(List<VirtualAddress> held) {
        conflictRoundNs = OptionalLong.empty();
        announce(held, Round.FIRST);
        armSecond();
        retimeRefresh();
    }

    /** The configuration changed: what refreshes from now on. */
    void retimeRefresh() {
        long refreshNs = config().refreshNs();
        if (refreshNs > 0) {
            context.timers.armIfIdle(Timer.ANNOUNCE_REFRESH, context.nowNs + refreshNs);
        } else {
            context.timers.cancel(Timer.ANNOUNCE_REFRESH);
        }
    }

    /** Another router claimed the addresses. At most one such round per advert interval, however often it does. */
    void conflict(List<VirtualAddress> held) {
        boolean recent = conflictRoundNs.isPresent()
                && context.nowNs - conflictRoundNs.getAsLong() < context.config.advertIntervalNs();
        if (!recent) {
            conflictRoundNs = OptionalLong.of(context.nowNs);
            announce(held, Round.CONFLICT);
            armSecond();
        }
    }

    /** Addresses were added while master. */
    void added(List<VirtualAddress> addresses) {
        announce(addresses, Round.ADDED);
    }

    void deadline(List<VirtualAddress> held) {
        if (context.timers.take(Timer.ANNOUNCE_SECOND, context.nowNs)) {
            announce(held, Round.SECOND);
        }
        if (context.timers.take(Timer.ANNOUNCE_REFRESH, context.nowNs)) {
            announce(held, Round.REFRESH);
            retimeRefresh();
        }
    }

    private void armSecond() {
        if (config().delayNs() > 0) {
            context.timers.armIfIdle(Timer.ANNOUNCE_SECOND, context.nowNs + config().delayNs());
        }
    }

    private void announce(List<VirtualAddress> addresses, Round round) {
        int repeat = round == Round.REFRESH ? config().refreshRepeat() : config().repeat();
        if (!addresses.isEmpty() && repeat > 0) {
            context.counters.announced();
            context.act(new Announce(addresses, repeat, round));
        }
    }

    private AnnounceConfig config() {
        return context.config.announce();
    }
}
