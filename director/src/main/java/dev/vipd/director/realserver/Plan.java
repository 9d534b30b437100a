package dev.vipd.director.realserver;

import static dev.vipd.director.realserver.RealServerOptions.text;
import static dev.vipd.director.realserver.RealServerOptions.v4;
import static dev.vipd.director.realserver.Step.words;

import dev.vipd.director.realserver.RealServerOptions.Encapsulation;
import dev.vipd.director.realserver.Step.Look;
import dev.vipd.director.realserver.Step.Run;
import dev.vipd.director.realserver.Step.Setting;
import dev.vipd.ipvs.ForwardingMethod;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;

/**
 * What makes a host a real server, in order. Each VIP comes after all that it needs: a host that has the address for a
 * moment before {@code arp_ignore} is set answers ARP for it, and takes the VIP's traffic away from the director for as
 * long as the neighbours' caches last.
 */
public final class Plan {
    private static final int V4 = 4;
    private static final int V6 = 6;

    /**
     * A tunnel's device that takes packets from any director: the one that the kernel makes with the module.
     *
     * @param type as {@code ip link} calls it
     */
    private record Receiver(String device, String module, String type) {}

    private static final Receiver IPIP = new Receiver("tunl0", "ipip", "ipip");
    private static final Receiver SIT = new Receiver("sit0", "sit", "sit");
    private static final Receiver IP6TNL = new Receiver("ip6tnl0", "ip6_tunnel", "ip6tnl");
    private static final Receiver GRE = new Receiver("gre0", "ip_gre", "gre");
    private static final Receiver IP6GRE = new Receiver("ip6gre0", "ip6_gre", "ip6gre");

    private final RealServerOptions options;
    private final SequencedMap<Step, SequencedSet<InetAddress>> steps = new LinkedHashMap<>();

    private Plan(RealServerOptions options) {
        this.options = options;
    }

    /** The steps in their order, each once, with the VIPs that need it. */
    public static SequencedMap<Step, SequencedSet<InetAddress>> of(RealServerOptions options) {
        Plan plan = new Plan(options);
        for (InetAddress vip : options.vips()) {
            if (v4(vip)) {
                plan.silence(vip);
            }
            plan.prepare(vip);
            plan.address(vip);
        }
        return plan.steps;
    }

    private void add(InetAddress vip, Step step) {
        steps.computeIfAbsent(step, first -> new LinkedHashSet<>()).add(vip);
    }

    /** Where a VIP goes. */
    static String device(RealServerOptions options, InetAddress vip) {
        return options.kind() == ForwardingMethod.TUN ? receiver(options, vip).device() : options.device();
    }

    /** The kernel takes the greater of {@code all} and the interface's own, so {@code all} reaches every interface. */
    private void silence(InetAddress vip) {
        add(vip, new Setting("Answer ARP only for addresses of the interface that is asked: not for the VIP.",
                "net/ipv4/conf/all/arp_ignore", "1", List.of("1", "2", "8")));
        add(vip, new Setting("Ask by ARP with an address of the interface, never with the VIP as the sender's.",
                "net/ipv4/conf/all/arp_announce", "2", List.of("2")));
    }

    private void prepare(InetAddress vip) {
        if (options.kind() == ForwardingMethod.TUN) {
            receive(vip);
        } else if (!options.device().equals("lo")) {
            String device = options.device();
            add(vip, Run.of("A device that has no cable, for the VIP.",
                    new Look(words("ip -d -o link show dev " + device), " dummy "),
                    "ip link add " + device + " type dummy", "ip link del " + device));
            up(vip, device);
        }
    }

    private void receive(InetAddress vip) {
        Receiver receiver = receiver(options, vip);
        String device = receiver.device();
        if (options.tunnel() == Encapsulation.GUE) {
            port(vip, outer(options, vip) == V6 ? "ip -6 fou " : "ip fou ");
        }
        Look there = new Look(words("ip link show dev " + device), "");
        add(vip, Run.of("The kernel's module makes the device that takes tunnelled packets from any director.",
                there, "modprobe " + receiver.module(), ""));
        add(vip, Run.of("Some hosts and most containers have it made by hand (fb_tunnels_only_for_init_net).",
                there, "ip link add " + device + " type " + receiver.type(), "ip link del " + device));
        if (receiver.equals(IP6TNL) && v4(vip)) {
            add(vip, Run.of("It takes only IPv6 inside by itself: IPv4 as well.",
                    new Look(words("ip -d -o link show dev " + device), "ip6tnl any "),
                    "ip -6 tunnel change " + device + " mode any", "ip -6 tunnel change " + device + " mode ip6ip6"));
        }
        if (v4(vip)) {
            add(vip, new Setting("A client's address is not reached by the tunnel: 2 takes such packets, if the device"
                    + " has an address (the VIP). The kernel takes the greater of this and all.",
                    "net/ipv4/conf/" + device + "/rp_filter", "2", List.of("2")));
        }
        up(vip, device);
    }

    private void port(InetAddress vip, String fou) {
        boolean v6 = fou.contains("-6");
        add(vip, Run.of("The kernel's module that unwraps UDP.", new Look(words("ip fou show"), ""), "modprobe fou",
                ""));
        add(vip, Run.of("Packets to this UDP port are unwrapped.",
                new Look(words(fou + "show"), "port " + options.port() + " gue" + (v6 ? " -6" : " *$")),
                fou + "add port " + options.port() + " gue", fou + "del port " + options.port()));
    }

    private void up(InetAddress vip, String device) {
        add(vip, Run.of("The device works only when it is up.",
                new Look(words("ip -o link show dev " + device), "[<,]UP[,>]"),
                "ip link set " + device + " up", "ip link set " + device + " down"));
    }

    private void address(InetAddress vip) {
        String device = device(options, vip);
        String host = text(vip) + (v4(vip) ? "/32" : "/128");
        String add = v4(vip) ? "ip addr add " + host : "ip -6 addr add " + host;
        add(vip, Run.of(
                v4(vip)
                        ? "The VIP, for this host alone (a shorter prefix would make the whole network local)."
                        : "The VIP; neighbours are told of addresses of their own interface only. Deprecated"
                                + " (preferred_lft 0), so that nothing is sent from it by choice.",
                new Look(words("ip -o addr show dev " + device + " to " + host), " " + host + " "),
                add + " dev " + device + (v4(vip) ? "" : " nodad preferred_lft 0"),
                add.replace(" add ", " del ") + " dev " + device));
    }

    private static int outer(RealServerOptions options, InetAddress vip) {
        return options.outer().orElse(v4(vip) ? V4 : V6);
    }

    private static Receiver receiver(RealServerOptions options, InetAddress vip) {
        boolean v6 = outer(options, vip) == V6;
        return switch (options.tunnel()) {
            case GRE -> v6 ? IP6GRE : GRE;
            case IPIP, GUE -> v6 ? IP6TNL : v4(vip) ? IPIP : SIT;
        };
    }
}
