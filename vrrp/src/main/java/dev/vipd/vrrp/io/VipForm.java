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
     * How long the kernel keeps a VIP that is not renewed any more. It counts whole seconds and looks once a second, so
     * that an address goes up to one second after the end of its lifetime (measured: 2.0 to 2.9 s for 2 s).
     */
    static long validNs(long leaseNs) {
        return Math.max(1, (leaseNs + NS_PER_SEC - 1) / NS_PER_SEC - 1) * NS_PER_SEC;
    }

    private static AddressLifetime lifetime(long leaseNs, VirtualAddress vip) {
        long validSec = leaseNs == 0 ? FOREVER_SEC : validNs(leaseNs) / NS_PER_SEC;
        long preferredSec = vip.options().preferredNs().isPresent()
                ? vip.options().preferredNs().getAsLong() / NS_PER_SEC
                : validSec;
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
