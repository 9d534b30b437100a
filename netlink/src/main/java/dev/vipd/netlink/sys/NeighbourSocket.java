package dev.vipd.netlink.sys;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Asks everybody on one Ethernet interface who has an address, and takes all answers: ARP (RFC 826), or neighbour
 * solicitations (RFC 4861, 4.3). Unlike the kernel's own neighbour table it sees the second host that answers. Not
 * thread-safe.
 *
 * <pre>
 * ARP                                         neighbour solicitation and advertisement
 *  0  8  Ethernet, IPv4, lengths, operation    0 40  IPv6 header: next header 58, hop limit 255
 *  8 10  sender: MAC, address                 40  8  ICMPv6: type 135 or 136, code, checksum, flags
 * 18 10  target: MAC, address                 48 16  target
 *                                             64  8  option: type 1 (source) or 2 (target), length 1, MAC
 * </pre>
 */
public final class NeighbourSocket implements AutoCloseable {
    static final int ICMP = 40;
    static final int ADVERTISEMENT = 136;

    private static final int SOCK_DGRAM = 2;
    private static final int ETH_P_ARP = 0x0806;
    private static final int ETH_P_IPV6 = 0x86dd;
    private static final int MAC_BYTES = 6;
    private static final int ARP_BYTES = 28;
    private static final long ARP_REQUEST = 0x0001_0800_06_04_0001L;
    private static final int ARP_REPLY = 2;
    private static final int SOLICITATION = 135;
    private static final int TARGET = 48;
    private static final int OPTION = 64;
    private static final int SOLICITATION_BYTES = 72;

    private final String operation;
    private final boolean six;
    private final int interfaceIndex;
    private final byte[] mac;
    private final Fd fd;
    private final ByteBuffer received = Sys.buffer(256).order(ByteOrder.BIG_ENDIAN);
    private final ByteBuffer sender = Sys.buffer(20); // struct sockaddr_ll: see address()
    private final ByteBuffer senderLength = Sys.buffer(4);

    /** Somebody's answer: this address is at this MAC. */
    public record Answer(InetAddress address, List<Byte> mac) {}

    /**
     * Opens a socket.
     *
     * @param mac 6 bytes: the interface's
     * @param six whether IPv6 addresses are asked for
     * @throws SysException EPERM without CAP_NET_RAW
     */
    public NeighbourSocket(String interfaceName, int interfaceIndex, byte[] mac, boolean six) throws SysException {
        operation = "ask for neighbours on " + interfaceName;
        this.six = six;
        this.interfaceIndex = interfaceIndex;
        this.mac = mac.clone();
        fd = Sys.socket(operation, Sys.AF_PACKET, SOCK_DGRAM, 0);
        try {
            if (six && SocketFilter.attach(fd.number(), SocketFilter.neighbourAdvertisements()) < 0) {
                throw new SysException(operation, Libc.errno());
            }
            Sys.bind(operation, fd, address(new byte[0]));
        } catch (SysException e) {
            fd.close();
            throw e;
        }
    }

    /** Readable when answers wait. */
    public Fd fd() {
        return fd;
    }

    /** Asks for an address, from one of this host's own of the same family; 0.0.0.0 is a probe of RFC 5227. */
    public void ask(InetAddress source, InetAddress target) throws SysException {
        if (six) {
            byte[] to = target.getAddress();
            byte[] group = {0x33, 0x33, (byte) 0xff, to[13], to[14], to[15]};
            Sys.send(operation, fd, solicitation(mac, source, to), 0, address(group));
        } else {
            byte[] broadcast = new byte[MAC_BYTES];
            Arrays.fill(broadcast, (byte) 0xff);
            ByteBuffer request = Sys.buffer(ARP_BYTES).order(ByteOrder.BIG_ENDIAN);
            request.putLong(0, ARP_REQUEST).put(8, mac).put(14, source.getAddress()).put(24, target.getAddress());
            Sys.send(operation, fd, request, 0, address(broadcast));
        }
    }

    /** Takes one answer; empty when none waits. What is no answer is skipped. Does not block. */
    public Optional<Answer> receive() throws SysException {
        while (true) {
            long size = Sys.receive(operation, fd, received.clear(), sender, senderLength);
            if (size < 0) {
                return Optional.empty();
            }
            byte[] bytes = new byte[(int) Math.min(size, received.capacity())];
            received.get(0, bytes);
            byte[] from = new byte[MAC_BYTES];
            sender.get(12, from);
            Optional<Answer> answer = six ? advertisement(bytes, from) : arpReply(bytes);
            if (answer.isPresent()) {
                return answer;
            }
        }
    }

    @Override
    public void close() {
        fd.close();
    }

    static Optional<Answer> arpReply(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return bytes.length >= ARP_BYTES && in.getShort(6) == ARP_REPLY && bytes[4] == MAC_BYTES && bytes[5] == 4
                ? Optional.of(new Answer(
                        ip(Arrays.copyOfRange(bytes, 14, 18)), mac(Arrays.copyOfRange(bytes, 8, 14))))
                : Optional.empty();
    }

    /** The MAC of the option, or without one that of the frame. */
    static Optional<Answer> advertisement(byte[] bytes, byte[] from) {
        if (bytes.length < OPTION || bytes[6] != IcmpEcho.protocol(true) || (bytes[ICMP] & 0xff) != ADVERTISEMENT) {
            return Optional.empty();
        }
        boolean named = bytes.length >= OPTION + 2 + MAC_BYTES && bytes[OPTION] == 2 && bytes[OPTION + 1] == 1;
        byte[] owner = named ? Arrays.copyOfRange(bytes, OPTION + 2, OPTION + 2 + MAC_BYTES) : from;
        return Optional.of(new Answer(ip(Arrays.copyOfRange(bytes, TARGET, TARGET + 16)), mac(owner)));
    }

    static ByteBuffer solicitation(byte[] mac, InetAddress source, byte[] target) {
        ByteBuffer out = Sys.buffer(SOLICITATION_BYTES).order(ByteOrder.BIG_ENDIAN);
        byte[] group = {(byte) 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, (byte) 0xff, target[13], target[14], target[15]};
        out.putInt(0, 6 << 28).putShort(4, (short) (SOLICITATION_BYTES - ICMP));
        out.put(6, (byte) IcmpEcho.protocol(true)).put(7, (byte) 255);
        out.put(8, source.getAddress()).put(24, group);
        out.put(ICMP, (byte) SOLICITATION).put(TARGET, target);
        out.put(OPTION, (byte) 1).put(OPTION + 1, (byte) 1).put(OPTION + 2, mac);
        int sum = IcmpEcho.protocol(true) + SOLICITATION_BYTES - ICMP; // RFC 4443, 2.3: with a pseudo header
        for (int at = 8; at < SOLICITATION_BYTES; at += 2) {
            sum += out.getShort(at) & 0xffff;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        return out.putShort(ICMP + 2, (short) ~(sum + (sum >>> 16)));
    }

    private static InetAddress ip(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are an address", e);
        }
    }

    private static List<Byte> mac(byte[] bytes) {
        List<Byte> list = new ArrayList<>(bytes.length);
        for (byte octet : bytes) {
            list.add(octet);
        }
        return List.copyOf(list);
    }

    /** struct sockaddr_ll: family @0, protocol be16 @2, ifindex @4, length of the address @11, address @12. */
    private ByteBuffer address(byte[] to) {
        ByteBuffer address = Sys.buffer(20).putShort(0, (short) Sys.AF_PACKET).putInt(4, interfaceIndex);
        address.put(11, (byte) to.length).put(12, to);
        address.order(ByteOrder.BIG_ENDIAN).putShort(2, (short) (six ? ETH_P_IPV6 : ETH_P_ARP));
        return address;
    }
}
