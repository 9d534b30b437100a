package dev.vipd.healthcheck.probe;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.security.cert.X509Certificate;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Waits behind the {@link SslHandler} for the end of the handshake, and is gone with it. */
final class TlsHandshake extends ChannelInboundHandlerAdapter {
    private final TlsPeer peer;
    private final ProbeRun run;
    private final Consumer<CertificateDates> secured;

    TlsHandshake(TlsPeer peer, ProbeRun run, Consumer<CertificateDates> secured) {
        this.peer = peer;
        this.run = run;
        this.secured = secured;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof SslHandshakeCompletionEvent completion) || run.decided()) {
            return;
        }
        if (!completion.isSuccess()) {
            run.failed(ctx.channel().isActive()
                    ? TlsFault.inHandshake(completion.cause(), peer)
                    : "connection closed within the TLS handshake");
            return;
        }
        ctx.pipeline().remove(this);
        end(ctx.pipeline().get(Records.class).engine());
    }

    private void end(SSLEngine engine) {
        CertificateDates certificate;
        try {
            certificate = CertificateDates.of((X509Certificate) engine.getSession().getPeerCertificates()[0]);
        } catch (SSLPeerUnverifiedException e) {
            run.failed("no certificate");
            return;
        }
        // also when the session was resumed, where nothing else looks at them
        String fault = peer.fault(certificate);
        if (!fault.isEmpty()) {
            run.failed(fault);
        } else if (peer.protocol().filter(wanted -> !wanted.equals(engine.getApplicationProtocol())).isPresent()) {
            run.failed("server does not speak " + peer.protocol().get());
        } else {
            secured.accept(certificate);
        }
    }

    /** The handshake has failed, of which the event has told. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        run.failed(TlsFault.inHandshake(cause, peer));
    }

    /** TLS itself. Its times are the probe's own: the end of a probe closes the channel. */
    static final class Records extends SslHandler {
        private static final long CLOSE_MS_MAX = 1000;

        private boolean cutShort;

        Records(SSLEngine engine) {
            super(engine);
            setHandshakeTimeoutMillis(0);
            setCloseNotifyFlushTimeoutMillis(CLOSE_MS_MAX);
        }

        /** Whether the peer closed the connection within a record. */
        boolean cutShort() {
            return cutShort;
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) throws Exception {
            cutShort = actualReadableBytes() > 0;
            super.channelInactive(ctx);
        }
    }
}
