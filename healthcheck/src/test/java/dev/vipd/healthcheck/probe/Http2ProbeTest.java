package dev.vipd.healthcheck.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.healthcheck.CheckOutcome;
import dev.vipd.healthcheck.HttpRequest;
import dev.vipd.healthcheck.HttpRequest.BodyRule;
import dev.vipd.healthcheck.HttpRequest.Header;
import dev.vipd.healthcheck.HttpRequest.StatusRange;
import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.healthcheck.ProbeConfig.HttpVersion;
import dev.vipd.healthcheck.Route;
import dev.vipd.healthcheck.TlsConfig;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 against servers on loopback. */
class Http2ProbeTest {
    private static final String SETTINGS = "000000040000000000";

    private static HttpRequest get(String path, BodyRule... rules) {
        return new HttpRequest("GET", path, Optional.empty(), List.of(), "", List.of(new StatusRange(200, 299)),
                List.of(rules), 1);
    }

    private static Probe probe(Route route, Optional<TlsConfig> tls, boolean keepAlive, HttpRequest... requests) {
        return new Http2Probe(
                new ProbeConfig.Http(route, tls, HttpVersion.HTTP_2, keepAlive, List.of(requests)));
    }

    private static String once(Route route, HttpRequest... requests) throws Exception {
        CheckOutcome outcome = ProbeTester.once(probe(route, Optional.empty(), false, requests));
        assertTrue(!(outcome instanceof CheckOutcome.LocalFault), outcome.text());
        return outcome.text();
    }

    private static void ok(Http2Server.Request request) {
        request.fields(false, ":status", "200").data(true, "hello");
    }

    @Test
    void asksAsConfigured() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        HttpRequest post = new HttpRequest("POST", "/health?a=b", Optional.of("www.example.org"),
                List.of(new Header("X-Probe", "grüß"), new Header("Connection", "close")), "ping",
                List.of(new StatusRange(204, 204)), List.of(), 0);
        try (Http2Server server = new Http2Server(request -> {
            request.headers().forEach(field -> seen.add(field.getKey() + "=" + field.getValue()));
            seen.add(request.body());
            request.fields(true, ":status", "204");
        })) {
            assertEquals("passed", once(server.route(), post));
            assertEquals(Set.of(":method=POST", ":scheme=http", ":authority=www.example.org", ":path=/health?a=b",
                    "user-agent=vipd", "accept=*/*", "content-length=4", "x-probe=gr\u00c3\u00bc\u00c3\u009f",
                    "ping"), Set.copyOf(seen));
        }
    }

    @Test
    void agreesOnHttp2InsideTls(@TempDir Path folder) throws Exception {
        Certificates certificates = new Certificates(folder);
        TlsConfig trusting = certificates.trusting();
        TlsConfig warning =
                new TlsConfig(trusting.serverName(), true, trusting.caFile(), Optional.empty(), 60);
        try (Http2Server server = new Http2Server(
                certificates.context(certificates.server()), "h2", Http2ProbeTest::ok)) {
            Probe probe = probe(server.route(), Optional.of(trusting), false, get("/"));
            assertEquals("passed", ProbeTester.once(probe).text());
            probe = probe(server.route(), Optional.of(warning), false, get("/"));
            assertEquals("passed, certificate expires in 29 days", ProbeTester.once(probe).text());
        }
        for (String other : new String[] {"http/1.1", null}) {
            try (Http2Server server = new Http2Server(
                    certificates.context(certificates.server()), other, Http2ProbeTest::ok)) {
                Probe probe = probe(server.route(), Optional.of(trusting), false, get("/"));
                assertEquals("server does not speak h2", ProbeTester.once(probe).text());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'HTTP/1.1 400 Bad Request\r\n\r\n', server does not speak HTTP/2",
        "'220 mx ESMTP\r\n', server does not speak HTTP/2"
    })
    void aServerOfSomethingElseIsToldSo(String bytes, String reason) throws Exception {
        try (TestServer server = new TestServer(TestServer.sends(bytes))) {
            assertEquals(reason, once(server.route(), get("/")));
        }
    }

    @Test
    void theStatusDecides() throws Exception {
        try (Http2Server server = new Http2Server(request -> request
                .fields(false, ":status", "103", "link", "</a.css>")
                .fields(true, ":status", request.path().substring(1)))) {
            assertEquals("passed", once(server.route(), get("/204")));
            assertEquals("status 503, want 200-299", once(server.route(), get("/503")));
            assertEquals("status 503, want 200-299", once(server.route(), get("/200"), get("/503")));
            assertEquals("passed", once(server.route(), get("/200"), get("/201")));
        }
    }

    @Test
    void theBodyIsJudgedAsOverHttp1() throws Exception {
        BodyRule hello = new BodyRule.Regex("^he(l)+o$", true);
        try (Http2Server server = new Http2Server(request -> {
            if (request.path().equals("/long")) {
                request.fields(false, ":status", "200").data(true, "x".repeat(1024 * 1024 + 1));
            } else if (request.path().equals("/full")) {
                request.fields(false, ":status", "200").data(true, "x".repeat(1024 * 1024));
            } else if (request.path().equals("/said")) {
                request.fields(false, ":status", "200", "content-length", "9999999999");
            } else {
                request.fields(false, ":status", "200").data(false, "hel").data(false, "lo")
                        .fields(true, "x-trailer", "1");
            }
        })) {
            assertEquals("passed", once(server.route(), get("/", hello)));
            assertEquals("regex did not match the body", once(server.route(), get("/full", hello)));
            assertEquals("body longer than 1 MiB", once(server.route(), get("/long", hello)));
            assertEquals("body longer than 1 MiB", once(server.route(), get("/said", hello)));
            assertEquals("passed", once(server.route(), get("/long"), get("/", hello)));
            assertEquals(List.of(Http2Error.CANCEL.code()), server.resets(), "what is left of a body is not sent");
        }
    }

    @Test
    void redirectsAreFollowedOnTheSameConnection() throws Exception {
        try (Http2Server server = new Http2Server(request -> {
            switch (request.path()) {
                case "/old" -> request.fields(true, ":status", "301", "location", "/new");
                case "/new" -> request.fields(true, ":status", "200");
                default -> request.fields(true, ":status", "302", "location", request.path() + "x");
            }
        })) {
            assertEquals("passed", once(server.route(), get("/old")));
            assertEquals(1, server.connections());
            assertEquals("more than 1 redirect", once(server.route(), get("/ever")));
        }
    }

    @Test
    void keepsItsConnectionAndReplacesOneThatWasGivenUp() throws Exception {
        try (Http2Server server = new Http2Server(Http2ProbeTest::ok);
                ProbeTester tester = new ProbeTester()) {
            Probe probe = probe(server.route(), Optional.empty(), true, get("/"), get("/"));
            assertEquals("passed", tester.run(probe).text());
            assertEquals("passed", tester.run(probe).text());
            assertEquals(1, server.connections());
            server.closeConnections();
            assertEquals("passed", tester.run(probe).text());
            assertEquals(2, server.connections());
            server.writeToAll(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
            assertEquals("passed", tester.run(probe).text());
            assertEquals(3, server.connections());
            tester.onLoop(probe::close);
        }
    }

    @Test
    void aKeptConnectionThatRefusesIsReplacedOnce() throws Exception {
        List<Object> connections = new CopyOnWriteArrayList<>();
        try (Http2Server server = new Http2Server(request -> {
                    if (connections.contains(request.ctx().channel())) {
                        request.write(new DefaultHttp2ResetFrame(Http2Error.REFUSED_STREAM).stream(request.stream()));
                    } else {
                        connections.add(request.ctx().channel());
                        ok(request);
                    }
                });
                ProbeTester tester = new ProbeTester()) {
            Probe probe = probe(server.route(), Optional.empty(), true, get("/"));
            assertEquals("passed", tester.run(probe).text());
            assertEquals("passed", tester.run(probe).text());
            assertEquals(2, server.connections());
            tester.onLoop(probe::close);
        }
    }

    @Test
    void theServersRefusalsAreNamed() throws Exception {
        try (Http2Server server = new Http2Server(request -> {
            switch (request.path()) {
                case "/reset" -> request.write(
                        new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR).stream(request.stream()));
                case "/away" -> request.write(new DefaultHttp2GoAwayFrame(Http2Error.ENHANCE_YOUR_CALM));
                case "/closed" -> request.ctx().channel().unsafe().closeForcibly();
                case "/cut" -> request.fields(false, ":status", "200").ctx().channel().unsafe().closeForcibly();
                case "/long" -> request.fields(true, ":status", "200", "x", "x".repeat(17_000));
                case "/bomb" -> request.fields(true, ":status", "200", "x", "x".repeat(300_000));
                case "/short" -> request.fields(false, ":status", "200", "content-length", "9").data(true, "x");
                default -> request.fields(false, "no-status", "1");
            }
        })) {
            assertEquals("stream reset: INTERNAL_ERROR", once(server.route(), get("/reset")));
            assertEquals("connection given up by the server: ENHANCE_YOUR_CALM", once(server.route(), get("/away")));
            assertEquals("connection closed before a response", once(server.route(), get("/closed")));
            assertEquals("connection closed within the body", once(server.route(), get("/cut")));
            assertEquals("response header longer than 16 KiB", once(server.route(), get("/long")));
            assertEquals("response header longer than 16 KiB", once(server.route(), get("/bomb")));
            assertEquals("HTTP/2 fault: PROTOCOL_ERROR", once(server.route(), get("/short")));
            assertEquals("malformed response", once(server.route(), get("/else")));
        }
    }

    @Test
    void whatIsWaitedForIsNamedWhenTheTimeIsOver() throws Exception {
        try (Http2Server server = new Http2Server(request -> {
            if (request.path().equals("/body")) {
                request.fields(false, ":status", "200");
            }
        })) {
            Probe header = probe(server.route(), Optional.empty(), false, get("/"));
            assertEquals("first byte timed out after 400ms", ProbeTester.once(header, 400).text());
            Probe body = probe(server.route(), Optional.empty(), false, get("/body"));
            assertEquals("body timed out after 400ms", ProbeTester.once(body, 400).text());
        }
    }

    /** Frames without end: settings, pings, empty pieces of a header, a header without end. */
    @ParameterizedTest
    @ValueSource(strings = {
        "000006040000000000000100001000", "0000080600000000000000000000000000", "000000090000000001",
        "000000010000000001", "00000a0100000000010000000000000000000a"
    })
    void aFloodOfFramesCostsOneProbe(String frame) throws Exception {
        byte[] flood = HexFormat.of().parseHex(frame.repeat(1000));
        try (TestServer server = new TestServer(socket -> {
            socket.getOutputStream().write(HexFormat.of().parseHex(SETTINGS));
            flood(socket, flood);
        })) {
            Probe probe = probe(server.route(), Optional.empty(), false, get("/"));
            assertInstanceOf(CheckOutcome.Failed.class, ProbeTester.once(probe, 400));
        }
    }

    private static void flood(Socket socket, byte[] bytes) throws IOException {
        while (socket.isConnected()) {
            socket.getOutputStream().write(bytes);
        }
    }

    @Test
    void anyBytesMayFollowTheSettings() throws Exception {
        Random random = new Random(20261128);
        try (ProbeTester tester = new ProbeTester()) {
            for (int i = 0; i < 100; i++) {
                byte[] noise = new byte[64];
                random.nextBytes(noise);
                noise[0] = 0; // a length that the noise can fill
                noise[1] = 0;
                noise[2] &= 0x1f;
                noise[3] %= 10;
                try (TestServer server = new TestServer(socket -> {
                    socket.getOutputStream().write(HexFormat.of().parseHex(SETTINGS));
                    socket.getOutputStream().write(noise);
                    socket.shutdownOutput();
                    TestServer.hang(socket);
                })) {
                    CheckOutcome outcome = tester.run(probe(server.route(), Optional.empty(), false, get("/")), 1000);
                    assertInstanceOf(CheckOutcome.Failed.class, outcome, outcome.text());
                }
            }
        }
    }
}
