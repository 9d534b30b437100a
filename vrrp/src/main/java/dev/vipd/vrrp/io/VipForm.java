package dev.vipd.vrrp.io;

import static dev.vipd.netlink.route.AddressLifetime.FOREVER_SEC;

import dev.vipd.netlink.route.AddressLifetime;
import dev.vipd.netlink.route.InterfaceAddress;
import dev.vipd.netlink.route.Link;
import dev.vipd.vrrp.HoldingConfig;
import dev.vipd.vrrp.VirtualAddress;
import java.net.Inet6Address;

/** A VIP as the kernel is to have it. */
final class VipForm {
    private static final long NS_PER_SEC = 1_000_000_000L;
    private static final int HOST_PREFIX_IPV6 = 128;

    private VipForm() {}

    static InterfaceAddress of(Link link, HoldingConfig holding, VirtualAddress vip) {
        VirtualAddress.Options options = vip.options();
        return new InterfaceAddress(
                link.index(), vip.address(), vip.prefixLength(), flags(vip), options.scope().orElse(0), options.peer(),
                options.broadcast(), options.label().orElse(""), lifetime(holding.leaseNs(), vip));
    }

    /** Whether the kernel can change one into the other without deleting it. */
    static boolean sameButLifetime(VirtualAddress a, VirtualAddress b) {
        VirtualAddress.Options x = a.options();
        VirtualAddress.Options y = b.options();
        return a.address().equals(b.address())
                && a.prefixLength() == b.prefixLength()
                && x.broadcast().equals(y.broadcast())
                && x.scope().equals(y.scope())
                && x.label().equals(y.label())
                && x.peer().equals(y.peer())
                && x.flags().equals(y.flags());
    }

    /**
     * The kernel counts whole seconds; with a lease it deletes the VIP when that is over. Deprecated from the start:
     * an IPv6 host address, as in keepalived, so that it is not the source of what this host sends by itself.
     */
    private static AddressLifetime lifetime(long leaseNs, VirtualAddress vip) {
        long validSec = leaseNs == 0 ? FOREVER_SEC : (leaseNs + NS_PER_SEC - 1) / NS_PER_SEC;
        boolean hostAddress = vip.address() instanceof Inet6Address && vip.prefixLength() == HOST_PREFIX_IPV6;
        long preferredSec = vip.options().preferredNs().isPresent()
                ? vip.options().preferredNs().getAsLong() / NS_PER_SEC
                : hostAddress ? 0 : validSec;
        return new AddressLifetime(Math.min(preferredSec, validSec), validSec, 0);
    }

    /** IPv6 always without duplicate detection: the address could not be used for a second or two. */
    private static int flags(VirtualAddress vip) {
        int flags = vip.address() instanceof Inet6Address ? InterfaceAddress.IFA_F_NODAD : 0;
        for (VirtualAddress.Flag flag : vip.options().flags()) {
            flags |= switch (flag) {
                case HOME -> InterfaceAddress.IFA_F_HOMEADDRESS;
                case NODAD -> InterfaceAddress.IFA_F_NODAD;
                case MNGTMPADDR -> InterfaceAddress.IFA_F_MANAGETEMPADDR;
                case NOPREFIXROUTE -> InterfaceAddress.IFA_F_NOPREFIXROUTE;
                case AUTOJOIN -> InterfaceAddress.IFA_F_MCAUTOJOIN;
            };
        }
        return flags;
    }
}
