package dev.vipd.healthcheck.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.healthcheck.CheckOutcome;
import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.healthcheck.TlsConfig;
import dev.vipd.healthcheck.dialogue.SmtpDialogue;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server can do to TLS on the wire, and connections that are kept or secured later. */
class TlsWireTest {
    private static final TlsConfig ANY =
            new TlsConfig(Optional.of(Certificates.NAME), false, Optional.empty(), Optional.empty(), 0);

    private Certificates certificates;

    @BeforeEach
    void makeAnAuthority(@TempDir Path folder) throws Exception {
        certificates = new Certificates(folder);
    }

    private static Probe https(TestServer server, boolean keepAlive) {
        return TlsClientTest.https(server.route(), ANY, keepAlive, System::currentTimeMillis);
    }

    private static void assertFailed(String reason, CheckOutcome outcome) {
        assertEquals(reason, outcome.text());
        assertInstanceOf(CheckOutcome.Failed.class, outcome);
    }

    private SSLSocket secure(Socket socket, SSLContext context, boolean closesToo) throws Exception {
        SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(socket, null, 0, closesToo);
        secured.setUseClientMode(false);
        secured.startHandshake();
        return secured;
    }

    @ParameterizedTest
    @CsvSource({
        "TLS handshake failed: handshake_failure, 15030300020228",
        "TLS handshake failed: unrecognized_name, 15030300020270",
        "malformed TLS record, 48545450", // HTTP
        "malformed TLS record, 485454502f312e31203430302042616420526571756573740d0a0d0a",
        "malformed TLS record, 170303000141",
        "malformed TLS record, 1603030004ff000000",
        "TLS handshake failed: protocol_version, 16030300080200000400000000"
    })
    void whatIsNoHandshakeFailsWithAReason(String reason, String hex) throws Exception {
        String bytes = new String(HexFormat.of().parseHex(hex), ISO_8859_1);
        try (TestServer server = new TestServer(TestServer.sends(bytes + bytes))) {
            assertFailed(reason, ProbeTester.once(https(server, false)));
        }
    }

    @ParameterizedTest
    @CsvSource({"''", "16", "1603030050020000"})
    void aCloseWithinTheHandshakeFails(String hex) throws Exception {
        try (TestServer server = new TestServer(socket -> {
            socket.getInputStream().read(new byte[4096]);
            socket.getOutputStream().write(HexFormat.of().parseHex(hex));
        })) {
            assertFailed("connection closed within the TLS handshake", ProbeTester.once(https(server, false)));
        }
    }

    @Test
    void aResetWithinTheHandshakeFails() throws Exception {
        try (TestServer server = new TestServer(socket -> {
            socket.getInputStream().read();
            socket.setSoLinger(true, 0);
        })) {
            assertFailed("connection reset", ProbeTester.once(https(server, false)));
        }
    }

    @ParameterizedTest
    @CsvSource({"''", "1603030050020000"})
    void aHandshakeThatHangsTimesOut(String hex) throws Exception {
        String bytes = new String(HexFormat.of().parseHex(hex), ISO_8859_1);
        try (TestServer server = new TestServer(TestServer.sends(bytes))) {
            assertFailed("TLS handshake timed out after 300ms", ProbeTester.once(https(server, false), 300));
        }
    }

    @Test
    void aResponseThatHangsTimesOutByItsOwnName() throws Exception {
        try (TestServer server = new TestServer(
                certificates.listener(certificates.server(), false), TestServer.sends("HTTP/1.1 200 OK\r\n"))) {
            assertFailed("header timed out after 500ms", ProbeTester.once(https(server, false), 500));
        }
    }

    @Test
    void aCloseWithinARecordFails() throws Exception {
        SSLContext context = certificates.context(certificates.server());
        try (TestServer server = new TestServer(socket -> {
            SSLSocket secured = secure(socket, context, false);
            TestServer.readHeader(secured.getInputStream());
            secured.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\nno length".getBytes(ISO_8859_1));
            socket.getOutputStream().write(new byte[] {0x17, 3, 3, 0, 80, 1, 2, 3});
            socket.shutdownOutput();
            TestServer.hang(socket);
        })) {
            assertEquals("connection closed within a TLS record", ProbeTester.once(https(server, false)).text());
        }
    }

    @Test
    void aRecordThatWasTamperedWithFails() throws Exception {
        SSLContext context = certificates.context(certificates.server());
        try (TestServer server = new TestServer(socket -> {
            SSLSocket secured = secure(socket, context, false);
            TestServer.readHeader(secured.getInputStream());
            byte[] record = new byte[85];
            System.arraycopy(new byte[] {0x17, 3, 3, 0, 80}, 0, record, 0, 5);
            socket.getOutputStream().write(record);
            TestServer.hang(socket);
        })) {
            assertFailed("TLS failed: bad_record_mac", ProbeTester.once(https(server, false)));
        }
    }

    @Test
    void keepsItsConnectionAndReplacesOneThatWasClosed() throws Exception {
        try (TestServer server = new TestServer(certificates.listener(certificates.server(), false),
                        TestServer.answers(TlsClientTest.OK));
                ProbeTester tester = new ProbeTester()) {
            Probe probe = https(server, true);
            assertEquals("passed", tester.run(probe).text());
            assertEquals("passed", tester.run(probe).text());
            assertEquals(1, server.connections());
            server.closeConnections();
            assertEquals("passed", tester.run(probe).text());
            assertEquals("passed", tester.run(probe).text());
            assertEquals(2, server.connections());
            tester.onLoop(probe::close);
        }
    }

    /** The close comes as the answer to the second request, so that the client can't have seen it before. */
    @Test
    void aKeptConnectionThatIsClosedOnUseIsReplacedOnce() throws Exception {
        try (TestServer server = new TestServer(certificates.listener(certificates.server(), false), socket -> {
                    TestServer.readHeader(socket.getInputStream());
                    socket.getOutputStream().write(TlsClientTest.OK.getBytes(ISO_8859_1));
                    TestServer.readHeader(socket.getInputStream());
                });
                ProbeTester tester = new ProbeTester()) {
            Probe probe = https(server, true);
            assertEquals("passed", tester.run(probe).text());
            assertEquals("passed", tester.run(probe).text());
            assertEquals(2, server.connections());
            tester.onLoop(probe::close);
        }
    }

    /** TLS ends with a message of its own, after which the server may leave the connection open. */
    @Test
    void aKeptConnectionWhoseTlsHasEndedIsReplaced() throws Exception {
        SSLContext context = certificates.context(certificates.server());
        CountDownLatch ended = new CountDownLatch(1);
        try (TestServer server = new TestServer(socket -> {
                    SSLSocket secured = secure(socket, context, false);
                    TestServer.readHeader(secured.getInputStream());
                    secured.getOutputStream().write(TlsClientTest.OK.getBytes(ISO_8859_1));
                    secured.shutdownOutput();
                    ended.countDown();
                    TestServer.hang(socket);
                });
                ProbeTester tester = new ProbeTester()) {
            Probe probe = https(server, true);
            assertEquals("passed", tester.run(probe).text());
            assertTrue(ended.await(10, TimeUnit.SECONDS));
            assertEquals("passed", tester.run(probe).text());
            assertEquals(2, server.connections());
            tester.onLoop(probe::close);
        }
    }

    @Test
    void mailIsSecuredOnRequest() throws Exception {
        SSLContext context = certificates.context(certificates.server());
        try (TestServer server = new TestServer(socket -> {
            mail(socket, "220 mx ESMTP\r\n", "EHLO", "250-mx\r\n250 STARTTLS\r\n", "STARTTLS", "220 go\r\n");
            mail(secure(socket, context, true), "", "EHLO", "250 mx\r\n", "QUIT", "221 bye\r\n");
        })) {
            TlsConfig tls = certificates.trusting();
            ProbeConfig.Smtp smtp = new ProbeConfig.Smtp(server.route(), "lb1", Optional.of(tls));
            TlsClient client = TlsClient.startTls(server.route(), tls);
            assertEquals("passed", ProbeTester.once(new StreamProbe(client, () -> new SmtpDialogue(smtp))).text());
        }
    }

    private static void mail(Socket socket, String greeting, String... exchange) throws Exception {
        OutputStream out = socket.getOutputStream();
        InputStream in = socket.getInputStream();
        out.write(greeting.getBytes(ISO_8859_1));
        for (int i = 0; i < exchange.length; i += 2) {
            StringBuilder line = new StringBuilder();
            while (line.indexOf("\r\n") < 0) {
                line.append((char) in.read());
            }
            assertTrue(line.toString().startsWith(exchange[i]), line.toString());
            out.write(exchange[i + 1].getBytes(ISO_8859_1));
        }
    }

    /** A server one byte of whose answers is wrong, or that ends there: whatever comes of it, it costs one probe. */
    @Test
    void anyByteMayBeWrong() throws Exception {
        SSLContext context = certificates.context(certificates.server());
        Random random = new Random(20261128);
        try (TestServer honest = new TestServer(
                        context.getServerSocketFactory().createServerSocket(0, 50, TestServer.LOOPBACK),
                        TestServer.answers(TlsClientTest.OK));
                ProbeTester tester = new ProbeTester()) {
            for (int i = 0; i < 150; i++) {
                int at = random.nextInt(1800);
                int flip = random.nextInt(256); // 0: the end
                try (TestServer liar = new TestServer(client -> distort(client, honest, at, flip))) {
                    CheckOutcome outcome = tester.run(https(liar, false), 300);
                    assertTrue(!(outcome instanceof CheckOutcome.LocalFault), at + " " + flip + " " + outcome.text());
                }
            }
            assertEquals("passed", tester.run(https(honest, false)).text());
        }
    }

    private static void distort(Socket client, TestServer honest, int at, int flip) throws Exception {
        try (Socket server = new Socket(TestServer.LOOPBACK, honest.address().getPort())) {
            Thread.ofVirtual().start(() -> {
                try {
                    client.getInputStream().transferTo(server.getOutputStream());
                    server.shutdownOutput();
                } catch (Exception e) {
                    // one of the two has gone
                }
            });
            InputStream in = server.getInputStream();
            byte[] buffer = new byte[4096];
            int seen = 0;
            for (int size = in.read(buffer); size > 0; size = in.read(buffer)) {
                if (at >= seen && at < seen + size) {
                    buffer[at - seen] ^= (byte) flip;
                    if (flip == 0) {
                        client.getOutputStream().write(buffer, 0, at - seen);
                        return;
                    }
                }
                client.getOutputStream().write(buffer, 0, size);
                seen += size;
            }
        }
    }
}
