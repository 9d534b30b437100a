package dev.vipd.healthcheck.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.healthcheck.CheckOutcome;
import dev.vipd.healthcheck.HttpRequest;
import dev.vipd.healthcheck.HttpRequest.BodyRule;
import dev.vipd.healthcheck.HttpRequest.StatusRange;
import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.healthcheck.ProbeConfig.HttpVersion;
import dev.vipd.healthcheck.Route;
import dev.vipd.healthcheck.dialogue.Dialogue;
import dev.vipd.healthcheck.dialogue.Step;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Probes over plain TCP, against servers on loopback. */
class TcpClientTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n";

    private static ProbeConfig.Http http(Route route, boolean keepAlive, String body) {
        return new ProbeConfig.Http(
                route, Optional.empty(), HttpVersion.HTTP_1_1, keepAlive, List.of(request(body)));
    }

    private static ProbeConfig.Http http(Route route, HttpRequest... requests) {
        return new ProbeConfig.Http(route, Optional.empty(), HttpVersion.HTTP_1_1, true, List.of(requests));
    }

    private static HttpRequest request(String body, BodyRule... rules) {
        return new HttpRequest(body.isEmpty() ? "GET" : "POST", "/health", Optional.empty(), List.of(), body,
                List.of(new StatusRange(200, 299)), List.of(rules), 0);
    }

    private static String once(ProbeConfig config) throws Exception {
        return ProbeTester.once(Probes.of(config)).text();
    }

    @Test
    void passesWhenTheAnswerIsAsWanted() throws Exception {
        try (TestServer server = new TestServer(TestServer.answers(OK))) {
            assertEquals("passed", once(http(server.route(), false, "")));
            assertEquals("passed", once(new ProbeConfig.Tcp(server.route(), Optional.empty())));
        }
    }

    @Test
    void saysHowTheConnectionFailed() throws Exception {
        Route nobody;
        try (TestServer server = new TestServer(TestServer::hang)) {
            nobody = server.route();
        }
        assertEquals("connect refused", once(http(nobody, false, "")));
        assertEquals("connect refused", once(new ProbeConfig.Tcp(nobody, Optional.empty())));
        try (TestServer server = new TestServer(socket -> socket.setSoLinger(true, 0))) {
            String text = once(http(server.route(), false, ""));
            assertTrue(List.of("connection reset", "connection closed before a response").contains(text), text);
        }
    }

    @Test
    void saysWhatWasMissingWhenTheTimeWasUp() throws Exception {
        try (TestServer mute = new TestServer(TestServer::hang);
                TestServer slow = new TestServer(TestServer.sends("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\no"))) {
            assertEquals("first byte timed out after 100ms",
                    ProbeTester.once(Probes.of(http(mute.route(), false, "")), 100).text());
            assertEquals("body timed out after 100ms",
                    ProbeTester.once(Probes.of(http(slow.route(), false, "")), 100).text());
        }
    }

    @Test
    void dribbledBytesDoNotStretchTheDeadline() throws Exception {
        try (TestServer dribbling = new TestServer(socket -> {
            OutputStream out = socket.getOutputStream();
            for (long i = 0; ; i++) {
                out.write((i == 0 ? "HTTP/1.1 200 OK\r\nX: " : "x").getBytes(ISO_8859_1));
                out.flush();
                socket.setSoTimeout(5);
                TestServer.readHeader(socket.getInputStream().available() > 0 ? socket.getInputStream()
                        : new java.io.ByteArrayInputStream(new byte[0]));
            }
        })) {
            long beforeNs = System.nanoTime();
            CheckOutcome outcome = ProbeTester.once(Probes.of(http(dribbling.route(), false, "")), 200);
            assertTrue(outcome instanceof CheckOutcome.Failed, outcome.text());
            assertTrue(System.nanoTime() - beforeNs < 5_000_000_000L);
        }
    }

    @Test
    void aKeptConnectionCarriesTheNextProbe() throws Exception {
        try (TestServer server = new TestServer(TestServer.answers(OK));
                ProbeTester tester = new ProbeTester()) {
            Probe probe = Probes.of(http(server.route(), true, ""));
            for (int i = 0; i < 3; i++) {
                assertEquals("passed", tester.run(probe).text());
            }
            assertEquals(1, server.connections());
            tester.onLoop(probe::close);
        }
    }

    @Test
    void aKeptConnectionThatTheServerHasClosedIsReplaced() throws Exception {
        try (TestServer server = new TestServer(TestServer.answers(OK));
                ProbeTester tester = new ProbeTester()) {
            Probe probe = Probes.of(http(server.route(), true, ""));
            assertEquals("passed", tester.run(probe).text());
            server.closeConnections();
            assertEquals("passed", tester.run(probe).text());
            assertEquals(2, server.connections());
            tester.onLoop(probe::close);
        }
    }

    @Test
    void aRequestThatDoesNotFitTheSocketIsSentByAndBy() throws Exception {
        int length = 4_000_000;
        try (TestServer server = new TestServer(socket -> {
            TestServer.readHeader(socket.getInputStream());
            socket.getInputStream().readNBytes(length);
            socket.getOutputStream().write(OK.getBytes(ISO_8859_1));
            TestServer.hang(socket);
        })) {
            assertEquals("passed", once(http(server.route(), false, "x".repeat(length))));
        }
    }

    @Test
    void theNextRequestWaitsForTheRestOfTheOneBefore() throws Exception {
        int length = 8_000_000;
        try (TestServer server = new TestServer(socket -> {
            TestServer.readHeader(socket.getInputStream());
            socket.getOutputStream().write(OK.getBytes(ISO_8859_1)); // before it has all of the request
            socket.getOutputStream().flush();
            socket.getInputStream().readNBytes(length);
            TestServer.answers(OK).serve(socket);
        })) {
            assertEquals("passed", once(http(server.route(), request("x".repeat(length)), request(""))));
            assertEquals(1, server.connections());
        }
    }

    @Test
    void aConnectionWithSomethingUnsentIsNotKept() throws Exception {
        try (TestServer server = new TestServer(socket -> {
            TestServer.readHeader(socket.getInputStream());
            socket.getOutputStream().write(OK.getBytes(ISO_8859_1));
            new CountDownLatch(1).await(); // does not want the rest
        }); ProbeTester tester = new ProbeTester()) {
            Probe probe = Probes.of(http(server.route(), request("x".repeat(8_000_000))));
            assertEquals("passed", tester.run(probe).text());
            assertEquals("passed", tester.run(probe).text());
            assertEquals(2, server.connections());
        }
    }

    @Test
    void aServerThatFloodsHoldsUpNeitherTheDeadlineNorOtherChecks() throws Exception {
        byte[] flood = new byte[1 << 20];
        BodyRule[] slow = new BodyRule[8]; // slower than the flood
        Arrays.fill(slow, new BodyRule.Digest("SHA-256", "0".repeat(64)));
        try (TestServer server = new TestServer(socket -> {
            TestServer.readHeader(socket.getInputStream());
            socket.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
            while (true) {
                socket.getOutputStream().write(flood);
            }
        })) {
            assertEquals("body timed out after 300ms",
                    ProbeTester.once(Probes.of(http(server.route(), request("", slow))), 300).text());
        }
    }

    @Test
    void aDefectOfOursIsALocalFault() throws Exception {
        Dialogue broken = new Dialogue() {
            @Override
            public Step begin() {
                return Step.WAIT;
            }

            @Override
            public Step on(ByteBuffer data) {
                throw new IllegalStateException("defect");
            }

            @Override
            public Step onEnd() {
                return Step.PASSED;
            }

            @Override
            public String awaited() {
                return "first byte";
            }
        };
        try (TestServer server = new TestServer(TestServer.sends("hello"))) {
            Probe probe = new StreamProbe(new TcpClient(server.route(), false), () -> broken);
            assertEquals("local fault: the probe failed: java.lang.IllegalStateException: defect",
                    ProbeTester.once(probe, 2000).text());
        }
    }

    @Test
    void aServerIsNotBlamedForAStallWithinTheTime() throws Exception {
        try (TestServer mute = new TestServer(TestServer::hang);
                ProbeTester tester = new ProbeTester()) {
            Probe probe = Probes.of(http(mute.route(), false, ""));
            assertEquals("local fault: checks stalled for most of 600ms",
                    tester.runStalled(probe, 600, 500).text());
        }
    }

    @Test
    void aSourceAddressThatIsNotOursIsALocalFault() throws Exception {
        Route route = new Route(new InetSocketAddress(TestServer.LOOPBACK, 1),
                Optional.of(InetAddress.ofLiteral("192.0.2.77")), 0, Optional.empty(), 0);
        assertEquals("local fault: no source address or port", once(new ProbeConfig.Tcp(route, Optional.empty())));
    }

    @Test
    void anInterfaceThatIsNotThereIsALocalFault() throws Exception {
        Route route = new Route(new InetSocketAddress(TestServer.LOOPBACK, 1),
                Optional.empty(), 0, Optional.of("vipd-none0"), 0);
        String text = once(new ProbeConfig.Tcp(route, Optional.empty()));
        assertTrue(text.equals("local fault: no such interface")
                || text.equals("local fault: operation not permitted"), text);
    }

    @Test
    void sendsAndExpects() throws Exception {
        try (TestServer server = new TestServer(socket -> {
            if (socket.getInputStream().read() == 'P') {
                socket.getOutputStream().write("+PONG\r\n".getBytes(ISO_8859_1));
            }
            TestServer.hang(socket);
        })) {
            ProbeConfig.Exchange good = new ProbeConfig.Exchange("PING\r\n", Optional.of("\\+PONG"));
            assertEquals("passed", once(new ProbeConfig.Tcp(server.route(), Optional.of(good))));
        }
    }
}
