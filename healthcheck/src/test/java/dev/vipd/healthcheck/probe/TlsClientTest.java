package dev.vipd.healthcheck.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.healthcheck.CheckOutcome;
import dev.vipd.healthcheck.HttpRequest;
import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.healthcheck.ProbeConfig.HttpVersion;
import dev.vipd.healthcheck.Route;
import dev.vipd.healthcheck.TlsConfig;
import dev.vipd.healthcheck.TlsConfig.ClientCert;
import dev.vipd.healthcheck.dialogue.Http1Dialogue;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.StandardConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Certificates, names and files: HTTP inside TLS against servers of the JDK on loopback. */
class TlsClientTest {
    static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK";
    private static final HttpRequest GET = new HttpRequest("GET", "/", Optional.empty(), List.of(), "",
            List.of(new HttpRequest.StatusRange(200, 299)), List.of(), 0);

    private Certificates certificates;

    @BeforeEach
    void makeAnAuthority(@TempDir Path folder) throws Exception {
        certificates = new Certificates(folder);
    }

    static Probe https(Route route, TlsConfig tls, boolean keepAlive, LongSupplier wallMs) {
        ProbeConfig.Http http =
                new ProbeConfig.Http(route, Optional.of(tls), HttpVersion.HTTP_1_1, keepAlive, List.of(GET));
        return new StreamProbe(TlsClient.secured(route, tls, keepAlive, wallMs), () -> new Http1Dialogue(http));
    }

    private static Probe https(Route route, TlsConfig tls) {
        return https(route, tls, false, System::currentTimeMillis);
    }

    private TestServer serving(X509Bundle certificate) throws Exception {
        return new TestServer(certificates.listener(certificate, false), TestServer.answers(OK));
    }

    private CheckOutcome probe(X509Bundle certificate, TlsConfig tls) throws Exception {
        try (TestServer server = serving(certificate)) {
            return ProbeTester.once(https(server.route(), tls));
        }
    }

    private static TlsConfig with(TlsConfig tls, ClientCert client) {
        return new TlsConfig(tls.serverName(), tls.verify(), tls.caFile(), Optional.of(client), tls.expiryDays());
    }

    private static TlsConfig with(TlsConfig tls, Optional<String> serverName) {
        return new TlsConfig(serverName, tls.verify(), tls.caFile(), tls.clientCert(), tls.expiryDays());
    }

    private static TlsConfig warning(TlsConfig tls, int days) {
        return new TlsConfig(tls.serverName(), tls.verify(), tls.caFile(), tls.clientCert(), days);
    }

    private static void assertFailed(String reason, CheckOutcome outcome) {
        assertEquals(reason, outcome.text());
        assertInstanceOf(CheckOutcome.Failed.class, outcome);
    }

    private static Instant inDays(long days) {
        return Instant.now().plus(Duration.ofDays(days)).plusSeconds(60);
    }

    @Test
    void passesWhereTheCertificateIsGood() throws Exception {
        assertEquals("passed", probe(certificates.server(), certificates.trusting()).text());
    }

    @Test
    void aConnectionWithSomethingUnsentIsNotKept() throws Exception {
        TestServer.Session impatient = socket -> {
            TestServer.readHeader(socket.getInputStream());
            socket.getOutputStream().write(OK.getBytes(StandardCharsets.ISO_8859_1));
            new CountDownLatch(1).await(); // does not want the rest
        };
        HttpRequest post = new HttpRequest("POST", "/", Optional.empty(), List.of(), "x".repeat(8_000_000),
                GET.statuses(), List.of(), 0);
        try (TestServer server = new TestServer(certificates.listener(certificates.server(), false), impatient);
                ProbeTester tester = new ProbeTester()) {
            Probe probe = Probes.of(new ProbeConfig.Http(server.route(), Optional.of(certificates.trusting()),
                    HttpVersion.HTTP_1_1, true, List.of(post)));
            assertEquals("passed", tester.run(probe).text());
            assertEquals("passed", tester.run(probe).text());
            assertEquals(2, server.connections());
        }
    }

    @Test
    void anExpiredCertificateFailsAndSaysSinceWhen() throws Exception {
        CertificateBuilder expired = Certificates.forServer().notBefore(inDays(-90)).notAfter(inDays(-4));
        assertFailed("certificate expired 3 days ago", probe(certificates.issue(expired), certificates.trusting()));
    }

    @Test
    void aCertificateOfTheFutureFailsAndSaysUntilWhen() throws Exception {
        CertificateBuilder early = Certificates.forServer()
                .notBefore(Instant.parse("2127-01-01T12:00:00Z"))
                .notAfter(Instant.parse("2128-01-01T12:00:00Z"));
        assertFailed("certificate not valid before 2127-01-01",
                probe(certificates.issue(early), certificates.trusting()));
    }

    @Test
    void theCertificateMustBeForTheNameThatIsSent() throws Exception {
        TlsConfig other = with(certificates.trusting(), Optional.of("mail.example.org"));
        assertFailed("certificate is not for mail.example.org", probe(certificates.server(), other));
    }

    @Test
    void withoutANameTheCertificateMustBeForTheAddress() throws Exception {
        TlsConfig nameless = with(certificates.trusting(), Optional.empty());
        assertEquals("passed", probe(certificates.server(), nameless).text());
        CertificateBuilder named = new CertificateBuilder().subject("CN=x").addSanDnsName(Certificates.NAME);
        assertFailed("certificate is not for 127.0.0.1", probe(certificates.issue(named), nameless));
    }

    @Test
    void aCertificateOfAnUnknownAuthorityFails() throws Exception {
        X509Bundle selfSigned = Certificates.forServer().setIsCertificateAuthority(true).buildSelfSigned();
        assertFailed("certificate is not trusted", probe(selfSigned, certificates.trusting()));
        TlsConfig system =
                new TlsConfig(Optional.of(Certificates.NAME), true, Optional.empty(), Optional.empty(), 0);
        assertFailed("certificate is not trusted", probe(certificates.server(), system));
    }

    @Test
    void anExpiredIssuerIsToldFromAnUntrustedOne() throws Exception {
        X509Bundle root = new CertificateBuilder().subject("CN=Root").setIsCertificateAuthority(true).buildSelfSigned();
        X509Bundle issuer = new CertificateBuilder().subject("CN=Issuer").setIsCertificateAuthority(true)
                .notBefore(inDays(-9)).notAfter(inDays(-2)).buildIssuedBy(root);
        TlsConfig tls = new TlsConfig(Optional.of(Certificates.NAME), true,
                Optional.of(certificates.write(root.getCertificatePEM())), Optional.empty(), 0);
        assertFailed("issuer's certificate expired 1 day ago",
                probe(Certificates.forServer().buildIssuedBy(issuer), tls));
    }

    @Test
    void withoutVerificationAnyCertificateWillDo() throws Exception {
        TlsConfig any = new TlsConfig(Optional.empty(), false, Optional.empty(), Optional.empty(), 0);
        X509Bundle expired = new CertificateBuilder().subject("CN=x").setIsCertificateAuthority(true)
                .notBefore(inDays(-9)).notAfter(inDays(-2)).buildSelfSigned();
        assertEquals("passed", probe(expired, any).text());
    }

    @ParameterizedTest
    @CsvSource({"10, passed", "11, 'passed, certificate expires in 10 days'", "0, passed"})
    void warnsOfACertificateThatExpiresSoon(int days, String text) throws Exception {
        X509Bundle soon = certificates.issue(Certificates.forServer().notAfter(inDays(10)));
        assertEquals(text, probe(soon, warning(certificates.trusting(), days)).text());
    }

    @Test
    void theDatesAreThoseOfTheWallClock() throws Exception {
        try (TestServer server = serving(certificates.server())) {
            LongSupplier later = () -> System.currentTimeMillis() + Duration.ofDays(32).toMillis();
            Probe probe = https(server.route(), certificates.trusting(), false, later);
            assertFailed("certificate expired 2 days ago", ProbeTester.once(probe));
        }
    }

    @Test
    void showsItsCertificateToAServerThatWantsOne() throws Exception {
        X509Bundle client = certificates.issue(new CertificateBuilder().subject("CN=director"));
        ClientCert files = new ClientCert(
                certificates.write(client.getCertificatePEM()), certificates.write(client.getPrivateKeyPEM()));
        LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();
        SSLServerSocket listener = certificates.listener(certificates.server(), true);
        try (TestServer server = new TestServer(listener, socket -> {
            seen.add(((SSLSocket) socket).getSession().getPeerPrincipal().getName());
            TestServer.answers(OK).serve(socket);
        })) {
            TlsConfig tls = with(certificates.trusting(), files);
            assertEquals("passed", ProbeTester.once(https(server.route(), tls)).text());
            assertEquals("CN=director", seen.remove());
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, TLS handshake failed: handshake_failure", "TLSv1.3, TLS failed: certificate_required"})
    void theServersRefusalOfAClientWithoutACertificateIsTold(String version, String reason) throws Exception {
        SSLServerSocket listener = certificates.listener(certificates.server(), true);
        listener.setEnabledProtocols(new String[] {version});
        try (TestServer server = new TestServer(listener, TestServer.answers(OK))) {
            assertFailed(reason, ProbeTester.once(https(server.route(), certificates.trusting())));
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2", "TLSv1.3"})
    void theServerSeesTheName(String version) throws Exception {
        LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();
        SSLServerSocket listener = certificates.listener(certificates.server(), false);
        listener.setEnabledProtocols(new String[] {version});
        try (TestServer server = new TestServer(listener, socket -> {
            ExtendedSSLSession session = (ExtendedSSLSession) ((SSLSocket) socket).getSession();
            seen.add(session.getProtocol() + " " + session.getRequestedServerNames().stream()
                    .filter(name -> name.getType() == StandardConstants.SNI_HOST_NAME)
                    .map(name -> new String(name.getEncoded()))
                    .collect(Collectors.joining()));
            TestServer.answers(OK).serve(socket);
        })) {
            TlsConfig tls = certificates.trusting();
            assertEquals("passed", ProbeTester.once(https(server.route(), tls)).text());
            assertEquals(version + " " + Certificates.NAME, seen.remove());
            assertEquals("passed", ProbeTester.once(https(server.route(), with(tls, Optional.empty()))).text());
            assertEquals(version + " ", seen.remove());
        }
    }

    @Test
    void aNameWithAnUnderscoreIsSentToo() throws Exception {
        LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();
        try (TestServer server = new TestServer(socket -> {
            byte[] hello = new byte[4096];
            int size = socket.getInputStream().read(hello);
            seen.add(new String(hello, 0, size, StandardCharsets.ISO_8859_1));
        })) {
            TlsConfig tls = with(certificates.trusting(), Optional.of("web_1.example.org"));
            assertFailed("connection closed within the TLS handshake",
                    ProbeTester.once(https(server.route(), tls)));
            assertTrue(seen.remove().contains("\0\21web_1.example.org"), "type, length and name");
        }
    }

    @Test
    void aFileThatCantBeUsedIsAFaultOfThisMachine() throws Exception {
        Route route = Checks.route(1);
        TlsConfig good = certificates.trusting();
        String certificate = certificates.write(certificates.server().getCertificatePEM());
        String empty = certificates.write("nothing");
        String broken = certificates.write("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        String rsa = certificates.write(
                certificates.issue(new CertificateBuilder().subject("CN=x").rsa2048()).getPrivateKeyPEM());
        TlsConfig missing =
                new TlsConfig(good.serverName(), true, Optional.of("/nowhere/ca"), Optional.empty(), 0);
        assertLocalFault("there is no /nowhere/ca", https(route, missing));
        TlsConfig notPem = new TlsConfig(good.serverName(), true, Optional.of(empty), Optional.empty(), 0);
        assertLocalFault("no certificate in " + empty, https(route, notPem));
        assertLocalFault("no certificate in " + empty, https(route, with(good, new ClientCert(empty, empty))));
        assertLocalFault("no unencrypted PKCS#8 key in " + empty,
                https(route, with(good, new ClientCert(certificate, empty))));
        assertLocalFault("malformed key in " + broken, https(route, with(good, new ClientCert(certificate, broken))));
        assertLocalFault(rsa + " is not the key of " + certificate,
                https(route, with(good, new ClientCert(certificate, rsa))));
    }

    private static void assertLocalFault(String reason, Probe probe) throws Exception {
        assertEquals("local fault: " + reason, ProbeTester.once(probe).text());
        assertEquals("local fault: " + reason, ProbeTester.once(probe).text());
    }

    @Test
    void whatConnectRefusesItselfIsAFaultOfThisMachine() throws Exception {
        try (TestServer server = serving(certificates.server())) {
            Route elsewhere = new Route(server.address(), Optional.of(InetAddress.ofLiteral("192.0.2.1")), 0,
                    Optional.empty(), 0);
            assertLocalFault("no source address or port", https(elsewhere, certificates.trusting()));
            Route bound = new Route(server.address(), Optional.of(InetAddress.ofLiteral("127.0.0.2")), 0,
                    Optional.empty(), 0);
            assertEquals("passed", ProbeTester.once(https(bound, certificates.trusting())).text());
        }
    }

    @Test
    void checksWithTheSameFilesShareWhatIsMadeOfThem() throws Exception {
        TlsConfig one = certificates.trusting();
        TlsConfig same = new TlsConfig(Optional.of("other"), true, one.caFile(), Optional.empty(), 9);
        TlsContext context = TlsContext.of(one);
        assertSame(context, TlsContext.of(same));
        assertNotSame(context, TlsContext.of(certificates.trusting()));
        assertTrue(context.fault().isEmpty());
    }

    @Test
    void filesThatWereReplacedAreReadAgainForTheChecksThatAreThere() throws Exception {
        String file = certificates.write("not a certificate");
        TlsConfig config =
                new TlsConfig(Optional.of(Certificates.NAME), true, Optional.of(file), Optional.empty(), 0);
        try (TestServer server = new TestServer(
                certificates.listener(certificates.server(), false), TestServer.answers(OK))) {
            Probe probe = https(server.route(), config);
            assertTrue(ProbeTester.once(probe).text().startsWith("local fault: "));
            Files.copy(Path.of(certificates.authorityFile()), Path.of(file), StandardCopyOption.REPLACE_EXISTING);
            TlsContext.readAgain();
            assertEquals("passed", ProbeTester.once(probe).text());
            X509Bundle other = Certificates.forServer().setIsCertificateAuthority(true).buildSelfSigned();
            Files.writeString(Path.of(file), other.getCertificatePEM());
            TlsContext.readAgain();
            assertFailed("certificate is not trusted", ProbeTester.once(probe));
            Files.writeString(Path.of(file), "broken");
            TlsContext.readAgain();
            assertFailed("certificate is not trusted", ProbeTester.once(probe)); // what works stays
        }
    }
}
