package dev.vipd.vrrp.track;

import java.util.OptionalLong;

/** What must last for a while until it counts. */
final class Debounce {
    private boolean counts;
    private OptionalLong dueNs = OptionalLong.empty();

    Debounce(boolean initially) {
        counts = initially;
    }

    boolean counts() {
        return counts;
    }

    /**
     * Takes how it is now. A delay under way goes on; one for what is over ends.
     *
     * @param delayNs for how long it must stay so, 0 for not at all
     * @return whether another counts now
     */
    boolean is(boolean now, long delayNs, long nowNs) {
        if (now == counts) {
            dueNs = OptionalLong.empty();
            return false;
        }
        if (delayNs > 0) {
            if (dueNs.isEmpty()) {
                dueNs = OptionalLong.of(nowNs + delayNs);
            }
            return false;
        }
        return change();
    }

    /** To be called when the time has come. @return whether another counts now */
    boolean deadline(long nowNs) {
        return dueNs.isPresent() && nowNs - dueNs.getAsLong() >= 0 && change();
    }

    /** Whether it is not as it counts. */
    boolean pending() {
        return dueNs.isPresent();
    }

    OptionalLong nextDeadlineNs() {
        return dueNs;
    }

    private boolean change() {
        counts = !counts;
        dueNs = OptionalLong.empty();
        return true;
    }
}
