package dev.vipd.vrrp.io;

import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.TrackerReading;
import dev.vipd.vrrp.TrackerState;

/**
 * A tracker at one moment.
 *
 * @param sinceNs when it came to its reading, {@code System.nanoTime()}
 * @param why     what led to it
 */
public record TrackerStatus(TrackerId tracker, TrackerReading reading, long sinceNs, String why) {
    public TrackerState state() {
        return reading.state();
    }
}
