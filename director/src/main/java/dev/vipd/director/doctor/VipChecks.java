package dev.vipd.director.doctor;

import dev.vipd.netlink.route.InterfaceAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Whether somebody holds each VIP, on one interface, with a prefix that makes no network of its own. */
final class VipChecks {
    private static final String NETMASK = "netmask";

    private final Scene scene;
    private final List<Diagnosis> all = new ArrayList<>();

    private VipChecks(Scene scene) {
        this.scene = scene;
    }

    static List<Diagnosis> all(Scene scene) {
        VipChecks checks = new VipChecks(scene);
        List<Vip> vips = scene.vips();
        vips.forEach(checks::look);
        if (checks.all.isEmpty() && !vips.isEmpty()) {
            checks.all.add(Diagnosis.ok(
                    "vip", "VIPs have their place: " + Networks.few(vips.stream().map(Vip::text).toList())));
        }
        return checks.all;
    }

    private void look(Vip vip) {
        List<String> holders = scene.holders(vip.address());
        if (vip.configured().isEmpty() && !scene.local(vip.address())) {
            all.add(Diagnosis.error("vip", "nobody holds " + vip.text() + ": it is no address of this host, and no"
                            + " instance has it",
                    vip.where(), "IPVS sees only packets to addresses of this host, so the service never gets one",
                    "add " + vip.text() + " to virtual_ipaddress of an instance, or to static_ipaddress"));
        }
        if (holders.size() > 1) {
            all.add(Diagnosis.error("vip", vip.text() + " is on several interfaces: " + Networks.few(holders),
                    vip.where(), "which one answers for it is chance, and it stays on one after a failover",
                    "ip addr del " + vip.text() + "/"
                            + prefixes(vip, holders.getLast()).orElse(Networks.bits(vip.address())) + " dev "
                            + holders.getLast()));
        }
        Scene.base(vip).filter(name -> scene.link(name).isPresent()).ifPresent(name -> place(vip, name));
    }

    private Optional<Integer> prefixes(Vip vip, String interfaceName) {
        return scene.having(vip.address()).stream()
                .filter(address -> scene.name(address).equals(interfaceName))
                .map(InterfaceAddress::prefixLength)
                .findFirst();
    }

    /** The prefix as configured, and as somebody has set it. */
    private void place(Vip vip, String interfaceName) {
        TreeSet<Integer> lengths = new TreeSet<>();
        vip.configured().ifPresent(address -> lengths.add(address.prefixLength()));
        scene.holders(vip.address()).forEach(name -> prefixes(vip, name).ifPresent(lengths::add));
        // a host of a cloud, or with DHCPv6, has an address without a network: that tells nothing
        List<InterfaceAddress> own = scene.own(interfaceName, vip.address()).stream()
                .filter(address -> address.prefixLength() < Networks.bits(address.address()))
                .toList();
        Optional<InterfaceAddress> home = own.stream()
                .filter(address -> Networks.contains(address, vip.address()))
                .reduce((a, b) -> a.prefixLength() >= b.prefixLength() ? a : b);
        for (int length : lengths) {
            if (home.isPresent()) {
                atHome(vip, length, interfaceName, home.get());
            } else if (!own.isEmpty()) {
                abroad(vip, length, interfaceName, own);
            }
        }
        if (home.isEmpty()) {
            elsewhere(vip, interfaceName);
        }
    }

    private void atHome(Vip vip, int length, String interfaceName, InterfaceAddress home) {
        int right = home.prefixLength();
        if (length == right || length == Networks.bits(vip.address())) {
            return;
        }
        String what = "wrong netmask: " + vip.text() + "/" + length + " on " + interfaceName + ", whose own address is "
                + Networks.text(home);
        String mend = mend(vip, right);
        if (length < right) {
            all.add(Diagnosis.error(NETMASK, what, vip.where(),
                    "while it is held, all of " + Networks.network(vip.address(), length)
                            + " is looked for on the link of " + interfaceName + ", so whoever is elsewhere in it gets"
                            + " no answer",
                    mend));
        } else {
            all.add(Diagnosis.warn(NETMASK, what, vip.where(),
                    "while it is held, this host talks to " + Networks.network(vip.address(), length)
                            + " from the VIP, and loses these connections with it", mend));
        }
    }

    /** None of the interface's networks has it; a network of its own must not take in what is another one. */
    private void abroad(Vip vip, int length, String interfaceName, List<InterfaceAddress> own) {
        boolean swallows = own.stream().anyMatch(
                address -> Networks.same(address.address(), vip.address(), length));
        if (length == Networks.bits(vip.address())) {
            return;
        }
        String have = "own addresses are " + Networks.few(own.stream().map(Networks::text).toList());
        if (swallows) {
            all.add(Diagnosis.error(NETMASK, "wrong netmask: " + vip.text() + "/" + length + " on " + interfaceName
                            + ", whose " + have,
                    vip.where(), "while it is held, all of " + Networks.network(vip.address(), length)
                            + " is looked for on that link",
                    mend(vip, Networks.bits(vip.address()))));
        } else if (!vip.address().isLinkLocalAddress()) {
            all.add(Diagnosis.warn(NETMASK, vip.text() + "/" + length + " is in none of the networks of "
                            + interfaceName + ", whose " + have,
                    vip.where(), "only a host that has an address of that network on the same link finds it",
                    "give virtual_ipaddress an address of such a network, or " + interfaceName + " one of the VIP's"));
        }
    }

    private void elsewhere(Vip vip, String interfaceName) {
        scene.network().links().stream()
                .filter(link -> !link.name().equals(interfaceName))
                .filter(link -> link.parent() == 0 || !link.kind().equals("macvlan"))
                .filter(link -> scene.own(link.name(), vip.address()).stream()
                        .anyMatch(own -> own.prefixLength() > 0 && Networks.contains(own, vip.address())))
                .filter(link -> !vip.address().isLinkLocalAddress())
                .findFirst()
                .ifPresent(link -> all.add(Diagnosis.error("vip",
                        vip.text() + " is on " + interfaceName + ", and its network on " + link.name(),
                        vip.where(), "its neighbours ask for it on the link of " + link.name()
                                + ", where nobody answers",
                        "interface: " + link.name() + ", or \"dev " + link.name() + "\" behind the address")));
    }

    private static String mend(Vip vip, int length) {
        return "virtual_ipaddress: [ " + vip.text() + "/" + length + " ]"
                + (vip.instance().isEmpty() ? " in static_ipaddress" : "");
    }
}
