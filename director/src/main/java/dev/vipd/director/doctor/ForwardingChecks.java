package dev.vipd.director.doctor;

import dev.vipd.director.doctor.Scene.Backend;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Settings of the kernel that replies depend on. With NAT they come back through the director, which then is a router
 * for them; with DR and TUN they never do, so nothing has to be forwarded for those.
 */
final class ForwardingChecks {
    private static final int STRICT = 1;

    private final Scene scene;
    private final Map<String, String> sysctls;
    private final List<Diagnosis> all = new ArrayList<>();

    private ForwardingChecks(Scene scene, Facts facts) {
        this.scene = scene;
        this.sysctls = facts.sysctls();
    }

    static List<Diagnosis> all(Scene scene, Facts facts) {
        ForwardingChecks checks = new ForwardingChecks(scene, facts);
        checks.forwarding();
        checks.redirects();
        checks.reversePath();
        return checks.all;
    }

    /** NAT real servers of one family that are reached over an interface, by its name. */
    private Map<String, List<Backend>> nat(boolean six) {
        Map<String, List<Backend>> byInterface = new LinkedHashMap<>();
        for (Backend backend : scene.backends()) {
            InetAddress address = backend.server().address();
            if (!backend.routed() && Networks.six(address) == six) {
                scene.way(address).filter(way -> !way.local()).ifPresent(way ->
                        byInterface.computeIfAbsent(way.interfaceName(), _ -> new ArrayList<>()).add(backend));
            }
        }
        return byInterface;
    }

    private void forwarding() {
        boolean others = Scene.number(sysctls, "ipv4/ip_forward").orElse(0) != 0; // then setting it changes nothing
        nat(false).forEach((name, backends) -> forwarding("ipv4/conf/" + name + "/forwarding",
                others ? key(name, "forwarding") : "net.ipv4.ip_forward", "ip_forward", name, backends));
        Map<String, List<Backend>> six = nat(true);
        if (!six.isEmpty()) {
            forwarding("ipv6/conf/all/forwarding", "net.ipv6.conf.all.forwarding", "ip_forward",
                    Networks.few(six.keySet()), six.values().stream().flatMap(List::stream).toList());
        }
    }

    private void forwarding(String path, String key, String check, String name, List<Backend> backends) {
        OptionalInt value = Scene.number(sysctls, path);
        if (value.isEmpty()) {
            all.add(Diagnosis.unknown(check, "net/" + path + " can't be read",
                    "NAT needs it to be 1", "cat /proc/sys/net/" + path));
        } else if (value.getAsInt() == 0) {
            all.add(Diagnosis.error(check, key + " is 0: replies that come in on " + name + " are dropped",
                    where(backends), "with NAT each reply goes through the director, so clients get none at all",
                    "sysctl -w " + key + "=1; echo '" + key + " = 1' >> /etc/sysctl.d/vipd.conf"));
        } else {
            all.add(Diagnosis.ok(check, "replies of NAT are forwarded from " + name));
        }
    }

    /**
     * ip_forward() tells a sender of a shorter way before IPVS sees the reply: with one network for clients and real
     * servers, a real server then answers past the director.
     */
    private void redirects() {
        nat(false).forEach((name, backends) -> {
            boolean oneArmed = clientsComeIn().contains(name);
            boolean sends = Scene.number(sysctls, "ipv4/conf/all/send_redirects").orElse(0) != 0
                    || Scene.number(sysctls, "ipv4/conf/" + name + "/send_redirects").orElse(0) != 0;
            if (oneArmed && sends) {
                all.add(Diagnosis.warn("send_redirects",
                        "send_redirects is on for " + name + ", where both clients and NAT real servers are",
                        where(backends),
                        "ICMP redirects teach the real servers a way past the director, and clients reset what they"
                                + " get from a server they don't know",
                        "sysctl -w net.ipv4.conf.all.send_redirects=0 " + key(name, "send_redirects") + "=0"));
            }
        });
    }

    /** A reply's route has to lead back where the packet came in. */
    private void reversePath() {
        scene.network().beyond().ifPresent(beyond -> {
            for (String name : clientsComeIn()) {
                int value = Math.max(
                        Scene.number(sysctls, "ipv4/conf/all/rp_filter").orElse(0),
                        Scene.number(sysctls, "ipv4/conf/" + name + "/rp_filter").orElse(0));
                if (value == STRICT && !beyond.interfaceName().equals(name)) {
                    all.add(Diagnosis.warn("rp_filter",
                            "rp_filter is strict on " + name + ", and the way back to far clients is "
                                    + beyond.interfaceName(),
                            "VIPs on " + name,
                            "packets of clients beyond the networks of " + name + " are dropped as they come in",
                            "sysctl -w " + key(name, "rp_filter") + "=2, and net.ipv4.conf.all.rp_filter=0 or 2"));
                }
            }
        });
    }

    private Set<String> clientsComeIn() {
        Set<String> names = new LinkedHashSet<>();
        scene.questions().stream()
                .filter(question -> !Networks.six(question.vip()))
                .forEach(question -> names.add(question.interfaceName()));
        return names;
    }

    /** sysctl takes slashes where a name has dots. */
    private static String key(String name, String setting) {
        return name.contains(".")
                ? "net/ipv4/conf/" + name + "/" + setting
                : "net.ipv4.conf." + name + "." + setting;
    }

    static String where(List<Backend> backends) {
        return "virtual server " + Networks.few(backends.stream().map(b -> b.service().name()).toList())
                + ", real servers " + Networks.few(backends.stream().map(Backend::at).toList());
    }
}
