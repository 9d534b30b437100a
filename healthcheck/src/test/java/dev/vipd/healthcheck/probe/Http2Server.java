package dev.vipd.healthcheck.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.vipd.healthcheck.Route;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2ChannelDuplexHandler;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** An HTTP/2 server of Netty on loopback. */
final class Http2Server implements AutoCloseable {
    /** What is done about a request that has come as a whole. */
    interface Answer {
        void to(Request request);
    }

    /** @param body one character a byte */
    record Request(ChannelHandlerContext ctx, Http2FrameStream stream, Http2Headers headers, String body) {
        String path() {
            return headers.path().toString();
        }

        /** @param fields names and values, in turn */
        Request fields(boolean end, String... fields) {
            Http2Headers headers = new DefaultHttp2Headers(false);
            for (int i = 0; i < fields.length; i += 2) {
                headers.add(fields[i], fields[i + 1]);
            }
            ctx.writeAndFlush(new DefaultHttp2HeadersFrame(headers, end).stream(stream));
            return this;
        }

        /** @param data one character a byte */
        Request data(boolean end, String data) {
            ctx.writeAndFlush(
                    new DefaultHttp2DataFrame(Unpooled.copiedBuffer(data, ISO_8859_1), end).stream(stream));
            return this;
        }

        void write(Object frame) {
            ctx.writeAndFlush(frame);
        }
    }

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final AtomicInteger connections = new AtomicInteger();
    private final List<Channel> channels = new CopyOnWriteArrayList<>();
    private final List<Long> resets = new CopyOnWriteArrayList<>();
    private final Channel listener;

    /** By prior knowledge. */
    Http2Server(Answer answer) {
        this(null, "", answer);
    }

    /** @param protocol that TLS speaks by ALPN; null: none is spoken */
    Http2Server(SSLContext context, String protocol, Answer answer) {
        listener = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        connections.incrementAndGet();
                        channels.add(channel);
                        if (context != null) {
                            channel.pipeline().addLast(new SslHandler(engine(context, protocol)));
                        }
                        channel.pipeline().addLast(
                                Http2FrameCodecBuilder.forServer().encoderIgnoreMaxHeaderListSize(true).build(),
                                new Requests(answer));
                    }
                })
                .bind(TestServer.LOOPBACK, 0)
                .syncUninterruptibly()
                .channel();
    }

    private static SSLEngine engine(SSLContext context, String protocol) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(protocol == null ? new String[0] : new String[] {protocol});
        engine.setSSLParameters(parameters);
        return engine;
    }

    Route route() {
        return Route.to((InetSocketAddress) listener.localAddress());
    }

    /** Accepted so far. */
    int connections() {
        return connections.get();
    }

    /** Error codes of the streams that the client has reset. */
    List<Long> resets() {
        return resets;
    }

    /** Closes what is open. */
    void closeConnections() {
        channels.forEach(channel -> channel.close().syncUninterruptibly());
    }

    /** Writes a frame to all that are connected. */
    void writeToAll(Object frame) {
        channels.forEach(channel -> channel.writeAndFlush(ReferenceCountUtil.retain(frame)).awaitUninterruptibly());
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    /** Collects requests, one at a time. */
    private final class Requests extends Http2ChannelDuplexHandler {
        private final Answer answer;
        private final StringBuilder body = new StringBuilder();
        private Http2Headers headers;

        Requests(Answer answer) {
            this.answer = answer;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            switch (message) {
                case Http2HeadersFrame frame -> {
                    headers = frame.headers();
                    body.setLength(0);
                    if (frame.isEndStream()) {
                        answer.to(new Request(ctx, frame.stream(), headers, ""));
                    }
                }
                case Http2DataFrame frame -> {
                    body.append(frame.content().toString(ISO_8859_1));
                    if (frame.isEndStream()) {
                        answer.to(new Request(ctx, frame.stream(), headers, body.toString()));
                    }
                }
                case Http2ResetFrame frame -> resets.add(frame.errorCode());
                default -> { }
            }
            ReferenceCountUtil.release(message);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
