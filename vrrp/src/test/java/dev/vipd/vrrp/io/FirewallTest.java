package dev.vipd.vrrp.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.vrrp.AnnounceConfig;
import dev.vipd.vrrp.ElectionConfig;
import dev.vipd.vrrp.HoldingConfig;
import dev.vipd.vrrp.TrackingConfig;
import dev.vipd.vrrp.TransportConfig;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FirewallTest {
    private static final VirtualAddress VIP6 = new VirtualAddress(InetAddress.ofLiteral("2001:db8::50"), 128);

    private static VirtualRouterConfig instance(int priority, boolean accept, Optional<HoldingConfig.Vmac> vmac) {
        return new VirtualRouterConfig(
                "VI_1", "eth0", 51, 3, priority, 1_000_000_000L, ElectionConfig.DEFAULT, TransportConfig.DEFAULT,
                new HoldingConfig(
                        List.of(Routers.VIP), List.of(VIP6), List.of(), List.of(), accept, false, 0, vmac),
                AnnounceConfig.DEFAULT, TrackingConfig.DEFAULT);
    }

    @Test
    void whatIsSentToTheVipsIsDroppedButNeighbourDiscovery() {
        assertEquals("""
                table inet vipd {
                    chain no_accept {
                        type filter hook input priority 110; policy accept;
                        icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
                        ip daddr { 192.0.2.100 } counter drop
                        ip6 daddr { 2001:db8:0:0:0:0:0:50 } counter drop
                    }
                }
                """, Firewall.rules(List.of(instance(100, false, Optional.empty()))));
    }

    @Test
    void aMacvlanDoesNotTeachSwitches() {
        HoldingConfig.Vmac vmac = new HoldingConfig.Vmac("vrrp.51", Optional.empty(), false);
        assertEquals("""
                table inet vipd {
                    chain no_igmp {
                        type filter hook output priority 0; policy accept;
                        oifname { "vrrp.51" } ip protocol igmp counter drop
                    }
                }
                """, Firewall.rules(List.of(instance(100, true, Optional.of(vmac)))));
    }

    @Test
    void anOwnerAcceptsAndWhoAcceptsNeedsNothing() {
        assertEquals("", Firewall.rules(List.of(
                instance(255, false, Optional.empty()), instance(100, true, Optional.empty()))));
    }
}
