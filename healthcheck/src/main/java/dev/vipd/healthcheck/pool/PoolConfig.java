package dev.vipd.healthcheck.pool;

import dev.vipd.healthcheck.CheckConfig;
import java.util.List;

/**
 * The real servers of one virtual server, and by which rules they share its traffic.
 *
 * @param name             of the virtual server in the configuration
 * @param members          the real servers, at least one, no two with one id
 * @param sorryServers     take the place of all members while the quorum is lost: those of them whose checks pass;
 *                         none: nobody does
 * @param quorum           sum of weights of members that may get traffic at which the service is up, 1 or more
 * @param hysteresis       {@code hysteresis}, less than quorum: up at quorum + hysteresis, down below
 *                         quorum - hysteresis
 * @param inhibitOnFailure a failed member stays with weight 0; else it is removed
 * @param panicPercent     {@code panic_threshold}: when more than so many hundredths of the members are down, the last
 *                         known set is kept; 0: never
 * @param slowStartNs      {@code slow_start}: a member that comes up gets its whole weight after so long; 0: at once
 */
public record PoolConfig(
        String name,
        List<Member> members,
        List<Member> sorryServers,
        long quorum,
        long hysteresis,
        boolean inhibitOnFailure,
        int panicPercent,
        long slowStartNs) {
    public PoolConfig {
        members = List.copyOf(members);
        sorryServers = List.copyOf(sorryServers);
    }

    /**
     * One real server.
     *
     * @param id     address and port as written in the log: {@code 192.0.2.11:80}
     * @param weight configured weight, 0 or more
     * @param checks all must pass; none: it is always up
     */
    public record Member(String id, int weight, List<CheckConfig> checks) {
        public Member {
            checks = List.copyOf(checks);
        }
    }
}
