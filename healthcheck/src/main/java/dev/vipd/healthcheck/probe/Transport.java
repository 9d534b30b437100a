package dev.vipd.healthcheck.probe;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;

/** How Netty talks to the kernel. */
enum Transport {
    EPOLL {
        @Override
        IoHandlerFactory ioHandler() {
            return EpollIoHandler.newFactory();
        }

        @Override
        Channel open(SocketProtocolFamily family) {
            return new EpollSocketChannel(family);
        }
    },
    NIO {
        @Override
        IoHandlerFactory ioHandler() {
            return NioIoHandler.newFactory();
        }

        @Override
        Channel open(SocketProtocolFamily family) {
            return new NioSocketChannel(SelectorProvider.provider(), family);
        }
    };

    /** Native epoll where its library can be loaded. */
    static Transport best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    abstract IoHandlerFactory ioHandler();

    /** A new socket; throws {@link io.netty.channel.ChannelException} when there can be none. */
    abstract Channel open(SocketProtocolFamily family);

    /** A new socket of the target's family, so that a kernel without IPv6 can still check over IPv4. */
    Channel openFor(InetSocketAddress target) {
        boolean six = target.getAddress() instanceof Inet6Address;
        return open(six ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET);
    }
}
