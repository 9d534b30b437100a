package dev.vipd.director.hooks;

import dev.vipd.vrrp.SyncGroupConfig;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What sync groups come to, from what their members come to: a group is in a state when all members are, and in FAULT
 * as soon as one of them is, since that takes the others with it.
 */
final class GroupStates {
    private final Map<String, HookState> members = new HashMap<>();
    private final Map<String, HookState> groups = new HashMap<>();
    private List<SyncGroupConfig> configs = List.of();

    void configure(List<SyncGroupConfig> wanted) {
        configs = List.copyOf(wanted);
        groups.keySet().removeIf(name -> wanted.stream().noneMatch(group -> group.name().equals(name)));
    }

    /** Events of groups that the event of an instance brings about; they come after it. */
    List<HookEvent> after(HookEvent event) {
        List<HookEvent> changed = new ArrayList<>();
        if (event.kind() != HookEvent.Kind.INSTANCE || !event.state().transition()) {
            return changed;
        }
        members.put(event.name(), event.state());
        for (SyncGroupConfig group : configs) {
            if (!group.members().contains(event.name())) {
                continue;
            }
            HookState state = state(group);
            if (state != null && state != groups.put(group.name(), state)) {
                changed.add(new HookEvent(
                        HookEvent.Kind.GROUP, group.name(), state, 0, "", event.why(), event.wallMs()));
            }
        }
        return changed;
    }

    /** Null while the members differ. */
    private HookState state(SyncGroupConfig group) {
        Set<HookState> states = EnumSet.noneOf(HookState.class);
        for (String member : group.members()) {
            HookState state = members.get(member);
            if (state == null) {
                return null;
            }
            states.add(state);
        }
        return states.contains(HookState.FAULT) ? HookState.FAULT
                : states.size() == 1 ? states.iterator().next()
                : null;
    }
}
