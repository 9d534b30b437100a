package dev.vipd.healthcheck.probe;

import dev.vipd.netlink.sys.Errno;
import java.util.Map;

/**
 * Whose fault a socket error is. The number alone does not tell: ENETUNREACH, EHOSTUNREACH and EACCES come both from
 * our own routing table and, by ICMP or failed address resolution, from the network. When it came does tell: what
 * {@code connect(2)} itself refuses, before anything was sent, is a matter of this machine (no route, no port, no
 * source address, not permitted); what arrives later is the answer of the network, and a server that can't be reached
 * is as good as dead.
 */
final class SocketFault {
    private static final Map<Integer, String> TEXTS = Map.ofEntries(
            Map.entry(Errno.EPERM, "operation not permitted"),
            Map.entry(Errno.EAGAIN, "send queue full"),
            Map.entry(Errno.EACCES, "not permitted by a rule of the firewall or of routing"),
            Map.entry(Errno.ENOMEM, "out of memory"),
            Map.entry(Errno.ENFILE, "too many open files on this machine"),
            Map.entry(Errno.EMFILE, "too many open files"),
            Map.entry(Errno.ENODEV, "no such interface"),
            Map.entry(Errno.EINVAL, "invalid argument"),
            Map.entry(Errno.EPIPE, "connection closed"),
            Map.entry(Errno.EMSGSIZE, "message too long for the way"),
            Map.entry(Errno.EAFNOSUPPORT, "address family not supported by this machine"),
            Map.entry(Errno.EADDRINUSE, "source port in use"),
            Map.entry(Errno.EADDRNOTAVAIL, "no source address or port"),
            Map.entry(Errno.ENETDOWN, "network is down"),
            Map.entry(Errno.ENETUNREACH, "network unreachable"),
            Map.entry(Errno.ECONNABORTED, "connection aborted"),
            Map.entry(Errno.ECONNRESET, "connection reset"),
            Map.entry(Errno.ENOBUFS, "no buffer space"),
            Map.entry(Errno.ETIMEDOUT, "connect timed out in the kernel"),
            Map.entry(Errno.ECONNREFUSED, "connect refused"),
            Map.entry(Errno.EHOSTDOWN, "host is down"),
            Map.entry(Errno.EHOSTUNREACH, "no route to host"));

    private SocketFault() {}

    /** An error of {@code connect(2)} itself, or of what comes before it; {@code error} as a positive number. */
    static void atOnce(int error, ProbeRun run) {
        if (error == Errno.ECONNREFUSED) {
            run.failed(reason(error)); // over loopback the refusal can be there before the call returns
        } else {
            run.localFault(reason(error));
        }
    }

    /** For people: {@code connect refused}, {@code no route to host}. */
    static String reason(int error) {
        return TEXTS.getOrDefault(error, "error " + error);
    }
}
