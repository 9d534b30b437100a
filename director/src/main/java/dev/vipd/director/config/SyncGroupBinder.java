package dev.vipd.director.config;

import dev.vipd.vrrp.SyncGroupConfig;
import dev.vipd.vrrp.TrackRef;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code vrrp_sync_groups}: instances that move together. Each belongs to one group at most. */
final class SyncGroupBinder {
    private final Collection<String> instances;
    private final Map<String, VirtualRouterConfig> bound = new HashMap<>();
    private final TrackBinder tracks;
    private final NotifyBinder notify;
    private final Map<String, String> groups = new HashMap<>();

    /**
     * @param instances names of all instances that stand in the file, valid or not
     * @param bound     the valid ones
     */
    SyncGroupBinder(Collection<String> instances, List<VirtualRouterConfig> bound, TrackBinder tracks,
            NotifyBinder notify) {
        this.instances = instances;
        bound.forEach(instance -> this.bound.put(instance.name(), instance));
        this.tracks = tracks;
        this.notify = notify;
    }

    Optional<SyncGroupConfig> bind(String name, Block b) {
        boolean memberWeights = b.bool("sync_group_tracking_weight").orElse(false);
        String example = "a list of instances, such as [ VI_1, VI_2 ]";
        Optional<Value> value = b.required("group", example);
        List<String> members = new ArrayList<>();
        List<Value> items = value.map(v -> v.list(example)).orElse(List.of());
        for (Value item : items) {
            instance(item, instances).filter(member -> single(item, name, member)).ifPresent(member -> {
                members.add(member);
                warnWeights(item, member, memberWeights);
            });
        }
        value.filter(v -> v.isList() && items.size() < 2).ifPresent(v -> v.error("has fewer than two instances, and one"
                + " alone has nothing to move with; add another, or remove the group"));
        List<TrackRef> refs = tracks.refs(b, false);
        notify.group(name, b);
        b.finish();
        return Optional.of(new SyncGroupConfig(name, members, refs, memberWeights));
    }

    /** The name of one of {@code vrrp_instances}. */
    static Optional<String> instance(Value item, Collection<String> instances) {
        return item.text("the name of one of vrrp_instances").filter(name -> {
            boolean good = instances.contains(name);
            if (!good) {
                item.error(Spelling.quote(name) + " is not one of vrrp_instances"
                        + Spelling.orNearest(name, instances));
            }
            return good;
        });
    }

    private boolean single(Value item, String name, String member) {
        String other = groups.putIfAbsent(member, name);
        if (other != null) {
            item.error(member + (other.equals(name) ? " is listed twice" : " is already in the group " + other)
                    + "; keep one of them");
        }
        return other == null;
    }

    private void warnWeights(Value item, String member, boolean memberWeights) {
        VirtualRouterConfig instance = bound.get(member);
        if (memberWeights || instance == null) {
            return;
        }
        instance.tracking().tracks().stream().filter(ref -> ref.weight() != 0).findFirst().ifPresent(ref ->
                item.warning(member + " follows " + ref.tracker() + " with weight " + ref.weight() + ", which counts as"
                        + " 0 in a sync group: while it is down, all are in FAULT; follow it in the group instead, or"
                        + " set sync_group_tracking_weight: true"));
    }
}
