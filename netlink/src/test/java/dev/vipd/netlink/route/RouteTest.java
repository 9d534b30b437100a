package dev.vipd.netlink.route;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.netlink.FakeKernel;
import dev.vipd.netlink.NetlinkConn;
import dev.vipd.netlink.NetlinkException;
import dev.vipd.netlink.NlMessage;
import dev.vipd.netlink.Vectors;
import dev.vipd.netlink.sys.Errno;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RouteTest {
    private static final Link ETH0 = new Link(2, "eth0", 0x11043, 6, List.of(), 1500);
    private static final InetAddress VIP = InetAddress.ofLiteral("192.0.2.77");

    @Test
    void addingAndDeletingAnAddressSendsTheCapturedBytes() throws Exception {
        FakeKernel kernel = new FakeKernel(request -> List.of(FakeKernel.ack(request)));
        RouteClient client = new RouteClient(new NetlinkConn(kernel));
        assertTrue(client.addAddress(ETH0, VIP, 32));
        assertTrue(client.deleteAddress(ETH0, VIP, 32));
        NlMessage add = Vectors.message("rtnl-newaddr4");
        NlMessage delete = Vectors.message("rtnl-deladdr4");
        assertEquals(List.of(add.type(), delete.type()), kernel.requests().stream().map(NlMessage::type).toList());
        assertEquals(add.flags(), kernel.requests().get(0).flags());
        assertArrayEquals(add.payload(), kernel.requests().get(0).payload());
        assertArrayEquals(delete.payload(), kernel.requests().get(1).payload());
    }

    @Test
    void whatIsDoneAlreadyIsNoError() throws Exception {
        RouteClient exists = new RouteClient(new NetlinkConn(
                new FakeKernel(request -> List.of(FakeKernel.error(request, Errno.EEXIST, "")))));
        assertFalse(exists.addAddress(ETH0, VIP, 32));
        RouteClient missing = new RouteClient(new NetlinkConn(
                new FakeKernel(request -> List.of(FakeKernel.error(request, Errno.EADDRNOTAVAIL, "")))));
        assertFalse(missing.deleteAddress(ETH0, VIP, 32));
    }

    @Test
    void aRefusalNamesAddressAndInterface() {
        RouteClient client = new RouteClient(new NetlinkConn(
                new FakeKernel(request -> List.of(FakeKernel.error(request, Errno.EPERM, "")))));
        NetlinkException e = assertThrows(NetlinkException.class, () -> client.addAddress(ETH0, VIP, 24));
        assertEquals("add address 192.0.2.77/24 on eth0: EPERM: operation not permitted", e.getMessage());
    }

    @Test
    void aDumpedAddressIsRead() throws Exception {
        byte[] entry = Vectors.message("rtnl-getaddr-dump-reply").payload();
        FakeKernel kernel = new FakeKernel(
                request -> List.of(FakeKernel.dump(request, RouteCodec.RTM_NEWADDR, 0, List.of(entry))));
        InterfaceAddress address = new RouteClient(new NetlinkConn(kernel)).addresses().getFirst();
        assertEquals("192.0.2.1/24", address.toString());
        assertEquals(2, address.interfaceIndex());
    }

    @Test
    void carrierAndAdministrationAreSeenInNotifications() {
        assertEquals("no carrier", link("rtnl-notify-link-carrier-down").condition());
        assertEquals("up", link("rtnl-notify-link-carrier-up").condition());
        assertEquals("down", link("rtnl-notify-link-admin-down").condition());
        assertEquals(6, link("rtnl-notify-link-carrier-up").mac().length);
        assertInstanceOf(
                RouteEvent.LinkRemoved.class,
                RouteCodec.event(Vectors.message("rtnl-notify-dellink")).orElseThrow());
    }

    @Test
    void leavingABridgeIsNotTheEndOfAnInterface() {
        NlMessage removed = Vectors.message("rtnl-notify-dellink");
        byte[] payload = removed.payload().clone();
        payload[0] = RouteCodec.AF_BRIDGE; // the same message is sent when a port leaves its bridge, but for the family
        NlMessage left = new NlMessage(removed.type(), removed.flags(), removed.seq(), removed.pid(), payload);
        assertEquals(Optional.empty(), RouteCodec.event(left));
    }

    @Test
    void addressNotificationsOfBothFamiliesAreRead() {
        assertInstanceOf(
                RouteEvent.AddressAdded.class,
                RouteCodec.event(Vectors.message("rtnl-notify-newaddr4")).orElseThrow());
        assertInstanceOf(
                RouteEvent.AddressAdded.class,
                RouteCodec.event(Vectors.message("rtnl-notify-newaddr6")).orElseThrow());
        assertInstanceOf(
                RouteEvent.AddressRemoved.class,
                RouteCodec.event(Vectors.message("rtnl-notify-deladdr4")).orElseThrow());
    }

    @Test
    void noBytesMakeTheCodecThrow() {
        Random random = new Random(2);
        byte[][] seeds = {
            Vectors.message("rtnl-notify-link-carrier-up").payload(), Vectors.message("rtnl-notify-newaddr4").payload()
        };
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = seeds[i % seeds.length].clone();
            for (int n = random.nextInt(6); n >= 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            byte[] cut = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            RouteCodec.link(new NlMessage(RouteCodec.RTM_NEWLINK, 0, 0, 0, cut));
            RouteCodec.address(new NlMessage(RouteCodec.RTM_NEWADDR, 0, 0, 0, cut));
        }
    }

    private static Link link(String vector) {
        return ((RouteEvent.LinkChanged) RouteCodec.event(Vectors.message(vector)).orElseThrow()).link();
    }
}
