package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.Route;
import dev.vipd.netlink.sys.IcmpEcho;
import dev.vipd.netlink.sys.IcmpSocket;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * One raw ICMP socket for very many ping probes. A request is known again by its sequence number, a reply also by a
 * random token and its sender, so that neither a late one nor a forged one passes another probe. Confined to its loop.
 */
final class PingSocket implements EpollIoHandle {
    private static final int SEQUENCES = 1 << 16;
    private static final int MESSAGES_AT_ONCE_MAX = 64; // so that a flood holds up no other check

    /** A request without an answer yet. */
    private record Waiting(ProbeRun run, InetAddress target, long token) {}

    private final CheckLoop loop;
    private final PingSockets.Way way;
    private final FileDescriptor fd;
    private final int identifier;
    private final SplittableRandom random;
    private final Map<Integer, Waiting> waiting = new HashMap<>();
    private IoRegistration registration;
    private int sequence;
    private int users;

    private PingSocket(CheckLoop loop, PingSockets.Way way, int fd, int identifier, SplittableRandom random) {
        this.loop = loop;
        this.way = way;
        this.fd = new FileDescriptor(fd);
        this.identifier = identifier;
        this.random = random;
    }

    /** @return null when it can't be opened, which is the run's end */
    static PingSocket open(CheckLoop loop, Route route, ProbeRun run) {
        PingSockets.Way way = PingSockets.Way.of(route);
        SplittableRandom random = new SplittableRandom();
        int identifier = random.nextInt(SEQUENCES);
        int fd = IcmpSocket.open(way.six(), identifier);
        if (fd < 0) {
            run.localFault(SocketFault.reason(-fd));
            return null;
        }
        PingSocket socket = new PingSocket(loop, way, fd, identifier, random);
        int error = RouteOptions.apply(fd, route, loop.addressBuffer());
        if (error != 0) {
            socket.close();
            run.localFault(SocketFault.reason(-error));
            return null;
        }
        return socket.register(run) ? socket : null;
    }

    private boolean register(ProbeRun run) {
        var registering = loop.eventLoop().register(this); // carried out at once, as this is the loop's thread
        if (!registering.isSuccess()) {
            close();
            run.localFault("no place on the event loop: " + registering.cause());
            return false;
        }
        registration = registering.getNow();
        try {
            registration.submit(EpollIoOps.EPOLLIN);
        } catch (UncheckedIOException e) {
            close();
            run.localFault("no place on the event loop: " + e.getMessage());
            return false;
        }
        return true;
    }

    PingSockets.Way way() {
        return way;
    }

    void acquire() {
        users++;
    }

    /** Closes the socket if this was its last user. */
    void release() {
        if (--users == 0) {
            loop.pingSockets().gone(this);
            close();
        }
    }

    /** Sends an echo request, whose answer is the run's end. */
    void ping(InetAddress target, ProbeRun run) {
        if (waiting.size() == SEQUENCES) {
            run.localFault("too many pings at once");
            return;
        }
        do {
            sequence = (sequence + 1) % SEQUENCES;
        } while (waiting.containsKey(sequence));
        int number = sequence;
        long token = random.nextLong();
        waiting.put(number, new Waiting(run, target, token));
        run.onEnd(() -> waiting.remove(number));
        int sent = send(target, number, token);
        if (sent < 0 && way.bindInterface().isPresent()
                && IcmpSocket.bindToDevice(fd.intValue(), way.bindInterface().get()) == 0) {
            sent = send(target, number, token); // an interface made anew has the old name and another index
        }
        if (sent < 0) {
            run.localFault(SocketFault.reason(-sent));
        }
    }

    private int send(InetAddress target, int number, long token) {
        ByteBuffer message = loop.sendBuffer();
        IcmpEcho.putRequest(message, way.six(), identifier, number, token);
        ByteBuffer address = loop.addressBuffer();
        IcmpSocket.putAddress(address, target, 0);
        return IcmpSocket.sendTo(fd.intValue(), message, address);
    }

    @Override
    public void handle(IoRegistration from, IoEvent event) {
        for (int i = 0; i < MESSAGES_AT_ONCE_MAX && fd.isOpen(); i++) {
            ByteBuffer message = loop.receiveBuffer();
            ByteBuffer sender = loop.addressBuffer();
            int size = IcmpSocket.receiveFrom(fd.intValue(), message, sender);
            if (size < 0) {
                return;
            }
            IcmpEcho.decode(message.limit(size), way.six()).ifPresent(answer -> on(answer, sender));
        }
    }

    private void on(IcmpEcho.Answer answer, ByteBuffer sender) {
        Waiting asked = waiting.get(answer.sequence());
        if (asked == null || answer.identifier() != identifier) {
            return;
        }
        byte[] target = asked.target().getAddress();
        switch (answer) {
            case IcmpEcho.Reply reply -> {
                if (reply.token() == asked.token() && IcmpEcho.isFrom(sender, target)) {
                    asked.run().passed();
                }
            }
            case IcmpEcho.Unreachable unreachable -> {
                if (Arrays.equals(unreachable.target(), target)) {
                    asked.run().failed(unreachable.reason());
                }
            }
        }
    }

    @Override
    public FileDescriptor fd() {
        return fd;
    }

    @Override
    public void close() {
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
