package dev.vipd.ipvs;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What of IPVS is to be set besides its table.
 *
 * @param timeouts of connections
 * @param daemons  the sync daemons that shall run, none for none; empty: they are not ours to start or stop
 * @param sysctls  of {@code net.ipv4.vs}, by their names there, with the values as text
 */
public record IpvsSettings(Timeouts timeouts, Optional<List<SyncDaemon>> daemons, Map<String, String> sysctls) {
    /** Nothing is ours to set. */
    public static final IpvsSettings NONE = new IpvsSettings(Timeouts.UNCHANGED, Optional.empty(), Map.of());

    public IpvsSettings {
        daemons = daemons.map(List::copyOf);
        sysctls = Map.copyOf(sysctls);
    }
}
