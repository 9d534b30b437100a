package dev.vipd.director.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.director.config.ConfigLoader;
import dev.vipd.director.config.LvsConfig;
import dev.vipd.director.config.MarkedGroup;
import dev.vipd.director.doctor.Diagnosis.Severity;
import dev.vipd.ipvs.Destination;
import dev.vipd.ipvs.Endpoint;
import dev.vipd.ipvs.IpvsTable;
import dev.vipd.ipvs.Service;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.Timeouts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoctorTest {
    private final Host host = new Host();

    @Test
    void aHealthyDirectorIsWell() {
        host.answer("10.9.0.50").holdsVip().isWell(Host.DR);
        new Host().answer("10.9.0.50", "02:00:00:00:00:02").isWell(Host.DR);
        new Host().isWell("vrrp_instances: { VI: { interface: eth0, virtual_router_id: 1, virtual_ipaddress:"
                + " [ 10.9.0.60 ] } }");
    }

    @Test
    void aKernelWithoutIpvs() {
        host.kernel = new Facts.Kernel(Optional.of("this kernel has no IPVS"), false, IpvsTable.EMPTY, List.of());
        assertTrue(host.finds(Host.DR, "ERROR ipvs: this kernel has no IPVS").mend().startsWith("modprobe ip_vs"));
        host.kernel = new Facts.Kernel(Optional.of("the kernel refuses"), true, IpvsTable.EMPTY, List.of());
        host.finds(Host.DR, "UNKNOWN ipvs: the kernel's table can't be read: the kernel refuses");
        host.kernel = new Facts.Kernel(Optional.of("this kernel has no IPVS"), false, IpvsTable.EMPTY, List.of());
        host.lvs = new LvsConfig(new Timeouts(60, 0, 0), Map.of(), false, Optional.empty(), List.of());
        Diagnosis settings = host.finds("vrrp_instances: { VI: { interface: eth0, virtual_router_id: 1,"
                + " virtual_ipaddress: [ 10.9.0.60 ] } }", "ERROR ipvs: this kernel has no IPVS");
        assertEquals("lvs_* in global", settings.where());
    }

    @Test
    void aSchedulerThatIsMissing() {
        host.modules.remove("ip_vs_rr");
        assertEquals("virtual server web",
                host.finds(Host.DR, "ERROR modules: the kernel has no module ip_vs_rr").where());
        host.allModulesKnown = false;
        host.finds(Host.DR, "UNKNOWN modules: whether the kernel has module ip_vs_rr can't be seen");
    }

    @Test
    void aGroupWithoutNft() {
        host.lvs = new LvsConfig(Timeouts.UNCHANGED, Map.of(), false, Optional.empty(), List.of(
                new MarkedGroup(new ServiceKey.Mark(1000, false), ServiceKey.Protocol.TCP, List.of())));
        host.answer("10.9.0.50").holdsVip().isWell(Host.DR);
        host.nft = false;
        host.finds(Host.DR, "ERROR nft: the program nft is not installed");
    }

    @Test
    void repliesOfNatNeedForwarding() {
        host.sysctls.put("ipv4/conf/eth0/forwarding", "0");
        Diagnosis found = host.finds(
                Host.NAT, "ERROR ip_forward: net.ipv4.ip_forward is 0: replies that come in on eth0 are dropped");
        assertEquals("virtual server web, real servers 10.9.0.11, 10.9.0.12", found.where());
        assertTrue(found.mend().startsWith("sysctl -w net.ipv4.ip_forward=1"), found.mend());
        host.sysctls.put("ipv4/ip_forward", "1");
        found = host.finds(Host.NAT,
                "ERROR ip_forward: net.ipv4.conf.eth0.forwarding is 0: replies that come in on eth0 are dropped");
        assertTrue(found.mend().startsWith("sysctl -w net.ipv4.conf.eth0.forwarding=1"), found.mend());
        host.sysctls.put("ipv4/conf/eth0/forwarding", "1");
        host.finds(Host.NAT, "OK ip_forward: replies of NAT are forwarded from eth0");
        host.sysctls.clear();
        host.finds(Host.NAT, "UNKNOWN ip_forward: net/ipv4/conf/eth0/forwarding can't be read");
        host.sysctls.put("ipv4/conf/eth0/forwarding", "0");
        assertTrue(host.look(Host.DR).stream().noneMatch(d -> d.check().equals("ip_forward")), "DR needs none");
    }

    @Test
    void natOfIpv6NeedsForwardingOfAll() {
        String yaml = """
                virtual_servers:
                  web: { address: '[2001:db8::50]:80', lb_algo: rr, real_servers: [ { address: '2001:db8:1::b' } ] }
                """;
        host.way("2001:db8:1::b", "eth0").address("eth0", "2001:db8::50/64");
        host.sysctls.put("ipv6/conf/all/forwarding", "0");
        host.finds(yaml, "ERROR ip_forward: net.ipv6.conf.all.forwarding is 0: replies that come in on eth0 are"
                + " dropped");
    }

    @Test
    void redirectsOfAOneArmedDirector() {
        String line = "WARN send_redirects: send_redirects is on for eth0, where both clients and NAT real servers are";
        host.sysctls.put("ipv4/conf/eth0/send_redirects", "1");
        host.finds(Host.NAT, line);
        host.sysctls.put("ipv4/conf/eth0/send_redirects", "0");
        host.sysctls.put("ipv4/conf/all/send_redirects", "1");
        host.finds(Host.NAT, line);
        host.sysctls.put("ipv4/conf/all/send_redirects", "0");
        assertTrue(host.look(Host.NAT).stream().noneMatch(d -> d.check().equals("send_redirects")));
    }

    @Test
    void aStrictFilterWhereRepliesGoAnotherWay() {
        host.link("eth1", 1500);
        host.sysctls.put("ipv4/conf/all/rp_filter", "1");
        host.beyond = Optional.of(new Facts.Way("eth1", Optional.of(Host.ip("10.8.0.1")), false, 1500));
        String line = "WARN rp_filter: rp_filter is strict on eth0, and the way back to far clients is eth1";
        host.finds(Host.DR, line);
        host.sysctls.put("ipv4/conf/eth0/rp_filter", "2");
        assertTrue(host.look(Host.DR).stream().noneMatch(d -> d.check().equals("rp_filter")), "the larger one counts");
    }

    @Test
    void aVipThatNobodyHolds() {
        String yaml = Host.DR.replace(Host.INSTANCE, "");
        Diagnosis found = host.finds(yaml,
                "ERROR vip: nobody holds 10.9.0.50: it is no address of this host, and no instance has it");
        assertEquals("virtual server web", found.where());
        new Host().holdsVip().answer("10.9.0.50").isWell(yaml);
        host.answer("10.9.0.50", "02:00:00:00:00:02")
                .isWell("static_ipaddress: [ 10.9.0.50/24 dev eth0 ]\n" + yaml);
    }

    @Test
    void aVipOnSeveralInterfaces() {
        host.link("eth1", 1500).holdsVip().address("eth1", "10.9.0.50/32");
        assertEquals("ip addr del 10.9.0.50/32 dev eth1",
                host.finds(Host.DR, "ERROR vip: 10.9.0.50 is on several interfaces: eth0, eth1").mend());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "10.9.0.50/8  | ERROR netmask: wrong netmask: 10.9.0.50/8 on eth0, whose own address is 10.9.0.1/24",
        "10.9.0.50/28 | WARN netmask: wrong netmask: 10.9.0.50/28 on eth0, whose own address is 10.9.0.1/24",
        "10.8.0.50/8  | ERROR netmask: wrong netmask: 10.8.0.50/8 on eth0, whose own addresses are 10.9.0.1/24",
        "10.8.0.50/24 | WARN netmask: 10.8.0.50/24 is in none of the networks of eth0, whose own addresses are"
                + " 10.9.0.1/24",
    })
    void aVipWithTheWrongNetmask(String vip, String line) {
        Diagnosis found = host.finds(Host.INSTANCE.replace("10.9.0.50/24", vip), line);
        assertEquals("instance VI_1", found.where());
    }

    @ParameterizedTest
    @CsvSource({"10.9.0.50/24", "10.9.0.50/32", "10.9.0.50", "10.8.0.50/32"})
    void prefixesThatAreRight(String vip) {
        host.answer(vip.split("/")[0], "02:00:00:00:00:02").isWell(Host.INSTANCE.replace("10.9.0.50/24", vip));
    }

    /** As in clouds: nothing tells what the network is. */
    @Test
    void anInterfaceWithoutANetwork() {
        host.link("eth1", 1500).address("eth1", "10.7.0.1/32");
        host.answer("10.7.0.50", "02:00:00:00:00:02").isWell(Host.INSTANCE
                .replace("interface: eth0", "interface: eth1").replace("10.9.0.50/24", "10.7.0.50/24"));
    }

    @Test
    void aVipByALocalRoute() {
        host.ways.put(Host.ip("10.9.0.50"), new Facts.Way("lo", Optional.empty(), true, 65_536));
        host.isWell(Host.DR.replace(Host.INSTANCE, ""));
    }

    @Test
    void theAddressOfAMarkedGroupIsAVip() {
        ServiceKey.Mark mark = new ServiceKey.Mark(7, false);
        host.lvs = new LvsConfig(Timeouts.UNCHANGED, Map.of(), false, Optional.empty(), List.of(
                new MarkedGroup(mark, ServiceKey.Protocol.TCP, List.of(
                        new MarkedGroup.Target(Host.ip("10.9.0.60"), Host.ip("10.9.0.60"), 80),
                        new MarkedGroup.Target(Host.ip("10.9.1.1"), Host.ip("10.9.1.9"), 80)))));
        host.key = Optional.of(mark);
        host.finds(Host.DR, "ERROR vip: nobody holds 10.9.0.60: it is no address of this host, and no instance has it");
        assertEquals(1, host.look(Host.DR).stream().filter(found -> found.check().equals("vip")).count());
    }

    @Test
    void aNetmaskThatSomebodyHasSet() {
        host.address("eth0", "10.9.0.50/8");
        host.finds(Host.DR, "ERROR netmask: wrong netmask: 10.9.0.50/8 on eth0, whose own address is 10.9.0.1/24");
    }

    @Test
    void aVipOnTheWrongInterface() {
        host.link("eth1", 1500).address("eth1", "10.7.0.1/24");
        Diagnosis found = host.finds(Host.INSTANCE.replace("10.9.0.50/24", "10.7.0.50/32"),
                "ERROR vip: 10.7.0.50 is on eth0, and its network on eth1");
        assertTrue(found.mend().startsWith("interface: eth1"), found.mend());
    }

    @Test
    void waysToRealServers() {
        host.via("10.9.0.11", "eth0", "10.9.0.254");
        host.finds(Host.DR, "ERROR route: DR real server 10.9.0.11 is behind the gateway 10.9.0.254");
        host.finds(Host.NAT, "WARN route: NAT real server 10.9.0.11 is behind the gateway 10.9.0.254");
        assertTrue(host.look(Host.DR.replace("lb_kind: DR", "lb_kind: TUN")).stream()
                .noneMatch(found -> found.check().equals("route") && found.severity() != Severity.OK), "TUN may");
        host.ways.remove(Host.ip("10.9.0.12"));
        host.finds(Host.DR, "ERROR route: there is no route to real server 10.9.0.12");
    }

    @Test
    void natInTheNetworkOfClients() {
        host.finds(Host.NAT, "WARN nat: VIP and NAT real servers are both in 10.9.0.0/24");
        host.address("eth0", "10.5.0.1/24").way("10.5.0.11", "eth0").way("10.5.0.12", "eth0");
        String apart = Host.NAT.replace("10.9.0.11", "10.5.0.11").replace("10.9.0.12", "10.5.0.12");
        assertTrue(host.look(apart).stream().noneMatch(found -> found.check().equals("nat")));
    }

    @Test
    void aTunnelThatIsTooSmall() {
        String yaml = Host.DR.replace("lb_kind: DR", "lb_kind: TUN");
        Diagnosis found = host.finds(yaml, "WARN mtu: the tunnel to 10.9.0.11 takes packets of 1480 bytes (MTU 1500 of"
                + " eth0 without 20), clients send up to 1500");
        assertTrue(found.mend().contains("mtu 1520") && found.mend().contains("advmss 1440"), found.mend());
        for (String server : List.of("10.9.0.11", "10.9.0.12")) {
            host.ways.put(Host.ip(server), new Facts.Way("eth0", Optional.empty(), false, 1520));
        }
        assertTrue(host.look(yaml).stream().noneMatch(other -> other.check().equals("mtu")));
    }

    /** ip_vs_xmit.c: the outer header, and of GUE 8 bytes of UDP and 4 of its own, of GRE 4. */
    @ParameterizedTest
    @CsvSource({"0,0,20,40", "1,0,32,52", "1,1,32,52", "1,2,40,60", "2,0,24,44", "2,1,28,48"})
    void whatATunnelPutsBefore(int type, int flags, int four, int six) {
        Destination.Tunnel tunnel = new Destination.Tunnel(type, 0, flags);
        assertEquals(four, WayChecks.overhead(tunnel, false));
        assertEquals(six, WayChecks.overhead(tunnel, true));
    }

    @Test
    void anotherPortInARowOfDr() {
        ServiceKey key = ServiceKey.of(ServiceKey.Protocol.TCP, Host.ip("10.9.0.9"), 80);
        Service service = new Service(key, "rr", 0, 0, -1, "");
        host.table = new IpvsTable(List.of(IpvsTable.Entry.of(service, List.of(
                row(8080, 3), row(80, 3), row(8081, 0), row(8082, 1), row(8083, 2)))));
        host.finds(Host.DR, "ERROR ports: the kernel's table has 10.9.0.11:8080 with DR in tcp:10.9.0.9:80");
        host.finds(Host.DR, "ERROR ports: the kernel's table has 10.9.0.11:8083 with TUN in tcp:10.9.0.9:80");
        assertEquals(2, host.look(Host.DR).stream().filter(found -> found.check().equals("ports")).count());
    }

    private static Destination row(int port, int forwarding) {
        return new Destination(new Endpoint(Host.ip("10.9.0.11"), port), forwarding, 1, 0, 0, Destination.Tunnel.IPIP);
    }

    @Test
    void whatTheConfigurationItselfHas() {
        List<Diagnosis> found = Doctor.ofConfiguration(
                ConfigLoader.load("global: { routr_id: x }\n", "a.yaml"), "a.yaml");
        assertEquals(Severity.ERROR, found.getFirst().severity());
        assertEquals("a.yaml:1:11", found.getFirst().where());
        assertTrue(found.getFirst().what().startsWith("global.routr_id: unknown key"), found.toString());
        assertEquals(List.of(Diagnosis.ok("config", "b.yaml is valid")),
                Doctor.ofConfiguration(ConfigLoader.load(Host.DR, "b.yaml"), "b.yaml"));
    }

    /** Quadratic work would take minutes. */
    @Test
    void aLargeConfigurationIsLookedAtAtOnce() {
        StringBuilder yaml = new StringBuilder("virtual_servers:\n");
        for (int i = 0; i < 500; i++) {
            yaml.append("  s").append(i).append(": { address: '10.9.").append(i / 100 + 1).append('.')
                    .append(i % 100 + 1).append(":80', lb_algo: rr, lb_kind: TUN, real_servers: [");
            for (int server = 1; server <= 20; server++) {
                String at = "10.20." + i % 50 + "." + server;
                host.way(at, "eth0");
                yaml.append(" { address: ").append(at).append(" },");
            }
            yaml.append(" ] }\n");
        }
        List<Diagnosis> found = assertTimeout(Duration.ofSeconds(20), () -> host.look(yaml.toString()));
        assertEquals(500, found.stream().filter(one -> one.what().startsWith("nobody holds")).count());
    }

    @Test
    void errorsComeFirst() {
        host.modules.clear();
        List<Severity> order = host.look(Host.NAT).stream().map(Diagnosis::severity).toList();
        assertEquals(order.stream().sorted().toList(), order);
        assertEquals(Severity.ERROR, order.getFirst());
    }

    @Test
    void theReport() {
        Report report = Report.of("a.yaml", false, List.of(
                Diagnosis.error("arp", "it answers", "instance VI_1", "it hurts", "do this"),
                Diagnosis.unknown("sync", "nothing was heard", "it is silent", "run it again"),
                Diagnosis.ok("config", "a.yaml is valid")));
        assertEquals("""
                ERROR   arp: it answers
                        where instance VI_1
                        why   it hurts
                        mend  do this
                UNKNOWN sync: nothing was heard
                        why   it is silent
                        ask   run it again
                OK      config: a.yaml is valid
                vipd does not run here: what its instances are in, and what its checks say, was not asked
                a.yaml: 1 error, 0 warnings, 1 unknown, 1 ok
                """, report.text());
        assertEquals(false, report.ok());
    }
}
