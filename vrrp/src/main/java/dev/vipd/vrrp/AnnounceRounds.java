package dev.vipd.vrrp;

import dev.vipd.vrrp.VrrpEffect.Announce;
import dev.vipd.vrrp.VrrpEffect.Announce.Round;
import dev.vipd.vrrp.VrrpTimers.Timer;
import java.util.List;
import java.util.OptionalLong;

/**
 * When a master sends gratuitous ARP and neighbour advertisements. Its timers end with the mastership, so nothing is
 * announced after it.
 */
final class AnnounceRounds {
    /** However short the advert interval: more would load the network and the log while a conflict lasts. */
    private static final long CONFLICT_ROUND_NS_MIN = 1_000_000_000L;
    /** By then a loser that became master at the same moment has announced, and has yielded. */
    private static final long CONFLICT_AGAIN_NS = 100_000_000L;

    private final RouterContext context;
    private OptionalLong conflictRoundNs = OptionalLong.empty();

    AnnounceRounds(RouterContext context) {
        this.context = context;
    }

    /** On becoming master: the first round now, the others by timer. */
    void start(List<VirtualAddress> held) {
        conflictRoundNs = OptionalLong.empty();
        announce(held, Round.FIRST);
        armSecond(Timer.ANNOUNCE_SECOND, config().delayNs());
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
        long extraNs = config().extraInterfaceNs();
        if (extraNs > 0 && !strict()) {
            context.timers.armIfIdle(Timer.ANNOUNCE_EXTRA, context.nowNs + extraNs);
        } else {
            context.timers.cancel(Timer.ANNOUNCE_EXTRA);
        }
    }

    /** Whether adverts leave by another interface, so that they keep no switch's table alive for this address. */
    private boolean elsewhere(VirtualAddress address) {
        return address.options().device().filter(name -> !name.equals(context.config.interfaceName())).isPresent()
                || address.options().useVmac()
                || context.config.holding().vmac().filter(HoldingConfig.Vmac::xmitBase).isPresent();
    }

    /**
     * Another router claimed the addresses. At most one such round per advert interval, however often it does; and once
     * more a moment later, since its own announcement may come after ours.
     */
    void conflict(List<VirtualAddress> held) {
        boolean recent = conflictRoundNs.isPresent()
                && context.nowNs - conflictRoundNs.getAsLong()
                        < Math.max(context.config.advertIntervalNs(), CONFLICT_ROUND_NS_MIN);
        if (!recent) {
            conflictRoundNs = OptionalLong.of(context.nowNs);
            announce(held, Round.CONFLICT);
            armSecond(Timer.ANNOUNCE_AGAIN, Math.min(CONFLICT_AGAIN_NS, config().lowerPrioDelayNs()));
            armSecond(Timer.ANNOUNCE_CONFLICT, config().lowerPrioDelayNs());
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
        if (context.timers.take(Timer.ANNOUNCE_AGAIN, context.nowNs)) {
            announce(held, Round.CONFLICT);
        }
        if (context.timers.take(Timer.ANNOUNCE_CONFLICT, context.nowNs)) {
            announce(held, Round.CONFLICT);
        }
        if (context.timers.take(Timer.ANNOUNCE_REFRESH, context.nowNs)) {
            announce(held, Round.REFRESH);
            retimeRefresh();
        }
        if (context.timers.take(Timer.ANNOUNCE_EXTRA, context.nowNs)) {
            announce(held.stream().filter(this::elsewhere).toList(), Round.EXTRA);
            retimeRefresh();
        }
    }

    /** RFC 9568 knows one announcement, and no second round. */
    private void armSecond(Timer timer, long delayNs) {
        if (delayNs > 0 && !strict()) {
            context.timers.armIfIdle(timer, context.nowNs + delayNs);
        }
    }

    private void announce(List<VirtualAddress> addresses, Round round) {
        int repeat = switch (round) {
            case FIRST, SECOND, ADDED -> config().repeat();
            case REFRESH -> config().refreshRepeat();
            case EXTRA -> 1;
            case CONFLICT -> config().lowerPrioRepeat();
        };
        if (!addresses.isEmpty() && repeat > 0) {
            context.counters.announced();
            context.act(new Announce(addresses, strict() ? 1 : repeat, round));
        }
    }

    private boolean strict() {
        return context.config.election().strict();
    }

    private AnnounceConfig config() {
        return context.config.announce();
    }
}
