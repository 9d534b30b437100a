package dev.vipd.vrrp;

/**
 * Timing of gratuitous ARP, with keepalived's names.
 *
 * @param repeat         {@code garp_master_repeat}: frames per VIP in a round, default 5
 * @param delayNs        {@code garp_master_delay}: second round that long after becoming master, default 5 s; 0: none
 * @param refreshNs      {@code garp_master_refresh}: a round that often while master, default 0: never
 * @param refreshRepeat  {@code garp_master_refresh_repeat}: frames per VIP in those, default 1
 */
public record AnnounceConfig(int repeat, long delayNs, long refreshNs, int refreshRepeat) {
    public static final AnnounceConfig DEFAULT = new AnnounceConfig(5, 5_000_000_000L, 0, 1);
}
