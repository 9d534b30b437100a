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

    /** An interface with nothing below it. */
    public Link(int index, String name, int flags, int operState, List<Byte> macAddress, int mtu) {
        this(index, name, flags, operState, macAddress, mtu, 0, "", "");
    }

    /** Set up by the administrator and with carrier: what keepalived asks of an interface. */
    public boolean usable() {
        return (flags & (IFF_UP | IFF_RUNNING)) == (IFF_UP | IFF_RUNNING);
    }

    /** Why it is not usable: {@code down} or {@code no carrier}; {@code up} when it is. */
    public String condition() {
        return usable() ? "up" : (flags & IFF_UP) == 0 ? "down" : "no carrier";
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
