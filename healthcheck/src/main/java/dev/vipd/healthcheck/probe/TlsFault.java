package dev.vipd.healthcheck.probe;

import io.netty.channel.unix.Errors;
import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** What went wrong on a channel, for people, by the exception that Netty or the JDK made of it. */
final class TlsFault {
    private static final int CAUSES_MAX = 10;

    /** The JDK names alerts, its own and the peer's, as RFC 8446, section 6.2 does: {@code (bad_certificate) …}. */
    private static final Pattern ALERT =
            Pattern.compile("^\\(([a-z_]{1,40})\\)|Received fatal alert: ([a-z_]{1,40})$");

    private TlsFault() {}

    /** {@code certificate is not trusted}, {@code TLS handshake failed: handshake_failure}. */
    static String inHandshake(Throwable fault, TlsPeer peer) {
        Optional<ServerTrust.Refused> refused = find(fault, ServerTrust.Refused.class);
        if (refused.isPresent()) {
            return refused.get().reason(peer.name(), peer.nowMs());
        }
        Optional<SSLException> tls = find(fault, SSLException.class);
        if (tls.isEmpty() || tls.get() instanceof NotSslRecordException) {
            return later(fault);
        }
        String alert = alert(tls.get());
        if (alert.equals("no_application_protocol") && peer.protocol().isPresent()) {
            return "server does not speak " + peer.protocol().get();
        }
        return alert.isEmpty() ? "malformed TLS record" : "TLS handshake failed: " + alert;
    }

    /** The same for what comes after the handshake. */
    static String later(Throwable fault) {
        Optional<SSLException> tls = find(fault, SSLException.class);
        if (tls.isPresent()) {
            String alert = alert(tls.get());
            return alert.isEmpty() ? "malformed TLS record" : "TLS failed: " + alert;
        }
        Optional<Errors.NativeIoException> error = find(fault, Errors.NativeIoException.class);
        if (error.isPresent()) {
            return SocketFault.reason(-error.get().expectedErr());
        }
        boolean closed = find(fault, ClosedChannelException.class).isPresent();
        return closed || fault instanceof IOException ? "connection closed" : "unexpected answer";
    }

    private static String alert(SSLException fault) {
        Matcher matcher = ALERT.matcher(fault.getMessage() == null ? "" : fault.getMessage());
        if (!matcher.find()) {
            return "";
        }
        return matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    }

    private static <T extends Throwable> Optional<T> find(Throwable fault, Class<T> wanted) {
        Throwable cause = fault;
        for (int i = 0; i < CAUSES_MAX && cause != null; i++) {
            if (wanted.isInstance(cause)) {
                return Optional.of(wanted.cast(cause));
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }
}
