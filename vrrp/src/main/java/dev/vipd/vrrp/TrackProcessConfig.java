package dev.vipd.vrrp;

import java.util.List;

/**
 * One entry of {@code vrrp_track_process}: up while as many processes as wanted are there.
 *
 * @param name             key in the configuration
 * @param process          the program, and parameters that are compared too
 * @param match            what of the process is compared with it
 * @param quorum           it is up with so many processes; may be 0
 * @param quorumMax        and with no more than these; at least {@code quorum}
 * @param forkDelayNs      {@code fork_delay}: for so long more processes than before must last until they count
 * @param terminateDelayNs {@code terminate_delay}: likewise for fewer
 */
public record TrackProcessConfig(
        String name,
        List<String> process,
        Match match,
        int quorum,
        int quorumMax,
        long forkDelayNs,
        long terminateDelayNs) {
    public static final int NO_MAX = Integer.MAX_VALUE;

    /** Which processes count. */
    public enum Match {
        /** The process' name, as {@code ps -e} shows it, is the program's; parameters do not matter. */
        NAME,
        /** {@code full_command}, or parameters without {@code param_match}: program and all parameters are the same. */
        COMMAND,
        /** {@code param_match partial}: the program and the first parameters are the same; more may follow. */
        PARTIAL,
        /** {@code param_match initial}: as PARTIAL, and the last parameter need only begin like the one given. */
        INITIAL
    }

    public TrackProcessConfig {
        process = List.copyOf(process);
    }
}
