package dev.vipd.healthcheck.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads PEM files (RFC 7468). */
final class PemFile {
    private static final long BYTES_MAX = 4 * 1024 * 1024;
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]*+)-----END \\1-----");

    private PemFile() {}

    /** A file that can't be read, or does not hold what it should; the message is for people and names it. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1;

        Unusable(String message) {
            super(message);
        }
    }

    /** The certificates of a file, in order; at least one. */
    static List<X509Certificate> certificates(Path file) throws Unusable {
        List<X509Certificate> all = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (byte[] encoded : blocks(file, "CERTIFICATE")) {
                Certificate certificate = factory.generateCertificate(new ByteArrayInputStream(encoded));
                all.add((X509Certificate) certificate);
            }
        } catch (CertificateException e) {
            throw new Unusable("malformed certificate in " + file);
        }
        if (all.isEmpty()) {
            throw new Unusable("no certificate in " + file);
        }
        return all;
    }

    /** The first unencrypted PKCS#8 key of a file. */
    static PrivateKey privateKey(Path file) throws Unusable {
        List<byte[]> keys = blocks(file, "PRIVATE KEY");
        if (keys.isEmpty()) {
            throw new Unusable("no unencrypted PKCS#8 key in " + file);
        }
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(keys.getFirst()));
            } catch (InvalidKeySpecException e) {
                continue; // of another algorithm, or of none
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has " + algorithm, e);
            }
        }
        throw new Unusable("malformed key in " + file);
    }

    private static List<byte[]> blocks(Path file, String label) throws Unusable {
        List<byte[]> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(read(file));
        while (matcher.find()) {
            if (matcher.group(1).equals(label)) {
                try {
                    blocks.add(Base64.getMimeDecoder().decode(matcher.group(2)));
                } catch (IllegalArgumentException e) {
                    throw new Unusable("malformed PEM in " + file);
                }
            }
        }
        return blocks;
    }

    private static String read(Path file) throws Unusable {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new Unusable(file + " is too long");
            }
            return Files.readString(file, ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new Unusable("there is no " + file);
        } catch (IOException e) {
            throw new Unusable("can't read " + file);
        }
    }
}
