package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.CheckOutcome;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.util.Locale;

/**
 * Whose fault a socket error is. The errno alone does not tell: ENETUNREACH, EHOSTUNREACH and EACCES come both from our
 * own routing table and, by ICMP or failed address resolution, from the network; Netty's epoll transport even gives one
 * exception for the first two. When it came does tell: what {@code connect(2)} itself refuses, before anything was
 * sent, is a matter of this machine (no route, no port, no source address, not permitted); what arrives later is the
 * answer of the network, and a server that can't be reached is as good as dead.
 */
final class SocketFault {
    private SocketFault() {}

    /** For an error of {@code connect(2)} itself. */
    static CheckOutcome atOnce(Throwable error, ProbeRun run) {
        // over loopback the refusal can be there before the call returns
        return isRefused(error) ? run.failed(reason(error)) : new CheckOutcome.LocalFault(reason(error));
    }

    /** Reason for people, without addresses or counts: {@code connect refused}, {@code no route to host}. */
    static String reason(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        if (isRefused(root)) {
            return "connect refused";
        }
        if (root instanceof NoRouteToHostException) {
            return "no route to host";
        }
        String text = String.valueOf(root.getMessage());
        // Netty: "connect(..) failed with error(-99): Cannot assign requested address"
        int prefix = text.indexOf("): ");
        String plain = prefix < 0 ? text : text.substring(prefix + 3);
        if (plain.startsWith("Connection reset")) {
            return "connection reset";
        }
        return plain.isEmpty() ? "unknown error" : plain.substring(0, 1).toLowerCase(Locale.ROOT) + plain.substring(1);
    }

    private static boolean isRefused(Throwable error) {
        return error instanceof ConnectException && String.valueOf(error.getMessage()).contains("refused");
    }
}
