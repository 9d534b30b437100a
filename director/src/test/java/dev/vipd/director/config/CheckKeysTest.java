package dev.vipd.director.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckTiming;
import dev.vipd.healthcheck.HttpRequest;
import dev.vipd.healthcheck.HttpRequest.BodyRule;
import dev.vipd.healthcheck.HttpRequest.Header;
import dev.vipd.healthcheck.HttpRequest.StatusRange;
import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.healthcheck.ProbeConfig.HttpVersion;
import dev.vipd.healthcheck.Route;
import dev.vipd.healthcheck.TlsConfig;
import dev.vipd.healthcheck.TlsConfig.ClientCert;
import dev.vipd.healthcheck.pool.PoolConfig.Member;
import dev.vipd.netlink.script.RunAs;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the keys of each kind of check become. */
class CheckKeysTest {
    private static final long SECOND = 1_000_000_000L;
    private static final InetAddress SERVER = InetAddress.ofLiteral("192.0.2.11");
    private static final Route STRAIGHT = Route.to(new InetSocketAddress(SERVER, 80));
    private static final TlsConfig PLAIN_TLS =
            new TlsConfig(Optional.empty(), true, Optional.empty(), Optional.empty(), 14);

    private static VipdConfig load(String yaml) {
        ConfigResult result = ConfigLoader.load(yaml, "f");
        return result.config().orElseThrow(() -> new AssertionError(result.findings()));
    }

    private static List<Member> members(String serviceKeys) {
        return load("virtual_servers: { web: { address: \"192.0.2.1:80\", " + serviceKeys + " } }")
                .services().getFirst().pool().members();
    }

    private static CheckConfig check(String check) {
        return members("real_servers: [ { address: 192.0.2.11, checks: [ { " + check + " } ] } ]")
                .getFirst().checks().getFirst();
    }

    private static HttpRequest get(String path) {
        return new HttpRequest("GET", path, Optional.empty(), List.of(), "", List.of(new StatusRange(200, 299)),
                List.of(), 0);
    }

    private static ProbeConfig.Http http(Optional<TlsConfig> tls, HttpVersion version, HttpRequest... requests) {
        return new ProbeConfig.Http(STRAIGHT, tls, version, false, List.of(requests));
    }

    private static TlsConfig named(String name) {
        return new TlsConfig(Optional.of(name), true, Optional.empty(), Optional.empty(), 14);
    }

    static Stream<Arguments> probes() {
        InetSocketAddress port7 = new InetSocketAddress(SERVER, 7);
        return Stream.of(
                Arguments.of("tcp:", new ProbeConfig.Tcp(STRAIGHT, Optional.empty())),
                Arguments.of("tcp: { send: \"a\\r\\n\" }", new ProbeConfig.Tcp(STRAIGHT, Optional.of(
                        new ProbeConfig.Exchange("a\r\n", Optional.empty())))),
                Arguments.of("tcp: { expect: ^ok }", new ProbeConfig.Tcp(STRAIGHT, Optional.of(
                        new ProbeConfig.Exchange("", Optional.of("^ok"))))),
                Arguments.of("http:", http(Optional.empty(), HttpVersion.HTTP_1_1, get("/"))),
                Arguments.of("https: { sni: off }", http(Optional.of(PLAIN_TLS), HttpVersion.HTTP_1_1, get("/"))),
                Arguments.of("https: { sni: a.example.org, http_protocol: 2, path: /x }",
                        http(Optional.of(named("a.example.org")), HttpVersion.HTTP_2, get("/x"))),
                Arguments.of("https: { verify: none, certificate: /c, key: /k, expiry_warning: 0 }",
                        http(Optional.of(new TlsConfig(Optional.empty(), false, Optional.empty(),
                                Optional.of(new ClientCert("/c", "/k")), 0)), HttpVersion.HTTP_1_1, get("/"))),
                Arguments.of("grpc:", new ProbeConfig.Grpc(STRAIGHT, Optional.empty(), "", Optional.empty())),
                Arguments.of("grpc: { service: a.B, virtualhost: b.example.org, tls: true }", new ProbeConfig.Grpc(
                        STRAIGHT, Optional.of(named("b.example.org")), "a.B", Optional.of("b.example.org"))),
                Arguments.of("smtp:", new ProbeConfig.Smtp(STRAIGHT, "localhost", Optional.empty())),
                Arguments.of("smtp: { helo_name: me, starttls: { sni: off } }",
                        new ProbeConfig.Smtp(STRAIGHT, "me", Optional.of(PLAIN_TLS))),
                Arguments.of("dns:", new ProbeConfig.Dns(STRAIGHT, false, "", 6, List.of(0), List.of())),
                Arguments.of("dns: { name: example.org., type: aaaa, answer: \"2001:db8::1\", transport: tcp }",
                        new ProbeConfig.Dns(
                                STRAIGHT, true, "example.org", 28, List.of(0), List.of("2001:db8:0:0:0:0:0:1"))),
                Arguments.of("dns: { name: \".\", type: MX, rcode: [ 0, nxdomain ], answer: 10 mail.example.org }",
                        new ProbeConfig.Dns(STRAIGHT, false, "", 15, List.of(0, 3), List.of("10 mail.example.org"))),
                Arguments.of("udp:", new ProbeConfig.Udp(STRAIGHT, "", false, "", 0, 255)),
                Arguments.of("udp: { payload: 00 FF, require_reply: 01Xx, min_reply_length: 300 }",
                        new ProbeConfig.Udp(STRAIGHT, "00ff", true, "01xx", 300, 300)),
                Arguments.of("udp: { require_reply: true }",
                        new ProbeConfig.Udp(STRAIGHT, "", true, "", 0, 255)),
                Arguments.of("ping:", new ProbeConfig.Ping(Route.to(new InetSocketAddress(SERVER, 0)))),
                Arguments.of("script: { command: a 'b c', user: u g }", new ProbeConfig.Script(
                        List.of("a", "b c"), Optional.of(new RunAs("u", Optional.of("g"))), false)),
                Arguments.of("file: { path: /run/x }", new ProbeConfig.File("/run/x", false)),
                Arguments.of("agent: { connect_port: 7 }", new ProbeConfig.Agent(Route.to(port7), "")),
                Arguments.of("tcp: { connect_port: 7, bindto: 192.0.2.5, bind_port: 9, bind_if: eth0, fwmark: 0x10 }",
                        new ProbeConfig.Tcp(new Route(port7, Optional.of(InetAddress.ofLiteral("192.0.2.5")), 9,
                                Optional.of("eth0"), 16), Optional.empty())));
    }

    @ParameterizedTest
    @MethodSource("probes")
    void shouldBe(String yaml, ProbeConfig expected) {
        assertEquals(expected, check(yaml).probe());
    }

    @Test
    void shouldHaveTheTimesOfItsKind() {
        CheckTiming usual = new CheckTiming(5 * SECOND, 5 * SECOND, 1, SECOND, 1, 1, 5 * SECOND, false);
        for (String kind : List.of("tcp:", "grpc:", "smtp:", "udp:", "ping:", "agent: { connect_port: 1 }",
                "file: { path: /x }")) {
            assertEquals(usual, check(kind).timing(), kind);
        }
        CheckTiming http = new CheckTiming(5 * SECOND, 5 * SECOND, 1, 3 * SECOND, 1, 1, 5 * SECOND, false);
        assertEquals(http, check("http:").timing());
        assertEquals(http, check("https: { verify: none }").timing());
        assertEquals(new CheckTiming(7 * SECOND, 5 * SECOND, 3, 7 * SECOND, 1, 1, 7 * SECOND, false),
                check("dns: { delay_loop: 7s }").timing());
        assertEquals(new CheckTiming(7 * SECOND, 0, 5 * SECOND, 7 * SECOND, 0, SECOND, 1, 1, 7 * SECOND, false, 0, 0),
                check("script: { command: a, delay_loop: 7s }").timing());
    }

    @Test
    void shouldDeriveOneTimeFromAnother() {
        CheckTiming timing = check("tcp: { connect_timeout: 2s, fast_interval: 1s, hold_down: 3s }").timing();
        assertEquals(2 * SECOND, timing.timeoutNs());
        assertEquals(SECOND, timing.fastIntervalNs());
        assertEquals(48 * SECOND, timing.holdDownNsMax());
        CheckTiming off = members("fast_interval: 1s, hold_down: 3s, real_servers: [ { address: 192.0.2.11,"
                + " checks: [ { tcp: { fast_interval: off, hold_down: 0 } } ] } ]")
                .getFirst().checks().getFirst().timing();
        assertEquals(0, off.fastIntervalNs() + off.holdDownNs() + off.holdDownNsMax());
    }

    @Test
    void shouldTakeAllThatARequestCanSay() {
        String yaml = """
                http: { virtualhost: www.example.org, urls: [
                  { path: /a, method: post, headers: { X-A: "b c", X-B: d }, body: "{}", status: [ 201, 400-499 ],
                    regex: [ a, b ], regex_no_match: c, digest: D41D8CD98F00B204E9800998ECF8427E,
                    json: { /s: ok, /n: 1, /null: null, /any: }, redirects: 2 },
                  { virtualhost: other, digest: "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709", json: [ /x, /y ] } ] }
                """;
        HttpRequest first = new HttpRequest("POST", "/a", Optional.of("www.example.org"),
                List.of(new Header("X-A", "b c"), new Header("X-B", "d")), "{}",
                List.of(new StatusRange(201, 201), new StatusRange(400, 499)),
                List.of(new BodyRule.Regex("a", true), new BodyRule.Regex("b", true), new BodyRule.Regex("c", false),
                        new BodyRule.Digest("MD5", "d41d8cd98f00b204e9800998ecf8427e"),
                        new BodyRule.Json("/s", Optional.of("ok")), new BodyRule.Json("/n", Optional.of("1")),
                        new BodyRule.Json("/null", Optional.of("null")), new BodyRule.Json("/any", Optional.empty())),
                2);
        HttpRequest second = new HttpRequest("GET", "/", Optional.of("other"), List.of(), "",
                List.of(new StatusRange(200, 299)),
                List.of(new BodyRule.Digest("SHA-1", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
                        new BodyRule.Json("/x", Optional.empty()), new BodyRule.Json("/y", Optional.empty())),
                0);
        assertEquals(List.of(first, second), ((ProbeConfig.Http) check(yaml).probe()).requests());
    }

    @Test
    void shouldGiveTheVirtualHostToWhoHasNone() {
        List<Member> members = members("""
                virtualhost: a.example.org,
                checks: [ { https: }, { grpc: { tls: true } }, { http: { virtualhost: c } } ],
                real_servers: [ { address: 192.0.2.11 }, { address: 192.0.2.12, virtualhost: "b.example.org:443" } ]
                """);
        List<String> hosts = members.stream().flatMap(m -> m.checks().stream()).map(CheckConfig::probe)
                .map(probe -> switch (probe) {
                    case ProbeConfig.Http h -> h.requests().getFirst().virtualHost().orElse("") + " "
                            + h.tls().flatMap(TlsConfig::serverName).orElse("");
                    case ProbeConfig.Grpc g -> g.authority().orElse("") + " "
                            + g.tls().flatMap(TlsConfig::serverName).orElse("");
                    case ProbeConfig other -> other.kind();
                })
                .toList();
        assertEquals(
                List.of("a.example.org a.example.org", "a.example.org a.example.org", "c ",
                        "b.example.org:443 b.example.org", "b.example.org:443 b.example.org", "c "),
                hosts);
    }

    @Test
    void shouldCheckAllByTheChecksOfTheService() {
        List<Member> members = members("""
                delay_loop: 2s, checks: [ { tcp: { rise: 3 } } ], real_servers: [
                  { address: 192.0.2.11 }, { address: "192.0.2.12:81", delay_loop: 4s },
                  { address: 192.0.2.13, checks: [ { ping: } ] }, { address: 192.0.2.14, checks: [] } ]
                """);
        CheckTiming inner = members.get(1).checks().getFirst().timing();
        assertEquals(2 * SECOND, members.get(0).checks().getFirst().timing().delayLoopNs());
        assertEquals("192.0.2.11:80", members.get(0).checks().getFirst().probe().target());
        assertEquals("4000000000 3", inner.delayLoopNs() + " " + inner.rise());
        assertEquals("192.0.2.12:81", members.get(1).checks().getFirst().probe().target());
        assertEquals("ping", members.get(2).checks().getFirst().kind());
        assertEquals(List.of(), members.get(3).checks());
    }

    @Test
    void shouldCheckASorryServerOnlyByItsOwnChecks() {
        List<Member> sorry = load("""
                virtual_servers: { web: { address: "192.0.2.1:80", rise: 2, checks: [ { tcp: } ],
                  real_servers: [ { address: 192.0.2.11 } ],
                  sorry_servers: [ { address: 192.0.2.8 }, { address: 192.0.2.9, checks: [ { ping: } ] } ] } }
                """).services().getFirst().pool().sorryServers();
        assertEquals(List.of(), sorry.get(0).checks());
        assertEquals(2, sorry.get(1).checks().getFirst().timing().rise());
    }

    @Test
    void shouldShareWhatIsEqual() {
        List<Member> members = members("real_servers: [ "
                + "{ address: 192.0.2.11, checks: [ { https: { path: /x, virtualhost: a.b, rise: 2 } } ] }, "
                + "{ address: 192.0.2.12, checks: [ { https: { path: /x, virtualhost: a.b, rise: 2 } } ] } ]");
        CheckConfig one = members.get(0).checks().getFirst();
        CheckConfig other = members.get(1).checks().getFirst();
        assertSame(one.timing(), other.timing());
        assertSame(((ProbeConfig.Http) one.probe()).requests(), ((ProbeConfig.Http) other.probe()).requests());
        assertSame(((ProbeConfig.Http) one.probe()).tls().get(), ((ProbeConfig.Http) other.probe()).tls().get());
    }

    @Test
    void shouldKnowWhereFilesAreNamed() {
        String check = "{ https: { verify: full, sni: a, ca: /ca.pem, certificate: /c.pem, key: /k.pem } },"
                + " { script: { command: /check.sh a } }";
        VipdConfig config = load("virtual_servers:\n  web:\n    address: 192.0.2.1:80\n    real_servers:\n"
                + "      - { address: 192.0.2.11, checks: [ " + check + " ] }\n"
                + "      - { address: 192.0.2.12, checks: [ " + check + " ] }\n"
                + "    quorum_up: { script: /up.sh }\n");
        HostFiles files = config.files();
        String path = "virtual_servers.web.real_servers[0].checks";
        assertEquals(
                List.of(new HostFiles.Script(new HostFiles.Place("virtual_servers.web.quorum_up.script",
                                new Position(7, 26)), List.of("/up.sh"), Optional.empty()),
                        new HostFiles.Script(new HostFiles.Place(path + "[1].script.command", new Position(5, 147)),
                                List.of("/check.sh", "a"), Optional.empty())),
                files.scripts());
        assertEquals(List.of(new HostFiles.Authorities(
                new HostFiles.Place(path + "[0].https.ca", new Position(5, 79)), "/ca.pem")), files.authorities());
        assertEquals(List.of(new HostFiles.Pair(
                        new HostFiles.Place(path + "[0].https.certificate", new Position(5, 101)),
                        new HostFiles.Place(path + "[0].https.key", new Position(5, 114)),
                        new ClientCert("/c.pem", "/k.pem"))),
                files.pairs());
    }

    @Test
    void shouldLoadTenThousandRealServers() {
        StringBuilder yaml = new StringBuilder("virtual_servers:\n  web:\n    address: 192.0.2.1:80\n"
                + "    real_servers:\n");
        IntStream.range(0, 10_000).forEach(i -> yaml.append("      - { address: \"10.1.").append(i / 100 % 100)
                .append('.').append(i % 100 + 1).append(":80\", checks: [ { http: { path: /health } } ] }\n"));
        ConfigResult result = ConfigLoader.load(yaml.toString(), "f");
        assertEquals(List.of(), result.findings());
        assertTrue(result.config().isPresent());
        assertEquals(10_000, result.config().get().services().getFirst().pool().members().size());
    }
}
