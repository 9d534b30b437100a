package dev.vipd.director.config;

import dev.vipd.netlink.script.RunAs;
import java.util.Optional;

/**
 * {@code notify_fifo}: a named pipe that gets a line for each event.
 *
 * @param path   absolute
 * @param owner  of the pipe when it has to be made; empty: whom scripts run as
 * @param reader {@code notify_fifo_script}: runs as long as vipd does, with the path as its last argument
 */
public record FifoConfig(String path, Optional<RunAs> owner, Optional<HookScript> reader) {}
