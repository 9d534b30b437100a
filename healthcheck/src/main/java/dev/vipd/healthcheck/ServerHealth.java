package dev.vipd.healthcheck;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Health of one real server over all its checks: UP while every one of them is UP, so also when there is none. Equal
 * checks count once. Not thread-safe.
 */
public final class ServerHealth {
    private final long seed;
    private Map<CheckConfig, CheckTracker> trackers = new LinkedHashMap<>();
    private HealthState state;
    private long sinceNs;

    /** @param seed of the schedules of the checks; each gets its own from it */
    public ServerHealth(List<CheckConfig> checks, long seed, long nowNs) {
        this.seed = Jitter.mix(seed);
        for (CheckConfig check : checks) {
            trackers.computeIfAbsent(check, c -> new CheckTracker(c.timing(), seedOf(c), nowNs));
        }
        this.state = verdict();
        this.sinceNs = nowNs;
    }

    /**
     * Takes in how a probe of one check ended.
     *
     * @return the change of the server's state, if this outcome made one; its reason is the check's, after its kind:
     *     {@code tcp: connect refused}
     */
    public Optional<HealthTransition> on(CheckConfig check, CheckOutcome outcome, long nowNs) {
        return tracker(check)
                .on(outcome, nowNs)
                .flatMap(transition -> judge(check.kind() + ": " + transition.reason(), nowNs));
    }

    /**
     * Replaces the checks. One that is equal to a present one keeps its state and its place in time. A new or changed
     * one begins in the state the server is in, {@code alpha} or not: a reload alone neither takes a server out of
     * service nor puts a failed one back; only the removal of every failing check does the latter.
     */
    public Optional<HealthTransition> reconfigure(List<CheckConfig> checks, long nowNs) {
        Map<CheckConfig, CheckTracker> before = trackers;
        trackers = new LinkedHashMap<>();
        for (CheckConfig check : checks) {
            CheckTracker kept = before.get(check);
            trackers.computeIfAbsent(
                    check, c -> kept != null ? kept : new CheckTracker(c.timing(), state, seedOf(c), nowNs));
        }
        return judge("failing check removed", nowNs);
    }

    /** The checks, in the order of the configuration. */
    public List<CheckConfig> checks() {
        return List.copyOf(trackers.keySet());
    }

    /** State of one of {@link #checks()}; to be read only. */
    public CheckTracker tracker(CheckConfig check) {
        CheckTracker tracker = trackers.get(check);
        if (tracker == null) {
            throw new IllegalArgumentException("not a check of this server: " + check);
        }
        return tracker;
    }

    public HealthState state() {
        return state;
    }

    /** Since when the state is what it is. */
    public long sinceNs() {
        return sinceNs;
    }

    /** Why the server is DOWN: kind and reason of the first check that is; empty when it is UP. */
    public Optional<String> reason() {
        return trackers.entrySet().stream()
                .filter(entry -> entry.getValue().state() == HealthState.DOWN)
                .map(entry -> entry.getKey().kind() + ": " + entry.getValue().reason())
                .findFirst();
    }

    private Optional<HealthTransition> judge(String why, long nowNs) {
        HealthState to = verdict();
        if (to == state) {
            return Optional.empty();
        }
        HealthTransition transition = new HealthTransition(state, to, why, nowNs);
        state = to;
        sinceNs = nowNs;
        return Optional.of(transition);
    }

    private HealthState verdict() {
        boolean allUp = trackers.values().stream().allMatch(tracker -> tracker.state() == HealthState.UP);
        return allUp ? HealthState.UP : HealthState.DOWN;
    }

    private long seedOf(CheckConfig check) {
        return Jitter.mix(seed ^ check.hashCode());
    }
}
