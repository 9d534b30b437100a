package dev.vipd.netlink.sys;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/** ICMP echo, version 4 (RFC 792) or 6 (RFC 4443, 4), by a raw socket: ping_group_range does not matter to it. */
public final class EchoSocket implements ProbeSocket {
    private static final int MESSAGE_BYTES = 16;

    private final InetAddress target;
    private final boolean v4;
    private final int identifier;
    private final String operation;
    private final Fd fd;
    private final ByteBuffer sendAddress = InetSocket.addressBuffer();
    private final ByteBuffer received = Sys.buffer(2048);
    private final ByteBuffer sender = Sys.buffer(28);
    private final ByteBuffer senderLength = Sys.buffer(4);

    /**
     * Opens the socket.
     *
     * @param interfaceName interface that questions leave and answers come by; empty: as routed. A link-local target
     *                      needs one, or a scope in the address
     * @param identifier    the lowest 16 bits tell this socket's answers from those of others
     * @throws SysException EPERM without CAP_NET_RAW, ENODEV without such an interface
     */
    public EchoSocket(InetAddress target, Optional<String> interfaceName, int identifier) throws SysException {
        this.target = target;
        this.identifier = identifier & 0xffff;
        v4 = target instanceof Inet4Address;
        operation = "ping " + target.getHostAddress();
        fd = Sys.socket(operation, v4 ? Sys.AF_INET : Sys.AF_INET6, Sys.SOCK_RAW, IcmpEcho.protocol(!v4));
        InetSocket.putAddress(sendAddress, target, 0);
        try {
            if (interfaceName.isPresent()) {
                Sys.bindToDevice(operation, fd, interfaceName.get());
            }
            Sys.check(operation, SocketFilter.attach(fd.number(), SocketFilter.echoAnswers(!v4, this.identifier)));
        } catch (SysException e) {
            fd.close();
            throw e;
        }
    }

    @Override
    public Fd fd() {
        return fd;
    }

    @Override
    public void send(int seq) throws SysException {
        ByteBuffer message = Sys.buffer(MESSAGE_BYTES);
        IcmpEcho.putRequest(message, !v4, identifier, seq, 0);
        Sys.send(operation, fd, message, 0, sendAddress);
    }

    @Override
    public boolean answered(int seq) throws SysException {
        boolean found = false;
        for (long size = receive(); size >= 0; size = receive()) {
            Optional<IcmpEcho.Answer> answer =
                    IcmpEcho.decode(received.limit((int) Math.min(size, received.capacity())), !v4);
            found |= answer.filter(IcmpEcho.Reply.class::isInstance).isPresent()
                    && answer.get().identifier() == identifier
                    && answer.get().sequence() == (seq & 0xffff)
                    && IcmpEcho.isFrom(sender, target.getAddress());
        }
        return found;
    }

    @Override
    public void close() {
        fd.close();
    }

    private long receive() throws SysException {
        return Sys.receive(operation, fd, received.clear(), sender, senderLength);
    }
}
