package dev.vipd.vrrp;

import java.util.List;

/**
 * How an instance takes part in the election, with keepalived's names where it has the option.
 *
 * @param preempt             Preempt_Mode (RFC 9568, 6.1); false is keepalived's {@code nopreempt}
 * @param preemptDelayNs      {@code preempt_delay}: how long a lower-priority master is let be after it is first heard;
 *                            0 for none
 * @param startupDelayNs      {@code startup_delay}: time after the start before which it does not become master
 * @param downTimerAdverts    {@code down_timer_adverts}, 1..100: adverts to miss before the master counts as down
 * @param strict              {@code strict_mode}: what the RFC has no word of is off; it overrules
 *                            the options below it, {@code down_timer_adverts} and {@code preempt_delay}
 * @param lowerPrioNoAdvert   {@code lower_prio_no_advert}: no answer to an advert of lower priority
 * @param higherPrioSendAdvert {@code higher_prio_send_advert}: one last advert before yielding
 * @param sticky              a master advertises priority 254, so that it yields to nobody but the address owner
 * @param resume              a restarted process that finds its VIP and hears no better master goes on as master
 * @param handover            a planned stop waits, bounded, for the successor's advert before it removes the VIPs
 * @param claimRequires       {@code claim_requires}: trackers that must be up for it to become master
 */
public record ElectionConfig(
        boolean preempt,
        long preemptDelayNs,
        long startupDelayNs,
        int downTimerAdverts,
        boolean strict,
        boolean lowerPrioNoAdvert,
        boolean higherPrioSendAdvert,
        boolean sticky,
        boolean resume,
        boolean handover,
        List<TrackerId> claimRequires) {
    public static final int DEFAULT_DOWN_TIMER_ADVERTS = 3;
    public static final ElectionConfig DEFAULT = new ElectionConfig(
            true, 0, 0, DEFAULT_DOWN_TIMER_ADVERTS, false, false, false, false, true, true, List.of());

    public ElectionConfig {
        claimRequires = List.copyOf(claimRequires);
        if (strict) {
            preemptDelayNs = 0;
            downTimerAdverts = DEFAULT_DOWN_TIMER_ADVERTS;
            lowerPrioNoAdvert = false;
            higherPrioSendAdvert = false;
            sticky = false;
            resume = false;
            handover = false;
        }
    }

    /** As this, with another Preempt_Mode and delay. */
    public ElectionConfig preempting(boolean preempts, long delayNs) {
        return new ElectionConfig(
                preempts, delayNs, startupDelayNs, downTimerAdverts, strict, lowerPrioNoAdvert, higherPrioSendAdvert,
                sticky, resume, handover, claimRequires);
    }
}
