package dev.vipd.vrrp;

/**
 * Whom a script runs as.
 *
 * @param user  name or number
 * @param group name or number
 */
public record RunAs(String user, String group) {}
