package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.TlsConfig.ClientCert;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Optional;

/**
 * What is wrong with the PEM files of checks, for people, before any check runs: a configuration is refused for what
 * would fail each probe. Reads files; any thread but those of checks.
 */
public final class PemProblems {
    private static final byte[] SAMPLE = {1};

    private PemProblems() {}

    /** Of {@code ca} or {@code certificate}; empty if it holds certificates. */
    public static Optional<String> ofCertificates(String file) {
        try {
            PemFile.certificates(Path.of(file));
            return Optional.empty();
        } catch (PemFile.Unusable e) {
            return Optional.of(e.getMessage() + "; give a PEM file of certificates");
        }
    }

    /** Of {@code key}; empty if it is the key of a certificate that is usable, or of one that is not. */
    public static Optional<String> ofKey(ClientCert files) {
        PrivateKey key;
        try {
            key = PemFile.privateKey(Path.of(files.key()));
        } catch (PemFile.Unusable e) {
            return Optional.of(e.getMessage() + "; give a PEM file as openssl pkcs8 -topk8 -nodes writes it");
        }
        try {
            PublicKey certified = PemFile.certificates(Path.of(files.certificate())).getFirst().getPublicKey();
            return belong(key, certified)
                    ? Optional.empty()
                    : Optional.of("is not the key of the certificate in " + files.certificate() + "; give that");
        } catch (PemFile.Unusable e) {
            return Optional.empty(); // told of the certificate
        }
    }

    /** Whether what the one signs the other verifies. */
    private static boolean belong(PrivateKey key, PublicKey certified) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        if (algorithm.equals("RSASSA-PSS")) {
            return true; // its parameters are a matter of the handshake
        }
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(SAMPLE);
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(certified);
            verifier.update(SAMPLE);
            return verifier.verify(signer.sign());
        } catch (GeneralSecurityException e) {
            return false; // of another algorithm
        }
    }
}
