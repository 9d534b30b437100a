package dev.vipd.vrrp;

/**
 * A tracker changed what it says: {@code track.up} or {@code track.down}.
 *
 * @param to  UP or DOWN
 * @param why the result that decided, for people
 */
public record TrackerTransition(TrackerId tracker, TrackerState from, TrackerState to, String why) {}
