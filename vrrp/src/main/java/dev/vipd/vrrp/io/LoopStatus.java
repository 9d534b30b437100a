package dev.vipd.vrrp.io;

import java.util.List;

/**
 * How the {@code vrrp} thread fares.
 *
 * @param realTimePriority of SCHED_RR; 0 when it is scheduled as every thread
 * @param lag              how late timers were looked at, since the start
 * @param lagNsMax         the latest of them
 * @param recentLagNsMax   the latest since the heartbeat before the last
 * @param stalls           times that were later than half of the shortest advert interval
 * @param pauseNsMax       the longest pause that this machine was found to make at the start; 0 while that is measured
 */
public record LoopStatus(
        int realTimePriority, List<Bucket> lag, long lagNsMax, long recentLagNsMax, long stalls, long pauseNsMax) {
    /** So many timers were looked at at most so late, and later than the bucket before says. */
    public record Bucket(long upToNs, long count) {}

    public LoopStatus {
        lag = List.copyOf(lag);
    }
}
