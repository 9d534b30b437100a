package dev.vipd.director.config;

import dev.vipd.netlink.script.RunAs;
import java.util.List;
import java.util.Optional;

/**
 * One script of {@code notify_master} and the like.
 *
 * @param command   program and arguments; no shell is involved
 * @param runAs     {@code user}, or {@code script_user} of {@code global}; empty: the default
 * @param timeoutNs after that it is terminated
 */
public record HookScript(List<String> command, Optional<RunAs> runAs, long timeoutNs) {
    public static final long DEFAULT_TIMEOUT_NS = 30_000_000_000L;

    public HookScript {
        command = List.copyOf(command);
    }
}
