package dev.vipd.netlink;

/** Numbers of linux/netlink.h. */
public final class Nl {
    public static final int NETLINK_ROUTE = 0;
    public static final int NETLINK_GENERIC = 16;

    public static final int NLMSG_NOOP = 1;
    public static final int NLMSG_ERROR = 2;
    public static final int NLMSG_DONE = 3;
    public static final int NLMSG_OVERRUN = 4;

    public static final int NLM_F_REQUEST = 0x1;
    public static final int NLM_F_MULTI = 0x2;
    public static final int NLM_F_ACK = 0x4;
    public static final int NLM_F_DUMP_INTR = 0x10;
    public static final int NLM_F_DUMP = 0x300;
    public static final int NLM_F_REPLACE = 0x100;
    public static final int NLM_F_EXCL = 0x200;
    public static final int NLM_F_CREATE = 0x400;
    /** In NLMSG_ERROR: the offending message is cut to its header. */
    public static final int NLM_F_CAPPED = 0x100;
    /** In NLMSG_ERROR: attributes follow the offending message. */
    public static final int NLM_F_ACK_TLVS = 0x200;

    /** In an attribute's type: NLA_F_NESTED and NLA_F_NET_BYTEORDER are flags above the number. */
    public static final int NLA_TYPE_MASK = 0x3fff;

    static final int NLMSG_HEADER_BYTES = 16;
    static final int NLA_HEADER_BYTES = 4;
    static final int NLMSGERR_ATTR_MSG = 1;

    private Nl() {}

    /** NLMSG_ALIGN, NLA_ALIGN. */
    static int align(int length) {
        return (length + 3) & ~3;
    }
}
