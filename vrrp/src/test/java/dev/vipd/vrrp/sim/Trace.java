package dev.vipd.vrrp.sim;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;

/** All that happened, as a hash; and the end of it as text. */
final class Trace {
    private static final int KEPT_LINES = 80;

    private final MessageDigest digest;
    private final Deque<String> last = new ArrayDeque<>();

    Trace() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    void line(long nowNs, String text) {
        String line = nowNs + " ns  " + text;
        digest.update(line.getBytes(StandardCharsets.UTF_8));
        last.addLast(line);
        if (last.size() > KEPT_LINES) {
            last.removeFirst();
        }
    }

    String end() {
        return String.join("\n", last);
    }

    /** Of the whole run; ends it. */
    String hash() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
