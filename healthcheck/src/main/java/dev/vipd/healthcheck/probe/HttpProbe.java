package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckConfig.StatusRange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.NetUtil;
import java.util.stream.Collectors;

/**
 * One GET over an open connection. The status decides as soon as the response header is complete. What follows is read
 * and dropped, up to a bound and the deadline, because to close on unread data would send the server a reset.
 */
final class HttpProbe extends SimpleChannelInboundHandler<HttpObject> {
    private static final int HEADER_BYTES_MAX = 8 * 1024;
    /** Everything up to the final status: a status line and a header of full size, or interim responses instead. */
    private static final int UNDECIDED_BYTES_MAX = 2 * HEADER_BYTES_MAX;

    private static final int DRAINED_BYTES_MAX = 64 * 1024;
    private static final int SWITCHING_PROTOCOLS = 101;

    private final CheckConfig.Http check;
    private final ProbeRun run;
    private long receivedBytes;

    private HttpProbe(CheckConfig.Http check, ProbeRun run) {
        this.check = check;
        this.run = run;
    }

    /** Sends the request over the connected channel and judges what comes back. */
    static void begin(Channel channel, CheckConfig.Http check, ProbeRun run) {
        HttpProbe probe = new HttpProbe(check, run);
        HttpDecoderConfig limits = new HttpDecoderConfig()
                .setMaxInitialLineLength(HEADER_BYTES_MAX)
                .setMaxHeaderSize(HEADER_BYTES_MAX);
        channel.pipeline().addLast(probe.byteCounter(), new HttpResponseDecoder(limits), probe);
        run.awaiting(probe::missing);
        ByteBuf request = ByteBufUtil.writeUtf8(channel.alloc(), request(check));
        channel.writeAndFlush(request).addListener((ChannelFuture sent) -> {
            if (!sent.isSuccess() && !run.decided()) {
                run.finish(run.failed(SocketFault.reason(sent.cause())));
            }
        });
    }

    private static String request(CheckConfig.Http check) {
        String host = check.virtualHost().orElseGet(() -> NetUtil.toSocketAddressString(check.target()));
        return "GET " + check.path() + " HTTP/1.1\r\nHost: " + host
                + "\r\nUser-Agent: vipd\r\nAccept: */*\r\nConnection: close\r\n\r\n";
    }

    private String missing() {
        return receivedBytes == 0
                ? "no response within " + run.timeoutText()
                : "response header incomplete after " + run.timeoutText();
    }

    /** In front of the decoder, since that skips and splits bytes without end. */
    private ChannelInboundHandlerAdapter byteCounter() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object data) {
                receivedBytes += ((ByteBuf) data).readableBytes();
                ctx.fireChannelRead(data);
                if (!run.decided() && receivedBytes > UNDECIDED_BYTES_MAX) {
                    run.finish(run.failed("no final status in the first 16 KiB"));
                } else if (receivedBytes > UNDECIDED_BYTES_MAX + DRAINED_BYTES_MAX) {
                    run.end();
                }
            }
        };
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
        if (!run.decided() && part instanceof HttpResponse response) {
            judge(response);
        }
        if (run.decided() && part instanceof LastHttpContent) {
            run.end();
        }
    }

    private void judge(HttpResponse response) {
        if (response.decoderResult().isFailure()) {
            run.finish(run.failed(decodeFault(response.decoderResult().cause())));
            return;
        }
        int status = response.status().code();
        // RFC 9110 section 15.2: interim responses come before the final one; 101 is final, we asked for no upgrade
        if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL && status != SWITCHING_PROTOCOLS) {
            return;
        }
        boolean wanted = check.statuses().stream().anyMatch(range -> range.contains(status));
        run.decide(wanted ? run.passed() : run.failed("status " + status + ", want " + wantedStatuses()));
    }

    private static String decodeFault(Throwable cause) {
        return switch (cause) {
            case TooLongFrameException _ -> "response header longer than 8 KiB";
            case PrematureChannelClosureException _ -> "connection closed within the response header";
            default -> "malformed response";
        };
    }

    private String wantedStatuses() {
        return check.statuses().stream().map(HttpProbe::text).collect(Collectors.joining(","));
    }

    private static String text(StatusRange range) {
        return range.first() == range.last() ? "" + range.first() : range.first() + "-" + range.last();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!run.decided()) {
            run.finish(run.failed(
                    receivedBytes == 0
                            ? "connection closed before a response"
                            : "connection closed within the response header"));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (run.decided()) {
            run.end();
        } else {
            run.finish(run.failed(SocketFault.reason(cause)));
        }
    }
}
