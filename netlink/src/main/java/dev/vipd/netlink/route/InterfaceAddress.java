package dev.vipd.netlink.route;

import java.net.InetAddress;
import java.util.Optional;

/**
 * An address of an interface.
 *
 * @param address      IFA_LOCAL, or IFA_ADDRESS where that is missing (IPv6)
 * @param prefixLength bits of the network
 * @param flags        IFA_F_*; the kernel ignores most of those that it reports by itself
 * @param scope        RT_SCOPE_*: 0 global, 200 site, 253 link, 254 host
 * @param peer         other end of a point-to-point link, IFA_ADDRESS where it is not the address itself
 * @param broadcast    IPv4 only
 * @param label        IPv4 only, at most 15 characters; empty: the interface's name
 */
public record InterfaceAddress(
        int interfaceIndex,
        InetAddress address,
        int prefixLength,
        int flags,
        int scope,
        Optional<InetAddress> peer,
        Optional<InetAddress> broadcast,
        String label,
        AddressLifetime lifetime) {
    public static final int IFA_F_SECONDARY = 0x01;
    /** Without duplicate address detection, so that the address can be used at once. */
    public static final int IFA_F_NODAD = 0x02;
    public static final int IFA_F_DADFAILED = 0x08;
    public static final int IFA_F_HOMEADDRESS = 0x10;
    public static final int IFA_F_TENTATIVE = 0x40;
    public static final int IFA_F_PERMANENT = 0x80;
    public static final int IFA_F_MANAGETEMPADDR = 0x100;
    public static final int IFA_F_NOPREFIXROUTE = 0x200;
    public static final int IFA_F_MCAUTOJOIN = 0x400;

    /** An address without any option. */
    public InterfaceAddress(int interfaceIndex, InetAddress address, int prefixLength, int flags, int scope) {
        this(interfaceIndex, address, prefixLength, flags, scope, Optional.empty(), Optional.empty(), "",
                AddressLifetime.FOREVER);
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefixLength;
    }
}
