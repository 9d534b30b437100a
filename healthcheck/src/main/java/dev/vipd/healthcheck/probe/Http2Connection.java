package dev.vipd.healthcheck.probe;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vipd.healthcheck.HttpRequest.Header;
import dev.vipd.healthcheck.dialogue.CallDialogue.Next;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2ChannelDuplexHandler;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One connection of HTTP/2, with one request at a time. Bounded by Netty's limits where a server floods it. */
final class Http2Connection extends Http2ChannelDuplexHandler {
    private static final int HEADER_BYTES_MAX = 16 * 1024;
    private static final int CONTROL_FRAMES_MAX = 200;
    private static final int CAUSES_MAX = 10;
    private static final String HEADER_TOO_LONG = "Header size exceeded"; // Netty's words

    /** What comes to who uses the connection. */
    sealed interface Event {
        /** A header section, names in lower case. */
        record Fields(List<Header> fields, boolean end) implements Event {}

        /** A piece of a body, to be used at once. */
        record Data(ByteBuffer data, boolean end) implements Event {}

        /** The server closed the connection. */
        record Closed() implements Event {}

        /** There will be no response, for this reason. */
        record Broken(String reason) implements Event {}
    }

    /** Told what comes, until another uses the connection or it is closed. */
    interface User {
        void next(Event event);
    }

    private final Channel channel;
    private final Optional<CertificateDates> certificate;
    private User user;
    private Http2FrameStream stream;
    private boolean streamEnded = true;
    private boolean settled;
    private boolean going;

    private Http2Connection(Channel channel, Optional<CertificateDates> certificate) {
        this.channel = channel;
        this.certificate = certificate;
    }

    /** Begins to speak HTTP/2 on an established channel. @param certificate of the server, inside TLS */
    static Http2Connection on(Channel channel, Optional<CertificateDates> certificate) {
        Http2Connection connection = new Http2Connection(channel, certificate);
        channel.pipeline().addLast(
                Http2FrameCodecBuilder.forClient()
                        .initialSettings(Http2Settings.defaultSettings()
                                .pushEnabled(false)
                                .maxHeaderListSize(HEADER_BYTES_MAX))
                        .encoderEnforceMaxQueuedControlFrames(CONTROL_FRAMES_MAX)
                        .decoupleCloseAndGoAway(true) // to close does not wait for anything
                        .build(),
                connection);
        return connection;
    }

    /** Of the server, inside TLS. */
    Optional<CertificateDates> certificate() {
        return certificate;
    }

    /** Hands the connection to its next user, or, idle, to nobody: null. */
    void use(User next) {
        user = next;
        abandon();
    }

    /** Whether a request can be made. */
    boolean isUsable() {
        return channel.isActive() && !going;
    }

    /** Makes a request. */
    void send(Next.Call call) {
        abandon();
        Http2Headers headers = new DefaultHttp2Headers(false);
        for (Header field : call.fields()) {
            headers.add(new AsciiString(field.name()), new AsciiString(field.value().getBytes(UTF_8)));
        }
        boolean bodiless = call.body().length == 0;
        Http2FrameStream begun = newStream();
        stream = begun;
        streamEnded = false;
        ChannelFuture sent = channel.write(new DefaultHttp2HeadersFrame(headers, bodiless).stream(begun));
        if (!bodiless) {
            channel.write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(call.body()), true).stream(begun));
        }
        channel.flush();
        sent.addListener(done -> {
            if (!done.isSuccess() && stream == begun) {
                tell(new Event.Broken(reason(done.cause())));
            }
        });
    }

    /** What is left of a response is not wanted. */
    private void abandon() {
        if (!streamEnded && channel.isActive()) {
            channel.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL).stream(stream));
        }
        streamEnded = true;
        stream = null;
    }

    /** Closes the connection, and says so; nothing is told from here on. */
    void close() {
        user = null;
        if (channel.isActive()) {
            channel.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
        }
        channel.close();
    }

    private void tell(Event event) {
        if (user != null) {
            user.next(event);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            switch (message) {
                case Http2SettingsFrame _ -> settled = true;
                case Http2HeadersFrame frame when frame.stream() == stream ->
                        onFrame(new Event.Fields(fields(frame.headers()), frame.isEndStream()), frame.isEndStream());
                case Http2DataFrame frame -> onData(frame);
                case Http2ResetFrame frame when frame.stream() == stream -> {
                    streamEnded = true;
                    tell(new Event.Broken("stream reset: " + name(frame.errorCode())));
                }
                case Http2GoAwayFrame frame -> onGoAway(frame);
                default -> { } // of a stream that is not wanted any more, or of no interest
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void onData(Http2DataFrame frame) {
        int size = frame.initialFlowControlledBytes();
        if (size > 0 && !frame.isEndStream()) {
            channel.write(new DefaultHttp2WindowUpdateFrame(size).stream(frame.stream()));
        }
        if (frame.stream() == stream) {
            onFrame(new Event.Data(frame.content().nioBuffer(), frame.isEndStream()), frame.isEndStream());
        }
    }

    private void onFrame(Event event, boolean end) {
        streamEnded = streamEnded || end;
        tell(event);
    }

    /** The server takes no further requests; those up to some number are still answered (RFC 9113, section 6.8). */
    private void onGoAway(Http2GoAwayFrame frame) {
        going = true;
        boolean refused = stream != null && stream.id() > frame.lastStreamId();
        if (user == null) {
            channel.close();
        } else if (frame.errorCode() != Http2Error.NO_ERROR.code() || refused && !streamEnded) {
            tell(new Event.Broken("connection given up by the server: " + name(frame.errorCode())));
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush(); // window updates
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslCloseCompletionEvent) { // the end of TLS need not be that of the connection
            onClosed();
            channel.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        onClosed();
    }

    private void onClosed() {
        going = true;
        tell(new Event.Closed());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof Http2FrameStreamException of && of.stream() != stream) {
            return;
        }
        if (user == null) {
            ctx.close();
        } else {
            tell(new Event.Broken(reason(cause)));
        }
    }

    private String reason(Throwable fault) {
        Throwable cause = fault;
        for (int i = 0; i < CAUSES_MAX && cause != null; i++) {
            if (cause instanceof Http2Exception broken) {
                return reason(broken);
            }
            cause = cause.getCause();
        }
        return TlsFault.later(fault);
    }

    private String reason(Http2Exception broken) {
        String message = broken.getMessage();
        if (message != null && message.startsWith(HEADER_TOO_LONG)) {
            return "response header longer than 16 KiB";
        }
        return settled ? "HTTP/2 fault: " + broken.error().name() : "server does not speak HTTP/2";
    }

    private static String name(long code) {
        Http2Error error = Http2Error.valueOf(code);
        return error == null ? "" + code : error.name();
    }

    private static List<Header> fields(Http2Headers headers) {
        List<Header> fields = new ArrayList<>(headers.size());
        headers.forEach(field -> fields.add(new Header(field.getKey().toString(), field.getValue().toString())));
        return fields;
    }
}
