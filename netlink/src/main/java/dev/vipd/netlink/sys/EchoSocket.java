package dev.vipd.netlink.sys;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/** ICMP echo, version 4 (RFC 792) or 6 (RFC 4443, 4), by a raw socket: ping_group_range does not matter to it. */
public final class EchoSocket implements ProbeSocket {
    private static final int IPPROTO_ICMP = 1;
    private static final int IPPROTO_ICMPV6 = 58;
    private static final int SOL_RAW = 255;
    private static final int ICMP_FILTER = 1; // also ICMPV6_FILTER
    private static final int ECHO_REQUEST = 8;
    private static final int ECHO_REPLY = 0;
    private static final int ECHO_REQUEST_V6 = 128;
    private static final int ECHO_REPLY_V6 = 129;
    private static final int MESSAGE_BYTES = 16; // type @0, code @1, checksum @2, identifier @4, sequence @6, data @8
    private static final int ADDRESS_IN_SOCKADDR_IN = 4;
    private static final int ADDRESS_IN_SOCKADDR_IN6 = 8;

    private final InetAddress target;
    private final boolean v4;
    private final int identifier;
    private final String operation;
    private final Fd fd;
    private final ByteBuffer sendAddress;
    private final ByteBuffer received = Sys.buffer(2048).order(ByteOrder.BIG_ENDIAN);
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
        fd = Sys.socket(operation, v4 ? Sys.AF_INET : Sys.AF_INET6, Sys.SOCK_RAW, v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6);
        sendAddress = v4 ? sockaddrIn(target) : sockaddrIn6((Inet6Address) target);
        try {
            if (interfaceName.isPresent()) {
                Sys.bindToDevice(operation, fd, interfaceName.get());
            }
            Sys.setOption(operation, fd, v4 ? SOL_RAW : IPPROTO_ICMPV6, ICMP_FILTER, filter(v4));
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
        ByteBuffer message = Sys.buffer(MESSAGE_BYTES).order(ByteOrder.BIG_ENDIAN);
        message.put(0, (byte) (v4 ? ECHO_REQUEST : ECHO_REQUEST_V6));
        message.putShort(4, (short) identifier).putShort(6, (short) seq);
        if (v4) { // the kernel does version 6's, which covers the addresses
            message.putShort(2, (short) checksum(message));
        }
        Sys.send(operation, fd, message, 0, sendAddress);
    }

    @Override
    public boolean answered(int seq) throws SysException {
        boolean found = false;
        for (long size = receive(); size >= 0; size = receive()) {
            int at = v4 ? (received.get(0) & 0x0f) * 4 : 0;
            found |= size >= at + 8
                    && (received.get(at) & 0xff) == (v4 ? ECHO_REPLY : ECHO_REPLY_V6)
                    && (received.getShort(at + 4) & 0xffff) == identifier
                    && (received.getShort(at + 6) & 0xffff) == (seq & 0xffff)
                    && fromTarget();
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

    private boolean fromTarget() {
        byte[] from = new byte[v4 ? 4 : 16];
        sender.get(v4 ? ADDRESS_IN_SOCKADDR_IN : ADDRESS_IN_SOCKADDR_IN6, from);
        return Arrays.equals(from, target.getAddress());
    }

    /** Lets echo replies in only: bits of the types to block; version 6 has eight words. */
    private static ByteBuffer filter(boolean v4) {
        if (v4) {
            return Sys.buffer(4).putInt(0, ~(1 << ECHO_REPLY));
        }
        ByteBuffer words = Sys.buffer(32);
        for (int i = 0; i < 8; i++) {
            words.putInt(i * 4, -1);
        }
        return words.putInt(ECHO_REPLY_V6 / 32 * 4, ~(1 << ECHO_REPLY_V6 % 32));
    }

    private static int checksum(ByteBuffer message) {
        int sum = 0;
        for (int i = 0; i < MESSAGE_BYTES; i += 2) {
            sum += message.getShort(i) & 0xffff;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        return ~(sum + (sum >>> 16)) & 0xffff;
    }

    /** struct sockaddr_in: family @0, port @2, address @4. */
    private static ByteBuffer sockaddrIn(InetAddress address) {
        return Sys.buffer(16).putShort(0, (short) Sys.AF_INET).put(ADDRESS_IN_SOCKADDR_IN, address.getAddress());
    }

    /** struct sockaddr_in6: family @0, port @2, flow @4, address @8, scope id @24. */
    private static ByteBuffer sockaddrIn6(Inet6Address address) {
        return Sys.buffer(28)
                .putShort(0, (short) Sys.AF_INET6)
                .put(ADDRESS_IN_SOCKADDR_IN6, address.getAddress())
                .putInt(24, address.getScopeId());
    }
}
