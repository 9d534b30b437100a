package dev.vipd.vrrp.io;

/**
 * Whether a virtual server has its quorum.
 *
 * @param name as instances follow it
 * @param why  for people: {@code weight 1 up, quorum 2}
 */
public record ServiceState(String name, boolean up, String why) {}
