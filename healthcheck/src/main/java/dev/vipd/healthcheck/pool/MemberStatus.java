package dev.vipd.healthcheck.pool;

import dev.vipd.healthcheck.Advice;
import dev.vipd.healthcheck.HealthState;
import java.util.List;

/**
 * One member, for people.
 *
 * @param id          as in the configuration
 * @param state       what it is, all considered
 * @param stateSinceNs since when it is that
 * @param stateWhy    why it is that: {@code operator}, {@code agent: drain}, {@code http: connect refused}
 * @param share       its place in the table
 * @param health      what its checks say
 * @param sinceNs     since when they do
 * @param why         the first check that fails, or the one that made it up: {@code http: connect refused}
 * @param admin       what its operator wants
 * @param advice      what its passed checks last said of its weight, in the order of the checks
 * @param rampPercent how much of its weight slow start gives it now; 100: all
 * @param kept        its checks failed and panic keeps it
 */
public record MemberStatus(
        String id,
        MemberState state,
        long stateSinceNs,
        String stateWhy,
        Share share,
        HealthState health,
        long sinceNs,
        String why,
        Admin admin,
        List<Advice> advice,
        int rampPercent,
        boolean kept) {
    public MemberStatus {
        advice = List.copyOf(advice);
    }
}
