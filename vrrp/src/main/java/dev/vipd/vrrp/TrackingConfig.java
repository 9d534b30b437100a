package dev.vipd.vrrp;

import java.util.List;

/**
 * What an instance follows.
 *
 * @param tracks       {@code track_script}, {@code track_interface} and the like
 * @param trackPrimary whether its own interface is followed too; false is keepalived's {@code dont_track_primary}
 */
public record TrackingConfig(List<TrackRef> tracks, boolean trackPrimary) {
    public static final TrackingConfig DEFAULT = new TrackingConfig(List.of(), true);

    public TrackingConfig {
        tracks = List.copyOf(tracks);
    }

    /** These trackers and the own interface. */
    public static TrackingConfig of(TrackRef... tracks) {
        return new TrackingConfig(List.of(tracks), true);
    }
}
