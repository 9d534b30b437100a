package dev.vipd.director.doctor;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.director.config.ConfigLoader;
import dev.vipd.director.config.LvsConfig;
import dev.vipd.director.config.ServiceConfig;
import dev.vipd.director.config.VipdConfig;
import dev.vipd.ipvs.IpvsTable;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.SyncDaemon;
import dev.vipd.ipvs.VirtualServer;
import dev.vipd.netlink.route.InterfaceAddress;
import dev.vipd.netlink.route.Link;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A host and its wire, made up for a test: eth0 is 10.9.0.1/24, real servers are 10.9.0.11 and 12, the VIP is .50. */
final class Host {
    static final String INSTANCE = """
            vrrp_instances:
              VI_1: { interface: eth0, virtual_router_id: 51, version: 3, virtual_ipaddress: [ 10.9.0.50/24 ] }
            """;
    static final String DR = INSTANCE + """
            virtual_servers:
              web:
                address: 10.9.0.50:80
                lb_algo: rr
                lb_kind: DR
                real_servers: [ { address: 10.9.0.11 }, { address: 10.9.0.12 } ]
            """;
    static final String NAT = DR.replace("lb_kind: DR", "lb_kind: NAT");
    static final String RS1_MAC = "02:00:00:00:00:0b";

    final Map<String, String> sysctls = new HashMap<>();
    final Set<String> modules = new HashSet<>(Set.of("ip_vs", "ip_vs_rr"));
    final List<SyncDaemon> daemons = new ArrayList<>();
    final List<String> trouble = new ArrayList<>();
    final Map<InetAddress, Facts.Way> ways = new LinkedHashMap<>();
    final Map<InetAddress, Set<String>> answers = new HashMap<>();
    final Map<InetAddress, Set<String>> servers = new HashMap<>();
    private final List<Link> links = new ArrayList<>();
    private final List<InterfaceAddress> addresses = new ArrayList<>();
    boolean allModulesKnown = true;
    boolean nft = true;
    boolean daemon = true;
    final Set<InetAddress> masters = new HashSet<>();
    Optional<Facts.Way> beyond = Optional.empty();
    Facts.Kernel kernel;
    IpvsTable table = IpvsTable.EMPTY;
    Facts.Sync sync = Facts.Sync.NONE;
    LvsConfig lvs = LvsConfig.NONE;
    /** Of all services, instead of their own. */
    Optional<ServiceKey> key = Optional.empty();

    Host() {
        link("lo", 65_536).address("lo", "127.0.0.1/8");
        link("eth0", 1500).address("eth0", "10.9.0.1/24");
        way("10.9.0.11", "eth0").way("10.9.0.12", "eth0").way("10.9.0.50", "eth0");
        servers.put(ip("10.9.0.11"), Set.of(RS1_MAC));
        servers.put(ip("10.9.0.12"), Set.of("02:00:00:00:00:0c"));
    }

    static InetAddress ip(String text) {
        return InetAddress.ofLiteral(text);
    }

    Host link(String name, int mtu) {
        links.add(new Link(links.size() + 1, name, Link.IFF_UP | Link.IFF_RUNNING, 6, List.of(), mtu));
        return this;
    }

    Host address(String interfaceName, String prefix) {
        int index = links.stream().filter(l -> l.name().equals(interfaceName)).findFirst().orElseThrow().index();
        String[] parts = prefix.split("/");
        addresses.add(new InterfaceAddress(index, ip(parts[0]), Integer.parseInt(parts[1]), 0, 0));
        return this;
    }

    Host way(String to, String interfaceName) {
        ways.put(ip(to), new Facts.Way(interfaceName, Optional.empty(), false, 1500));
        return this;
    }

    Host via(String to, String interfaceName, String gateway) {
        ways.put(ip(to), new Facts.Way(interfaceName, Optional.of(ip(gateway)), false, 1500));
        return this;
    }

    /** As the daemon has it while it is MASTER. */
    Host holdsVip() {
        return address("eth0", "10.9.0.50/24");
    }

    Host answer(String vip, String... macs) {
        answers.put(ip(vip), Set.of(macs));
        return this;
    }

    /** All that is found, the wanted line among it. */
    Diagnosis finds(String yaml, String line) {
        List<Diagnosis> all = look(yaml);
        return all.stream()
                .filter(found -> line(found).equals(line))
                .findFirst()
                .orElseThrow(() -> new AssertionError(line + " is not in\n" + lines(all)));
    }

    /** Nothing is wrong, nor doubtful, nor unknown. */
    void isWell(String yaml) {
        List<Diagnosis> all = look(yaml);
        assertFalse(all.isEmpty());
        assertTrue(all.stream().allMatch(found -> found.severity() == Diagnosis.Severity.OK), () -> lines(all));
    }

    List<Diagnosis> look(String yaml) {
        VipdConfig read = ConfigLoader.load(yaml, "test.yaml").config().orElseThrow();
        VipdConfig config = new VipdConfig(
                read.global(), read.trackers(), read.syncGroups(), read.statics(), read.instances(),
                read.services().stream().map(this::rekeyed).toList(), read.hooks(), read.files(), lvs);
        Facts.Kernel seen = kernel != null ? kernel : new Facts.Kernel(Optional.empty(), false, table, daemons);
        return Doctor.ofHost(config, new Facts(
                sysctls, new Facts.Modules(modules, allModulesKnown, nft),
                new Facts.Network(links, addresses, ways, beyond), seen, new Facts.Wire(answers, servers, trouble),
                sync, daemon, masters));
    }

    private ServiceConfig rekeyed(ServiceConfig service) {
        VirtualServer server = service.server();
        return new ServiceConfig(
                new VirtualServer(server.name(), key.map(List::of).orElse(server.keys()), server.scheduling(),
                        server.sorryServers(), server.realServers()),
                service.pool(), service.drainTimeoutNs());
    }

    private static String line(Diagnosis found) {
        return found.severity() + " " + found.check() + ": " + found.what();
    }

    private static String lines(List<Diagnosis> all) {
        return String.join("\n", all.stream().map(Host::line).toList());
    }
}
