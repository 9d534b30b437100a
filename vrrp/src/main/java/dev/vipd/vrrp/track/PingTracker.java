package dev.vipd.vrrp.track;

import dev.vipd.vrrp.RiseFall;
import dev.vipd.vrrp.TrackPingConfig;
import dev.vipd.vrrp.TrackerReading;
import dev.vipd.vrrp.TrackerState;

/** When to ask a host, and what its answers and its silence mean. */
public final class PingTracker {
    private final TrackPingConfig config;
    private final RiseFall results;
    private String why = "not asked yet";
    private long nextNs;
    private int seq;
    private boolean waiting;
    private long timeoutNs;

    /** What {@link #deadline} found. */
    public enum Due {
        NOTHING,
        /** The question of number {@link #seq()} is to be sent now. */
        ASK,
        /** There was no answer in time, and the reading changed with that. */
        CHANGED
    }

    /** @param nowNs of the first question */
    public PingTracker(TrackPingConfig config, long nowNs) {
        this.config = config;
        results = new RiseFall(config.rise(), config.fall(), TrackerState.WAIT);
        nextNs = nowNs;
    }

    /** To be called when its time has come, again and again until it gives NOTHING. */
    public Due deadline(long nowNs) {
        if (waiting && nowNs - timeoutNs >= 0) {
            String reason = "no answer within " + config.timeoutNs() / 1_000_000 + " ms";
            return noAnswer(reason) ? Due.CHANGED : deadline(nowNs);
        }
        if (waiting || nowNs - nextNs < 0) {
            return Due.NOTHING;
        }
        nextNs += config.intervalNs();
        if (nowNs - nextNs >= 0) {
            nextNs = nowNs + config.intervalNs(); // it slept: the questions that were missed are left out
        }
        seq++;
        waiting = true;
        timeoutNs = nowNs + config.timeoutNs();
        return Due.ASK;
    }

    /** Number of the question that was asked last. */
    public int seq() {
        return seq;
    }

    /** The last question was answered. @return whether the reading changed */
    public boolean answered() {
        if (!waiting) {
            return false; // too late, or twice
        }
        waiting = false;
        boolean changed = results.on(true);
        why = "answers";
        return changed;
    }

    /** The question could not be sent. @return whether the reading changed */
    public boolean notSent(String reason) {
        return noAnswer(reason);
    }

    public long nextDeadlineNs() {
        return waiting && timeoutNs - nextNs < 0 ? timeoutNs : nextNs;
    }

    public TrackerReading reading() {
        return TrackerReading.of(results.state());
    }

    public String why() {
        return why;
    }

    private boolean noAnswer(String reason) {
        waiting = false;
        boolean changed = results.on(false);
        if (changed || results.state() != TrackerState.UP) {
            why = reason;
        }
        return changed;
    }
}
