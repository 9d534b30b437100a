package dev.vipd.vrrp;

/** What a tracker says about the thing that it watches. */
public enum TrackerState {
    /** Nothing yet. */
    WAIT,
    UP,
    DOWN
}
