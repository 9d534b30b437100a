package dev.vipd.netlink.route;

import dev.vipd.netlink.NetlinkException;
import java.util.Optional;

/**
 * What became of a {@link RouteChange}.
 *
 * @param changed false: it was so already, or it failed
 */
public record RouteOutcome(boolean changed, Optional<NetlinkException> failure) {}
