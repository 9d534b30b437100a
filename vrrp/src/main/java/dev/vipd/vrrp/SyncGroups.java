package dev.vipd.vrrp;

import java.util.ArrayList;
import java.util.List;

/** What sync groups mean for the configuration of their members. */
public final class SyncGroups {
    private SyncGroups() {}

    /**
     * The instances, with what their group follows besides. The weights of their own trackers count as 0 in a group
     * without {@code sync_group_tracking_weight}: members of different priority would never agree on who is master.
     */
    public static List<VirtualRouterConfig> withGroupTracks(VrrpConfig config) {
        return config.instances().stream()
                .map(instance -> config.syncGroups().stream()
                        .filter(group -> group.members().contains(instance.name()))
                        .findFirst()
                        .map(group -> member(group, instance))
                        .orElse(instance))
                .toList();
    }

    private static VirtualRouterConfig member(SyncGroupConfig group, VirtualRouterConfig instance) {
        List<TrackRef> tracks = new ArrayList<>(group.tracks());
        for (TrackRef own : instance.tracking().tracks()) {
            if (group.tracks().stream().noneMatch(track -> track.tracker().equals(own.tracker()))) {
                tracks.add(group.memberWeights() ? own : new TrackRef(own.tracker(), 0, own.reverse()));
            }
        }
        return instance.withTracking(new TrackingConfig(tracks, instance.tracking().trackPrimary()));
    }
}
