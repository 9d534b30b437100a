package dev.vipd.vrrp;

/**
 * Timing of gratuitous ARP and unsolicited neighbour advertisements, with keepalived's names.
 *
 * @param repeat           {@code garp_master_repeat}: frames per VIP in a round, default 5
 * @param delayNs          {@code garp_master_delay}: second round that long after becoming master, default 5 s; 0: none
 * @param refreshNs        {@code garp_master_refresh}: a round that often while master, default 0: never
 * @param refreshRepeat    {@code garp_master_refresh_repeat}: frames per VIP in those, default 1
 * @param lowerPrioRepeat  {@code garp_lower_prio_repeat}: frames per VIP after an advert of lower priority, default as
 *                         {@code repeat}
 * @param lowerPrioDelayNs {@code garp_lower_prio_delay}: second round after it, default as {@code delayNs}
 * @param garpIntervalNs   {@code garp_interval}: least time between two gratuitous ARP on an interface, default 0
 * @param gnaIntervalNs    {@code gna_interval}: the same for neighbour advertisements
 * @param extraInterfaceNs {@code garp_extra_if}: a round that often on interfaces of VIPs that carry no adverts,
 *                         default 0: never
 */
public record AnnounceConfig(
        int repeat,
        long delayNs,
        long refreshNs,
        int refreshRepeat,
        int lowerPrioRepeat,
        long lowerPrioDelayNs,
        long garpIntervalNs,
        long gnaIntervalNs,
        long extraInterfaceNs) {
    public static final AnnounceConfig DEFAULT = new AnnounceConfig(5, 5_000_000_000L, 0, 1);

    /** The rest as by default. */
    public AnnounceConfig(int repeat, long delayNs, long refreshNs, int refreshRepeat) {
        this(repeat, delayNs, refreshNs, refreshRepeat, repeat, delayNs, 0, 0, 0);
    }
}
