package dev.vipd.ipvs.sync;

import dev.vipd.ipvs.kernel.IpvsInfo;
import dev.vipd.ipvs.sync.IpvsMemory.Change;
import java.util.Map;
import java.util.Optional;

/**
 * What a reconciler has come to.
 *
 * @param info     which IPVS the kernel has; empty while its table can't be reached
 * @param stats    what was done since the start
 * @param settings those that are not as they were found, by their keys in the log ({@code sysctl.conn_reuse_mode})
 */
public record SyncReport(Optional<IpvsInfo> info, SyncStats stats, Map<String, Change> settings) {
    /** Nothing was done. */
    public static final SyncReport NONE = new SyncReport(Optional.empty(), SyncStats.NONE, Map.of());
}
