package dev.vipd.netlink.script;

/**
 * An account of this host, as the kernel knows it.
 *
 * @param user name, or the number where it has none
 * @param uid  user number
 * @param gid  number of the one group that scripts get
 */
public record Account(String user, int uid, int gid) {
    /** Whether nothing is forbidden to it. */
    public boolean root() {
        return uid == 0;
    }
}
