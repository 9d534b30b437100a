package dev.vipd.director;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What runs, and on what: the names that logs and status give them. */
final class Version {
    private static final int SHA_BYTES = 6;

    private Version() {}

    static String text() {
        return dev.vipd.director.cli.Cli.version();
    }

    /** First 12 hex digits of the file's SHA-256, {@code -} when it can't be read. */
    static String sha256(Path file) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return HexFormat.of().formatHex(digest, 0, SHA_BYTES);
        } catch (IOException e) {
            return "-";
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
