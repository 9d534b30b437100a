package dev.vipd.vrrp;

/**
 * That an instance follows a tracker, and with what weight.
 *
 * @param name   name of the script or interface
 * @param weight -253..253. 0: while the tracker is down the instance is in FAULT. Positive: added to the priority while
 *               it is up. Negative: added (so it lowers) while it is down
 */
public record TrackRef(String name, int weight) {}
