package dev.vipd.vrrp.track;

import dev.vipd.vrrp.InterfaceDelay;
import dev.vipd.vrrp.TrackerReading;
import java.util.OptionalLong;

/** Whether an interface counts as usable: at once, or after {@code interface_up_down_delays}. */
public final class InterfaceTracker {
    private final Debounce up;
    private InterfaceDelay delay;
    private String condition;

    /** @param condition what the kernel says, for people: {@code up}, {@code no carrier} */
    public InterfaceTracker(InterfaceDelay delay, boolean usable, String condition) {
        this.delay = delay;
        this.condition = condition;
        up = new Debounce(usable);
    }

    /** A reload brought other delays; one under way keeps its end. */
    public void reconfigure(InterfaceDelay newDelay) {
        delay = newDelay;
    }

    /** Takes how it is now. @return whether that changed what counts */
    public boolean is(boolean usable, String newCondition, long nowNs) {
        condition = newCondition;
        return up.is(usable, usable ? delay.upNs() : delay.downNs(), nowNs);
    }

    /** @return whether the end of a delay changed what counts */
    public boolean deadline(long nowNs) {
        return up.deadline(nowNs);
    }

    public OptionalLong nextDeadlineNs() {
        return up.nextDeadlineNs();
    }

    public TrackerReading reading() {
        return TrackerReading.of(up.counts());
    }

    /** The interface's condition, and that it does not count yet. */
    public String why() {
        return up.pending() ? condition + ", not for long enough to count" : condition;
    }
}
