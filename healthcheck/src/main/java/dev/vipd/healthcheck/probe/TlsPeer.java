package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.Route;
import dev.vipd.healthcheck.TlsConfig;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.StandardConstants;

/** A server that is spoken to by TLS, of version 1.2 or 1.3. Immutable; reads files when it is made. */
final class TlsPeer {
    private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

    private final TlsConfig config;
    private final Optional<String> protocol;
    private final LongSupplier wallMs;
    private final TlsContext context;
    private final String name;
    private final int port;
    private final Optional<SNIServerName> indication;

    /**
     * @param protocol to be agreed on by ALPN (RFC 7301), {@code h2}; empty: nothing is said about it
     * @param wallMs   the wall clock, in milliseconds since 1970, for the dates of certificates
     */
    TlsPeer(Route route, TlsConfig config, Optional<String> protocol, LongSupplier wallMs) {
        this.config = config;
        this.protocol = protocol;
        this.wallMs = wallMs;
        this.context = TlsContext.of(config);
        this.name = config.serverName().orElseGet(() -> addressOf(route));
        this.port = route.target().getPort();
        this.indication = config.serverName().map(TlsPeer::indication);
    }

    /** RFC 6066, section 3. */
    private static SNIServerName indication(String name) {
        try {
            return new SNIHostName(name);
        } catch (IllegalArgumentException e) {
            return new LooseName(name); // an underscore, for one, is in no host name, but in some servers' names
        }
    }

    /** A name that is sent as it is. */
    private static final class LooseName extends SNIServerName {
        LooseName(String name) {
            super(StandardConstants.SNI_HOST_NAME, name.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String addressOf(Route route) {
        String address = route.target().getAddress().getHostAddress();
        int zone = address.indexOf('%');
        return zone < 0 ? address : address.substring(0, zone);
    }

    /** Ends the run if there can be no TLS for a fault of this machine. @return whether it did */
    boolean refuses(ProbeRun run) {
        if (context.fault().isEmpty()) {
            return false;
        }
        run.localFault(context.fault());
        return true;
    }

    /**
     * Begins TLS on an established channel. If it fails, the run ends.
     *
     * @param secured given the dates of the server's certificate, when TLS is there
     */
    void secure(Channel channel, ProbeRun run, Consumer<CertificateDates> secured) {
        run.awaiting("TLS handshake");
        channel.pipeline().addFirst(new TlsHandshake(this, run, secured));
        channel.pipeline().addFirst(new TlsHandshake.Records(newEngine()));
    }

    private SSLEngine newEngine() {
        SSLEngine engine = context.newEngine(name, port);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(VERSIONS);
        indication.ifPresent(host -> parameters.setServerNames(List.of(host)));
        protocol.ifPresent(wanted -> parameters.setApplicationProtocols(new String[] {wanted}));
        if (config.verify()) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS"); // RFC 6125; also for an address
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** Who the certificate must be for. */
    String name() {
        return name;
    }

    /** To be agreed on by ALPN. */
    Optional<String> protocol() {
        return protocol;
    }

    long nowMs() {
        return wallMs.getAsLong();
    }

    /** What is wrong now with the dates of the server's certificate; empty: nothing, or nobody asks. */
    String fault(CertificateDates certificate) {
        return config.verify() ? certificate.fault(nowMs()) : "";
    }

    /** The warning of a dialogue, with that of the certificate. */
    String warning(CertificateDates certificate, String warning) {
        String expiry = certificate.warning(config.expiryDays(), nowMs());
        return expiry.isEmpty() || warning.isEmpty() ? expiry + warning : expiry + ", " + warning;
    }
}
