package dev.vipd.vrrp.track;

import dev.vipd.vrrp.TrackProcessConfig;
import dev.vipd.vrrp.TrackerReading;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Whether as many of the tracked processes are there as wanted. All methods that take news say whether the reading
 * changed with it.
 */
public final class ProcessTracker {
    private final TrackProcessConfig config;
    private final Set<Integer> pids = new HashSet<>();
    private Debounce enough;

    public ProcessTracker(TrackProcessConfig config) {
        this.config = config;
    }

    /** Takes all processes that match; for the first time it counts at once. */
    public boolean found(Set<Integer> matching, long nowNs) {
        int before = pids.size();
        pids.clear();
        pids.addAll(matching);
        if (enough == null) {
            enough = new Debounce(isEnough());
            return true;
        }
        return update(before, nowNs);
    }

    /** Takes whether a process matches: a new one, or one that changed. */
    public boolean matches(int pid, boolean matches, long nowNs) {
        int before = pids.size();
        boolean changed = matches ? pids.add(pid) : pids.remove(pid);
        return changed && update(before, nowNs);
    }

    /** A child looks like its parent until it runs something else. */
    public boolean forked(int parent, int pid, long nowNs) {
        return matches(pid, pids.contains(parent), nowNs);
    }

    public boolean exited(int pid, long nowNs) {
        return matches(pid, false, nowNs);
    }

    public boolean deadline(long nowNs) {
        return enough != null && enough.deadline(nowNs);
    }

    public OptionalLong nextDeadlineNs() {
        return enough == null ? OptionalLong.empty() : enough.nextDeadlineNs();
    }

    /** Those that match now. */
    public Set<Integer> pids() {
        return Set.copyOf(pids);
    }

    public TrackerReading reading() {
        return enough == null ? TrackerReading.WAIT : TrackerReading.of(enough.counts());
    }

    /** How many there are, and how many are wanted. */
    public String why() {
        String wanted = config.quorumMax() == TrackProcessConfig.NO_MAX
                ? "at least " + config.quorum()
                : config.quorum() + " to " + config.quorumMax();
        return pids.size() + (pids.size() == 1 ? " process, " : " processes, ") + wanted + " wanted";
    }

    private boolean update(int before, long nowNs) {
        long delayNs = pids.size() > before ? config.forkDelayNs() : config.terminateDelayNs();
        return enough != null && enough.is(isEnough(), delayNs, nowNs);
    }

    private boolean isEnough() {
        return pids.size() >= config.quorum() && pids.size() <= config.quorumMax();
    }
}
