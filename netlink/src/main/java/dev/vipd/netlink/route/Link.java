package dev.vipd.netlink.route;

import java.util.List;

/**
 * A network interface.
 *
 * @param index      ifi_index; stays when the interface is renamed
 * @param flags      ifi_flags, IFF_*
 * @param operState  IF_OPER_*: 2 down, 6 up, 0 unknown
 * @param macAddress six bytes for Ethernet, none for others
 * @param mtu        bytes
 * @param parent     index of the interface below it (IFLA_LINK): that of a macvlan, a VLAN; 0 for none
 * @param kind       IFLA_INFO_KIND: {@code macvlan}, {@code veth}; empty for hardware
 * @param alias      IFLA_IFALIAS, a text for people; often empty
 */
public record Link(
        int index,
        String name,
        int flags,
        int operState,
        List<Byte> macAddress,
        int mtu,
        int parent,
        String kind,
        String alias) {
    public static final int IFF_UP = 0x1;
    public static final int IFF_RUNNING = 0x40;
    public static final int IFF_NOARP = 0x80;

    private static final int IF_OPER_LOWERLAYERDOWN = 3;
    private static final int IF_OPER_TESTING = 4;
    private static final int IF_OPER_DORMANT = 5;

    /** An interface with nothing below it. */
    public Link(int index, String name, int flags, int operState, List<Byte> macAddress, int mtu) {
        this(index, name, flags, operState, macAddress, mtu, 0, "", "");
    }

    /**
     * Set up by the administrator, with carrier, and of operational state up or unknown (RFC 2863): the kernel makes
     * IFF_RUNNING of the last two. What keepalived asks of an interface.
     */
    public boolean usable() {
        return (flags & (IFF_UP | IFF_RUNNING)) == (IFF_UP | IFF_RUNNING);
    }

    /** Why it is not usable, for example {@code down}, {@code no carrier}, {@code dormant}; {@code up} when it is. */
    public String condition() {
        if (usable()) {
            return "up";
        }
        if ((flags & IFF_UP) == 0) {
            return "down";
        }
        return switch (operState) {
            case IF_OPER_LOWERLAYERDOWN -> "lower layer down";
            case IF_OPER_TESTING -> "testing";
            case IF_OPER_DORMANT -> "dormant";
            default -> "no carrier";
        };
    }

    /** The MAC address for a frame, or an empty array. */
    public byte[] mac() {
        byte[] mac = new byte[macAddress.size()];
        for (int i = 0; i < mac.length; i++) {
            mac[i] = macAddress.get(i);
        }
        return mac;
    }
}
