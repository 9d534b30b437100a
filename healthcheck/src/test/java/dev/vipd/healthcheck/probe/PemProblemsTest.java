package dev.vipd.healthcheck.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.healthcheck.TlsConfig.ClientCert;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PemProblemsTest {
    @TempDir
    Path folder;

    private Certificates certificates;

    @BeforeEach
    void setUp() throws Exception {
        certificates = new Certificates(folder);
    }

    private ClientCert files(X509Bundle certificate, X509Bundle key) throws Exception {
        return new ClientCert(
                certificates.write(certificate.getCertificatePathPEM()), certificates.write(key.getPrivateKeyPEM()));
    }

    @ParameterizedTest
    @EnumSource(value = Algorithm.class, names = {"ecp256", "ecp384", "rsa2048", "ed25519"})
    void shouldTakeAKeyForItsOwnCertificateOnly(Algorithm algorithm) throws Exception {
        X509Bundle one = certificates.issue(Certificates.forServer().algorithm(algorithm));
        X509Bundle other = certificates.issue(Certificates.forServer().algorithm(algorithm));
        assertEquals(Optional.empty(), PemProblems.ofKey(files(one, one)));
        ClientCert mixed = files(one, other);
        assertEquals(Optional.of("is not the key of the certificate in " + mixed.certificate() + "; give that"),
                PemProblems.ofKey(mixed));
        ClientCert ofAnother = files(one, certificates.issue(Certificates.forServer().algorithm(
                algorithm == Algorithm.rsa2048 ? Algorithm.ecp256 : Algorithm.rsa2048)));
        assertEquals(Optional.of("is not the key of the certificate in " + ofAnother.certificate() + "; give that"),
                PemProblems.ofKey(ofAnother));
    }

    @Test
    void shouldSayWhatAFileLacks() throws Exception {
        X509Bundle bundle = certificates.server();
        ClientCert swapped = new ClientCert(
                certificates.write(bundle.getPrivateKeyPEM()), certificates.write(bundle.getCertificatePEM()));
        assertEquals(Optional.of("no certificate in " + swapped.certificate() + "; give a PEM file of certificates"),
                PemProblems.ofCertificates(swapped.certificate()));
        assertEquals(Optional.of("no unencrypted PKCS#8 key in " + swapped.key()
                + "; give a PEM file as openssl pkcs8 -topk8 -nodes writes it"), PemProblems.ofKey(swapped));
        String nowhere = folder.resolve("nowhere").toString();
        assertEquals(Optional.of("there is no " + nowhere + "; give a PEM file of certificates"),
                PemProblems.ofCertificates(nowhere));
        assertEquals(Optional.empty(), PemProblems.ofCertificates(certificates.authorityFile()));
        assertEquals(Optional.empty(), PemProblems.ofKey(
                new ClientCert(nowhere, certificates.write(bundle.getPrivateKeyPEM()))));
    }
}
