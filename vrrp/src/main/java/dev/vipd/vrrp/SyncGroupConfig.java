package dev.vipd.vrrp;

import java.util.List;

/**
 * One of {@code vrrp_sync_groups}: instances that move together.
 *
 * @param name           key in the configuration
 * @param members        names of instances, at least two
 * @param tracks         what all members follow
 * @param memberWeights  {@code sync_group_tracking_weight}: weights of the members' own trackers count; otherwise 0
 */
public record SyncGroupConfig(String name, List<String> members, List<TrackRef> tracks, boolean memberWeights) {
    public SyncGroupConfig {
        members = List.copyOf(members);
        tracks = List.copyOf(tracks);
    }
}
