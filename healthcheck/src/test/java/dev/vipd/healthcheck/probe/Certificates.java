package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.TlsConfig;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManager;

/** An authority of the test's own, and what it certifies. */
final class Certificates {
    /** Name of the servers. */
    static final String NAME = "www.example.org";

    private final Path folder;
    private final X509Bundle authority;
    private int files;

    /** @param folder for the files */
    Certificates(Path folder) throws Exception {
        this.folder = folder;
        this.authority = new CertificateBuilder()
                .subject("CN=Authority of the test")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    /** For {@link #NAME} and 127.0.0.1, from a month ago to in a month. */
    static CertificateBuilder forServer() {
        return new CertificateBuilder()
                .subject("CN=" + NAME)
                .addSanDnsName(NAME)
                .addSanIpAddress("127.0.0.1")
                .notBefore(Instant.now().minus(Duration.ofDays(30)))
                .notAfter(Instant.now().plus(Duration.ofDays(30)));
    }

    X509Bundle issue(CertificateBuilder what) throws Exception {
        return what.buildIssuedBy(authority);
    }

    /** A good one. */
    X509Bundle server() throws Exception {
        return issue(forServer());
    }

    /** Trusts the authority; the server has {@link #NAME}. */
    TlsConfig trusting() throws IOException {
        return new TlsConfig(Optional.of(NAME), true, Optional.of(authorityFile()), Optional.empty(), 0);
    }

    /** PEM file of the authority. */
    String authorityFile() throws IOException {
        return write(authority.getCertificatePEM());
    }

    /** A file with this text. */
    String write(String text) throws IOException {
        return Files.writeString(folder.resolve("file-" + files++), text).toString();
    }

    /** Shows this certificate, and asks clients for one of the authority's if {@code needClient}. */
    SSLServerSocket listener(X509Bundle certificate, boolean needClient) throws Exception {
        SSLServerSocket listener = (SSLServerSocket)
                context(certificate).getServerSocketFactory().createServerSocket(0, 50, TestServer.LOOPBACK);
        listener.setNeedClientAuth(needClient);
        return listener;
    }

    SSLContext context(X509Bundle certificate) throws Exception {
        char[] password = "password".toCharArray();
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(certificate.toKeyStore(password), password);
        KeyManager[] keyManagers = keys.getKeyManagers();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers, new TrustManager[] {authority.toTrustManager()}, null);
        return context;
    }
}
