package dev.vipd.director.doctor;

import dev.vipd.director.doctor.Scene.Backend;
import dev.vipd.ipvs.Destination;
import dev.vipd.ipvs.ForwardingMethod;
import dev.vipd.ipvs.IpvsTable;
import dev.vipd.netlink.route.InterfaceAddress;
import dev.vipd.netlink.route.Link;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether packets get to the real servers as their forwarding method needs it. */
final class WayChecks {
    private static final int TYPE_GUE = 1;
    private static final int TYPE_GRE = 2;
    private static final int FLAG_CHECKSUM = 1;
    private static final int FLAG_REMOTE_CHECKSUM = 2;
    private static final int TCP_BYTES = 20;

    private final Scene scene;
    private final Map<String, Set<String>> clients;
    private final List<Diagnosis> all = new ArrayList<>();

    private WayChecks(Scene scene) {
        this.scene = scene;
        clients = clients(scene);
    }

    static List<Diagnosis> all(Scene scene, Facts facts) {
        WayChecks checks = new WayChecks(scene);
        Map<InetAddress, List<Backend>> byAddress = new LinkedHashMap<>();
        scene.backends().forEach(
                backend -> byAddress.computeIfAbsent(backend.server().address(), _ -> new ArrayList<>()).add(backend));
        byAddress.forEach(checks::reach);
        scene.backends().stream()
                .filter(backend -> backend.server().method() == ForwardingMethod.TUN)
                .forEach(checks::mtu);
        checks.ports(facts.kernel().table());
        if (checks.all.isEmpty() && !byAddress.isEmpty()) {
            checks.all.add(Diagnosis.ok("route", "real servers can be reached: "
                    + Networks.few(byAddress.keySet().stream().map(Networks::text).toList())));
        }
        return checks.all.stream().distinct().toList();
    }

    private void reach(InetAddress address, List<Backend> backends) {
        if (scene.local(address)) {
            return;
        }
        String text = Networks.text(address);
        String where = ForwardingChecks.where(backends);
        if (scene.way(address).isEmpty()) {
            all.add(Diagnosis.error("route", "there is no route to real server " + text, where,
                    "packets for it are dropped here", "ip route add " + text + " via GATEWAY, and make it last"));
            return;
        }
        Facts.Way way = scene.way(address).get();
        boolean direct = backends.stream().anyMatch(b -> b.server().method() == ForwardingMethod.DR);
        boolean nat = backends.stream().anyMatch(b -> b.server().method() == ForwardingMethod.NAT);
        String via = way.via().map(Networks::text).orElse("");
        if (direct && !via.isEmpty()) {
            all.add(Diagnosis.error("route", "DR real server " + text + " is behind the gateway " + via, where,
                    "DR changes nothing but the MAC address, so the gateway gets a packet to the VIP and sends it back",
                    "lb_kind: TUN for it, or put it on the link of this host"));
        }
        if (nat && !via.isEmpty()) {
            all.add(Diagnosis.warn("route", "NAT real server " + text + " is behind the gateway " + via, where,
                    "its replies have to come back through this host, and " + via + " decides that",
                    "have the default route of " + text + " lead through the director, or take lb_kind: TUN"));
        }
        if (nat && via.isEmpty()) {
            backends.forEach(backend -> sameNetwork(address, way, backend));
        }
    }

    /** A client in the real server's network gets the reply from the server itself. */
    private void sameNetwork(InetAddress address, Facts.Way way, Backend backend) {
        for (InterfaceAddress own : scene.own(way.interfaceName(), address)) {
            boolean vipToo = scene.vips().stream().anyMatch(vip ->
                    vip.services().contains(backend.service().name()) && Networks.contains(own, vip.address()));
            if (vipToo && Networks.contains(own, address) && !address.isLinkLocalAddress()) {
                String network = Networks.network(own.address(), own.prefixLength());
                all.add(Diagnosis.warn("nat", "VIP and NAT real servers are both in " + network,
                        "virtual server " + backend.service().name(),
                        "clients in " + network + " get replies from the real server instead of the VIP, and reset"
                                + " them; clients elsewhere are served",
                        "give the real servers a network of their own, or take lb_kind: DR"));
            }
        }
    }

    private void mtu(Backend backend) {
        InetAddress address = backend.server().address();
        if (scene.local(address) || scene.way(address).isEmpty()) {
            return;
        }
        Facts.Way way = scene.way(address).get();
        int overhead = overhead(backend.server().tunnel(), Networks.six(address));
        int inner = way.mtu() - overhead;
        boolean six = backend.service().keys().getFirst().ipv6();
        clients.getOrDefault(backend.service().name(), Set.of()).stream()
                .flatMap(name -> scene.link(name).stream())
                .filter(link -> link.mtu() > inner)
                .map(link -> mtu(backend, way, overhead, link, inner - TCP_BYTES - (six ? 40 : 20)))
                .forEach(all::add);
    }

    /** By service, the interfaces that its clients come in by. */
    private static Map<String, Set<String>> clients(Scene scene) {
        Map<InetAddress, String> places = new HashMap<>();
        scene.questions().forEach(question -> places.put(question.vip(), question.interfaceName()));
        Map<String, Set<String>> clients = new HashMap<>();
        scene.vips().stream().filter(vip -> places.containsKey(vip.address())).forEach(vip -> vip.services().forEach(
                name -> clients.computeIfAbsent(name, _ -> new HashSet<>()).add(places.get(vip.address()))));
        return clients;
    }

    private static Diagnosis mtu(Backend backend, Facts.Way way, int overhead, Link clients, int segment) {
        return Diagnosis.warn("mtu",
                "the tunnel to " + backend.at() + " takes packets of " + (way.mtu() - overhead) + " bytes (MTU "
                        + way.mtu() + " of " + way.interfaceName() + " without " + overhead + "), clients send up to "
                        + clients.mtu(),
                "virtual server " + backend.service().name(),
                "uploads of clients that get no ICMP \"fragmentation needed\" stall after the first large packet",
                "ip link set dev " + way.interfaceName() + " mtu " + (clients.mtu() + overhead)
                        + " on the way, or on " + backend.at() + ": ip route change default via GATEWAY advmss "
                        + segment);
    }

    /** Bytes that are put before a packet: outer IP header, and UDP and GUE, or GRE. */
    static int overhead(Destination.Tunnel tunnel, boolean six) {
        int outer = six ? 40 : 20;
        return switch (tunnel.type()) {
            case TYPE_GUE -> outer + 8 + 4 + (tunnel.flags() == FLAG_REMOTE_CHECKSUM ? 8 : 0);
            case TYPE_GRE -> outer + 4 + (tunnel.flags() == FLAG_CHECKSUM ? 4 : 0);
            default -> outer;
        };
    }

    /** The configuration can't have it, but what others have set can. */
    private void ports(IpvsTable table) {
        for (IpvsTable.Entry entry : table.entries()) {
            for (Destination row : entry.destinations().values()) {
                boolean nat = row.forwarding() == ForwardingMethod.NAT.kernelValue();
                int port = entry.service().key().port();
                if (!nat && port != 0 && row.at().port() != port && row.forwarding() > 1) {
                    all.add(Diagnosis.error("ports", "the kernel's table has " + row.at() + " with "
                                    + row.describe().split(" ")[0] + " in " + entry.service().key(),
                            "another's row, or one that is about to be repaired",
                            "DR and TUN leave ports as they are: the server gets packets to port " + port
                                    + ", where nothing listens",
                            "ipvsadm -d and -a again with port " + port + "; or NAT"));
                }
            }
        }
    }
}
