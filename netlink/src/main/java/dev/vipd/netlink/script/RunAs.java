package dev.vipd.netlink.script;

import java.util.Optional;

/**
 * The account that a script is to run as: {@code script_user} of {@code global}, or {@code user} of one script.
 *
 * @param user  a name of /etc/passwd, or a number
 * @param group a name of /etc/group, or a number; empty: the user's own
 */
public record RunAs(String user, Optional<String> group) {}
