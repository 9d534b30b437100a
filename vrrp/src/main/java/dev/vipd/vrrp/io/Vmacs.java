package dev.vipd.vrrp.io;

import dev.vipd.netlink.NetlinkException;
import dev.vipd.netlink.route.AddressLifetime;
import dev.vipd.netlink.route.InterfaceAddress;
import dev.vipd.netlink.route.Link;
import dev.vipd.netlink.route.RouteChange;
import dev.vipd.netlink.route.RouteClient;
import dev.vipd.vrrp.HoldingConfig;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.io.IOException;
import java.net.Inet6Address;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The macvlans that carry virtual routers' MAC addresses (RFC 9568, 7.3). They are there while their instance is
 * configured, in every state. An alias marks them as ours, so that those a killed process left are known. Not
 * thread-safe.
 */
final class Vmacs {
    static final String ALIAS = "vipd";

    private static final int IFNAME_MAX = 15;
    private static final int RP_FILTER = 8; // IPV4_DEVCONF_*
    private static final int ARP_IGNORE = 19;
    private static final int PROMOTE_SECONDARIES = 20;
    private static final int ACCEPT_LOCAL = 23;
    private static final int LINK_LOCAL_PREFIX = 64;
    private static final int RT_SCOPE_LINK = 253;

    /** @param ipv6 whether the virtual router is one of IPv6; {@code hasIpv6} whether any VIP on it is */
    private record Wanted(String base, byte[] mac, boolean ipv6, boolean hasIpv6) {}

    private final RouteClient routes;
    private final Interfaces interfaces;
    private final HostSettings settings;
    private final VrrpListener listener;
    private final boolean dryRun;
    private final Map<String, String> troubles = new HashMap<>();

    Vmacs(RouteClient routes, Interfaces interfaces, HostSettings settings, VrrpListener listener, boolean dryRun) {
        this.routes = routes;
        this.interfaces = interfaces;
        this.settings = settings;
        this.listener = listener;
        this.dryRun = dryRun;
    }

    /**
     * Makes what these instances need and is not there, and deletes what is ours and nobody needs. What can't be made
     * is told once, and tried again with the next call.
     */
    void update(List<VirtualRouterConfig> instances) {
        Map<String, Wanted> wanted = wanted(instances);
        for (Link link : interfaces.links()) {
            if (link.alias().equals(ALIAS) && !wanted.containsKey(link.name())) {
                delete(link);
            }
        }
        wanted.forEach((name, macvlan) -> {
            Optional<Link> base = interfaces.link(macvlan.base());
            Optional<Link> there = interfaces.link(name);
            if (base.isPresent() && !(there.isPresent() && complete(there.get(), base.get(), macvlan))) {
                make(name, base.get(), there, macvlan);
            }
        });
    }

    private static boolean complete(Link link, Link base, Wanted wanted) {
        return fits(link, base, wanted) && link.alias().equals(ALIAS) && (link.flags() & Link.IFF_UP) != 0;
    }

    private static boolean fits(Link link, Link base, Wanted wanted) {
        return link.kind().equals("macvlan")
                && link.parent() == base.index()
                && Arrays.equals(link.mac(), wanted.mac());
    }

    private Map<String, Wanted> wanted(List<VirtualRouterConfig> instances) {
        Devices devices = new Devices(interfaces);
        Map<String, Wanted> wanted = new LinkedHashMap<>();
        for (VirtualRouterConfig instance : instances) {
            if (instance.holding().vmac().isEmpty()
                    && Devices.addresses(instance).noneMatch(vip -> vip.options().useVmac())) {
                continue;
            }
            boolean ipv6 = instance.ipv6();
            byte[] mac = mac(instance);
            instance.holding().vmac().ifPresent(vmac ->
                    wanted.put(vmac.name(), new Wanted(instance.interfaceName(), mac, ipv6, ipv6)));
            for (VirtualAddress address : Devices.addresses(instance).toList()) {
                boolean v6 = ipv6 || address.address() instanceof Inet6Address;
                devices.vmac(instance, address).ifPresent(name -> wanted.merge(
                        name,
                        new Wanted(Devices.base(instance, address), mac, ipv6, v6),
                        (a, b) -> new Wanted(a.base(), a.mac(), ipv6, a.hasIpv6() || b.hasIpv6())));
            }
        }
        return wanted;
    }

    /** 00:00:5e:00:01:VRID, and 02 for IPv6 (RFC 9568, 7.3). */
    private static byte[] mac(VirtualRouterConfig instance) {
        Optional<List<Byte>> given = instance.holding().vmac().flatMap(HoldingConfig.Vmac::mac);
        byte[] mac = {0, 0, 0x5e, 0, (byte) (instance.ipv6() ? 2 : 1), (byte) instance.virtualRouterId()};
        for (int i = 0; given.isPresent() && i < mac.length; i++) {
            mac[i] = given.get().get(i);
        }
        return mac;
    }

    private void make(String name, Link base, Optional<Link> there, Wanted wanted) {
        if (dryRun) {
            if (there.isEmpty()) {
                listener.dryRun("create macvlan " + name + " on " + base.name());
            }
            return;
        }
        try {
            if (name.length() > IFNAME_MAX) {
                throw new IOException("the name is longer than " + IFNAME_MAX + " characters; give use_vmac another");
            }
            if (there.isPresent() && !fits(there.get(), base, wanted)) {
                if (!there.get().alias().equals(ALIAS)) {
                    throw new IOException("there is another interface of this name; give use_vmac another");
                }
                routes.apply(RouteChange.deleteLink(there.get()));
            }
            if (there.isEmpty() || !fits(there.get(), base, wanted)) {
                routes.apply(RouteChange.addMacvlan(name, base, wanted.mac()));
            }
            interfaces.load(routes);
            setUp(interfaces.link(name).orElseThrow(() -> new IOException("it is gone again")), base, wanted);
            interfaces.load(routes);
            troubles.remove(name);
        } catch (IOException e) {
            if (!e.getMessage().equals(troubles.put(name, e.getMessage()))) {
                listener.hostTrouble("make the macvlan " + name + " on " + base.name(), e.getMessage());
            }
        }
    }

    /** In the order that the kernel needs: what is set before it is up keeps it from sending as somebody else. */
    private void setUp(Link link, Link base, Wanted wanted) throws IOException {
        Map<Integer, Integer> options = new LinkedHashMap<>();
        options.put(ARP_IGNORE, 1);
        if (!wanted.ipv6()) {
            options.put(ACCEPT_LOCAL, 1);
            options.put(RP_FILTER, 0);
            options.put(PROMOTE_SECONDARIES, 1);
        }
        routes.apply(RouteChange.setInetConf(link, options));
        settings.write("ipv6/conf/" + link.name() + "/disable_ipv6", wanted.hasIpv6() ? "0" : "1");
        routes.apply(RouteChange.withoutGeneratedAddress(link)); // RFC 9568, 7.4: none made from the virtual MAC
        routes.apply(RouteChange.setAlias(link, ALIAS));
        routes.apply(RouteChange.setUp(link, true));
        if (wanted.ipv6()) {
            Optional<Inet6Address> linkLocal = interfaces.linkLocal(base.index());
            if (linkLocal.isPresent()) { // adverts leave from there, with the virtual MAC
                routes.apply(RouteChange.addAddress(link.name(), new InterfaceAddress(
                        link.index(), linkLocal.get(), LINK_LOCAL_PREFIX, InterfaceAddress.IFA_F_NODAD,
                        RT_SCOPE_LINK, Optional.empty(), Optional.empty(), "",
                        new AddressLifetime(0, AddressLifetime.FOREVER_SEC, 0))));
            }
        }
    }

    private void delete(Link link) {
        if (dryRun) {
            listener.dryRun("delete interface " + link.name());
            return;
        }
        try {
            routes.apply(RouteChange.deleteLink(link));
            interfaces.load(routes);
        } catch (NetlinkException e) {
            listener.hostTrouble("delete the macvlan " + link.name(), e.getMessage());
        }
    }
}
