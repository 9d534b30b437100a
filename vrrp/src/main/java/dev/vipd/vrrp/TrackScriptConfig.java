package dev.vipd.vrrp;

import dev.vipd.netlink.script.RunAs;
import java.util.List;
import java.util.Optional;

/**
 * One entry of {@code vrrp_scripts}: a command run periodically; exit status 0 is good.
 *
 * @param name       key in the configuration
 * @param command    program and arguments; no shell is involved
 * @param intervalNs time from one start to the next
 * @param timeoutNs  after that the run is terminated and counts as failed
 * @param rise       successes in a row that make it up
 * @param fall       failures in a row that make it down
 * @param init       what it is taken for before the first result
 * @param user       {@code user}: whom it runs as; empty: keepalived_script or nobody
 */
public record TrackScriptConfig(
        String name, List<String> command, long intervalNs, long timeoutNs, int rise, int fall, Init init,
        Optional<RunAs> user) {

    /** State before the first result. */
    public enum Init {
        /** Unknown: an instance with weight 0 waits for the first result, which decides alone. */
        WAIT,
        /** Taken for up. */
        UP,
        /** Taken for down ({@code init_fail}). */
        DOWN
    }

    public TrackScriptConfig {
        command = List.copyOf(command);
    }
}
