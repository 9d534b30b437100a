package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.Route;
import dev.vipd.netlink.sys.Errno;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.function.Consumer;

/**
 * Opens TCP connections as channels of Netty, for what needs a pipeline: TLS and HTTP/2. They are connected as
 * {@link TcpConnection}s, so that the options of the route and the blame for errors are the same for all kinds.
 */
final class ChannelConnector implements TcpConnection.User {
    private final ProbeRun run;
    private final Consumer<Channel> opened;
    private TcpConnection connection;

    private ChannelConnector(ProbeRun run, Consumer<Channel> opened) {
        this.run = run;
        this.opened = opened;
    }

    /**
     * Connects. What goes wrong ends the run; the end of the run closes what there is.
     *
     * @param opened given the established channel, registered and without handlers; it reads from the next turn of the
     *               event loop on
     */
    static void connect(Route route, ProbeRun run, Consumer<Channel> opened) {
        ChannelConnector connector = new ChannelConnector(run, opened);
        run.awaiting("connect");
        connector.connection = TcpConnection.open(route, run, connector);
    }

    @Override
    public ProbeRun run() {
        return run;
    }

    @Override
    public void connected() {
        run.connected();
        Channel channel = new EpollSocketChannel(connection.giveAway());
        if (!channel.isActive()) { // since a moment ago; the channel itself would not say so
            channel.unsafe().closeForcibly();
            run.failed(SocketFault.reason(Errno.ECONNRESET));
            return;
        }
        EventLoopGroup loop = run.eventLoop();
        ChannelFuture registering = loop.register(channel); // carried out at once, as this is the loop's thread
        if (!registering.isSuccess()) {
            channel.unsafe().closeForcibly();
            run.localFault("no place on the event loop: " + registering.cause());
            return;
        }
        run.onEnd(channel::close);
        opened.accept(channel);
    }

    @Override
    public void broken(int error) {
        run.failed(SocketFault.reason(error));
    }

    @Override
    public void readable() {
        throw new IllegalStateException("given away before anything is read");
    }

    /** At the end of an idle channel's pipeline: nobody has asked for anything, so whatever comes closes it. */
    @ChannelHandler.Sharable
    static final class IdleGuard extends ChannelInboundHandlerAdapter {
        static final IdleGuard INSTANCE = new IdleGuard();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
            ctx.close();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslCloseCompletionEvent) {
                ctx.close(); // the end of TLS need not be that of the connection
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
