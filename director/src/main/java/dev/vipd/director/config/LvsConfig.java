package dev.vipd.director.config;

import dev.vipd.ipvs.SyncDaemon;
import dev.vipd.ipvs.Timeouts;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code global} says of IPVS besides the services.
 *
 * @param timeouts   {@code lvs_timeouts}
 * @param sysctls    {@code lvs_sysctls}: of {@code net.ipv4.vs}, by their names there, with the values as text
 * @param flush      {@code lvs_flush}: services of others are removed at the start, too
 * @param syncDaemon {@code lvs_sync_daemon}
 * @param marks      packets that get a firewall mark, for the groups that are one service ({@code nftables: true})
 */
public record LvsConfig(
        Timeouts timeouts,
        Map<String, String> sysctls,
        boolean flush,
        Optional<SyncConfig> syncDaemon,
        List<MarkedGroup> marks) {
    /** Nothing is said. */
    public static final LvsConfig NONE =
            new LvsConfig(Timeouts.UNCHANGED, Map.of(), false, Optional.empty(), List.of());

    public LvsConfig {
        sysctls = Map.copyOf(sysctls);
        marks = List.copyOf(marks);
    }

    /**
     * The sync daemon.
     *
     * @param daemon   in the role of MASTER
     * @param instance whose state its role follows; empty: both roles run at once
     */
    public record SyncConfig(SyncDaemon daemon, Optional<String> instance) {}
}
