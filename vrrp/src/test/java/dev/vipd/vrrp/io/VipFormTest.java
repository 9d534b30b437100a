package dev.vipd.vrrp.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.netlink.route.AddressLifetime;
import dev.vipd.netlink.route.InterfaceAddress;
import dev.vipd.netlink.route.Link;
import dev.vipd.vrrp.HoldingConfig;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualAddress.Flag;
import dev.vipd.vrrp.VirtualAddress.Options;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VipFormTest {
    private static final Link ETH0 = new Link(7, "eth0", Link.IFF_UP, 6, List.of(), 1500);
    private static final HoldingConfig LEASED = HoldingConfig.of(List.of());
    private static final HoldingConfig UNLEASED =
            new HoldingConfig(List.of(), List.of(), List.of(), List.of(), true, false, 0, Optional.empty());

    private static VirtualAddress vip(String ip, OptionalLong preferredNs, Flag... flags) {
        return new VirtualAddress(InetAddress.ofLiteral(ip), 24, new Options(
                Optional.empty(), Optional.of(InetAddress.ofLiteral("192.0.2.255")), OptionalInt.of(253),
                Optional.of("eth0:v"), Optional.empty(), Set.of(flags), preferredNs, false, false));
    }

    @Test
    void everyOptionReachesTheKernel() {
        InterfaceAddress form = VipForm.of(
                ETH0, UNLEASED, vip("192.0.2.100", OptionalLong.empty(), Flag.NOPREFIXROUTE, Flag.AUTOJOIN));
        assertEquals(
                new InterfaceAddress(
                        7, InetAddress.ofLiteral("192.0.2.100"), 24,
                        InterfaceAddress.IFA_F_NOPREFIXROUTE | InterfaceAddress.IFA_F_MCAUTOJOIN, 253, Optional.empty(),
                        Optional.of(InetAddress.ofLiteral("192.0.2.255")), "eth0:v", AddressLifetime.FOREVER),
                form);
    }

    @Test
    void anIpv6AddressCanBeUsedAtOnce() {
        int flags = VipForm.of(ETH0, LEASED, vip("2001:db8::1", OptionalLong.empty(), Flag.HOME)).flags();
        assertEquals(InterfaceAddress.IFA_F_NODAD | InterfaceAddress.IFA_F_HOMEADDRESS, flags);
    }

    @Test
    void theKernelLooksOnceASecondSoTheLifetimeIsThatMuchShorterThanTheLease() {
        assertEquals(
                new AddressLifetime(2, 2, 0),
                VipForm.of(ETH0, LEASED, vip("192.0.2.100", OptionalLong.empty())).lifetime());
        assertEquals(
                new AddressLifetime(0, 2, 0),
                VipForm.of(ETH0, LEASED, vip("2001:db8::1", OptionalLong.of(0))).lifetime());
        assertEquals(
                new AddressLifetime(0, AddressLifetime.FOREVER_SEC, 0),
                VipForm.of(ETH0, UNLEASED, vip("2001:db8::1", OptionalLong.of(0))).lifetime());
    }

    @Test
    void onlyLifetimesAndWhereItIsTrackedCanBeChangedInPlace() {
        VirtualAddress plain = vip("192.0.2.100", OptionalLong.empty());
        assertTrue(VipForm.sameButLifetime(plain, vip("192.0.2.100", OptionalLong.of(0))));
        assertFalse(VipForm.sameButLifetime(plain, vip("192.0.2.100", OptionalLong.empty(), Flag.NOPREFIXROUTE)));
        assertFalse(VipForm.sameButLifetime(plain, new VirtualAddress(plain.address(), 32, plain.options())));
    }
}
