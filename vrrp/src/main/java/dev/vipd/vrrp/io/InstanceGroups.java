package dev.vipd.vrrp.io;

import dev.vipd.vrrp.SyncGroup;
import dev.vipd.vrrp.SyncGroupConfig;
import dev.vipd.vrrp.VirtualRouter;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The sync groups, and who carries out what they order. On the loop's thread only. */
final class InstanceGroups {
    private final Map<VirtualRouter, Instance> instances = new IdentityHashMap<>();
    private List<SyncGroupConfig> configs = List.of();
    private List<SyncGroup> groups = List.of();

    /** Makes these the groups; one whose members stay is kept. New members are to be started after this. */
    void configure(List<SyncGroupConfig> wanted, List<Instance> all, long nowNs) {
        configs = List.copyOf(wanted);
        instances.clear();
        all.forEach(instance -> instances.put(instance.router(), instance));
        List<SyncGroup> before = groups;
        groups = wanted.stream().map(config -> group(config, all, before)).toList();
        keepInStep(nowNs); // before the old ones let go: a member of both is never without
        for (SyncGroup old : before) {
            for (VirtualRouter member : old.members()) {
                boolean stays = groups.stream()
                        .anyMatch(group -> group.name().equals(old.name()) && group.members().contains(member));
                if (!stays && instances.containsKey(member)) {
                    old.released().forEach(event -> instances.get(member).on(event, nowNs));
                }
            }
        }
    }

    /** The members of the group that an instance is in; else just itself. */
    Set<String> with(String name) {
        return configs.stream()
                .map(SyncGroupConfig::members)
                .filter(members -> members.contains(name))
                .findFirst()
                .map(Set::copyOf)
                .orElse(Set.of(name));
    }

    /** To be called after whatever happened to an instance. */
    void keepInStep(long nowNs) {
        for (SyncGroup group : groups) {
            for (Optional<SyncGroup.Order> order = group.next(nowNs); order.isPresent();
                    order = group.next(nowNs)) {
                instances.get(order.get().router()).on(order.get().event(), nowNs);
            }
        }
    }

    private static SyncGroup group(SyncGroupConfig config, List<Instance> all, List<SyncGroup> before) {
        List<VirtualRouter> members = new ArrayList<>();
        for (Instance instance : all) {
            if (config.members().contains(instance.config().name())) {
                members.add(instance.router());
            }
        }
        return before.stream()
                .filter(group -> group.name().equals(config.name()) && group.members().equals(members))
                .findFirst()
                .orElseGet(() -> new SyncGroup(config.name(), members));
    }
}
