package dev.vipd.director.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.director.HealthBoard;
import dev.vipd.director.config.LvsConfig.SyncConfig;
import dev.vipd.director.config.MarkedGroup.Target;
import dev.vipd.healthcheck.pool.PoolConfig.Member;
import dev.vipd.ipvs.Destination;
import dev.vipd.ipvs.Destination.Tunnel;
import dev.vipd.ipvs.ForwardingMethod;
import dev.vipd.ipvs.RealServer;
import dev.vipd.ipvs.Scheduling;
import dev.vipd.ipvs.Service;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.ServiceKey.Mark;
import dev.vipd.ipvs.ServiceKey.Protocol;
import dev.vipd.ipvs.SyncDaemon;
import dev.vipd.ipvs.Timeouts;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Where the keys of IPVS end up; what is refused stands in config/findings.txt. */
class IpvsKeysTest {
    private static final String SERVERS = "real_servers: [ { address: 192.0.2.11 } ]";

    private static InetAddress ip(String text) {
        return InetAddress.ofLiteral(text);
    }

    private static VipdConfig load(String yaml) {
        ConfigResult result = ConfigLoader.load(yaml, "f");
        assertEquals(List.of(), result.findings());
        return result.config().orElseThrow();
    }

    private static ServiceConfig service(String keys) {
        return load("virtual_servers: { web: { " + keys + " } }").services().getFirst();
    }

    private static List<ServiceKey> keys(VipdConfig config, int service) {
        return config.services().get(service).server().keys();
    }

    private static ServiceKey.At tcp(String address, int port) {
        return ServiceKey.of(Protocol.TCP, ip(address), port);
    }

    @Test
    void shouldTakeAMarkOfEitherFamily() {
        VipdConfig config = load("""
                virtual_servers:
                  a: { fwmark: 7, real_servers: [ { address: 192.0.2.11 } ] }
                  b: { fwmark: 0xffffffff, ip_family: inet6, real_servers: [ { address: "[2001:db8::11]:80" } ] }
                  c: { fwmark: 7, ip_family: inet6, lb_kind: TUN, real_servers: [ { address: 192.0.2.11 } ] }
                """);
        assertEquals(List.of(new Mark(7, false)), keys(config, 0));
        assertEquals(List.of(new Mark(0xffff_ffffL, true)), keys(config, 1));
        assertEquals(List.of(new Mark(7, true)), keys(config, 2));
        assertEquals(0, config.services().get(0).server().realServers().getFirst().port());
        assertEquals(80, config.services().get(1).server().realServers().getFirst().port());
        assertEquals(128, config.services().get(2).server().scheduling().prefix());
    }

    @Test
    void shouldBindTheScheduling() {
        assertEquals(
                new Scheduling("sh", "wrr", Service.SCHED1 | Service.SCHED2, 0, 32, ""),
                service("address: 192.0.2.1:80, lb_algo: sh, sched_flags: [ sh-port, SH-FALLBACK ],"
                        + " lb_algo_fallback: wrr, " + SERVERS).server().scheduling());
        assertEquals(
                new Scheduling("mh", "", Service.SCHED2, 0, 32, ""),
                service("address: 192.0.2.1:80, lb_algo: mh, sched_flags: flag-2, " + SERVERS)
                        .server().scheduling());
        assertEquals(
                new Scheduling("wlc", "", Service.ONE_PACKET, 90, 24, "sip"),
                service("address: 192.0.2.1:5060, protocol: udp, ops: true, lb_kind: DR, persistence_timeout: 90,"
                        + " persistence_granularity: /24, persistence_engine: sip, " + SERVERS).server().scheduling());
    }

    @Test
    void shouldBindTheTimeOfADrain() {
        assertEquals(90_000_000_000L, service("address: 192.0.2.1:80, drain_timeout: 90s, " + SERVERS)
                .drainTimeoutNs());
        assertEquals(0, service("address: 192.0.2.1:80, drain_timeout: off, " + SERVERS).drainTimeoutNs());
    }

    @Test
    void shouldTakeTunnelsAsLineAndAsBlock() {
        List<RealServer> servers = service("""
                address: 192.0.2.1:80, lb_kind: TUN type gue port 6080 csum, real_servers: [
                { address: 192.0.2.11 },
                { address: 192.0.2.12, lb_kind: { method: tun, type: gue, port: 6081, checksum: remcsum } },
                { address: 192.0.2.13, lb_kind: TUN type gre csum },
                { address: 192.0.2.14, lb_kind: TUN type ipip nocsum },
                { address: 192.0.2.15, lb_kind: TUN },
                { address: 192.0.2.16, lb_kind: { method: DR } },
                { address: "2001:db8::17" } ]
                """).server().realServers();
        assertEquals(
                List.of(new Tunnel(1, 6080, 1), new Tunnel(1, 6081, 2), new Tunnel(2, 0, 1), Tunnel.IPIP, Tunnel.IPIP,
                        Tunnel.IPIP, new Tunnel(1, 6080, 1)),
                servers.stream().map(RealServer::tunnel).toList());
        assertEquals(ForwardingMethod.DR, servers.get(5).method());
        assertEquals(80, servers.get(6).port());
    }

    @Test
    void shouldBindThresholds() {
        ServiceConfig service = service("address: 192.0.2.1:80, real_servers: [ { address: 192.0.2.11, uthreshold: 70,"
                + " lthreshold: 50 } ], sorry_server: { address: 192.0.2.9, uthreshold: 2147483647 }");
        RealServer real = service.server().realServers().getFirst();
        assertEquals(List.of(70, 50), List.of(real.upperThreshold(), real.lowerThreshold()));
        assertEquals(Integer.MAX_VALUE, service.server().sorryServers().getFirst().upperThreshold());
    }

    @Test
    void shouldMakeAServiceOfEachAddressAndMark() {
        VipdConfig config = load("""
                virtual_server_groups:
                  a: [ 192.0.2.1:80, 192.0.2.4-6 80, "192.0.2.254-192.0.3.1:443", 10.0.0.0/30:0, fwmark 7,
                       { fwmark: 8 } ]
                  b: [ "[2001:db8::fe-101]:80", 2001:db8:1::/127 443, { fwmark: 7 }, fwmark 9 inet6 ]
                virtual_servers:
                  a: { group: a, persistence_timeout: 60, real_servers: [ { address: 192.0.2.11 } ] }
                  b: { group: b, protocol: UDP, real_servers: [ { address: "2001:db8::11" } ] }
                """);
        assertEquals(
                List.of(tcp("192.0.2.1", 80), tcp("192.0.2.4", 80), tcp("192.0.2.5", 80), tcp("192.0.2.6", 80),
                        tcp("192.0.2.254", 443), tcp("192.0.2.255", 443), tcp("192.0.3.0", 443), tcp("192.0.3.1", 443),
                        tcp("10.0.0.0", 0), tcp("10.0.0.1", 0), tcp("10.0.0.2", 0), tcp("10.0.0.3", 0),
                        new Mark(7, false), new Mark(8, false)),
                keys(config, 0));
        assertEquals(
                List.of("udp:[2001:db8::fe]:80", "udp:[2001:db8::ff]:80", "udp:[2001:db8::100]:80",
                        "udp:[2001:db8::101]:80", "udp:[2001:db8:1::]:443", "udp:[2001:db8:1::1]:443",
                        "fwmark:7:inet6", "fwmark:9:inet6"),
                keys(config, 1).stream().map(Object::toString).toList());
    }

    @Test
    void shouldTakeTheLargestGroup() {
        VipdConfig config = load("virtual_server_groups: { a: [ 10.0.0.0/20:80 ] }\n"
                + "virtual_servers: { a: { group: a, " + SERVERS + " } }\n");
        assertEquals(4096, Set.copyOf(keys(config, 0)).size());
        assertEquals(80, config.services().getFirst().server().realServers().getFirst().port());
    }

    @Test
    void shouldBoundTheServicesOfAFile() {
        StringBuilder yaml = new StringBuilder("virtual_server_groups:\n");
        IntStream.range(0, 17).forEach(i -> yaml.append("  g" + i + ": [ 10." + i + ".0.0/20:80 ]\n"));
        yaml.append("virtual_servers:\n");
        IntStream.range(0, 17).forEach(i -> yaml.append("  g" + i + ": { group: g" + i + ", " + SERVERS + " }\n"));
        assertEquals(
                List.of("f:36:17: virtual_servers.g16.group: with it the groups of this file are more than 65536"
                        + " services; use smaller groups, or nftables: true"),
                ConfigLoader.load(yaml.toString(), "f").findings().stream().map(Finding::toString).toList());
    }

    @Test
    void shouldNameMembersAsTheBoardDoes() {
        VipdConfig config = load("""
                virtual_server_groups: { a: [ 192.0.2.1:80, 192.0.2.2:443 ] }
                virtual_servers:
                  a: { group: a, real_servers: [ { address: 192.0.2.11 }, { address: "192.0.2.12:8080" } ] }
                  b: { fwmark: 7, real_servers: [ { address: 192.0.2.11 }, { address: "192.0.2.11:80" } ] }
                  c: { address: 192.0.2.3:80, lb_kind: DR, real_servers: [ { address: "192.0.2.11:0" } ] }
                """);
        Set<String> ids = new TreeSet<>();
        for (ServiceConfig service : config.services()) {
            List<String> own = service.pool().members().stream().map(Member::id).toList();
            assertEquals(own, service.server().realServers().stream().map(HealthBoard::memberId).toList());
            ids.addAll(own);
        }
        assertEquals(Set.of("192.0.2.11:0", "192.0.2.11:80", "192.0.2.12:8080"), ids);
        RealServer first = config.services().getFirst().server().realServers().getFirst();
        assertEquals(
                List.of("192.0.2.11:80", "192.0.2.11:443"),
                keys(config, 0).stream().map(key -> Destination.of(first, key).at().toString()).toList());
    }

    @Test
    void shouldGiveMarksInTheOrderOfTheFile() {
        VipdConfig config = load("""
                virtual_server_groups:
                  web: [ 192.0.2.1-10:80, 192.0.2.1-10:443 ]
                  all: [ 10.0.0.0/8:0 ]
                  six: [ "[2001:db8::/64]:80" ]
                virtual_servers:
                  a: { group: web, nftables: true, real_servers: [ { address: 192.0.2.11 } ] }
                  b: { group: all, nftables: true, protocol: udp, real_servers: [ { address: 192.0.2.11 } ] }
                  c: { fwmark: 1001, real_servers: [ { address: 192.0.2.11 } ] }
                  d: { group: six, nftables: true, real_servers: [ { address: "2001:db8:1::11" } ] }
                  e: { group: web, nftables: true, protocol: udp, fwmark: 0x7,
                       real_servers: [ { address: 192.0.2.11 } ] }
                """);
        assertEquals(
                List.of(new Mark(1000, false), new Mark(1002, false), new Mark(1001, false), new Mark(1003, true),
                        new Mark(7, false)),
                config.services().stream().flatMap(s -> s.server().keys().stream()).toList());
        List<Target> web = List.of(new Target(ip("192.0.2.1"), ip("192.0.2.10"), 80),
                new Target(ip("192.0.2.1"), ip("192.0.2.10"), 443));
        assertEquals(
                List.of(new MarkedGroup(new Mark(1000, false), Protocol.TCP, web),
                        new MarkedGroup(new Mark(1002, false), Protocol.UDP,
                                List.of(new Target(ip("10.0.0.0"), ip("10.255.255.255"), 0))),
                        new MarkedGroup(new Mark(1003, true), Protocol.TCP, List.of(
                                new Target(ip("2001:db8::"), ip("2001:db8::ffff:ffff:ffff:ffff"), 80))),
                        new MarkedGroup(new Mark(7, false), Protocol.UDP, web)),
                config.lvs().marks());
        assertEquals(0, config.services().getFirst().server().realServers().getFirst().port());
    }

    @Test
    void shouldBindWhatIsForTheWholeOfIpvs() {
        LvsConfig lvs = load("""
                global:
                  lvs_timeouts: { tcp: 15m, udp: 300 }
                  lvs_sysctls: { conn_reuse_mode: 3, expire_nodest_conn: true, pmtu_disc: 0, sync_threshold: [ 3, 50 ],
                                 sync_refresh_period: 1m }
                  lvs_flush: true
                  lvs_sync_daemon: { instance: VI_1 }
                vrrp_instances:
                  VI_1: { interface: eth0, virtual_router_id: 51, virtual_ipaddress: [ 192.0.2.1 ] }
                """).lvs();
        assertEquals(new Timeouts(900, 0, 300), lvs.timeouts());
        assertEquals(
                Map.of("conn_reuse_mode", "3", "expire_nodest_conn", "1", "pmtu_disc", "0", "sync_threshold", "3 50",
                        "sync_refresh_period", "60"),
                lvs.sysctls());
        assertTrue(lvs.flush());
        assertEquals(
                Optional.of(new SyncConfig(
                        new SyncDaemon(SyncDaemon.Role.MASTER, "eth0", 51, 0, Optional.empty(), 0, 0),
                        Optional.of("VI_1"))),
                lvs.syncDaemon());
    }

    @Test
    void shouldTakeEachKeyOfTheSyncDaemon() {
        LvsConfig lvs = load("""
                global: { lvs_sync_daemon: { interface: eth1, instance: VI_1, id: 0, maxlen: 65487, port: 8849, ttl: 2,
                          group: "ff02::7" } }
                vrrp_instances:
                  VI_1: { interface: eth0, virtual_router_id: 51, virtual_ipaddress: [ 192.0.2.1 ] }
                """).lvs();
        assertEquals(
                new SyncDaemon(SyncDaemon.Role.MASTER, "eth1", 0, 65487, Optional.of(ip("ff02::7")), 8849, 2),
                lvs.syncDaemon().orElseThrow().daemon());
        SyncConfig both = load("global: { lvs_sync_daemon: { interface: eth1 } }\nvirtual_servers: { web: {"
                + " address: \"192.0.2.1:80\", " + SERVERS + " } }\n").lvs().syncDaemon().orElseThrow();
        assertEquals(Optional.empty(), both.instance());
        assertEquals(0, both.daemon().id());
    }
}
