package dev.vipd.netlink.route;

import dev.vipd.netlink.NlAttrReader;
import dev.vipd.netlink.NlAttrWriter;
import dev.vipd.netlink.NlMessage;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** rtnetlink messages of links and addresses (linux/rtnetlink.h, if_link.h, if_addr.h). Pure; decoding never throws. */
final class RouteCodec {
    static final int RTM_NEWLINK = 16;
    static final int RTM_DELLINK = 17;
    static final int RTM_GETLINK = 18;
    static final int RTM_NEWADDR = 20;
    static final int RTM_DELADDR = 21;
    static final int RTM_GETADDR = 22;

    static final int AF_UNSPEC = 0;
    static final int AF_INET = 2;
    static final int AF_BRIDGE = 7;
    static final int AF_INET6 = 10;

    /** struct ifinfomsg: family u8 @0, type u16 @2, index i32 @4, flags u32 @8, change u32 @12. */
    private static final int IFINFOMSG_BYTES = 16;

    private static final int IFADDRMSG_BYTES = 8; // family @0, prefix length @1, flags @2, scope @3, index u32 @4
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_FLAGS = 8;
    private static final int IFA_F_NODAD = 0x02;
    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    private static final int IFLA_OPERSTATE = 16;
    private static final int IFLA_EXT_MASK = 29;
    private static final int RTEXT_FILTER_SKIP_STATS = 8;

    private RouteCodec() {}

    static byte[] linkDump() {
        return new NlAttrWriter(new byte[IFINFOMSG_BYTES])
                .putU32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS)
                .toByteArray();
    }

    static byte[] addressDump(int family) {
        return ifaddrmsg(family, 0, 0);
    }

    /** Without a lifetime and a label, as {@code ip address add A/P dev D} does. IPv6 without duplicate detection. */
    static byte[] address(int interfaceIndex, InetAddress address, int prefixLength) {
        boolean v4 = address instanceof Inet4Address;
        NlAttrWriter out =
                new NlAttrWriter(ifaddrmsg(v4 ? AF_INET : AF_INET6, prefixLength, interfaceIndex));
        out.putBytes(IFA_LOCAL, address.getAddress()).putBytes(IFA_ADDRESS, address.getAddress());
        if (!v4) {
            out.putU32(IFA_FLAGS, IFA_F_NODAD);
        }
        return out.toByteArray();
    }

    static Optional<Link> link(NlMessage message) {
        if (message.payload().length < IFINFOMSG_BYTES) {
            return Optional.empty();
        }
        ByteBuffer header = message.buffer();
        String name = "";
        int operState = 0;
        int mtu = 0;
        List<Byte> mac = List.of();
        NlAttrReader in = message.attributes(IFINFOMSG_BYTES);
        while (in.next()) {
            switch (in.type()) {
                case IFLA_IFNAME -> name = in.string();
                case IFLA_OPERSTATE -> operState = in.u8();
                case IFLA_MTU -> mtu = in.u32();
                case IFLA_ADDRESS -> mac = boxed(in.bytes());
                default -> {}
            }
        }
        return in.error().isPresent()
                ? Optional.empty()
                : Optional.of(new Link(header.getInt(4), name, header.getInt(8), operState, mac, mtu));
    }

    static Optional<InterfaceAddress> address(NlMessage message) {
        if (message.payload().length < IFADDRMSG_BYTES) {
            return Optional.empty();
        }
        ByteBuffer header = message.buffer();
        int flags = header.get(2) & 0xff;
        byte[] local = null;
        byte[] address = null;
        NlAttrReader in = message.attributes(IFADDRMSG_BYTES);
        while (in.next()) {
            switch (in.type()) {
                case IFA_LOCAL -> local = in.bytes();
                case IFA_ADDRESS -> address = in.bytes();
                case IFA_FLAGS -> flags = in.u32();
                default -> {}
            }
        }
        byte[] own = local != null ? local : address;
        if (in.error().isPresent() || own == null || own.length != 4 && own.length != 16) {
            return Optional.empty();
        }
        try {
            int prefixLength = header.get(1) & 0xff;
            int scope = header.get(3) & 0xff;
            return Optional.of(new InterfaceAddress(
                    header.getInt(4), InetAddress.getByAddress(own), prefixLength, flags, scope));
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are an address", e);
        }
    }

    /** The events of one notification; none for messages of other kinds. */
    static Optional<RouteEvent> event(NlMessage message) {
        return switch (message.type()) {
            case RTM_NEWLINK -> link(message).map(RouteEvent.LinkChanged::new);
            case RTM_DELLINK -> isBridgePort(message)
                    ? Optional.empty()
                    : link(message).map(link -> new RouteEvent.LinkRemoved(link.index(), link.name()));
            case RTM_NEWADDR -> address(message).map(RouteEvent.AddressAdded::new);
            case RTM_DELADDR -> address(message).map(RouteEvent.AddressRemoved::new);
            default -> Optional.empty();
        };
    }

    /** The kernel says DELLINK of this family when an interface leaves a bridge, not when the interface goes. */
    private static boolean isBridgePort(NlMessage message) {
        return message.payload().length > 0 && message.payload()[0] == AF_BRIDGE;
    }

    private static byte[] ifaddrmsg(int family, int prefixLength, int interfaceIndex) {
        return ByteBuffer.allocate(IFADDRMSG_BYTES)
                .order(ByteOrder.nativeOrder())
                .put(0, (byte) family)
                .put(1, (byte) prefixLength)
                .putInt(4, interfaceIndex)
                .array();
    }

    private static List<Byte> boxed(byte[] bytes) {
        List<Byte> list = new ArrayList<>(bytes.length);
        for (byte b : bytes) {
            list.add(b);
        }
        return List.copyOf(list);
    }
}
