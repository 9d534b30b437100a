package dev.vipd.director;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What this process may do: the effective set of capabilities(7), from /proc/self/status. */
final class Capabilities {
    private static final int CAP_NET_ADMIN = 12;
    private static final int CAP_NET_RAW = 13;

    private Capabilities() {}

    /**
     * Fails when one that the work needs is missing.
     *
     * @param vrrp whether packets are sent and received
     * @throws IOException with a message that names what is missing and how to get it
     */
    static void require(boolean vrrp) throws IOException {
        long effective = effective(Files.readAllLines(Path.of("/proc/self/status")));
        List<String> missing = new ArrayList<>();
        if ((effective & 1L << CAP_NET_ADMIN) == 0) {
            missing.add("CAP_NET_ADMIN");
        }
        if (vrrp && (effective & 1L << CAP_NET_RAW) == 0) {
            missing.add("CAP_NET_RAW");
        }
        if (!missing.isEmpty()) {
            throw new IOException("missing capability " + String.join(" and ", missing)
                    + "; run as root, or give the service AmbientCapabilities=CAP_NET_ADMIN CAP_NET_RAW");
        }
    }

    /** The bits of the line {@code CapEff}; none when it is not there. */
    static long effective(List<String> status) {
        return status.stream()
                .filter(line -> line.startsWith("CapEff:"))
                .map(line -> Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16))
                .findFirst()
                .orElse(0L);
    }
}
