package dev.vipd.vrrp.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.netlink.route.InterfaceAddress;
import dev.vipd.netlink.route.Link;
import dev.vipd.netlink.route.RouteEvent;
import dev.vipd.vrrp.ChecksumForm;
import dev.vipd.vrrp.HoldingConfig;
import dev.vipd.vrrp.TransportConfig;
import dev.vipd.vrrp.TransportConfig.UnicastPeer;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EndpointsTest {
    private static final VirtualRouterConfig IPV4 = Routers.on("eth0");

    private final Interfaces interfaces = new Interfaces();
    private final Endpoints endpoints = new Endpoints(interfaces);

    @BeforeEach
    void anInterfaceWithAddresses() {
        interfaces.apply(new RouteEvent.LinkChanged(
                new Link(7, "eth0", Link.IFF_UP | Link.IFF_RUNNING, 6, List.of(), 1500)));
        address("192.0.2.100", 32, 0); // a VIP
        address("192.0.2.1", 24, 0);
        address("2001:db8::1", 64, 0);
        address("fe80::1", 64, InterfaceAddress.IFA_F_TENTATIVE);
        address("fe80::2", 64, InterfaceAddress.IFA_F_DADFAILED);
        address("fe80::100", 64, 0); // a VIP
        address("fe80::a", 64, 0);
    }

    private void address(String text, int prefix, int flags) {
        interfaces.apply(new RouteEvent.AddressAdded(
                new InterfaceAddress(7, InetAddress.ofLiteral(text), prefix, flags, 0)));
    }

    private String source(VirtualRouterConfig config) {
        return endpoints.source(config, vips(config)).map(InetAddress::getHostAddress).orElse("none");
    }

    @Test
    void theSourceIsOfTheFamilyAndNoVip() {
        assertEquals("192.0.2.1", source(IPV4));
        assertEquals("fe80:0:0:0:0:0:0:a", source(ipv6()));
        assertEquals("fe80:0:0:0:0:0:0:a", source(ipv6("fe80::b")), "a link-local peer");
        assertEquals(
                "2001:db8:0:0:0:0:0:1", source(ipv6("2001:db8::2")), "no answer would reach a link-local address");
        VirtualRouterConfig other = with(IPV4, "198.51.100.7");
        assertEquals("192.0.2.100", source(other));
        assertEquals(
                "192.0.2.1",
                endpoints.source(other, vips(other, IPV4)).orElseThrow().getHostAddress(),
                "another instance's VIP");
    }

    @Test
    void aConfiguredSourceHasToBeThereIfItIsTracked() {
        assertEquals("192.0.2.9", source(from("192.0.2.9", false)));
        assertEquals("none", source(from("192.0.2.9", true)));
        assertEquals("192.0.2.1", source(from("192.0.2.1", true)));
    }

    @Test
    void versionTwoListensForAuthenticationHeadersToo() {
        assertEquals(List.of(112), protocols(IPV4));
        assertEquals(List.of(112, 51), protocols(from("192.0.2.1", false, 2)));
    }

    @Test
    void multicastIsHeardOnTheGroupUnicastOnTheOwnAddress() {
        assertEquals(List.of("ff02:0:0:0:0:0:0:12"), locals(ipv6()));
        assertEquals(List.of("224.0.0.18"), locals(IPV4));
        assertEquals(List.of("2001:db8:0:0:0:0:0:1"), locals(ipv6("2001:db8::2")));
    }

    private static Set<InetAddress> vips(VirtualRouterConfig... instances) {
        return Endpoints.vips(Stream.of(instances));
    }

    private List<Integer> protocols(VirtualRouterConfig config) {
        return endpoints.keys(config, vips(config)).stream().map(SocketSet.Key::protocol).toList();
    }

    private List<String> locals(VirtualRouterConfig config) {
        return endpoints.keys(config, vips(config)).stream()
                .map(key -> key.local().getHostAddress())
                .toList();
    }

    private static VirtualRouterConfig ipv6(String... peers) {
        return config(3, transport(Optional.empty(), false, peers), "fe80::100", "2001:db8::100");
    }

    private static VirtualRouterConfig with(VirtualRouterConfig config, String vip) {
        return config(config.version(), config.transport(), vip);
    }

    private static VirtualRouterConfig from(String source, boolean tracked) {
        return from(source, tracked, 3);
    }

    private static VirtualRouterConfig from(String source, boolean tracked, int version) {
        return config(version, transport(Optional.of(InetAddress.ofLiteral(source)), tracked), "192.0.2.100");
    }

    private static TransportConfig transport(Optional<InetAddress> source, boolean tracked, String... peers) {
        return new TransportConfig(
                source, tracked, Optional.empty(),
                List.of(peers).stream().map(InetAddress::ofLiteral).map(UnicastPeer::of).toList(), 255, true, false,
                ChecksumForm.PSEUDO_HEADER, Optional.empty());
    }

    private static VirtualRouterConfig config(int version, TransportConfig transport, String... vips) {
        List<VirtualAddress> addresses = List.of(vips).stream()
                .map(vip -> new VirtualAddress(InetAddress.ofLiteral(vip), 32))
                .toList();
        return new VirtualRouterConfig(
                IPV4.name(), IPV4.interfaceName(), 51, version, 100, 1_000_000_000L, IPV4.election(), transport,
                HoldingConfig.of(addresses), IPV4.announce(), IPV4.tracking());
    }
}
