package dev.vipd.ipvs.kernel;

import dev.vipd.ipvs.SyncDaemon;
import dev.vipd.ipvs.Timeouts;
import dev.vipd.netlink.NlAttrReader;
import dev.vipd.netlink.NlAttrWriter;
import dev.vipd.netlink.NlMessage;
import dev.vipd.netlink.generic.GenericNetlink;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/**
 * What the IPVS family has besides the table (linux/ip_vs.h): version, timeouts, sync daemons. Ports of sync daemons
 * are in host order. Reading never throws, whatever the bytes.
 */
final class SettingsCodec {
    static final int CMD_NEW_DAEMON = 9;
    static final int CMD_DEL_DAEMON = 10;
    static final int CMD_GET_DAEMON = 11;
    static final int CMD_SET_CONFIG = 12;
    static final int CMD_GET_CONFIG = 13;
    static final int CMD_GET_INFO = 15;

    private static final int ATTR_DAEMON = 3;
    private static final int ATTR_TIMEOUT_TCP = 4;
    private static final int ATTR_TIMEOUT_TCP_FIN = 5;
    private static final int ATTR_TIMEOUT_UDP = 6;

    private static final int DAEMON_STATE = 1;
    private static final int DAEMON_MCAST_IFN = 2;
    private static final int DAEMON_SYNC_ID = 3;
    private static final int DAEMON_SYNC_MAXLEN = 4;
    private static final int DAEMON_MCAST_GROUP = 5;
    private static final int DAEMON_MCAST_GROUP6 = 6;
    private static final int DAEMON_MCAST_PORT = 7;
    private static final int DAEMON_MCAST_TTL = 8;

    private static final int INFO_VERSION = 1;
    private static final int INFO_CONN_TAB_SIZE = 2;

    private SettingsCodec() {}

    /** Payload of {@link #CMD_SET_CONFIG}; what is 0 is left out. */
    static byte[] request(Timeouts timeouts) {
        NlAttrWriter out = GenericNetlink.message(CMD_SET_CONFIG, IpvsCodec.VERSION);
        putUnlessZero(out, ATTR_TIMEOUT_TCP, timeouts.tcpSec());
        putUnlessZero(out, ATTR_TIMEOUT_TCP_FIN, timeouts.tcpFinSec());
        putUnlessZero(out, ATTR_TIMEOUT_UDP, timeouts.udpSec());
        return out.toByteArray();
    }

    private static void putUnlessZero(NlAttrWriter out, int type, int value) {
        if (value != 0) {
            out.putU32(type, value);
        }
    }

    /** Payload of {@link #CMD_NEW_DAEMON}; what is 0 or empty is left to the kernel. */
    static byte[] start(SyncDaemon daemon) {
        return GenericNetlink.message(CMD_NEW_DAEMON, IpvsCodec.VERSION)
                .nest(ATTR_DAEMON, out -> putDaemon(out, daemon))
                .toByteArray();
    }

    private static void putDaemon(NlAttrWriter out, SyncDaemon daemon) {
        out.putU32(DAEMON_STATE, daemon.role().kernelValue())
                .putString(DAEMON_MCAST_IFN, daemon.interfaceName())
                .putU32(DAEMON_SYNC_ID, daemon.id());
        if (daemon.maxLen() != 0) {
            out.putU16(DAEMON_SYNC_MAXLEN, daemon.maxLen());
        }
        daemon.group().ifPresent(group -> out.putBytes(
                group instanceof Inet4Address ? DAEMON_MCAST_GROUP : DAEMON_MCAST_GROUP6, group.getAddress()));
        if (daemon.port() != 0) {
            out.putU16(DAEMON_MCAST_PORT, daemon.port());
        }
        if (daemon.ttl() != 0) {
            out.putU8(DAEMON_MCAST_TTL, daemon.ttl());
        }
    }

    /** Payload of {@link #CMD_DEL_DAEMON}. */
    static byte[] stop(SyncDaemon.Role role) {
        return GenericNetlink.message(CMD_DEL_DAEMON, IpvsCodec.VERSION)
                .nest(ATTR_DAEMON, out -> out.putU32(DAEMON_STATE, role.kernelValue()))
                .toByteArray();
    }

    /** Reads the answer to {@link #CMD_GET_CONFIG}; empty when it is none. */
    static Optional<Timeouts> timeouts(NlMessage message) {
        NlAttrReader in = message.attributes(GenericNetlink.HEADER_BYTES);
        int tcp = 0;
        int tcpFin = 0;
        int udp = 0;
        while (in.next()) {
            switch (in.type()) {
                case ATTR_TIMEOUT_TCP -> tcp = in.u32();
                case ATTR_TIMEOUT_TCP_FIN -> tcpFin = in.u32();
                case ATTR_TIMEOUT_UDP -> udp = in.u32();
                default -> {} // what later kernels add
            }
        }
        return in.error().isPresent() ? Optional.empty() : Optional.of(new Timeouts(tcp, tcpFin, udp));
    }

    /** Reads an answer to {@link #CMD_GET_DAEMON}; empty when it is none. */
    static Optional<SyncDaemon> daemon(NlMessage message) {
        NlAttrReader in = message.attributes(GenericNetlink.HEADER_BYTES);
        Optional<SyncDaemon> daemon = Optional.empty();
        while (in.next()) {
            if (in.type() == ATTR_DAEMON) {
                daemon = readDaemon(in.nested());
            }
        }
        return in.error().isPresent() ? Optional.empty() : daemon;
    }

    private static Optional<SyncDaemon> readDaemon(NlAttrReader in) {
        int state = 0;
        String interfaceName = "";
        int id = 0;
        int maxLen = 0;
        Optional<InetAddress> group = Optional.empty();
        int port = 0;
        int ttl = 0;
        while (in.next()) {
            switch (in.type()) {
                case DAEMON_STATE -> state = in.u32();
                case DAEMON_MCAST_IFN -> interfaceName = in.string();
                case DAEMON_SYNC_ID -> id = in.u32();
                case DAEMON_SYNC_MAXLEN -> maxLen = in.u16();
                case DAEMON_MCAST_GROUP, DAEMON_MCAST_GROUP6 -> group = address(in.bytes());
                case DAEMON_MCAST_PORT -> port = in.u16();
                case DAEMON_MCAST_TTL -> ttl = in.u8();
                default -> {} // what later kernels add
            }
        }
        int found = state;
        Optional<SyncDaemon.Role> role =
                Arrays.stream(SyncDaemon.Role.values()).filter(r -> r.kernelValue() == found).findFirst();
        if (in.error().isPresent() || role.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new SyncDaemon(role.get(), interfaceName, id, maxLen, group, port, ttl));
    }

    private static Optional<InetAddress> address(byte[] bytes) {
        try {
            return Optional.of(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            return Optional.empty(); // of a wrong length
        }
    }

    /** Reads the answer to {@link #CMD_GET_INFO}; empty when it is none. */
    static Optional<IpvsInfo> info(NlMessage message) {
        NlAttrReader in = message.attributes(GenericNetlink.HEADER_BYTES);
        int version = 0;
        int tableSize = 0;
        while (in.next()) {
            switch (in.type()) {
                case INFO_VERSION -> version = in.u32();
                case INFO_CONN_TAB_SIZE -> tableSize = in.u32();
                default -> {} // what later kernels add
            }
        }
        if (in.error().isPresent() || version == 0) {
            return Optional.empty();
        }
        String text = (version >> 16 & 0xff) + "." + (version >> 8 & 0xff) + "." + (version & 0xff);
        return Optional.of(new IpvsInfo(text, tableSize));
    }

}
