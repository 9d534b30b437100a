package dev.vipd.vrrp;

import dev.vipd.vrrp.FaultReason.Kind;
import dev.vipd.vrrp.VrrpEvent.FaultCleared;
import dev.vipd.vrrp.VrrpEvent.FaultRaised;
import dev.vipd.vrrp.VrrpEvent.PriorityChanged;
import dev.vipd.vrrp.VrrpEvent.Reconfigured;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the trackers that one instance follows mean for it: an effective priority and a set of faults.
 *
 * <p>Effective priority is the base and all weights that apply (positive while up, negative while down), within 1..254;
 * the owner's is always 255. A tracker of weight 0 is a fault while it is down. The instance's own interface counts as
 * one of weight 0.
 */
public final class InstanceTracking {
    private static final int PRIORITY_MIN = 1;
    private static final int PRIORITY_MAX = VirtualRouterConfig.OWNER_PRIORITY - 1;

    private final Map<TrackerId, TrackerState> states = new HashMap<>();
    /** Scripts added by a reload: a running instance does not leave its place to wait for their first result. */
    private final Set<TrackerId> notAwaited = new HashSet<>();
    private VirtualRouterConfig config;
    private int effectivePriority;
    private Set<FaultReason> faults = Set.of();

    /**
     * Takes what is known now; feed {@link #initialEvents()} to the virtual router before its startup.
     *
     * @param known states of trackers; those of others are ignored, those missing are {@link TrackerState#WAIT}
     */
    public InstanceTracking(VirtualRouterConfig config, Map<TrackerId, TrackerState> known) {
        this.config = config;
        states.putAll(known);
        effectivePriority = computePriority();
        faults = computeFaults();
    }

    /** What brings a virtual router with this configuration to the present priority and faults. */
    public List<VrrpEvent> initialEvents() {
        List<VrrpEvent> events = new ArrayList<>();
        if (effectivePriority != config.priority()) {
            events.add(new PriorityChanged(effectivePriority, "startup"));
        }
        faults.forEach(fault -> events.add(new FaultRaised(fault)));
        return events;
    }

    /**
     * Scripts and the like that have no result yet are no faults: the process was restarted, and its predecessor was
     * master with what they said. To be called before {@link #initialEvents()}.
     */
    public void awaitNothing() {
        config.tracking().tracks().forEach(ref -> notAwaited.add(ref.tracker()));
        faults = computeFaults();
    }

    /** Takes a tracker's new state; gives the events that follow for the virtual router, none if it does not matter. */
    public List<VrrpEvent> on(TrackerId tracker, TrackerState state) {
        if (!followed().containsKey(tracker) && !tracker.equals(ownInterface())) {
            return List.of();
        }
        states.put(tracker, state);
        notAwaited.remove(tracker);
        List<VrrpEvent> events = new ArrayList<>();
        int before = effectivePriority;
        effectivePriority = computePriority();
        if (effectivePriority != before) {
            String word = state == TrackerState.UP ? " up" : " down";
            events.add(new PriorityChanged(effectivePriority, tracker + word));
        }
        events.addAll(updateFaults());
        return events;
    }

    /**
     * Takes the configuration of a reload.
     *
     * @param known states of trackers, as in the constructor; they replace those known so far
     */
    public List<VrrpEvent> reconfigure(VirtualRouterConfig newConfig, Map<TrackerId, TrackerState> known) {
        Set<TrackerId> before = followed().keySet();
        config = newConfig;
        states.clear();
        states.putAll(known);
        Set<TrackerId> now = followed().keySet();
        notAwaited.retainAll(now);
        for (TrackerId tracker : now) {
            if (!before.contains(tracker) && state(tracker) == TrackerState.WAIT) {
                notAwaited.add(tracker);
            }
        }
        effectivePriority = computePriority();
        List<VrrpEvent> events = new ArrayList<>();
        events.add(new Reconfigured(config, effectivePriority));
        events.addAll(updateFaults());
        return events;
    }

    public int effectivePriority() {
        return effectivePriority;
    }

    /** Faults that come from trackers; the virtual router may have others. */
    public Set<FaultReason> faults() {
        return Set.copyOf(faults);
    }

    /** New faults are raised before old ones are cleared: an exchange of faults is no recovery. */
    private List<VrrpEvent> updateFaults() {
        Set<FaultReason> before = faults;
        faults = computeFaults();
        List<VrrpEvent> events = new ArrayList<>();
        for (FaultReason fault : faults) {
            if (!before.contains(fault)) {
                events.add(new FaultRaised(fault));
            }
        }
        for (FaultReason fault : before) {
            if (!faults.contains(fault)) {
                events.add(new FaultCleared(fault));
            }
        }
        return events;
    }

    private int computePriority() {
        if (config.owner()) {
            return VirtualRouterConfig.OWNER_PRIORITY;
        }
        int sum = config.priority();
        for (Map.Entry<TrackerId, Integer> follow : followed().entrySet()) {
            int weight = follow.getValue();
            boolean applies = switch (state(follow.getKey())) {
                case UP -> weight > 0;
                case DOWN -> weight < 0;
                case WAIT -> false;
            };
            sum += applies ? weight : 0;
        }
        return Math.clamp(sum, PRIORITY_MIN, PRIORITY_MAX);
    }

    private Set<FaultReason> computeFaults() {
        Set<FaultReason> found = new LinkedHashSet<>();
        if (state(ownInterface()) != TrackerState.UP) {
            found.add(new FaultReason(Kind.INTERFACE, config.interfaceName()));
        }
        followed().forEach((tracker, weight) -> {
            boolean waits = state(tracker) == TrackerState.WAIT;
            if (weight == 0 && state(tracker) != TrackerState.UP && !(waits && notAwaited.contains(tracker))) {
                Kind kind = switch (tracker.kind()) {
                    case INTERFACE -> Kind.INTERFACE;
                    case SCRIPT -> waits ? Kind.SCRIPT_INIT : Kind.SCRIPT;
                    case PROCESS -> Kind.PROCESS;
                    case FILE -> Kind.FILE;
                    case PING -> Kind.PING;
                    case SERVICE -> Kind.SERVICE;
                };
                found.add(new FaultReason(kind, tracker.name()));
            }
        });
        return found;
    }

    private Map<TrackerId, Integer> followed() {
        Map<TrackerId, Integer> weights = new LinkedHashMap<>();
        config.tracking().tracks().forEach(ref -> weights.put(ref.tracker(), ref.weight()));
        return weights;
    }

    private TrackerId ownInterface() {
        return TrackerId.networkInterface(config.interfaceName());
    }

    private TrackerState state(TrackerId tracker) {
        return states.getOrDefault(tracker, TrackerState.WAIT);
    }
}
