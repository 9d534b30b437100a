package dev.vipd.director.config;

import dev.vipd.director.config.CheckBinder.Around;
import dev.vipd.director.config.KeyBinder.Identity;
import dev.vipd.director.config.MemberBinder.Context;
import dev.vipd.director.config.MemberBinder.Servers;
import dev.vipd.director.config.MethodBinder.Method;
import dev.vipd.healthcheck.pool.PoolConfig;
import dev.vipd.ipvs.ForwardingMethod;
import dev.vipd.ipvs.Scheduling;
import dev.vipd.ipvs.Service;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.VirtualServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code virtual_servers}. Defaults are keepalived's: lb_algo wlc, lb_kind NAT, weight 1, quorum 1, not persistent; but
 * for the protocol, which is tcp: keepalived's udp is a trap.
 */
final class ServiceBinder {
    private static final long MARK_MAX = 0xffff_ffffL;

    private final NotifyBinder notify;
    private final CheckBinder checks;
    private final KeyBinder keys;
    private final LvsBinder lvs;
    private final List<MarkedGroup> marks = new ArrayList<>();

    ServiceBinder(NotifyBinder notify, TlsBinder tls, GroupBinder groups, LvsBinder lvs) {
        this.notify = notify;
        this.lvs = lvs;
        keys = new KeyBinder(groups);
        checks = new CheckBinder(notify, tls);
    }

    /** A virtual server, which may have to get a mark yet. */
    record Draft(Identity identity, Scheduling scheduling, Servers realServers, Servers sorryServers, PoolConfig pool,
            long drainTimeoutNs) {
        private ServiceConfig with(List<ServiceKey> keys) {
            VirtualServer server = new VirtualServer(
                    pool.name(), keys, scheduling, sorryServers.servers(), realServers.servers());
            return new ServiceConfig(server, pool, drainTimeoutNs);
        }
    }

    Optional<Draft> bind(String name, Block b) {
        Optional<Identity> identity = keys.bind(name, b);
        Scheduling scheduling = SchedulingBinder.bind(b, identity);
        Method method = MethodBinder.bind(b).orElse(Method.NAT);
        PoolBinder pool = new PoolBinder(b, scheduling.scheduler());
        notify.service(name, b);
        long drainTimeoutNs = b.durationOrOff("drain_timeout", Durations.SECOND, 24 * Durations.HOUR).orElse(0L);
        int weight = b.integer("weight", 0, Integer.MAX_VALUE).orElse(1);
        MemberBinder members = new MemberBinder(checks, new Context(
                identity, method, weight, Around.NOTHING.within(b), lvs.hasSyncDaemon()));
        Servers realServers = members.realServers(b, checks.bind(b).orElse(List.of()));
        Servers sorryServers = members.sorryServers(b);
        if ((scheduling.flags() & Service.ONE_PACKET) != 0
                && identity.filter(Identity::isUdp).isPresent()
                && realServers.servers().stream().anyMatch(real -> real.method() == ForwardingMethod.NAT)) {
            b.given("ops").ifPresent(v -> v.warning("the kernel does not rewrite the answers of real servers with"
                    + " lb_kind: NAT then, so clients drop them; give lb_kind: DR or TUN, or remove it"));
        }
        b.finish();
        return identity.map(known -> new Draft(known, scheduling, realServers, sorryServers,
                pool.bind(name, realServers.members(), sorryServers.members()), drainTimeoutNs));
    }

    /** All of them, each with its mark if it has one; those that two would have are reported. */
    List<ServiceConfig> finish(List<Draft> drafts) {
        keys.finish();
        List<ServiceConfig> services = new ArrayList<>();
        long next = lvs.startMark();
        for (Draft draft : drafts) {
            Identity identity = draft.identity();
            List<ServiceKey> own = identity.keys();
            if (own.isEmpty()) {
                next = keys.freeMark(next);
                if (next > MARK_MAX) {
                    identity.at().error("there is no mark left for it; give a lower nftables_ipvs_start_fwmark");
                    return services;
                }
                own = List.of(new ServiceKey.Mark(next++, identity.ipv6()));
            }
            services.add(draft.with(own));
            if (!identity.marked().isEmpty() && own.getFirst() instanceof ServiceKey.Mark mark) {
                identity.protocol().ifPresent(protocol ->
                        marks.add(new MarkedGroup(mark, protocol, identity.marked())));
            }
        }
        return services;
    }

    /** The groups that are one service. */
    List<MarkedGroup> marks() {
        return marks;
    }
}
