package dev.vipd.vrrp.io;

import dev.vipd.vrrp.AnnounceConfig;
import dev.vipd.vrrp.ChecksumForm;
import dev.vipd.vrrp.TrackRef;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Configurations for tests. */
final class Routers {
    static final VirtualAddress VIP = new VirtualAddress(InetAddress.ofLiteral("192.0.2.100"), 32);
    static final VirtualAddress VIP2 = new VirtualAddress(InetAddress.ofLiteral("192.0.2.101"), 24);

    private Routers() {}

    /** VRID 51 with both VIPs on eth0. */
    static VirtualRouterConfig named(String name, int priority) {
        return new VirtualRouterConfig(
                name, "eth0", 51, 3, priority, 1_000_000_000L, true, 0, Optional.empty(), List.of(),
                ChecksumForm.PSEUDO_HEADER, List.of(VIP, VIP2), AnnounceConfig.DEFAULT, List.of(), List.of());
    }

    /** VRID 51 with both VIPs, tracking these interfaces besides its own. */
    static VirtualRouterConfig on(String interfaceName, String... tracked) {
        return new VirtualRouterConfig(
                "VI_1", interfaceName, 51, 3, 100, 1_000_000_000L, true, 0, Optional.empty(), List.of(),
                ChecksumForm.PSEUDO_HEADER, List.of(VIP, VIP2), AnnounceConfig.DEFAULT, List.of(),
                List.of(tracked).stream().map(name -> new TrackRef(name, 0)).toList());
    }
}
