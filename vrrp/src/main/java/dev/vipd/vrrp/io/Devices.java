package dev.vipd.vrrp.io;

import dev.vipd.netlink.route.InterfaceAddress;
import dev.vipd.netlink.route.Link;
import dev.vipd.vrrp.HoldingConfig;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Which interface something of an instance belongs on. Not thread-safe. */
final class Devices {
    private final Interfaces interfaces;

    Devices(Interfaces interfaces) {
        this.interfaces = interfaces;
    }

    /** The interface that adverts are sent and received on. */
    static String ofAdverts(VirtualRouterConfig instance) {
        return instance.holding()
                .vmac()
                .filter(vmac -> !vmac.xmitBase())
                .map(HoldingConfig.Vmac::name)
                .orElse(instance.interfaceName());
    }

    /** The real interface that a VIP is on, or that its macvlan stands on. */
    static String base(VirtualRouterConfig instance, VirtualAddress address) {
        return address.options().device().orElse(instance.interfaceName());
    }

    /** All VIPs, the advertised ones first. */
    static Stream<VirtualAddress> addresses(VirtualRouterConfig instance) {
        return Stream.concat(instance.holding().addresses().stream(), instance.holding().excluded().stream());
    }

    /**
     * The macvlan that a VIP is on, if it is on one: the instance's own, or for {@code use_vmac} of a single VIP one
     * more on that VIP's interface.
     */
    Optional<String> vmac(VirtualRouterConfig instance, VirtualAddress address) {
        boolean ownInterface = base(instance, address).equals(instance.interfaceName());
        Optional<HoldingConfig.Vmac> own = instance.holding().vmac();
        if (own.isPresent() && ownInterface) {
            return own.map(HoldingConfig.Vmac::name);
        }
        if (!address.options().useVmac()) {
            return Optional.empty();
        }
        // by index, since the names of two interfaces need not differ in what fits into 15 characters
        return interfaces.link(base(instance, address))
                .map(link -> "vrrp." + instance.virtualRouterId() + (ownInterface ? "" : "." + link.index()));
    }

    /** Where a VIP belongs; empty while there is no such interface. */
    Optional<Link> link(VirtualRouterConfig instance, VirtualAddress address) {
        Optional<String> vmac = vmac(instance, address);
        return interfaces.link(vmac.orElse(base(instance, address)));
    }

    /** The name for messages, whether or not there is such an interface. */
    String name(VirtualRouterConfig instance, VirtualAddress address) {
        return vmac(instance, address).orElse(base(instance, address));
    }

    /** The VIPs of an instance that this address is one of. */
    Stream<VirtualAddress> matching(VirtualRouterConfig instance, InterfaceAddress address) {
        if (!has(instance.holding().addresses(), address) && !has(instance.holding().excluded(), address)) {
            return Stream.empty(); // most often, with many instances
        }
        return addresses(instance).filter(vip -> vip.address().equals(address.address())
                && link(instance, vip).filter(link -> link.index() == address.interfaceIndex()).isPresent());
    }

    private static boolean has(List<VirtualAddress> vips, InterfaceAddress address) {
        for (VirtualAddress vip : vips) {
            if (vip.address().equals(address.address())) {
                return true;
            }
        }
        return false;
    }
}
