package dev.vipd.healthcheck.pool;

import java.util.Collection;

/**
 * {@code panic_threshold}: when more than so many hundredths of the members are down, it is more likely that the checks
 * can't see than that there is nobody left, and the last known good set is kept. Members that are disabled or in
 * maintenance are not counted, neither above nor below the line.
 *
 * <p>Kept are the members that were up before the verdicts that crossed the threshold, and those that went down not
 * longer ago than {@code delay_loop + timeout} of the check that failed: what strikes all at once is seen within that
 * time, by one check after the other. Who went down before that stays out. In panic a member that comes up is
 * added, and then kept too. It ends when the share is at or below the threshold.
 *
 * <p>A pool that has never been at or below the threshold (a start with {@code alpha}) has no such set, and no panic.
 */
final class Panic {
    private boolean on;
    /** It was at or below the threshold since it was last above without panic. */
    private boolean armed;
    private int down;
    private int counted;

    /** @return whether this began or ended it */
    boolean settle(Collection<PoolMember> members, int percent, long nowNs) {
        down = 0;
        counted = 0;
        for (PoolMember member : members) {
            if (member.counts()) {
                counted++;
                down += member.healthy() ? 0 : 1;
            }
        }
        boolean before = on;
        if (percent == 0 || 100L * down <= (long) percent * counted) {
            members.forEach(member -> member.keep(false));
            armed = true;
            on = false;
        } else if (on) {
            members.stream().filter(PoolMember::healthy).forEach(member -> member.keep(true));
        } else if (armed) {
            members.forEach(member -> member.keep(member.wasGoodUntilNow(nowNs)));
            on = members.stream().anyMatch(PoolMember::kept);
            armed = on;
        }
        return on != before;
    }

    boolean on() {
        return on;
    }

    /** Counted members that are down by their checks. */
    int down() {
        return down;
    }

    int counted() {
        return counted;
    }
}
