package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckOutcome;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Probes over TCP: connects, then does what the kind of the check asks. */
final class NettyProber implements Prober {
    private final Function<InetSocketAddress, Channel> sockets;
    private final LongSupplier clock;

    /** @param sockets opens a socket for a target; {@link ChannelException} when this machine has none to give */
    NettyProber(Function<InetSocketAddress, Channel> sockets, LongSupplier clock) {
        this.sockets = sockets;
        this.clock = clock;
    }

    @Override
    public Probe probe(CheckConfig check, EventLoop loop, Consumer<CheckOutcome> done) {
        ProbeRun run = new ProbeRun(loop, clock, check.timing().connectTimeoutNs(), done);
        run.awaiting(() -> "connect timed out after " + run.timeoutText());
        Channel channel;
        try {
            channel = sockets.apply(check.target());
        } catch (ChannelException e) {
            run.finish(new CheckOutcome.LocalFault(SocketFault.reason(e)));
            return run;
        }
        run.attach(channel);
        // the run's own deadline covers the connect
        channel.config().setConnectTimeoutMillis(0);
        // no Bootstrap: what it reports of a socket that can't be opened comes on a thread that is not the loop's
        loop.register(channel).addListener((ChannelFuture registered) -> {
            if (registered.isSuccess()) {
                connect(channel, check, run);
            } else {
                run.finish(new CheckOutcome.LocalFault(SocketFault.reason(registered.cause())));
            }
        });
        return run;
    }

    private static void connect(Channel channel, CheckConfig check, ProbeRun run) {
        ChannelFuture connect = channel.connect(check.target());
        boolean atOnce = connect.isDone();
        connect.addListener((ChannelFuture connected) -> {
            if (connected.isSuccess()) {
                onConnected(channel, check, run);
            } else if (!run.decided()) {
                run.finish(
                        atOnce
                                ? SocketFault.atOnce(connected.cause(), run)
                                : run.failed(SocketFault.reason(connected.cause())));
            }
        });
    }

    private static void onConnected(Channel channel, CheckConfig check, ProbeRun run) {
        switch (check) {
            case CheckConfig.Tcp _ -> run.finish(run.passed());
            case CheckConfig.Http http -> HttpProbe.begin(channel, http, run);
        }
    }
}
