package dev.vipd.director.config;

import dev.vipd.director.config.LvsConfig.SyncConfig;
import dev.vipd.ipvs.SyncDaemon;
import dev.vipd.ipvs.Timeouts;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code global} says of IPVS besides the services. */
final class LvsBinder {
    /** keepalived's; below lie marks that people give by hand. */
    static final long START_MARK = 1000;

    private static final String SYNC_DAEMON = "{ instance: VI_1 }";
    private static final String SOME_INTERFACE = "the interface to multicast over, such as eth1, or instance";
    private static final int SYNC_ID_MAX = 255;
    private static final int PORT_MAX = 65535;
    private static final int TTL_MAX = 255;
    /** The kernel's receiver takes no less, and silently corrects what it is told (start_sync_thread). */
    private static final int MAXLEN_MIN = 1024;
    /** 65535 less the headers of UDP and of IPv4, or IPv6. */
    private static final int MAXLEN_MAX = 65507;
    private static final int MAXLEN_MAX_V6 = 65487;

    private final Timeouts timeouts;
    private final Map<String, String> sysctls;
    private final boolean flush;
    private final Optional<Block> syncDaemon;
    private final long startMark;

    /** Takes its keys out of {@code global}. */
    LvsBinder(Block b) {
        timeouts = b.value("lvs_timeouts").flatMap(v -> v.block("{ tcp: 15m, tcpfin: 2m, udp: 5m }"))
                .map(LvsBinder::timeouts).orElse(Timeouts.UNCHANGED);
        sysctls = b.value("lvs_sysctls").flatMap(v -> v.block("{ expire_nodest_conn: true }"))
                .map(SysctlBinder::bind).orElse(Map.of());
        flush = b.bool("lvs_flush").orElse(false);
        syncDaemon = b.value("lvs_sync_daemon").flatMap(v -> v.block(SYNC_DAEMON));
        startMark = b.value("nftables_ipvs_start_fwmark").flatMap(GroupBinder::mark).orElse(START_MARK);
    }

    private static Timeouts timeouts(Block b) {
        int tcp = seconds(b, "tcp");
        int tcpFin = seconds(b, "tcpfin");
        int udp = seconds(b, "udp");
        b.finish();
        return new Timeouts(tcp, tcpFin, udp);
    }

    private static int seconds(Block b, String key) {
        return b.duration(key, Durations.SECOND, SchedulingBinder.PERSISTENCE_MAX_NS)
                .filter(ns -> b.given(key).filter(v -> SchedulingBinder.wholeSeconds(v, ns)).isPresent())
                .map(ns -> (int) (ns / Durations.SECOND))
                .orElse(0);
    }

    /** Whether a sync daemon shall run. */
    boolean hasSyncDaemon() {
        return syncDaemon.isPresent();
    }

    /** The first of the marks that groups get. */
    long startMark() {
        return startMark;
    }

    /** @param names of all instances in the file, also of those that are wrong */
    LvsConfig bind(List<VirtualRouterConfig> instances, List<String> names, List<MarkedGroup> marks) {
        return new LvsConfig(timeouts, sysctls, flush, syncDaemon.flatMap(b -> syncDaemon(b, instances, names)), marks);
    }

    private static Optional<SyncConfig> syncDaemon(Block b, List<VirtualRouterConfig> instances, List<String> names) {
        Optional<String> name = b.value("instance").flatMap(v -> SyncGroupBinder.instance(v, names));
        Optional<VirtualRouterConfig> instance =
                instances.stream().filter(known -> name.filter(known.name()::equals).isPresent()).findFirst();
        Optional<Value> device = b.has("instance") ? b.value("interface") : b.required("interface", SOME_INTERFACE);
        Optional<String> interfaceName = device.flatMap(InstanceBinder::interfaceName)
                .or(() -> instance.map(VirtualRouterConfig::interfaceName));
        int id = b.integer("id", 0, SYNC_ID_MAX)
                .or(() -> instance.map(VirtualRouterConfig::virtualRouterId)).orElse(0);
        Optional<InetAddress> group = b.value("group").flatMap(LvsBinder::group);
        boolean ipv6 = group.filter(Inet6Address.class::isInstance).isPresent();
        int maxLen = b.integer("maxlen", MAXLEN_MIN, ipv6 ? MAXLEN_MAX_V6 : MAXLEN_MAX).orElse(0);
        int port = b.integer("port", 1, PORT_MAX).orElse(0);
        int ttl = b.integer("ttl", 1, TTL_MAX).orElse(0);
        b.finish();
        return interfaceName.map(on -> new SyncConfig(
                new SyncDaemon(SyncDaemon.Role.MASTER, on, id, maxLen, group, port, ttl), name));
    }

    private static Optional<InetAddress> group(Value value) {
        boolean ipv6 = value.firstWord().filter(text -> text.indexOf(':') >= 0).isPresent();
        return value.group(ipv6, ipv6 ? "ff02::81" : "224.0.0.81");
    }
}
