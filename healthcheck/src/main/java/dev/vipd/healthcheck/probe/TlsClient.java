package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.Route;
import dev.vipd.healthcheck.TlsConfig;
import dev.vipd.healthcheck.dialogue.Dialogue;
import dev.vipd.healthcheck.dialogue.Step;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Dialogues inside TLS, which begins with the connection or when the dialogue asks for it. */
final class TlsClient implements StreamClient {
    private final Route route;
    private final TlsPeer peer;
    private final boolean fromStart;
    private final boolean keepAlive;
    private Secured idle;

    private TlsClient(Route route, TlsPeer peer, boolean fromStart, boolean keepAlive) {
        this.route = route;
        this.peer = peer;
        this.fromStart = fromStart;
        this.keepAlive = keepAlive;
    }

    /** TLS from the start. */
    static TlsClient secured(Route route, TlsConfig tls, boolean keepAlive) {
        return secured(route, tls, keepAlive, System::currentTimeMillis);
    }

    static TlsClient secured(Route route, TlsConfig tls, boolean keepAlive, LongSupplier wallMs) {
        return new TlsClient(route, new TlsPeer(route, tls, Optional.empty(), wallMs), true, keepAlive);
    }

    /** TLS upon {@link Step.StartTls}. */
    static TlsClient startTls(Route route, TlsConfig tls) {
        TlsPeer peer = new TlsPeer(route, tls, Optional.empty(), System::currentTimeMillis);
        return new TlsClient(route, peer, false, false);
    }

    @Override
    public void start(Dialogue dialogue, ProbeRun run) {
        if (!peer.refuses(run)) {
            new Exchange(dialogue, run).start();
        }
    }

    @Override
    public void close() {
        if (idle != null) {
            idle.channel().close();
            idle = null;
        }
    }

    /** A channel with TLS on it. */
    private record Secured(Channel channel, CertificateDates certificate) {}

    /** One dialogue; sharable, since it may need a second channel. */
    @ChannelHandler.Sharable
    private final class Exchange extends ChannelInboundHandlerAdapter {
        private final Dialogue dialogue;
        private final ProbeRun run;
        private Channel channel;
        private Secured secured;
        private ChannelFuture sent;
        /** The connection was kept from before, and the server has not sent anything over it yet. */
        private boolean stale;
        private boolean ended;

        Exchange(Dialogue dialogue, ProbeRun run) {
            this.dialogue = dialogue;
            this.run = run;
        }

        void start() {
            Secured kept = idle;
            idle = null;
            if (kept == null || !kept.channel().isActive()) {
                connect();
                return;
            }
            if (!peer.fault(kept.certificate()).isEmpty()) {
                kept.channel().close();
                connect(); // it is the handshake that judges
                return;
            }
            stale = true;
            secured = kept;
            channel = kept.channel();
            channel.pipeline().replace(ChannelConnector.IdleGuard.class, null, this);
            run.onEnd(channel::close);
            run.connected();
            begin();
        }

        private void connect() {
            stale = false;
            ended = false;
            secured = null;
            channel = null;
            ChannelConnector.connect(route, run, opened -> {
                channel = opened;
                channel.pipeline().addLast(this);
                if (fromStart) {
                    secure();
                } else {
                    begin();
                }
            });
        }

        private void secure() {
            peer.secure(channel, run, certificate -> {
                secured = new Secured(channel, certificate);
                if (fromStart) {
                    begin();
                } else {
                    run.awaiting(dialogue::awaited);
                    act(dialogue.onSecured());
                }
            });
        }

        private void begin() {
            run.awaiting(dialogue::awaited);
            act(dialogue.begin());
        }

        /** Whether nothing that happens on this channel matters any more. */
        private boolean isOver(ChannelHandlerContext ctx) {
            return ctx.channel() != channel || run.decided();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf data = (ByteBuf) message;
            try {
                if (!isOver(ctx) && data.isReadable()) {
                    stale = false;
                    act(dialogue.on(data.nioBuffer()));
                }
            } finally {
                data.release();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == SslCloseCompletionEvent.SUCCESS) {
                end(ctx);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            TlsHandshake.Records tls = ctx.pipeline().get(TlsHandshake.Records.class);
            if (tls != null && tls.cutShort() && !isOver(ctx)) {
                run.failed("connection closed within a TLS record");
            }
            end(ctx);
        }

        private void end(ChannelHandlerContext ctx) {
            if (isOver(ctx) || ended) {
                return;
            }
            if (stale) {
                anew();
            } else {
                ended = true;
                act(dialogue.onEnd());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (isOver(ctx)) {
                return;
            }
            if (stale) {
                anew();
            } else {
                run.failed(TlsFault.later(cause));
            }
        }

        private void act(Step step) {
            switch (step) {
                case Step.Wait() -> {}
                case Step.Send(byte[] data) -> sent = channel.writeAndFlush(Unpooled.wrappedBuffer(data));
                case Step.Reconnect() -> anew();
                case Step.StartTls() -> secure();
                case Step.Passed passed -> pass(passed);
                case Step.Failed(String reason) -> run.failed(reason);
            }
        }

        private void pass(Step.Passed passed) {
            if (keepAlive && passed.reusable() && !ended && sent.isSuccess()) {
                run.onEnd(() -> {});
                channel.pipeline().replace(this, null, ChannelConnector.IdleGuard.INSTANCE);
                idle = secured;
            }
            String warning = secured == null ? passed.warning() : peer.warning(secured.certificate(), passed.warning());
            run.passed(passed.advice(), warning);
        }

        private void anew() {
            Channel old = channel;
            channel = null; // what its closing tells is not for us
            old.close();
            connect();
        }
    }
}
