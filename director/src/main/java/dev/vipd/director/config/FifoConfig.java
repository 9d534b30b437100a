package dev.vipd.director.config;

import dev.vipd.vrrp.RunAs;
import java.util.Optional;

/**
 * {@code notify_fifo}: a named pipe that gets a line for each event.
 *
 * @param path  absolute
 * @param owner of the pipe when it has to be made; empty: whom scripts run as
 */
public record FifoConfig(String path, Optional<RunAs> owner) {}
