package dev.vipd.vrrp.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.netlink.route.InterfaceAddress;
import dev.vipd.netlink.route.Link;
import dev.vipd.netlink.route.RouteEvent;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class InterfacesTest {
    private static final int UP = Link.IFF_UP | Link.IFF_RUNNING;

    private final Interfaces interfaces = new Interfaces();

    private static Link link(int index, String name) {
        return new Link(index, name, UP, 6, List.of(), 1500);
    }

    private static InterfaceAddress address(int index, String text, int prefix, int flags) {
        return new InterfaceAddress(index, InetAddress.ofLiteral(text), prefix, flags, 0);
    }

    private void add(int index, String text, int prefix) {
        interfaces.apply(new RouteEvent.AddressAdded(address(index, text, prefix, 0)));
    }

    private Optional<String> primary(String name, String... except) {
        Set<InetAddress> vips = Stream.of(except).map(InetAddress::ofLiteral).collect(Collectors.toSet());
        return interfaces.primary(name, vips).map(InetAddress::getHostAddress);
    }

    @Test
    void theFirstAddressThatIsNoVipIsTheSource() {
        interfaces.apply(new RouteEvent.LinkChanged(link(2, "eth0")));
        assertEquals(Optional.empty(), primary("eth0"));
        add(2, "2001:db8::1", 64);
        add(2, "192.0.2.100", 32);
        add(2, "192.0.2.1", 24);
        interfaces.apply(new RouteEvent.AddressAdded(
                address(2, "192.0.2.2", 24, InterfaceAddress.IFA_F_SECONDARY)));
        add(3, "198.51.100.1", 24);
        assertEquals(Optional.of("192.0.2.100"), primary("eth0"));
        assertEquals(Optional.of("192.0.2.1"), primary("eth0", "192.0.2.100"));
        assertEquals(Optional.of("192.0.2.2"), primary("eth0", "192.0.2.100", "192.0.2.1"), "better than none");
        assertEquals(Optional.empty(), primary("eth1"), "addresses of an interface without a name");
    }

    @Test
    void anAddressThatIsToldOfAgainKeepsItsPlace() {
        interfaces.apply(new RouteEvent.LinkChanged(link(2, "eth0")));
        add(2, "192.0.2.1", 24);
        add(2, "198.51.100.1", 24);
        add(2, "192.0.2.1", 24); // the kernel tells it at each renewal of a lease
        assertEquals(Optional.of("192.0.2.1"), primary("eth0"));
    }

    @Test
    void aSecondaryAddressComesAfterThePrimaryOnes() {
        interfaces.apply(new RouteEvent.LinkChanged(link(2, "eth0")));
        interfaces.apply(new RouteEvent.AddressAdded(
                address(2, "192.0.2.2", 24, InterfaceAddress.IFA_F_SECONDARY)));
        add(2, "198.51.100.1", 24);
        assertEquals(Optional.of("198.51.100.1"), primary("eth0"));
        add(2, "192.0.2.2", 24); // promoted, as the first one of its subnet went
        assertEquals(Optional.of("192.0.2.2"), primary("eth0"));
    }

    @Test
    void oneAddressWithTwoPrefixesIsTwo() {
        interfaces.apply(new RouteEvent.LinkChanged(link(2, "eth0")));
        add(2, "192.0.2.1", 24);
        add(2, "192.0.2.1", 32);
        interfaces.apply(new RouteEvent.AddressRemoved(address(2, "192.0.2.1", 32, 0)));
        assertTrue(interfaces.has(2, InetAddress.ofLiteral("192.0.2.1")));
        interfaces.apply(new RouteEvent.AddressRemoved(address(2, "192.0.2.1", 24, 0)));
        assertFalse(interfaces.has(2, InetAddress.ofLiteral("192.0.2.1")));
        interfaces.apply(new RouteEvent.AddressRemoved(address(7, "192.0.2.1", 24, 0)));
    }

    @Test
    void anInterfaceIsKnownByItsIndexWhateverItsName() {
        interfaces.apply(new RouteEvent.LinkChanged(link(2, "eth0")));
        add(2, "192.0.2.1", 24);
        interfaces.apply(new RouteEvent.LinkChanged(link(2, "wan")));
        assertEquals(List.of("wan"), interfaces.names());
        assertEquals(Optional.empty(), interfaces.link("eth0"));
        assertTrue(interfaces.has(2, InetAddress.ofLiteral("192.0.2.1")));
        assertEquals(Optional.of("192.0.2.1"), primary("wan"));
        assertEquals(Optional.empty(), primary("eth0"));
    }

    @Test
    void anInterfaceTakesItsAddressesWithIt() {
        interfaces.apply(new RouteEvent.LinkChanged(link(2, "eth0")));
        add(2, "192.0.2.1", 24);
        interfaces.apply(new RouteEvent.LinkRemoved(2, "eth0"));
        assertEquals(Optional.empty(), interfaces.link(2));
        interfaces.apply(new RouteEvent.LinkChanged(link(2, "eth0")));
        assertFalse(interfaces.has(2, InetAddress.ofLiteral("192.0.2.1")));
    }
}
