package dev.vipd.director;

import dev.vipd.director.config.GlobalConfig;
import dev.vipd.director.config.HooksConfig;
import dev.vipd.director.config.HostFiles;
import dev.vipd.director.config.LvsConfig;
import dev.vipd.director.config.ServiceConfig;
import dev.vipd.director.config.VipdConfig;
import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckTiming;
import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.healthcheck.Route;
import dev.vipd.healthcheck.pool.PoolConfig;
import dev.vipd.ipvs.ForwardingMethod;
import dev.vipd.ipvs.RealServer;
import dev.vipd.ipvs.Scheduling;
import dev.vipd.ipvs.Service;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.VirtualServer;
import dev.vipd.vrrp.AnnounceConfig;
import dev.vipd.vrrp.ElectionConfig;
import dev.vipd.vrrp.HoldingConfig;
import dev.vipd.vrrp.TrackersConfig;
import dev.vipd.vrrp.TrackingConfig;
import dev.vipd.vrrp.TransportConfig;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Configurations for tests. */
final class Samples {
    static final long SECOND = 1_000_000_000L;
    static final CheckTiming TIMING = new CheckTiming(2 * SECOND, SECOND, 0, 0, 1, 1, 0, false);
    static final RealServer RS1 = realServer("192.0.2.11", 1);
    static final RealServer RS2 = realServer("192.0.2.12", 3);

    private Samples() {}

    static Inet4Address ip(String text) {
        return (Inet4Address) InetAddress.ofLiteral(text);
    }

    static RealServer realServer(String address, int weight) {
        return RealServer.of(ip(address), 80, weight, ForwardingMethod.DR);
    }

    static CheckConfig tcp(RealServer server) {
        Route route = Route.to(new InetSocketAddress(server.address(), server.port()));
        return new CheckConfig(new ProbeConfig.Tcp(route, Optional.empty()), TIMING);
    }

    static VirtualRouterConfig instance(String name, int vrid, int priority) {
        return new VirtualRouterConfig(
                name, "eth0", vrid, 3, priority, SECOND, ElectionConfig.DEFAULT, TransportConfig.DEFAULT,
                HoldingConfig.of(List.of(
                        new VirtualAddress(ip("192.0.2.100"), 24), new VirtualAddress(ip("192.0.2.101"), 24))),
                AnnounceConfig.DEFAULT, TrackingConfig.DEFAULT);
    }

    static ServiceConfig service(String name, int port, RealServer... servers) {
        ServiceKey key = ServiceKey.of(ServiceKey.Protocol.TCP, ip("192.0.2.100"), port);
        VirtualServer virtual =
                new VirtualServer(name, List.of(key), Scheduling.of("wlc", false),
                        List.of(realServer("192.0.2.9", 1)), List.of(servers));
        List<PoolConfig.Member> members = Stream.of(servers)
                .map(server -> new PoolConfig.Member(
                        HealthBoard.memberId(server), server.weight(), List.of(tcp(server))))
                .toList();
        PoolConfig.Member sorry = new PoolConfig.Member("192.0.2.9:80", 1, List.of());
        return new ServiceConfig(virtual, new PoolConfig(name, members, List.of(sorry), 1, 0, false, 0, 0), 0);
    }

    /** The service of {@link #service}, as the kernel holds it. */
    static Service kernelService(String name, int port) {
        VirtualServer server = service(name, port, RS1).server();
        return Service.of(server.keys().getFirst(), server.scheduling());
    }

    static VipdConfig config(List<VirtualRouterConfig> instances, List<ServiceConfig> services) {
        GlobalConfig global = new GlobalConfig(
                "lb1", GlobalConfig.DEFAULT_CONTROL_SOCKET, GlobalConfig.OnStop.KEEP,
                GlobalConfig.DEFAULT_RESYNC_INTERVAL_NS, Optional.empty(), GlobalConfig.DEFAULT_STATE_DIR,
                GlobalConfig.DEFAULT_VRRP_RT_PRIORITY);
        return new VipdConfig(global, TrackersConfig.NONE, List.of(), List.of(), instances, services, HooksConfig.NONE,
                new HostFiles(List.of(), List.of(), List.of()), LvsConfig.NONE);
    }
}
