package dev.vipd.vrrp;

import dev.vipd.vrrp.FaultReason.Kind;
import dev.vipd.vrrp.VrrpEvent.ClaimBlocked;
import dev.vipd.vrrp.VrrpEvent.ClaimFreed;
import dev.vipd.vrrp.VrrpEvent.FaultCleared;
import dev.vipd.vrrp.VrrpEvent.FaultRaised;
import dev.vipd.vrrp.VrrpEvent.PriorityChanged;
import dev.vipd.vrrp.VrrpEvent.Reconfigured;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the trackers that one instance follows mean for it: an effective priority, a set of faults, and what keeps it
 * from claiming the VIPs ({@code claim_requires}).
 *
 * <p>Effective priority is the base and all weights that apply (positive while up, negative while down, a file's times
 * its number), within 1..254; the owner's is always 255. A tracker of weight 0 is a fault while it is down. The
 * instance's own interface counts as one of weight 0, unless {@code dont_track_primary} is set.
 */
public final class InstanceTracking {
    private static final int PRIORITY_MIN = 1;
    private static final int PRIORITY_MAX = VirtualRouterConfig.OWNER_PRIORITY - 1;
    /** What a file adds, at the utmost; the lowest is a fault. */
    private static final int FILE_WEIGHT_MAX = 254;

    private final Map<TrackerId, TrackerReading> readings = new HashMap<>();
    /** Trackers added by a reload: a running instance does not leave its place to wait for their first result. */
    private final Set<TrackerId> notAwaited = new HashSet<>();
    private VirtualRouterConfig config;
    private int effectivePriority;
    private Set<FaultReason> faults = Set.of();
    private Set<ClaimBlock> claimBlocks = Set.of();

    /**
     * Takes what is known now; feed {@link #initialEvents()} to the virtual router before its startup.
     *
     * @param known what trackers say; others than those followed are ignored, those missing are waited for
     */
    public InstanceTracking(VirtualRouterConfig config, Map<TrackerId, TrackerReading> known) {
        this.config = config;
        readings.putAll(known);
        effectivePriority = computePriority();
        faults = computeFaults();
        claimBlocks = computeClaimBlocks();
    }

    /** What brings a virtual router with this configuration to the present priority and faults. */
    public List<VrrpEvent> initialEvents() {
        List<VrrpEvent> events = new ArrayList<>();
        if (effectivePriority != config.priority()) {
            events.add(new PriorityChanged(effectivePriority, "startup"));
        }
        faults.forEach(fault -> events.add(new FaultRaised(fault)));
        claimBlocks.forEach(block -> events.add(new ClaimBlocked(block)));
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

    /** Takes what a tracker says now; gives what follows for the virtual router, nothing if it does not matter. */
    public List<VrrpEvent> on(TrackerId tracker, TrackerReading reading) {
        if (!matters(tracker)) {
            return List.of();
        }
        readings.put(tracker, reading);
        notAwaited.remove(tracker);
        List<VrrpEvent> events = new ArrayList<>();
        int before = effectivePriority;
        effectivePriority = computePriority();
        if (effectivePriority != before) {
            events.add(new PriorityChanged(effectivePriority, tracker + word(tracker, reading)));
        }
        events.addAll(updateFaults());
        events.addAll(updateClaimBlocks());
        return events;
    }

    /**
     * Takes the configuration of a reload.
     *
     * @param known what trackers say, as in the constructor; it replaces what was known so far
     */
    public List<VrrpEvent> reconfigure(VirtualRouterConfig newConfig, Map<TrackerId, TrackerReading> known) {
        List<TrackerId> before = config.tracking().tracks().stream().map(TrackRef::tracker).toList();
        config = newConfig;
        readings.clear();
        readings.putAll(known);
        List<TrackerId> now = config.tracking().tracks().stream().map(TrackRef::tracker).toList();
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
        events.addAll(updateClaimBlocks());
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

    private List<VrrpEvent> updateClaimBlocks() {
        Set<ClaimBlock> before = claimBlocks;
        claimBlocks = computeClaimBlocks();
        List<VrrpEvent> events = new ArrayList<>();
        for (ClaimBlock block : claimBlocks) {
            if (!before.contains(block)) {
                events.add(new ClaimBlocked(block));
            }
        }
        for (ClaimBlock block : before) {
            if (!claimBlocks.contains(block)) {
                events.add(new ClaimFreed(block));
            }
        }
        return events;
    }

    private int computePriority() {
        if (config.owner()) {
            return VirtualRouterConfig.OWNER_PRIORITY;
        }
        int sum = config.priority();
        for (TrackRef ref : config.tracking().tracks()) {
            sum += weight(ref);
        }
        return Math.clamp(sum, PRIORITY_MIN, PRIORITY_MAX);
    }

    /** What a tracker adds to the priority now. */
    private int weight(TrackRef ref) {
        if (ref.tracker().kind() == TrackerId.Kind.FILE) {
            long product = (long) reading(ref.tracker()).value() * ref.weight() * (ref.reverse() ? -1 : 1);
            return Math.clamp(product, -FILE_WEIGHT_MAX, FILE_WEIGHT_MAX);
        }
        boolean applies = switch (says(ref)) {
            case UP -> ref.weight() > 0;
            case DOWN -> ref.weight() < 0;
            case WAIT -> false;
        };
        return applies ? ref.weight() : 0;
    }

    private Set<FaultReason> computeFaults() {
        Set<FaultReason> found = new LinkedHashSet<>();
        if (config.tracking().trackPrimary() && state(ownInterface()) != TrackerState.UP) {
            found.add(new FaultReason(Kind.INTERFACE, config.interfaceName()));
        }
        for (TrackRef ref : config.tracking().tracks()) {
            if (isFault(ref)) {
                found.add(new FaultReason(kind(ref.tracker()), ref.tracker().name()));
            }
        }
        return found;
    }

    private boolean isFault(TrackRef ref) {
        if (ref.weight() != 0) {
            return ref.tracker().kind() == TrackerId.Kind.FILE && weight(ref) == -FILE_WEIGHT_MAX;
        }
        return switch (says(ref)) {
            case UP -> false;
            case DOWN -> true;
            case WAIT -> !notAwaited.contains(ref.tracker());
        };
    }

    private Kind kind(TrackerId tracker) {
        return switch (tracker.kind()) {
            case INTERFACE -> Kind.INTERFACE;
            case SCRIPT -> state(tracker) == TrackerState.WAIT ? Kind.SCRIPT_INIT : Kind.SCRIPT;
            case PROCESS -> Kind.PROCESS;
            case FILE -> Kind.FILE;
            case PING -> Kind.PING;
            case SERVICE -> Kind.SERVICE;
        };
    }

    private Set<ClaimBlock> computeClaimBlocks() {
        Set<ClaimBlock> found = new LinkedHashSet<>();
        for (TrackerId tracker : config.election().claimRequires()) {
            if (state(tracker) != TrackerState.UP) {
                found.add(new ClaimBlock(ClaimBlock.Kind.TRACKER, tracker.toString()));
            }
        }
        return found;
    }

    private boolean matters(TrackerId tracker) {
        return tracker.equals(ownInterface())
                || config.election().claimRequires().contains(tracker)
                || config.tracking().tracks().stream().anyMatch(ref -> ref.tracker().equals(tracker));
    }

    /** The tracker's state as the instance takes it. */
    private TrackerState says(TrackRef ref) {
        TrackerState state = state(ref.tracker());
        return switch (state) {
            case UP -> ref.reverse() ? TrackerState.DOWN : state;
            case DOWN -> ref.reverse() ? TrackerState.UP : state;
            case WAIT -> state;
        };
    }

    private static String word(TrackerId tracker, TrackerReading reading) {
        if (tracker.kind() == TrackerId.Kind.FILE) {
            return " " + reading.value();
        }
        return reading.state() == TrackerState.UP ? " up" : " down";
    }

    private TrackerId ownInterface() {
        return TrackerId.networkInterface(config.interfaceName());
    }

    private TrackerState state(TrackerId tracker) {
        return reading(tracker).state();
    }

    private TrackerReading reading(TrackerId tracker) {
        return readings.getOrDefault(tracker, TrackerReading.WAIT);
    }
}
