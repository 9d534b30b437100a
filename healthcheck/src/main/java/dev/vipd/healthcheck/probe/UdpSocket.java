package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.Route;
import dev.vipd.healthcheck.TimerWheel;
import dev.vipd.healthcheck.dialogue.Step;
import dev.vipd.netlink.sys.DatagramSocket;
import dev.vipd.netlink.sys.Errno;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.Inet6Address;
import java.nio.ByteBuffer;
import java.util.function.Function;

/**
 * A connected UDP socket for one probe, on an event loop of Netty without a channel. What the network answers by ICMP
 * fails the run, and so do the datagrams that are judged so. Has one timer for its user. Confined to its loop.
 */
final class UdpSocket extends TimerWheel.Timer implements EpollIoHandle {
    private static final int DATAGRAMS_AT_ONCE_MAX = 16; // so that a flood holds up no other check

    private final ProbeRun run;
    private final Function<ByteBuffer, Step> judge;
    private final FileDescriptor fd;
    private IoRegistration registration;
    private Runnable atTimer;

    private UdpSocket(ProbeRun run, int fd, Function<ByteBuffer, Step> judge) {
        this.run = run;
        this.fd = new FileDescriptor(fd);
        this.judge = judge;
    }

    /**
     * Opens a socket, which is closed at the end of the run, and sends a first datagram. What this machine refuses ends
     * the run.
     *
     * @param judge given each datagram that comes: passed, failed or wait
     * @return null when the run has ended
     */
    static UdpSocket open(Route route, byte[] data, ProbeRun run, Function<ByteBuffer, Step> judge) {
        int fd = DatagramSocket.open(route.target().getAddress() instanceof Inet6Address);
        if (fd < 0) {
            run.localFault(SocketFault.reason(-fd));
            return null;
        }
        UdpSocket socket = new UdpSocket(run, fd, judge);
        run.onEnd(socket::close);
        ByteBuffer address = run.loop().addressBuffer();
        int error = RouteOptions.apply(fd, route, address);
        if (error == 0) {
            DatagramSocket.putAddress(address, route.target().getAddress(), route.target().getPort());
            error = DatagramSocket.connect(fd, address);
        }
        if (error == 0) {
            error = Math.min(0, socket.send(data));
        }
        if (error == 0) {
            socket.register();
        } else {
            run.localFault(SocketFault.reason(-error)); // nothing has left this machine
        }
        return run.decided() ? null : socket;
    }

    private void register() {
        var registering = run.eventLoop().register(this); // carried out at once, as this is the loop's thread
        if (!registering.isSuccess()) {
            run.localFault("no place on the event loop: " + registering.cause());
            return;
        }
        registration = registering.getNow();
        registration.submit(EpollIoOps.EPOLLIN);
    }

    private int send(byte[] data) {
        return DatagramSocket.send(fd.intValue(), run.loop().sendBuffer().put(data).flip());
    }

    /** Sends a further datagram; if that fails, the first is still under way. */
    void sendAgain(byte[] data) {
        receive(); // an error that waits would be told to the sender
        if (!run.decided()) {
            send(data);
        }
    }

    /** Calls at a time, unless the run ends before. */
    void at(long dueNs, Runnable what) {
        atTimer = what;
        run.loop().set(this, dueNs);
    }

    @Override
    protected void due(long nowNs) {
        run.carefully(atTimer);
    }

    @Override
    public void handle(IoRegistration from, IoEvent event) {
        run.carefully(this::receive);
    }

    /** Takes what has come by now. */
    void receive() {
        for (int i = 0; i < DATAGRAMS_AT_ONCE_MAX && !run.decided(); i++) {
            ByteBuffer datagram = run.loop().receiveBuffer();
            int size = DatagramSocket.receive(fd.intValue(), datagram);
            if (size == -Errno.EAGAIN) {
                return;
            }
            if (size < 0) {
                run.failed(reason(-size));
                return;
            }
            act(judge.apply(datagram.limit(size)));
        }
    }

    private void act(Step step) {
        switch (step) {
            case Step.Wait() -> {}
            case Step.Passed passed -> run.passed(passed.advice(), passed.warning());
            case Step.Failed(String reason) -> run.failed(reason);
            case Step.Send _, Step.Reconnect _, Step.StartTls _ ->
                    throw new IllegalStateException("a datagram leads to a verdict or to nothing");
        }
    }

    /** Of an error that came from the network, as ICMP. */
    private static String reason(int error) {
        return switch (error) {
            case Errno.ECONNREFUSED -> "port unreachable";
            case Errno.EHOSTUNREACH -> "host unreachable";
            default -> SocketFault.reason(error);
        };
    }

    @Override
    public FileDescriptor fd() {
        return fd;
    }

    @Override
    public void close() {
        run.loop().cancel(this);
        try {
            fd.close(); // before the registration goes: a closed descriptor leaves epoll by itself
        } catch (IOException e) {
            // it is gone either way
        }
        if (registration != null) {
            registration.cancel();
            registration = null;
        }
    }
}
