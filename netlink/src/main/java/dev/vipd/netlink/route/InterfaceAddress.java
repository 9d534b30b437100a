package dev.vipd.netlink.route;

import java.net.InetAddress;

/**
 * An address of an interface.
 *
 * @param address      IFA_LOCAL, or IFA_ADDRESS where that is missing (IPv6)
 * @param prefixLength bits of the network
 * @param flags        IFA_F_*
 * @param scope        RT_SCOPE_*: 0 global, 253 link, 254 host
 */
public record InterfaceAddress(int interfaceIndex, InetAddress address, int prefixLength, int flags, int scope) {
    public static final int IFA_F_SECONDARY = 0x01;

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefixLength;
    }
}
