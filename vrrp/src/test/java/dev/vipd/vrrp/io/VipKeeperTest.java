package dev.vipd.vrrp.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.netlink.route.InterfaceAddress;
import dev.vipd.netlink.route.Link;
import dev.vipd.netlink.route.RouteEvent;
import dev.vipd.netlink.sys.Errno;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VipKeeperTest {
    private static final VirtualRouterConfig VI_1 = Routers.on("eth0");
    private static final VirtualRouterConfig VI_2 = Routers.named("VI_2", 100);
    private static final VirtualRouterConfig OWNER = Routers.named("VI_O", 255);

    private final Heard heard = new Heard();
    private final FakeAddresses kernel = new FakeAddresses();
    private final Interfaces interfaces = new Interfaces();
    private final VipKeeper vips = new VipKeeper(kernel.routes, interfaces, heard, false);

    @BeforeEach
    void hostHasAnAddressOfItsOwn() {
        link("eth0");
        monitor("192.0.2.1", 24);
    }

    private void link(String name) {
        interfaces.apply(new RouteEvent.LinkChanged(
                new Link(7, name, Link.IFF_UP | Link.IFF_RUNNING, 6, List.of(), 1500)));
    }

    private static InterfaceAddress address(String ip, int prefix) {
        return new InterfaceAddress(7, InetAddress.ofLiteral(ip), prefix, 0, 0);
    }

    /** The kernel has the address and its monitor tells so. */
    private void monitor(String ip, int prefix) {
        kernel.present.add(ip + "/" + prefix);
        vips.told(address(ip, prefix));
        interfaces.apply(new RouteEvent.AddressAdded(address(ip, prefix)));
    }

    private void monitorGone(String ip, int prefix) {
        kernel.present.remove(ip + "/" + prefix);
        vips.toldGone(address(ip, prefix));
        interfaces.apply(new RouteEvent.AddressRemoved(address(ip, prefix)));
    }

    private Map<VirtualAddress, String> add(VirtualRouterConfig instance, VirtualAddress... addresses) {
        Map<VirtualAddress, String> failed = new LinkedHashMap<>();
        vips.add(claims(instance, addresses)).forEach((claim, why) -> failed.put(claim.address(), why));
        return failed;
    }

    private static List<VipKeeper.Claim> claims(VirtualRouterConfig instance, VirtualAddress... addresses) {
        return Stream.of(addresses).map(address -> new VipKeeper.Claim(instance, address)).toList();
    }

    private void remove(VirtualRouterConfig instance, VirtualAddress... addresses) {
        vips.remove(instance, List.of(addresses));
    }

    @Test
    void aVipIsAddedAndDeletedByTheInstanceThatHoldsIt() {
        assertEquals(Map.of(), add(VI_1, Routers.VIP));
        assertEquals(List.of(Routers.VIP), vips.held());
        assertEquals(interfaces.link(7), vips.holder(VI_1, Routers.VIP));
        remove(VI_1, Routers.VIP);
        assertEquals(Set.of("192.0.2.1/24"), kernel.present);
        assertEquals(List.of("VI_1 ADDED 192.0.2.100/32", "VI_1 DELETED 192.0.2.100/32"), heard.lines);
    }

    @Test
    void aRefusalToAddIsReturned() {
        kernel.refuse = Errno.EPERM;
        assertEquals(
                Map.of(Routers.VIP, "add address 192.0.2.100/32 on eth0: EPERM: operation not permitted"),
                add(VI_1, Routers.VIP));
        assertEquals(List.of(), vips.held());
    }

    @Test
    void aVipThatAReloadMovedToAnotherInstanceStays() {
        add(VI_2, Routers.VIP);
        add(VI_1, Routers.VIP);
        remove(VI_2, Routers.VIP);
        assertTrue(kernel.present.contains("192.0.2.100/32"));
        remove(VI_1, Routers.VIP);
        assertFalse(kernel.present.contains("192.0.2.100/32"));
    }

    @Test
    void anOwnersOwnAddressIsNeverDeleted() {
        VirtualAddress own = new VirtualAddress(InetAddress.ofLiteral("192.0.2.1"), 24);
        remove(OWNER, own); // at start, into FAULT
        add(OWNER, own);
        assertEquals(List.of("VI_O SEEN 192.0.2.1/24"), heard.lines);
        remove(OWNER, own);
        assertEquals(Set.of("192.0.2.1/24"), kernel.present);
        assertEquals(List.of(), vips.held());
    }

    @Test
    void aVipFollowsItsInterfaceThroughARename() {
        add(VI_1, Routers.VIP);
        link("lan0");
        remove(VI_1, Routers.VIP);
        assertFalse(kernel.present.contains("192.0.2.100/32"));
    }

    @Test
    void whatAKilledProcessLeftIsDeletedWhateverItsPrefix() {
        monitor("192.0.2.100", 24);
        remove(VI_1, Routers.VIP);
        assertEquals(Set.of("192.0.2.1/24"), kernel.present);
        assertEquals(List.of("VI_1 DELETED 192.0.2.100/24"), heard.lines);
    }

    @Test
    void theOnlyAddressOfAnInterfaceIsTakenForItsOwnUntilThereIsAnother() {
        monitorGone("192.0.2.1", 24);
        monitor("192.0.2.100", 32);
        remove(VI_1, Routers.VIP);
        assertEquals(Set.of("192.0.2.100/32"), kernel.present);
        monitor("192.0.2.1", 24);
        vips.retryRemovals();
        assertEquals(Set.of("192.0.2.1/24"), kernel.present);
    }

    @Test
    void onlyWhatTheMonitorHasSeenCanGetLost() {
        add(VI_1, Routers.VIP);
        assertEquals(List.of(), vips.takeLost(VI_1));
        monitor("192.0.2.100", 32);
        assertEquals(List.of(), vips.takeLost(VI_1));
        monitorGone("192.0.2.100", 32);
        assertEquals(List.of(), vips.takeLost(VI_2));
        assertEquals(List.of(Routers.VIP), vips.takeLost(VI_1));
        assertEquals(List.of(), vips.takeLost(VI_1));
        assertEquals(List.of(), vips.held());
    }

    @Test
    void aRefusedRemovalIsToldOnceAndTriedUntilItIsDone() {
        add(VI_1, Routers.VIP);
        heard.lines.clear();
        kernel.refuse = Errno.EPERM;
        remove(VI_1, Routers.VIP);
        vips.retryRemovals();
        assertEquals(1, heard.lines.size());
        assertTrue(heard.lines.getFirst().startsWith("VI_1 delete failed 192.0.2.100/32 delete address"));
        kernel.refuse = 0;
        vips.retryRemovals();
        assertEquals("VI_1 DELETED 192.0.2.100/32", heard.lines.getLast());
        int requests = kernel.requests();
        vips.retryRemovals();
        assertEquals(requests, kernel.requests());
    }

    @Test
    void withoutTheInterfaceNothingIsAsked() {
        interfaces.apply(new RouteEvent.LinkRemoved(7, "eth0"));
        assertEquals(Map.of(Routers.VIP, "no interface eth0"), add(VI_1, Routers.VIP));
        remove(VI_1, Routers.VIP);
        assertEquals(0, kernel.requests());
    }

    @Test
    void aDryRunOnlyTells() {
        VipKeeper dry = new VipKeeper(kernel.routes, interfaces, heard, true);
        monitor("192.0.2.100", 32);
        dry.add(claims(VI_1, Routers.VIP));
        dry.remove(VI_1, List.of(Routers.VIP));
        dry.remove(VI_1, List.of(Routers.VIP2));
        assertEquals(List.of(), dry.held());
        assertEquals(0, kernel.requests());
        assertEquals(
                List.of("would add 192.0.2.100/32 to eth0", "would remove 192.0.2.100/32 from eth0"), heard.lines);
    }

    @Test
    void aLeaseIsRenewedAndBringsBackNothingThatIsNotTold() {
        add(VI_1, Routers.VIP);
        monitor("192.0.2.100", 32);
        int before = kernel.requests();
        vips.renew();
        assertEquals(before + 1, kernel.requests());
        assertEquals(Optional.of(3_000_000_000L), vips.shortestLeaseNs());
        kernel.present.remove("192.0.2.100/32"); // by somebody; we renew it before we are told
        vips.renew();
        vips.toldGone(address("192.0.2.100", 32));
        vips.told(address("192.0.2.100", 32));
        assertEquals(List.of(Routers.VIP), vips.takeLost(VI_1), "it was deleted all the same");
    }

    @Test
    void anotherPrefixTakesTheOldOnesPlace() {
        VirtualAddress wider = new VirtualAddress(Routers.VIP.address(), 24);
        add(VI_1, Routers.VIP);
        monitor("192.0.2.100", 32);
        add(VI_1, wider);
        remove(VI_1, Routers.VIP);
        assertEquals(Set.of("192.0.2.1/24", "192.0.2.100/24"), kernel.present);
        vips.toldGone(address("192.0.2.100", 32));
        assertEquals(List.of(), vips.takeLost(VI_1), "that was our own doing");
        assertEquals(List.of(wider), vips.held());
    }

    @Test
    void manyAreOneRequestAndTheirAcks() {
        add(VI_1, Routers.VIP, Routers.VIP2);
        assertEquals(List.of("VI_1 ADDED 192.0.2.100/32", "VI_1 ADDED 192.0.2.101/24"), heard.lines);
        assertEquals(1, kernel.datagrams());
    }

    @Test
    void anOwnersOwnAddressIsNotLeased() {
        add(OWNER, new VirtualAddress(InetAddress.ofLiteral("192.0.2.1"), 24));
        assertEquals(Optional.empty(), vips.shortestLeaseNs());
    }
}
