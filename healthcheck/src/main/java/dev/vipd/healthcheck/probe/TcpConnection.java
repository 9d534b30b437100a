package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.Route;
import dev.vipd.netlink.sys.Errno;
import dev.vipd.netlink.sys.StreamSocket;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.Inet6Address;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * One TCP connection on an event loop of Netty, without a channel: no pipeline, no promise, no buffer of its own. At
 * ten thousand connections a second those would cost more than the connections. Confined to its loop.
 */
final class TcpConnection implements EpollIoHandle {
    /** Told what becomes of the connection. After {@link #close} no more. */
    interface User {
        /** The probe that the connection is for. */
        ProbeRun run();

        void connected();

        /** The connect failed, or the connection broke; {@code error} as a positive number. */
        void broken(int error);

        /** There is something to read, or the end: {@link TcpConnection#receive}. */
        void readable();
    }

    private static final EpollIoOps CONNECTING = EpollIoOps.EPOLLOUT;
    private static final EpollIoOps READING = EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLRDHUP);
    private static final EpollIoOps BOTH = READING.with(EpollIoOps.EPOLLOUT);

    private final CheckLoop loop;
    private final FileDescriptor fd;
    private User user;
    private IoRegistration registration;
    private boolean connecting = true;
    private boolean givenAway;
    private byte[] unsent = {};
    private int unsentAt;

    private TcpConnection(CheckLoop loop, int fd, User user) {
        this.loop = loop;
        this.fd = new FileDescriptor(fd);
        this.user = user;
    }

    /**
     * Opens a socket and connects it. What this machine refuses, and what is refused at once, ends the run; the end of
     * the run closes the connection.
     *
     * @return null when the run has ended
     */
    static TcpConnection open(Route route, ProbeRun run, User user) {
        CheckLoop loop = run.loop();
        boolean six = route.target().getAddress() instanceof Inet6Address;
        int fd = StreamSocket.open(six);
        if (fd < 0) {
            SocketFault.atOnce(-fd, run);
            return null;
        }
        TcpConnection connection = new TcpConnection(loop, fd, user);
        run.onEnd(connection::close);
        ByteBuffer address = loop.addressBuffer();
        int error = RouteOptions.apply(fd, route, address);
        if (error == 0) {
            StreamSocket.putAddress(address, route.target().getAddress(), route.target().getPort());
            error = StreamSocket.connect(fd, address);
        }
        if (error != 0 && error != -Errno.EINPROGRESS) {
            SocketFault.atOnce(-error, run);
            return null;
        }
        connection.register(run);
        return run.decided() ? null : connection;
    }

    private void register(ProbeRun run) {
        var registering = loop.eventLoop().register(this); // carried out at once, as this is the loop's thread
        if (!registering.isSuccess()) {
            run.localFault("no place on the event loop: " + registering.cause());
            return;
        }
        registration = registering.getNow();
        registration.submit(CONNECTING);
    }

    /** Hands an idle connection to its next user, or takes it from one: null closes it as soon as anything comes. */
    void use(User next) {
        user = next;
    }

    /** Sends all of the data, now or as soon as the peer takes it. */
    void send(byte[] data) {
        if (!hasSentAll()) {
            byte[] all = Arrays.copyOfRange(unsent, unsentAt, unsent.length + data.length);
            System.arraycopy(data, 0, all, all.length - data.length, data.length);
            unsent = all;
            unsentAt = 0;
            return;
        }
        int at = write(data, 0);
        if (at < 0) {
            user.broken(-at);
        } else if (at < data.length) {
            unsent = data;
            unsentAt = at;
            registration.submit(BOTH);
        }
    }

    /** Whether the peer's side has taken all that was sent. */
    boolean hasSentAll() {
        return unsentAt == unsent.length;
    }

    /** @return the end of what was taken of the data, or a negative error */
    private int write(byte[] data, int from) {
        int at = from;
        while (at < data.length) {
            ByteBuffer buffer = loop.sendBuffer();
            buffer.put(data, at, Math.min(data.length - at, buffer.remaining())).flip();
            int sent = StreamSocket.send(fd.intValue(), buffer);
            if (sent == -Errno.EAGAIN) {
                return at;
            }
            if (sent < 0) {
                return sent;
            }
            at += sent;
        }
        return at;
    }

    /** Receives into the buffer. @return bytes; 0 at the end; -EAGAIN when nothing waits; or another error */
    int receive(ByteBuffer buffer) {
        return StreamSocket.receive(fd.intValue(), buffer);
    }

    @Override
    public void handle(IoRegistration from, IoEvent event) {
        EpollIoOps ops = ((EpollIoEvent) event).ops();
        if (!isOpen()) {
            return;
        }
        if (user == null) {
            close(); // nobody has asked for anything
        } else {
            user.run().carefully(() -> on(ops));
        }
    }

    private void on(EpollIoOps ops) {
        if (connecting) {
            onConnect();
            return;
        }
        boolean toRead = !ops.equals(EpollIoOps.EPOLLOUT);
        if (!hasSentAll() && ops.contains(EpollIoOps.EPOLLOUT)) {
            flush();
        }
        if (fd.isOpen() && toRead) {
            user.readable();
        }
    }

    private void onConnect() {
        int error = StreamSocket.connectError(fd.intValue());
        connecting = false;
        if (error != 0) {
            user.broken(-error);
            return;
        }
        user.connected();
        if (isOpen() && hasSentAll()) {
            registration.submit(READING);
        }
    }

    private void flush() {
        int at = write(unsent, unsentAt);
        if (at < 0) {
            user.broken(-at);
            return;
        }
        unsentAt = at;
        if (at == unsent.length) {
            registration.submit(READING);
        }
    }

    boolean isOpen() {
        return fd.isOpen() && !givenAway;
    }

    /** Gives the established connection away. @return its descriptor, which is the caller's to close from here on */
    int giveAway() {
        givenAway = true;
        registration.cancel(); // carried out at once, as this is the loop's thread
        registration = null;
        return fd.intValue();
    }

    @Override
    public FileDescriptor fd() {
        return fd;
    }

    /** Closes the connection; orderly, unless something was left unread. */
    @Override
    public void close() {
        if (givenAway) {
            return;
        }
        if (registration != null) {
            // first: while another thread forks, a closed descriptor is still open there and would not leave epoll
            registration.cancel();
            registration = null;
        }
        try {
            fd.close();
        } catch (IOException e) {
            // it is gone either way
        }
    }
}
