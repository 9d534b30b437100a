package dev.vipd.vrrp;

/**
 * That an instance follows a tracker, and with what weight.
 *
 * @param tracker which one
 * @param weight  -254..254. 0: while the tracker is down the instance is in FAULT. Positive: added to the priority
 *                while it is up. Negative: added (so it lowers) while it is down. Of a file: times the number in it
 * @param reverse up and down change places
 */
public record TrackRef(TrackerId tracker, int weight, boolean reverse) {
    public TrackRef(TrackerId tracker, int weight) {
        this(tracker, weight, false);
    }
}
