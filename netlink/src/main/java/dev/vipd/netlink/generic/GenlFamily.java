package dev.vipd.netlink.generic;

/**
 * A generic netlink family as the kernel registered it.
 *
 * @param id      nlmsg_type of its messages; another one when its module is loaded again
 * @param version of its interface
 */
public record GenlFamily(String name, int id, int version) {}
