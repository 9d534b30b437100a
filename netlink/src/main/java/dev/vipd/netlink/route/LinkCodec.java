package dev.vipd.netlink.route;

import dev.vipd.netlink.NlAttrReader;
import dev.vipd.netlink.NlAttrWriter;
import dev.vipd.netlink.NlMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** rtnetlink messages of interfaces (linux/if_link.h). Pure; decoding never throws. */
final class LinkCodec {
    static final int RTM_NEWLINK = 16;
    static final int RTM_DELLINK = 17;
    static final int RTM_GETLINK = 18;

    static final int AF_BRIDGE = 7;

    /** struct ifinfomsg: family u8 @0, type u16 @2, index i32 @4, flags u32 @8, change u32 @12. */
    private static final int IFINFOMSG_BYTES = 16;

    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    private static final int IFLA_LINK = 5;
    private static final int IFLA_OPERSTATE = 16;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_IFALIAS = 20;
    private static final int IFLA_AF_SPEC = 26;
    private static final int IFLA_EXT_MASK = 29;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_INFO_DATA = 2;
    private static final int IFLA_MACVLAN_MODE = 1;
    private static final int MACVLAN_MODE_PRIVATE = 1;
    private static final int IFLA_INET_CONF = 1;
    private static final int IFLA_INET6_ADDR_GEN_MODE = 8;
    private static final int IN6_ADDR_GEN_MODE_NONE = 1;
    private static final int RTEXT_FILTER_SKIP_STATS = 8;

    private LinkCodec() {}

    static byte[] dump() {
        return new NlAttrWriter(new byte[IFINFOMSG_BYTES])
                .putU32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS)
                .toByteArray();
    }

    /** Private mode: the only one in which frames with its own MAC address as their source come in. */
    static byte[] macvlan(String name, int parent, byte[] mac) {
        return new NlAttrWriter(header(0, 0, 0))
                .nest(IFLA_LINKINFO, info -> info.putBytes(IFLA_INFO_KIND, ascii("macvlan"))
                        .nest(IFLA_INFO_DATA, data -> data.putU32(IFLA_MACVLAN_MODE, MACVLAN_MODE_PRIVATE)))
                .putU32(IFLA_LINK, parent)
                .putBytes(IFLA_IFNAME, ascii(name))
                .putBytes(IFLA_ADDRESS, mac)
                .toByteArray();
    }

    static byte[] setUp(int index, boolean up) {
        return header(index, up ? Link.IFF_UP : 0, Link.IFF_UP);
    }

    static byte[] alias(int index, String alias) {
        return new NlAttrWriter(header(index, 0, 0)).putBytes(IFLA_IFALIAS, ascii(alias)).toByteArray();
    }

    /** No link-local address made from the MAC address. */
    static byte[] addrGenModeNone(int index) {
        return new NlAttrWriter(header(index, 0, 0))
                .nest(IFLA_AF_SPEC, families -> families.nest(
                        IpPrefix.AF_INET6, inet6 -> inet6.putU8(IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE)))
                .toByteArray();
    }

    /** @param values by number, IPV4_DEVCONF_*, in the map's order */
    static byte[] inetConf(int index, Map<Integer, Integer> values) {
        return new NlAttrWriter(header(index, 0, 0))
                .nest(IFLA_AF_SPEC, families -> families.nest(
                        IpPrefix.AF_INET, inet -> inet.nest(IFLA_INET_CONF, conf -> values.forEach(conf::putU32))))
                .toByteArray();
    }

    static byte[] delete(int index) {
        return header(index, 0, 0);
    }

    static Optional<Link> decode(NlMessage message) {
        if (message.payload().length < IFINFOMSG_BYTES) {
            return Optional.empty();
        }
        ByteBuffer header = message.buffer();
        String name = "";
        String kind = "";
        String alias = "";
        int operState = 0;
        int mtu = 0;
        int parent = 0;
        List<Byte> mac = List.of();
        NlAttrReader in = message.attributes(IFINFOMSG_BYTES);
        while (in.next()) {
            switch (in.type()) {
                case IFLA_IFNAME -> name = in.string();
                case IFLA_OPERSTATE -> operState = in.u8();
                case IFLA_MTU -> mtu = in.u32();
                case IFLA_LINK -> parent = in.u32();
                case IFLA_LINKINFO -> kind = kind(in.nested());
                case IFLA_IFALIAS -> alias = in.string();
                case IFLA_ADDRESS -> mac = boxed(in.bytes());
                default -> {}
            }
        }
        return in.error().isPresent()
                ? Optional.empty()
                : Optional.of(new Link(
                        header.getInt(4), name, header.getInt(8), operState, mac, mtu, parent, kind, alias));
    }

    /** The kernel says DELLINK of this family when an interface leaves a bridge, not when the interface goes. */
    static boolean isBridgePort(NlMessage message) {
        return message.payload().length > 0 && message.payload()[0] == AF_BRIDGE;
    }

    private static String kind(NlAttrReader info) {
        while (info.next()) {
            if (info.type() == IFLA_INFO_KIND) {
                return info.string();
            }
        }
        return "";
    }

    private static byte[] header(int index, int flags, int change) {
        return ByteBuffer.allocate(IFINFOMSG_BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(4, index)
                .putInt(8, flags)
                .putInt(12, change)
                .array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static List<Byte> boxed(byte[] bytes) {
        List<Byte> list = new ArrayList<>(bytes.length);
        for (byte b : bytes) {
            list.add(b);
        }
        return List.copyOf(list);
    }
}
