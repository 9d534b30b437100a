package dev.vipd.netlink.route;

import dev.vipd.netlink.NlAttrReader;
import dev.vipd.netlink.NlAttrWriter;
import dev.vipd.netlink.NlMessage;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** rtnetlink messages of routes (linux/rtnetlink.h). Pure; decoding never throws. */
final class RouteCodec {
    static final int RTM_NEWROUTE = 24;
    static final int RTM_DELROUTE = 25;
    static final int RTM_GETROUTE = 26;

    /**
     * struct rtmsg: family @0, dst_len @1, src_len @2, tos @3, table @4, protocol @5, scope @6, type @7, flags u32 @8.
     */
    private static final int RTMSG_BYTES = 12;

    /** struct rtnexthop: len u16 @0, flags u8 @2, hops u8 @3, ifindex i32 @4; attributes follow. */
    private static final int RTNEXTHOP_BYTES = 8;

    private static final int RTA_DST = 1;
    private static final int RTA_SRC = 2;
    private static final int RTA_OIF = 4;
    private static final int RTA_GATEWAY = 5;
    private static final int RTA_PRIORITY = 6;
    private static final int RTA_PREFSRC = 7;
    private static final int RTA_METRICS = 8;
    private static final int RTA_MULTIPATH = 9;
    private static final int RTA_TABLE = 15;
    private static final int RTA_VIA = 18;
    private static final int RTNH_F_ONLINK = 4;
    private static final int RT_SCOPE_NOWHERE = 255;

    private RouteCodec() {}

    /** Asks for the routes of one family that this protocol made; older kernels tell of all. */
    static byte[] dump(int family, int protocol) {
        return ByteBuffer.allocate(RTMSG_BYTES).put(0, (byte) family).put(5, (byte) protocol).array();
    }

    /** Asks which way the kernel would send to an address: a request that is no dump. */
    static byte[] lookup(InetAddress to) {
        byte[] address = to.getAddress();
        byte[] header = ByteBuffer.allocate(RTMSG_BYTES)
                .put(0, (byte) IpPrefix.family(to))
                .put(1, (byte) (address.length * 8))
                .array();
        return new NlAttrWriter(header).putBytes(RTA_DST, address).toByteArray();
    }

    static byte[] encode(Route route) {
        return encode(route, route.scope());
    }

    /** What is to be deleted: the kernel compares what is given, and scope "nowhere" fits every scope. */
    static byte[] encodeDelete(Route route) {
        return encode(route, RT_SCOPE_NOWHERE);
    }

    static Optional<Route> decode(NlMessage message) {
        Optional<Route.Type> type = message.payload().length < RTMSG_BYTES
                ? Optional.empty()
                : Route.Type.of(message.payload()[7] & 0xff);
        if (type.isEmpty()) {
            return Optional.empty();
        }
        ByteBuffer header = message.buffer();
        int addressBytes = header.get(0) == IpPrefix.AF_INET ? 4 : 16;
        InetAddress destination = IpPrefix.address(new byte[addressBytes]);
        Optional<InetAddress> source = Optional.empty();
        Optional<InetAddress> via = Optional.empty();
        Optional<InetAddress> preferred = Optional.empty();
        Map<Integer, Integer> metrics = new HashMap<>();
        List<NextHop> hops = new ArrayList<>();
        long table = header.get(4) & 0xff;
        long metric = 0;
        int oif = 0;
        NlAttrReader in = message.attributes(RTMSG_BYTES);
        while (in.next()) {
            switch (in.type()) {
                case RTA_DST -> destination = ip(in.bytes()).orElse(destination);
                case RTA_SRC -> source = ip(in.bytes());
                case RTA_OIF -> oif = in.u32();
                case RTA_GATEWAY -> via = ip(in.bytes());
                case RTA_VIA -> via = via(in.bytes());
                case RTA_PREFSRC -> preferred = ip(in.bytes());
                case RTA_PRIORITY -> metric = Integer.toUnsignedLong(in.u32());
                case RTA_TABLE -> table = Integer.toUnsignedLong(in.u32());
                case RTA_METRICS -> readMetrics(in.nested(), metrics);
                case RTA_MULTIPATH -> hops.addAll(nextHops(in.bytes()));
                default -> {}
            }
        }
        if (in.error().isPresent()) {
            return Optional.empty();
        }
        if (hops.isEmpty() && (oif != 0 || via.isPresent())) {
            hops.add(new NextHop(via, oif, 1, (header.getInt(8) & RTNH_F_ONLINK) != 0));
        }
        int sourceLength = header.get(2) & 0xff;
        return Optional.of(new Route(
                type.get(), new IpPrefix(destination, header.get(1) & 0xff),
                source.map(address -> new IpPrefix(address, sourceLength)), header.get(3) & 0xff, table, metric,
                header.get(6) & 0xff, header.get(5) & 0xff, preferred, metrics, hops));
    }

    private static byte[] encode(Route route, int scope) {
        Optional<NextHop> only = route.nextHops().stream().filter(_ -> route.nextHops().size() == 1).findFirst();
        byte[] header = ByteBuffer.allocate(RTMSG_BYTES)
                .order(ByteOrder.nativeOrder())
                .put(0, (byte) route.destination().family())
                .put(1, (byte) route.destination().length())
                .put(2, (byte) (int) route.source().map(IpPrefix::length).orElse(0))
                .put(3, (byte) route.tos())
                .put(4, (byte) (route.table() > 0xff ? 0 : route.table())) // 0: see RTA_TABLE
                .put(5, (byte) route.protocol())
                .put(6, (byte) scope)
                .put(7, (byte) route.type().number)
                .putInt(8, only.filter(NextHop::onlink).isPresent() ? RTNH_F_ONLINK : 0)
                .array();
        NlAttrWriter out = new NlAttrWriter(header);
        if (route.destination().length() > 0) {
            out.putBytes(RTA_DST, route.destination().address().getAddress());
        }
        route.source().ifPresent(source -> out.putBytes(RTA_SRC, source.address().getAddress()));
        int family = route.destination().family();
        only.ifPresent(hop -> writeGateway(out, hop, family));
        route.preferredSource().ifPresent(source -> out.putBytes(RTA_PREFSRC, source.getAddress()));
        if (route.metric() != 0) {
            out.putU32(RTA_PRIORITY, (int) route.metric());
        }
        only.filter(hop -> hop.interfaceIndex() != 0).ifPresent(hop -> out.putU32(RTA_OIF, hop.interfaceIndex()));
        if (route.table() > 0xff) {
            out.putU32(RTA_TABLE, (int) route.table());
        }
        if (!route.metrics().isEmpty()) {
            out.nest(RTA_METRICS, metrics -> route.metrics().forEach(metrics::putU32));
        }
        if (route.nextHops().size() > 1) {
            out.putBytes(RTA_MULTIPATH, multipath(route));
        }
        return out.toByteArray();
    }

    private static void writeGateway(NlAttrWriter out, NextHop hop, int family) {
        hop.via().ifPresent(via -> {
            byte[] bytes = via.getAddress();
            if (IpPrefix.family(via) == family) {
                out.putBytes(RTA_GATEWAY, bytes);
            } else { // struct rtvia: family u16, then the address
                out.putBytes(RTA_VIA, ByteBuffer.allocate(2 + bytes.length)
                        .order(ByteOrder.nativeOrder())
                        .putShort((short) IpPrefix.family(via))
                        .put(bytes)
                        .array());
            }
        });
    }

    private static byte[] multipath(Route route) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (NextHop hop : route.nextHops()) {
            NlAttrWriter one = new NlAttrWriter(new byte[RTNEXTHOP_BYTES]);
            writeGateway(one, hop, route.destination().family());
            byte[] bytes = one.toByteArray();
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.nativeOrder())
                    .putShort(0, (short) bytes.length)
                    .put(2, (byte) (hop.onlink() ? RTNH_F_ONLINK : 0))
                    .put(3, (byte) (hop.weight() - 1))
                    .putInt(4, hop.interfaceIndex());
            all.writeBytes(bytes);
        }
        return all.toByteArray();
    }

    private static List<NextHop> nextHops(byte[] bytes) {
        List<NextHop> hops = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        int at = 0;
        while (bytes.length - at >= RTNEXTHOP_BYTES) {
            int length = in.getShort(at) & 0xffff;
            if (length < RTNEXTHOP_BYTES || length > bytes.length - at) {
                break;
            }
            Optional<InetAddress> via = Optional.empty();
            byte[] hop = Arrays.copyOfRange(bytes, at, at + length);
            NlAttrReader attributes = new NlMessage(0, 0, 0, 0, hop).attributes(RTNEXTHOP_BYTES);
            while (attributes.next()) {
                if (attributes.type() == RTA_GATEWAY) {
                    via = ip(attributes.bytes());
                } else if (attributes.type() == RTA_VIA) {
                    via = via(attributes.bytes());
                }
            }
            boolean onlink = (in.get(at + 2) & RTNH_F_ONLINK) != 0;
            hops.add(new NextHop(via, in.getInt(at + 4), (in.get(at + 3) & 0xff) + 1, onlink));
            at += (length + 3) & ~3;
        }
        return hops;
    }

    private static void readMetrics(NlAttrReader in, Map<Integer, Integer> metrics) {
        while (in.next()) {
            if (in.bytes().length == 4) { // the name of a congestion control is not a number
                metrics.put(in.type(), in.u32());
            }
        }
    }

    private static Optional<InetAddress> via(byte[] bytes) {
        return bytes.length < 2 ? Optional.empty() : ip(Arrays.copyOfRange(bytes, 2, bytes.length));
    }

    private static Optional<InetAddress> ip(byte[] bytes) {
        return bytes.length == 4 || bytes.length == 16 ? Optional.of(IpPrefix.address(bytes)) : Optional.empty();
    }
}
