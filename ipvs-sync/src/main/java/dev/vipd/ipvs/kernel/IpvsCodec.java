package dev.vipd.ipvs.kernel;

import dev.vipd.ipvs.Destination;
import dev.vipd.ipvs.Destination.Tunnel;
import dev.vipd.ipvs.Endpoint;
import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.Observation.Load;
import dev.vipd.ipvs.Service;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.ServiceKey.Protocol;
import dev.vipd.ipvs.Traffic;
import dev.vipd.netlink.NlAttrReader;
import dev.vipd.netlink.NlAttrWriter;
import dev.vipd.netlink.NlMessage;
import dev.vipd.netlink.generic.GenericNetlink;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * Requests and rows of the IPVS family of generic netlink (linux/ip_vs.h). Numbers are in host order; addresses, ports
 * and the IPv4 mask are in network order. Reading never throws, whatever the bytes.
 */
final class IpvsCodec {
    static final String FAMILY = "IPVS";
    static final int VERSION = 1;

    static final int CMD_NEW_SERVICE = 1;
    static final int CMD_SET_SERVICE = 2;
    static final int CMD_DEL_SERVICE = 3;
    static final int CMD_GET_SERVICE = 4;
    static final int CMD_NEW_DEST = 5;
    static final int CMD_SET_DEST = 6;
    static final int CMD_DEL_DEST = 7;
    static final int CMD_GET_DEST = 8;

    private static final int ATTR_SERVICE = 1;
    private static final int ATTR_DEST = 2;

    private static final int SVC_AF = 1;
    private static final int SVC_PROTOCOL = 2;
    private static final int SVC_ADDR = 3;
    private static final int SVC_PORT = 4;
    private static final int SVC_FWMARK = 5;
    private static final int SVC_SCHED_NAME = 6;
    private static final int SVC_FLAGS = 7;
    private static final int SVC_TIMEOUT = 8;
    private static final int SVC_NETMASK = 9;
    private static final int SVC_STATS = 10;
    private static final int SVC_PE_NAME = 11;
    private static final int SVC_STATS64 = 12;

    private static final int DEST_ADDR = 1;
    private static final int DEST_PORT = 2;
    private static final int DEST_FWD_METHOD = 3;
    private static final int DEST_WEIGHT = 4;
    private static final int DEST_U_THRESH = 5;
    private static final int DEST_L_THRESH = 6;
    private static final int DEST_ACTIVE_CONNS = 7;
    private static final int DEST_INACT_CONNS = 8;
    private static final int DEST_PERSIST_CONNS = 9;
    private static final int DEST_STATS = 10;
    private static final int DEST_ADDR_FAMILY = 11;
    private static final int DEST_STATS64 = 12;
    private static final int DEST_TUN_TYPE = 13;
    private static final int DEST_TUN_PORT = 14;
    private static final int DEST_TUN_FLAGS = 15;

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int FWD_MASK = 7;
    private static final int ALL_FLAGS = 0xffffffff;

    private IpvsCodec() {}

    /** Payload of the request that makes this change. */
    static byte[] request(IpvsOp op) {
        NlAttrWriter out = GenericNetlink.message(command(op), VERSION);
        switch (op) {
            case IpvsOp.AddService add -> out.nest(ATTR_SERVICE, in -> putService(in, add.service()));
            case IpvsOp.EditService edit -> out.nest(ATTR_SERVICE, in -> putService(in, edit.service()));
            case IpvsOp.DeleteService delete -> out.nest(ATTR_SERVICE, in -> putKey(in, delete.key()));
            case IpvsOp.AddDestination add -> out.nest(ATTR_SERVICE, in -> putKey(in, add.key()))
                    .nest(ATTR_DEST, in -> putDestination(in, add.destination()));
            case IpvsOp.EditDestination edit -> out.nest(ATTR_SERVICE, in -> putKey(in, edit.key()))
                    .nest(ATTR_DEST, in -> putDestination(in, edit.destination()));
            case IpvsOp.DeleteDestination delete -> out.nest(ATTR_SERVICE, in -> putKey(in, delete.key()))
                    .nest(ATTR_DEST, in -> putEndpoint(in, delete.at()));
        }
        return out.toByteArray();
    }

    private static int command(IpvsOp op) {
        return switch (op) {
            case IpvsOp.AddService add -> CMD_NEW_SERVICE;
            case IpvsOp.EditService edit -> CMD_SET_SERVICE;
            case IpvsOp.DeleteService delete -> CMD_DEL_SERVICE;
            case IpvsOp.AddDestination add -> CMD_NEW_DEST;
            case IpvsOp.EditDestination edit -> CMD_SET_DEST;
            case IpvsOp.DeleteDestination delete -> CMD_DEL_DEST;
        };
    }

    /** Payload of a request without attributes. */
    static byte[] request(int command) {
        return GenericNetlink.message(command, VERSION).toByteArray();
    }

    /** Payload of a request about one service: {@link #CMD_GET_SERVICE}, {@link #CMD_GET_DEST}. */
    static byte[] request(int command, ServiceKey key) {
        return GenericNetlink.message(command, VERSION)
                .nest(ATTR_SERVICE, in -> putKey(in, key))
                .toByteArray();
    }

    private static void putKey(NlAttrWriter out, ServiceKey key) {
        out.putU16(SVC_AF, family(key.ipv6()));
        switch (key) {
            case ServiceKey.At at -> out.putU16(SVC_PROTOCOL, at.protocol().number())
                    .putBytes(SVC_ADDR, at.address().getAddress())
                    .putU16be(SVC_PORT, at.port());
            case ServiceKey.Mark mark -> out.putU32(SVC_FWMARK, (int) mark.mark());
        }
    }

    private static void putService(NlAttrWriter out, Service service) {
        putKey(out, service.key());
        out.putString(SVC_SCHED_NAME, service.scheduler());
        // struct ip_vs_flags: u32 flags @0, u32 mask @4 of those that are set or cleared
        byte[] flags = ByteBuffer.allocate(8)
                .order(ByteOrder.nativeOrder())
                .putInt(service.flags())
                .putInt(ALL_FLAGS)
                .array();
        out.putBytes(SVC_FLAGS, flags).putU32(SVC_TIMEOUT, service.timeoutSec());
        if (service.key().ipv6()) {
            out.putU32(SVC_NETMASK, service.netmask());
        } else {
            out.putBytes(SVC_NETMASK, ByteBuffer.allocate(4).putInt(service.netmask()).array());
        }
        if (!service.persistenceEngine().isEmpty()) {
            out.putString(SVC_PE_NAME, service.persistenceEngine());
        }
    }

    private static void putEndpoint(NlAttrWriter out, Endpoint at) {
        out.putU16(DEST_ADDR_FAMILY, family(!(at.address() instanceof Inet4Address)))
                .putBytes(DEST_ADDR, at.address().getAddress())
                .putU16be(DEST_PORT, at.port());
    }

    private static void putDestination(NlAttrWriter out, Destination destination) {
        putEndpoint(out, destination.at());
        out.putU32(DEST_FWD_METHOD, destination.forwarding())
                .putU32(DEST_WEIGHT, destination.weight())
                .putU32(DEST_U_THRESH, destination.upperThreshold())
                .putU32(DEST_L_THRESH, destination.lowerThreshold());
        Tunnel tunnel = destination.tunnel();
        if (!tunnel.equals(Tunnel.IPIP)) { // what is left out is zero: IPIP, as on kernels that know no other
            out.putU8(DEST_TUN_TYPE, tunnel.type());
            if (tunnel.port() != 0) {
                out.putU16be(DEST_TUN_PORT, tunnel.port());
            }
            out.putU16(DEST_TUN_FLAGS, tunnel.flags());
        }
    }

    private static int family(boolean ipv6) {
        return ipv6 ? AF_INET6 : AF_INET;
    }

    /** Reads an answer to {@link #CMD_GET_SERVICE}. */
    static IpvsReply service(NlMessage message) {
        NlAttrReader in = message.attributes(GenericNetlink.HEADER_BYTES);
        IpvsReply reply = new IpvsReply.Malformed("no service in the message");
        while (in.next()) {
            if (in.type() == ATTR_SERVICE) {
                reply = readService(in.nested());
            }
        }
        return in.error().<IpvsReply>map(IpvsReply.Malformed::new).orElse(reply);
    }

    private static IpvsReply readService(NlAttrReader in) {
        int family = 0;
        int protocol = 0;
        byte[] address = {};
        int port = 0;
        long mark = 0;
        String scheduler = "";
        int flags = 0;
        int timeoutSec = 0;
        byte[] netmask = {};
        String engine = "";
        Traffic traffic = Traffic.NONE;
        while (in.next()) {
            switch (in.type()) {
                case SVC_AF -> family = in.u16();
                case SVC_PROTOCOL -> protocol = in.u16();
                case SVC_ADDR -> address = in.bytes();
                case SVC_PORT -> port = in.u16be();
                case SVC_FWMARK -> mark = Integer.toUnsignedLong(in.u32());
                case SVC_SCHED_NAME -> scheduler = in.string();
                case SVC_FLAGS -> flags = in.u32();
                case SVC_TIMEOUT -> timeoutSec = in.u32();
                case SVC_NETMASK -> netmask = in.bytes();
                case SVC_PE_NAME -> engine = in.string();
                case SVC_STATS -> traffic = StatsCodec.traffic(in.nested(), false);
                case SVC_STATS64 -> traffic = StatsCodec.traffic(in.nested(), true); // comes later, and says more
                default -> {} // what later kernels add
            }
        }
        Optional<InetAddress> virtual = address(family, mark == 0 ? address : new byte[16]);
        if (virtual.isEmpty() || netmask.length != 4) {
            return new IpvsReply.Malformed("service of family " + family + " with an address of " + address.length
                    + " and a mask of " + netmask.length + " bytes");
        }
        Optional<Protocol> named = protocol(protocol);
        if (mark == 0 && named.isEmpty()) {
            return new IpvsReply.ForeignService();
        }
        ServiceKey key = mark != 0
                ? new ServiceKey.Mark(mark, family == AF_INET6)
                : ServiceKey.of(named.get(), virtual.get(), port);
        ByteOrder maskOrder = family == AF_INET ? ByteOrder.BIG_ENDIAN : ByteOrder.nativeOrder();
        int mask = ByteBuffer.wrap(netmask).order(maskOrder).getInt();
        return new IpvsReply.ServiceRow(
                new Service(key, scheduler, flags, timeoutSec, mask, engine), traffic);
    }

    /** Reads an answer to {@link #CMD_GET_DEST} about {@code service}. */
    static IpvsReply destination(NlMessage message, ServiceKey service) {
        NlAttrReader in = message.attributes(GenericNetlink.HEADER_BYTES);
        IpvsReply reply = new IpvsReply.Malformed("no destination in the message");
        while (in.next()) {
            if (in.type() == ATTR_DEST) {
                reply = readDestination(in.nested(), family(service.ipv6()));
            }
        }
        return in.error().<IpvsReply>map(IpvsReply.Malformed::new).orElse(reply);
    }

    private static IpvsReply readDestination(NlAttrReader in, int serviceFamily) {
        int family = 0;
        byte[] address = {};
        int port = 0;
        int forwarding = 0;
        int weight = 0;
        int upper = 0;
        int lower = 0;
        long[] connections = new long[3];
        int tunnelType = 0;
        int tunnelPort = 0;
        int tunnelFlags = 0;
        NlAttrReader stats = null;
        boolean wide = false;
        while (in.next()) {
            switch (in.type()) {
                case DEST_ADDR_FAMILY -> family = in.u16();
                case DEST_ADDR -> address = in.bytes();
                case DEST_PORT -> port = in.u16be();
                case DEST_FWD_METHOD -> forwarding = in.u32() & FWD_MASK;
                case DEST_WEIGHT -> weight = in.u32();
                case DEST_U_THRESH -> upper = in.u32();
                case DEST_L_THRESH -> lower = in.u32();
                case DEST_ACTIVE_CONNS, DEST_INACT_CONNS, DEST_PERSIST_CONNS ->
                    connections[in.type() - DEST_ACTIVE_CONNS] = Integer.toUnsignedLong(in.u32());
                case DEST_TUN_TYPE -> tunnelType = in.u8();
                case DEST_TUN_PORT -> tunnelPort = in.u16be();
                case DEST_TUN_FLAGS -> tunnelFlags = in.u16();
                case DEST_STATS, DEST_STATS64 -> {
                    stats = in.nested(); // STATS64 comes later, and says more
                    wide = in.type() == DEST_STATS64;
                }
                default -> {} // what later kernels add
            }
        }
        // before Linux 3.18 a destination had no family of its own
        Optional<InetAddress> real = address(family == 0 ? serviceFamily : family, address);
        if (real.isEmpty()) {
            return new IpvsReply.Malformed(
                    "destination of family " + family + " with an address of " + address.length + " bytes");
        }
        boolean plain = (tunnelType | tunnelPort | tunnelFlags) == 0;
        Tunnel tunnel = plain ? Tunnel.IPIP : new Tunnel(tunnelType, tunnelPort, tunnelFlags);
        return new IpvsReply.DestinationRow(
                new Destination(new Endpoint(real.get(), port), forwarding, weight, upper, lower, tunnel),
                load(connections, stats == null ? Traffic.NONE : StatsCodec.traffic(stats, wide)));
    }

    private static Load load(long[] connections, Traffic traffic) {
        boolean idle = (connections[0] | connections[1] | connections[2]) == 0 && traffic == Traffic.NONE;
        return idle ? Load.NONE : new Load(connections[0], connections[1], connections[2], traffic);
    }

    private static Optional<Protocol> protocol(int number) {
        return Arrays.stream(Protocol.values()).filter(p -> p.number() == number).findFirst();
    }

    /** The kernel gives 16 bytes for either family, those of IPv4 first. */
    private static Optional<InetAddress> address(int family, byte[] bytes) {
        try {
            return switch (family) {
                case AF_INET -> Optional.of(InetAddress.getByAddress(Arrays.copyOf(bytes, Math.min(bytes.length, 4))));
                // not InetAddress.getByAddress: that makes ::ffff:192.0.2.1 an address of IPv4
                case AF_INET6 -> Optional.of(Inet6Address.getByAddress(null, bytes, -1));
                default -> Optional.empty();
            };
        } catch (UnknownHostException e) {
            return Optional.empty(); // of a wrong length
        }
    }
}
