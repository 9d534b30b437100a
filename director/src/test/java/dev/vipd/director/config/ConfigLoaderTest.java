package dev.vipd.director.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.director.config.GlobalConfig.OnStop;
import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckTiming;
import dev.vipd.healthcheck.HttpRequest.StatusRange;
import dev.vipd.healthcheck.HttpRequest;
import dev.vipd.healthcheck.ProbeConfig.HttpVersion;
import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.healthcheck.Route;
import dev.vipd.healthcheck.pool.PoolConfig.Member;
import dev.vipd.healthcheck.pool.PoolConfig;
import dev.vipd.ipvs.ForwardingMethod;
import dev.vipd.ipvs.RealServer;
import dev.vipd.ipvs.Scheduling;
import dev.vipd.ipvs.ServiceKey.Protocol;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.VirtualServer;
import dev.vipd.vrrp.AnnounceConfig;
import dev.vipd.vrrp.ChecksumForm;
import dev.vipd.vrrp.ElectionConfig;
import dev.vipd.vrrp.HoldingConfig;
import dev.vipd.vrrp.TrackRef;
import dev.vipd.vrrp.TrackScriptConfig;
import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.TrackingConfig;
import dev.vipd.vrrp.TransportConfig;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigLoaderTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Path EXAMPLES = Path.of("..", "examples");

    @TempDir
    Path dir;

    private static InetAddress ip(String text) {
        return InetAddress.ofLiteral(text);
    }

    private static VipdConfig load(String yaml) {
        ConfigResult result = ConfigLoader.load(yaml, "f");
        return result.config().orElseThrow(() -> new AssertionError(result.findings()));
    }

    @Test
    void shouldFillInTheDefaults() throws IOException {
        VipdConfig config = load("""
                vrrp_scripts: { chk: { script: a } }
                vrrp_instances:
                  VI_1: { interface: eth0, virtual_router_id: 51, virtual_ipaddress: [ 192.0.2.1 ],
                          track_script: [ chk ], track_interface: [ eth1 ] }
                virtual_servers:
                  web:
                    address: 192.0.2.1:80
                    sorry_server: { address: 192.0.2.9 }
                    real_servers: [ { address: 192.0.2.11, checks: [ { tcp: }, { http: {} } ] } ]
                """);
        String host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        assertEquals(new GlobalConfig(host, "/run/vipd/control.sock", OnStop.REMOVE, 10 * SECOND,
                Optional.empty(), "/var/lib/vipd", 10), config.global());
        assertEquals(
                List.of(new TrackScriptConfig("chk", List.of("a"), SECOND, SECOND, 1, 1, TrackScriptConfig.Init.WAIT,
                        Optional.empty())),
                config.trackers().scripts());
        assertEquals(
                List.of(new VirtualRouterConfig("VI_1", "eth0", 51, 2, 100, SECOND, ElectionConfig.DEFAULT,
                        TransportConfig.DEFAULT, HoldingConfig.of(List.of(new VirtualAddress(ip("192.0.2.1"), 32))),
                        new AnnounceConfig(5, 5 * SECOND, 0, 1), TrackingConfig.of(
                                new TrackRef(TrackerId.script("chk"), 0),
                                new TrackRef(TrackerId.networkInterface("eth1"), 0)))),
                config.instances());
        RealServer realServer = RealServer.of(ip("192.0.2.11"), 80, 1, ForwardingMethod.NAT);
        VirtualServer server = new VirtualServer("web",
                List.of(ServiceKey.of(Protocol.TCP, ip("192.0.2.1"), 80)), Scheduling.of("wlc", false),
                List.of(RealServer.of(ip("192.0.2.9"), 80, 1, ForwardingMethod.NAT)), List.of(realServer));
        InetSocketAddress target = new InetSocketAddress(ip("192.0.2.11"), 80);
        CheckTiming tcp = new CheckTiming(5 * SECOND, 5 * SECOND, 1, SECOND, 1, 1, 5 * SECOND, false);
        CheckTiming http = new CheckTiming(5 * SECOND, 5 * SECOND, 1, 3 * SECOND, 1, 1, 5 * SECOND, false);
        List<CheckConfig> checks = List.of(
                new CheckConfig(new ProbeConfig.Tcp(Route.to(target), Optional.empty()), tcp),
                new CheckConfig(http(target, "/", Optional.empty(), new StatusRange(200, 299)), http));
        PoolConfig pool = new PoolConfig("web", List.of(new Member("192.0.2.11:80", 1, checks)),
                List.of(new Member("192.0.2.9:80", 1, List.of())), 1, 0, false, 0, 0);
        assertEquals(List.of(new ServiceConfig(server, pool, 0)), config.services());
    }

    private static ProbeConfig http(
            InetSocketAddress target, String path, Optional<String> virtualHost, StatusRange... statuses) {
        return new ProbeConfig.Http(Route.to(target), Optional.empty(), HttpVersion.HTTP_1_1, false, List.of(
                new HttpRequest("GET", path, virtualHost, List.of(), "", List.of(statuses), List.of(), 0)));
    }

    /** Every value differs from its default and from its neighbours. */
    private static final String DISTINCT = """
            global: { router_id: lb1, control_socket: /run/a.sock, on_stop: keep, resync_interval: 11s,
                      http: "127.0.0.1:9650", vrrp_rt_priority: 0 }
            vrrp_scripts:
              chk: { script: "a 'b c'", interval: 2s, timeout: 3s, weight: -4, rise: 5, fall: 6, init_fail: true }
            vrrp_instances:
              VI_1:
                interface: eth0
                virtual_router_id: 7
                version: 3
                priority: 8
                advert_int: 90ms
                preempt_delay: 10s
                unicast_src_ip: 192.0.2.1
                unicast_peer: [ 192.0.2.3, 192.0.2.2 ]
                checksum: message_only
                virtual_ipaddress: [ 192.0.2.21/24, 192.0.2.20 ]
                garp_master_delay: 11s
                garp_master_repeat: 12
                garp_master_refresh: 13s
                garp_master_refresh_repeat: 14
                track_script: [ chk ]
                track_interface: [ eth1, { name: eth2, weight: 15 } ]
            virtual_servers:
              web:
                address: 192.0.2.20:80
                protocol: sctp
                lb_algo: mh
                lb_kind: tun
                persistence_timeout: 16s
                persistence_granularity: 255.255.128.0
                quorum: 17
                hysteresis: 16
                panic_threshold: 59%
                slow_start: 33s
                inhibit_on_failure: true
                weight: 18
                delay_loop: 49s
                connect_timeout: 20s
                fast_interval: 9s
                timeout: 30s
                hold_down: 31s
                hold_down_max: 32s
                retry: 0
                delay_before_retry: 22s
                rise: 23
                fall: 24
                warmup: 25s
                alpha: true
                sorry_server: { address: 192.0.2.9:26, lb_kind: nat, weight: 34 }
                real_servers:
                  - { address: 192.0.2.12, weight: 27, checks: [ { tcp: } ] }
                  - address: 192.0.2.11
                    checks: [ { http: { path: /x, status: [ 200, 301-302 ], virtualhost: h, connect_port: 28 } } ]
            """;

    @Test
    void shouldPutEachValueWhereItBelongs() {
        VipdConfig config = load(DISTINCT);
        assertEquals(new GlobalConfig("lb1", "/run/a.sock", OnStop.KEEP, 11 * SECOND,
                Optional.of(new InetSocketAddress(ip("127.0.0.1"), 9650)), "/var/lib/vipd", 0), config.global());
        assertEquals(
                List.of(new TrackScriptConfig("chk", List.of("a", "b c"), 2 * SECOND, 3 * SECOND, 5, 6,
                        TrackScriptConfig.Init.DOWN, Optional.empty())),
                config.trackers().scripts());
        assertEquals(
                List.of(new VirtualRouterConfig("VI_1", "eth0", 7, 3, 8, 90_000_000L,
                        ElectionConfig.DEFAULT.preempting(true, 10 * SECOND),
                        TransportConfig.of(
                                Optional.of(ip("192.0.2.1")),
                                List.of(ip("192.0.2.3"), ip("192.0.2.2")),
                                ChecksumForm.MESSAGE_ONLY),
                        HoldingConfig.of(List.of(
                                new VirtualAddress(ip("192.0.2.21"), 24), new VirtualAddress(ip("192.0.2.20"), 32))),
                        new AnnounceConfig(12, 11 * SECOND, 13 * SECOND, 14), TrackingConfig.of(
                                new TrackRef(TrackerId.script("chk"), -4),
                                new TrackRef(TrackerId.networkInterface("eth1"), 0),
                                new TrackRef(TrackerId.networkInterface("eth2"), 15)))),
                config.instances());
        RealServer first = RealServer.of(ip("192.0.2.12"), 80, 27, ForwardingMethod.TUN);
        RealServer second = RealServer.of(ip("192.0.2.11"), 80, 18, ForwardingMethod.TUN);
        CheckTiming timing =
                new CheckTiming(49 * SECOND, 9 * SECOND, 20 * SECOND, 30 * SECOND, 0, 22 * SECOND, 23, 24, 25 * SECOND,
                        true, 31 * SECOND, 32 * SECOND);
        ServiceConfig service = config.services().getFirst();
        assertEquals(
                new VirtualServer("web", List.of(ServiceKey.of(Protocol.SCTP, ip("192.0.2.20"), 80)),
                        new Scheduling("mh", "", 0, 16, 17, ""),
                        List.of(RealServer.of(ip("192.0.2.9"), 26, 34, ForwardingMethod.NAT)),
                        List.of(first, second)),
                service.server());
        InetSocketAddress web = new InetSocketAddress(ip("192.0.2.11"), 28);
        assertEquals(
                new PoolConfig("web",
                        List.of(new Member("192.0.2.12:80", 27, List.of(new CheckConfig(new ProbeConfig.Tcp(
                                        Route.to(new InetSocketAddress(ip("192.0.2.12"), 80)), Optional.empty()),
                                        timing))),
                                new Member("192.0.2.11:80", 18, List.of(new CheckConfig(
                                        http(web, "/x", Optional.of("h"), new StatusRange(200, 200),
                                                new StatusRange(301, 302)),
                                        timing)))),
                        List.of(new Member("192.0.2.9:26", 34, List.of())), 17, 16, true, 59, 33 * SECOND),
                service.pool());
    }

    @Test
    void shouldInheritTimingInwards() {
        VipdConfig config = load("""
                virtual_servers:
                  web:
                    address: "[2001:db8::1]:80"
                    delay_loop: 2s
                    retry: 5
                    real_servers:
                      - address: 2001:db8::11
                        retry: 6
                        rise: 2
                        checks: [ { tcp: { rise: 3 } }, { tcp: { connect_ip: 192.0.2.5, connect_port: 22 } } ]
                      - { address: "[2001:db8::12]:8080", checks: [ { tcp: {} } ] }
                """);
        ServiceConfig service = config.services().getFirst();
        assertEquals(128, service.server().scheduling().prefix());
        assertEquals(List.of("[2001:db8::11]:80", "[2001:db8::12]:8080"),
                service.pool().members().stream().map(Member::id).toList());
        List<CheckConfig> checks = service.pool().members().stream().flatMap(m -> m.checks().stream()).toList();
        assertEquals(new CheckTiming(2 * SECOND, 5 * SECOND, 6, SECOND, 3, 1, 2 * SECOND, false),
                checks.get(0).timing());
        assertEquals(2, checks.get(1).timing().rise());
        assertEquals("192.0.2.5:22", checks.get(1).probe().target());
        assertEquals(new CheckTiming(2 * SECOND, 5 * SECOND, 5, SECOND, 1, 1, 2 * SECOND, false),
                checks.get(2).timing());
        assertEquals(new ProbeConfig.Tcp(Route.to(new InetSocketAddress(ip("2001:db8::12"), 8080)), Optional.empty()),
                checks.get(2).probe());
    }

    @Test
    void shouldGiveTheScriptsWeightToWhoNamesNone() {
        VipdConfig config = load("""
                vrrp_scripts: { a: { script: a, weight: 5 }, b: { script: b, weight: 5 } }
                vrrp_instances:
                  VI_1: { interface: eth0, virtual_router_id: 51, virtual_ipaddress: [ 192.0.2.1 ],
                          track_script: [ a, { name: b, weight: -7 } ] }
                """);
        assertEquals(
                List.of(new TrackRef(TrackerId.script("a"), 5), new TrackRef(TrackerId.script("b"), -7)),
                config.instances().getFirst().tracking().tracks());
    }

    @Test
    void shouldTakePortZeroWithPersistence() {
        VipdConfig config = load("""
                virtual_servers:
                  all:
                    address: 192.0.2.1:0
                    lb_kind: dr
                    persistence_timeout: 5m
                    real_servers: [ { address: 192.0.2.11, checks: [ { tcp: { connect_port: 80 } } ] } ]
                """);
        assertEquals(0, config.services().getFirst().server().realServers().getFirst().port());
        assertEquals(300, config.services().getFirst().server().scheduling().persistenceSec());
    }

    @Test
    void shouldReportWhatKeepsAFileFromBeingRead() throws IOException {
        Path file = dir.resolve("v.yaml");
        assertEquals(file + ":1:1: no such file; check the path", only(file));
        assertEquals(dir + ":1:1: is a directory; give the configuration file itself", only(dir));
        Files.writeString(file, "");
        assertEquals(file + ":1:1: is empty; give vrrp_instances or virtual_servers", only(file));
        Files.writeString(file, "# only a comment\n");
        assertEquals(file + ":1:1: is empty; give vrrp_instances or virtual_servers", only(file));
        Files.write(file, "global:\n  router_id: lb\u00e4\n".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(file + ":2:16: is not UTF-8 text from here on; save it as UTF-8", only(file));
        Files.write(file, new byte[] {'a', (byte) 0xc3});
        assertEquals(file + ":1:2: is not UTF-8 text from here on; save it as UTF-8", only(file));
        Files.write(file, new byte[ConfigLoader.MAX_BYTES + 1]);
        assertEquals(file + ":1:1: is larger than 4194304 bytes; is it the right file?", only(file));
        Path notADirectory = file.resolve("v.yaml");
        assertEquals(notADirectory + ":1:1: can't be read: Not a directory", only(notADirectory));
    }

    private static String only(Path file) {
        ConfigResult result = ConfigLoader.load(file);
        assertTrue(result.config().isEmpty());
        assertEquals(1, result.findings().size(), () -> result.findings().toString());
        return result.findings().getFirst().toString();
    }

    @Test
    void shouldIgnoreAByteOrderMarkAndCountColumnsInCodePoints() {
        String yaml = "\uFEFFglobal: { router_id: \"\uD83D\uDE00\", x: 1 }";
        List<Finding> findings = ConfigLoader.load(yaml, "f").findings();
        assertEquals(List.of(22, 27), findings.stream().map(Finding::column).toList(), findings::toString);
    }

    @Test
    void shouldBoundTheNumberOfFindings() {
        StringBuilder yaml = new StringBuilder("global:\n");
        for (int i = 0; i < Findings.MAX + 20; i++) {
            yaml.append("  unknown_").append(i).append(": 1\n");
        }
        ConfigResult result = ConfigLoader.load(yaml.toString(), "f");
        assertEquals(Findings.MAX + 1, result.findings().size());
        assertEquals("f:501:3: 20 more findings are not shown; correct these first",
                result.findings().getLast().toString());
    }

    @Test
    void shouldBoundAliases() {
        StringBuilder yaml = new StringBuilder("a: &a [ 1 ]\nb: [ ");
        yaml.repeat("*a, ", 300);
        Finding finding = ConfigLoader.load(yaml + "*a ]", "f").findings().getFirst();
        assertEquals("not valid YAML: Number of aliases for non-scalar nodes exceeds the specified max=200",
                finding.message());
    }

    static Stream<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void shouldLoadTheExampleWithoutAFinding(Path file) {
        ConfigResult result = ConfigLoader.load(file);
        assertEquals(List.of(), result.findings());
        assertTrue(result.config().isPresent());
    }

    @Test
    void shouldHaveAPairThatDiffersInNameAndPriorityOnly() {
        VipdConfig first = ConfigLoader.load(EXAMPLES.resolve("pair-lb1.yaml")).config().orElseThrow();
        VipdConfig second = ConfigLoader.load(EXAMPLES.resolve("pair-lb2.yaml")).config().orElseThrow();
        assertEquals(first.services(), second.services());
        assertEquals(first.trackers(), second.trackers());
        VirtualRouterConfig one = first.instances().getFirst();
        VirtualRouterConfig two = second.instances().getFirst();
        assertTrue(one.priority() > two.priority());
        assertEquals(one.addresses(), two.addresses());
        assertEquals(one.virtualRouterId(), two.virtualRouterId());
        assertFalse(first.global().routerId().equals(second.global().routerId()));
    }

    /** Characters that mean something to YAML or to the binder, so that mutations get past the scanner. */
    private static final String ALPHABET = "{}[],:&*#?|-<>=!%@`'\"\\ \t\n~/.0129aeinos_x\u0000\u0085\uFEFF\uD800\u00e4";

    @ParameterizedTest
    @MethodSource("examples")
    void shouldNeverThrowOnAMutatedFile(Path file) throws IOException {
        String original = Files.readString(file);
        Random random = new Random(20261121);
        int refused = 0;
        for (int run = 0; run < 600; run++) {
            StringBuilder text = new StringBuilder(original);
            for (int edits = 1 + random.nextInt(6); edits > 0 && !text.isEmpty(); edits--) {
                int at = random.nextInt(text.length());
                int end = Math.min(text.length(), at + random.nextInt(12));
                switch (random.nextInt(4)) {
                    case 0 -> text.delete(at, end);
                    case 1 -> text.insert(at, ALPHABET.charAt(random.nextInt(ALPHABET.length())));
                    case 2 -> text.setCharAt(at, ALPHABET.charAt(random.nextInt(ALPHABET.length())));
                    default -> text.insert(random.nextInt(text.length()), text.substring(at, end));
                }
            }
            ConfigResult result = ConfigLoader.load(text.toString(), "f");
            boolean errors = result.errors() > 0;
            assertEquals(errors, result.config().isEmpty(), text::toString);
            refused += errors ? 1 : 0;
            for (Finding finding : result.findings()) {
                assertTrue(finding.line() >= 1 && finding.column() >= 1, finding::toString);
                assertTrue(finding.toString().chars().noneMatch(Character::isISOControl), finding::toString);
            }
        }
        assertTrue(refused > 120, "refused: " + refused);
    }
}
