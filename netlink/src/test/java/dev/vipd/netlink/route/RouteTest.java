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
    private static InterfaceAddress vip(int prefixLength) {
        return new InterfaceAddress(2, InetAddress.ofLiteral("192.0.2.77"), prefixLength, 0, 0);
    }

    @Test
    void addingAndDeletingAnAddressSendsTheCapturedBytes() throws Exception {
        FakeKernel kernel = new FakeKernel(request -> List.of(FakeKernel.ack(request)));
        RouteClient client = new RouteClient(new NetlinkConn(kernel));
        assertTrue(client.apply(RouteChange.addAddress("eth0", vip(32))));
        assertTrue(client.apply(RouteChange.deleteAddress("eth0", vip(32))));
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
        assertFalse(exists.apply(RouteChange.addAddress("eth0", vip(32))));
        RouteClient missing = new RouteClient(new NetlinkConn(
                new FakeKernel(request -> List.of(FakeKernel.error(request, Errno.EADDRNOTAVAIL, "")))));
        assertFalse(missing.apply(RouteChange.deleteAddress("eth0", vip(32))));
    }

    @Test
    void aRefusalNamesAddressAndInterface() {
        RouteClient client = new RouteClient(new NetlinkConn(
                new FakeKernel(request -> List.of(FakeKernel.error(request, Errno.EPERM, "")))));
        NetlinkException e = assertThrows(
                NetlinkException.class, () -> client.apply(RouteChange.addAddress("eth0", vip(24))));
        assertEquals("add address 192.0.2.77/24 on eth0: EPERM: operation not permitted", e.getMessage());
    }

    @Test
    void aDumpedAddressIsRead() throws Exception {
        byte[] entry = Vectors.message("rtnl-getaddr-dump-reply").payload();
        FakeKernel kernel = new FakeKernel(
                request -> List.of(FakeKernel.dump(request, AddressCodec.RTM_NEWADDR, 0, List.of(entry))));
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
                RouteEvent.of(Vectors.message("rtnl-notify-dellink")).orElseThrow());
    }

    @Test
    void leavingABridgeIsNotTheEndOfAnInterface() {
        NlMessage removed = Vectors.message("rtnl-notify-dellink");
        byte[] payload = removed.payload().clone();
        payload[0] = LinkCodec.AF_BRIDGE; // the same message is sent when a port leaves its bridge, but for the family
        NlMessage left = new NlMessage(removed.type(), removed.flags(), removed.seq(), removed.pid(), payload);
        assertEquals(Optional.empty(), RouteEvent.of(left));
    }

    @Test
    void addressNotificationsOfBothFamiliesAreRead() {
        assertInstanceOf(
                RouteEvent.AddressAdded.class,
                RouteEvent.of(Vectors.message("rtnl-notify-newaddr4")).orElseThrow());
        assertInstanceOf(
                RouteEvent.AddressAdded.class,
                RouteEvent.of(Vectors.message("rtnl-notify-newaddr6")).orElseThrow());
        assertInstanceOf(
                RouteEvent.AddressRemoved.class,
                RouteEvent.of(Vectors.message("rtnl-notify-deladdr4")).orElseThrow());
    }

    @Test
    void noBytesMakeTheCodecThrow() {
        Random random = new Random(2);
        byte[][] seeds = {
            Vectors.message("rtnl-notify-link-carrier-up").payload(),
            Vectors.message("rtnl-notify-newaddr4").payload(),
            Vectors.message("rtnl-newroute-multipath").payload(),
            Vectors.message("rtnl-newrule-fwmark-iif-to").payload()
        };
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = seeds[i % seeds.length].clone();
            for (int n = random.nextInt(6); n >= 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            byte[] cut = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            LinkCodec.decode(new NlMessage(LinkCodec.RTM_NEWLINK, 0, 0, 0, cut));
            AddressCodec.decode(new NlMessage(AddressCodec.RTM_NEWADDR, 0, 0, 0, cut));
            RouteCodec.decode(new NlMessage(RouteCodec.RTM_NEWROUTE, 0, 0, 0, cut));
            RuleCodec.decode(new NlMessage(RuleCodec.RTM_NEWRULE, 0, 0, 0, cut));
        }
    }

    private static Link link(String vector) {
        return ((RouteEvent.LinkChanged) RouteEvent.of(Vectors.message(vector)).orElseThrow()).link();
    }
}
