package dev.vipd.netlink;

/**
 * A request that the kernel answers with an ack or an error.
 *
 * @param operation what it is, in words, for the exception: {@code add address 192.0.2.1/24 on eth0}
 * @param type      nlmsg_type
 * @param flags     besides REQUEST and ACK
 * @param payload   family header and attributes; not to be changed
 */
public record NlRequest(String operation, int type, int flags, byte[] payload) {}
