package dev.vipd.vrrp.io;

import dev.vipd.vrrp.AnnounceConfig;
import dev.vipd.vrrp.ElectionConfig;
import dev.vipd.vrrp.HoldingConfig;
import dev.vipd.vrrp.TrackRef;
import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.TrackingConfig;
import dev.vipd.vrrp.TransportConfig;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/** Configurations for tests. */
final class Routers {
    static final VirtualAddress VIP = new VirtualAddress(InetAddress.ofLiteral("192.0.2.100"), 32);
    static final VirtualAddress VIP2 = new VirtualAddress(InetAddress.ofLiteral("192.0.2.101"), 24);

    private Routers() {}

    /** VRID 51 with both VIPs on eth0. */
    static VirtualRouterConfig named(String name, int priority) {
        return config(name, "eth0", priority);
    }

    /** VRID 51 with both VIPs, tracking these interfaces besides its own. */
    static VirtualRouterConfig on(String interfaceName, String... tracked) {
        return config("VI_1", interfaceName, 100, Stream.of(tracked)
                .map(name -> new TrackRef(TrackerId.networkInterface(name), 0))
                .toArray(TrackRef[]::new));
    }

    private static VirtualRouterConfig config(String name, String interfaceName, int priority, TrackRef... tracks) {
        return new VirtualRouterConfig(
                name, interfaceName, 51, 3, priority, 1_000_000_000L, ElectionConfig.DEFAULT, TransportConfig.DEFAULT,
                HoldingConfig.of(List.of(VIP, VIP2)), AnnounceConfig.DEFAULT, TrackingConfig.of(tracks));
    }
}
