package dev.vipd.director.config;

import dev.vipd.vrrp.AnnounceConfig;
import java.util.Optional;

/**
 * The timing of gratuitous ARP and neighbour advertisements: the keys of an instance, and their twins in {@code
 * global}, which begin with {@code vrrp_}. Those after a lower-priority advert are as the master's unless given.
 */
record AnnounceKeys(
        Optional<Integer> repeat,
        Optional<Long> delayNs,
        Optional<Long> refreshNs,
        Optional<Integer> refreshRepeat,
        Optional<Integer> lowerPrioRepeat,
        Optional<Long> lowerPrioDelayNs,
        Optional<Long> extraInterfaceNs) {
    private static final int REPEAT_MAX = 100;
    private static final long DAY_NS = 24 * Durations.HOUR;
    private static final AnnounceKeys NONE = new AnnounceKeys(Optional.empty(), Optional.empty(), Optional.empty(),
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** The least time between two frames on an interface. */
    record Pace(long garpNs, long gnaNs) {
        static final Pace NONE = new Pace(0, 0);

        /** {@code garp_interval} and {@code gna_interval}, after {@code prefix}, of a group or of all. */
        static Pace of(Block b, String prefix) {
            return new Pace(
                    b.duration(prefix + "garp_interval", 0, Durations.SECOND).orElse(0L),
                    b.duration(prefix + "gna_interval", 0, Durations.SECOND).orElse(0L));
        }
    }

    static AnnounceKeys global(Block b) {
        AnnounceKeys given = NONE.within(b, "vrrp_");
        return b.bool("vrrp_min_garp").orElse(false)
                ? new AnnounceKeys(given.repeat.or(() -> Optional.of(1)), given.delayNs.or(() -> Optional.of(0L)),
                        given.refreshNs, given.refreshRepeat, given.lowerPrioRepeat, given.lowerPrioDelayNs,
                        given.extraInterfaceNs)
                : given;
    }

    /** What holds inside {@code b}: its own keys, else those from outside. */
    AnnounceKeys within(Block b, String prefix) {
        Optional<Long> delay = b.duration(prefix + "garp_master_delay", 0, DAY_NS);
        Optional<Integer> times = b.integer(prefix + "garp_master_repeat", 1, REPEAT_MAX);
        Optional<Long> refresh = b.duration(prefix + "garp_master_refresh", 0, DAY_NS)
                .filter(ns -> notTooOften(b, prefix + "garp_master_refresh", ns));
        return new AnnounceKeys(
                times.or(this::repeat),
                delay.or(this::delayNs),
                refresh.or(this::refreshNs),
                b.integer(prefix + "garp_master_refresh_repeat", 1, REPEAT_MAX).or(this::refreshRepeat),
                b.integer(prefix + "garp_lower_prio_repeat", 0, REPEAT_MAX).or(this::lowerPrioRepeat),
                b.duration(prefix + "garp_lower_prio_delay", 0, DAY_NS).or(this::lowerPrioDelayNs),
                b.duration(prefix + "garp_extra_if", 0, DAY_NS)
                        .filter(ns -> notTooOften(b, prefix + "garp_extra_if", ns))
                        .or(this::extraInterfaceNs));
    }

    private static boolean notTooOften(Block b, String key, long ns) {
        boolean tooOften = ns > 0 && ns < Durations.SECOND;
        if (tooOften) {
            b.value(key).ifPresent(v -> v.error(Durations.format(ns)
                    + " would flood the segment; give 0 for never, or 1s..24h"));
        }
        return !tooOften;
    }

    AnnounceConfig resolve(Pace pace) {
        AnnounceConfig defaults = AnnounceConfig.DEFAULT;
        int times = repeat.orElse(defaults.repeat());
        long delay = delayNs.orElse(defaults.delayNs());
        return new AnnounceConfig(times, delay, refreshNs.orElse(defaults.refreshNs()),
                refreshRepeat.orElse(defaults.refreshRepeat()), lowerPrioRepeat.orElse(times),
                lowerPrioDelayNs.orElse(delay), pace.garpNs(), pace.gnaNs(), extraInterfaceNs.orElse(0L));
    }

    /** What the RFC has: one frame for each VIP when it becomes master, and no other. */
    static AnnounceConfig strict(Pace pace) {
        return new AnnounceConfig(1, 0, 0, 1, 0, 0, pace.garpNs(), pace.gnaNs(), 0);
    }
}
