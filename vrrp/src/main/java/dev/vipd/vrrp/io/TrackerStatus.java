package dev.vipd.vrrp.io;

import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.TrackerState;

/**
 * A tracker at one moment.
 *
 * @param sinceNs when it came to its state, {@code System.nanoTime()}
 * @param why     what led to it
 */
public record TrackerStatus(TrackerId tracker, TrackerState state, long sinceNs, String why) {}
