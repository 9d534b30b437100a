package dev.vipd.vrrp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an instance has on this host while it is master, and how.
 *
 * @param addresses          {@code virtual_ipaddress}, in the order they are advertised; all of one family
 * @param excluded           {@code virtual_ipaddress_excluded}: not advertised, of any family
 * @param routes             {@code virtual_routes}
 * @param rules              {@code virtual_rules}
 * @param accept             Accept_Mode: {@code accept}; false, {@code no_accept}: what is sent to the VIPs is dropped
 * @param promoteSecondaries {@code promote_secondaries}
 * @param leaseNs            {@code address_lease}: the kernel removes a VIP that was not renewed for so long; 0: never
 * @param vmac               {@code use_vmac}
 */
public record HoldingConfig(
        List<VirtualAddress> addresses,
        List<VirtualAddress> excluded,
        List<VirtualRoute> routes,
        List<VirtualRule> rules,
        boolean accept,
        boolean promoteSecondaries,
        long leaseNs,
        Optional<Vmac> vmac) {
    public static final long DEFAULT_LEASE_NS = 3_000_000_000L;

    /**
     * {@code use_vmac}: adverts and VIPs on a macvlan with the virtual router's MAC.
     *
     * @param name     of the macvlan, {@code vrrp.51} by default
     * @param mac      empty: 00:00:5e:00:01:VRID, or 02 for IPv6
     * @param xmitBase {@code vmac_xmit_base}: adverts are sent on the base interface
     */
    public record Vmac(String name, Optional<List<Byte>> mac, boolean xmitBase) {}

    public HoldingConfig {
        addresses = List.copyOf(addresses);
        excluded = List.copyOf(excluded);
        routes = List.copyOf(routes);
        rules = List.copyOf(rules);
    }

    /** These addresses, and else the defaults. */
    public static HoldingConfig of(List<VirtualAddress> addresses) {
        return new HoldingConfig(
                addresses, List.of(), List.of(), List.of(), true, false, DEFAULT_LEASE_NS, Optional.empty());
    }

    /** As this, with other advertised addresses. */
    public HoldingConfig withAddresses(List<VirtualAddress> others) {
        return new HoldingConfig(others, excluded, routes, rules, accept, promoteSecondaries, leaseNs, vmac);
    }

    /** Everything, in the order it is added. */
    public List<Holding> all() {
        List<Holding> all = new ArrayList<>(addresses);
        all.addAll(excluded);
        all.addAll(routes);
        all.addAll(rules);
        return all;
    }
}
