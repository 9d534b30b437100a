package dev.vipd.vrrp.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.netlink.FakeKernel;
import dev.vipd.netlink.NetlinkConn;
import dev.vipd.netlink.NlMessage;
import dev.vipd.netlink.route.InterfaceAddress;
import dev.vipd.netlink.route.Link;
import dev.vipd.netlink.route.RouteClient;
import dev.vipd.netlink.route.RouteEvent;
import dev.vipd.netlink.sys.Errno;
import dev.vipd.netlink.sys.SysException;
import dev.vipd.vrrp.ChecksumForm;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VrrpEffect;
import dev.vipd.vrrp.VrrpEvent;
import dev.vipd.vrrp.wire.AdvertCodec;
import dev.vipd.vrrp.wire.Advertisement;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Over a scripted kernel. Its packet socket is a real one, which takes CAP_NET_RAW; nothing is sent on it. */
class EffectExecutorTest {
    private static final int RTM_NEWADDR = 20;
    private static final int RTM_DELADDR = 21;
    private static final VirtualRouterConfig VI_1 = Routers.on("eth0");
    private static final VrrpEffect ADD = new VrrpEffect.AddAddresses(VI_1.addresses());
    private static final VrrpEffect REMOVE = new VrrpEffect.RemoveAddresses(VI_1.addresses());

    private final Heard heard = new Heard();
    private final Interfaces interfaces = new Interfaces();
    private FakeKernel kernel;
    private EffectExecutor executor;

    private void open(boolean dryRun, Function<NlMessage, List<byte[]>> script) {
        kernel = new FakeKernel(script);
        try {
            RouteClient routes = new RouteClient(new NetlinkConn(kernel));
            executor = new EffectExecutor(routes, interfaces, new SocketSet(), heard, dryRun);
        } catch (SysException e) {
            Assumptions.abort("a packet socket takes CAP_NET_RAW: " + e.getMessage());
        }
        // no Ethernet address: so gratuitous ARP is never sent for real
        interfaces.apply(new RouteEvent.LinkChanged(
                new Link(7, "eth0", Link.IFF_UP | Link.IFF_RUNNING, 6, List.of(), 1500)));
    }

    private static List<byte[]> acks(NlMessage request) {
        return List.of(FakeKernel.ack(request));
    }

    private static Function<NlMessage, List<byte[]>> refuses(int errno) {
        return request -> List.of(FakeKernel.error(request, errno, ""));
    }

    private List<VrrpEvent> run(VrrpEffect... effects) {
        return executor.execute(VI_1, List.of(effects));
    }

    @AfterEach
    void close() {
        if (executor != null) {
            executor.close();
        }
    }

    @Test
    void addressesAreAddedInOrderAndHeldFromTheAckOn() {
        open(false, EffectExecutorTest::acks);
        assertEquals(List.of(), run(ADD));
        assertEquals(List.of("VI_1 ADDED 192.0.2.100/32", "VI_1 ADDED 192.0.2.101/24"), heard.lines);
        assertEquals(List.of(RTM_NEWADDR, RTM_NEWADDR), kernel.requests().stream().map(NlMessage::type).toList());
        byte[] payload = kernel.requests().getFirst().payload();
        assertEquals(32, payload[1], "prefix length");
        assertEquals(7, payload[4], "interface index");
        assertArrayEquals(Routers.VIP.address().getAddress(), java.util.Arrays.copyOfRange(payload, 12, 16));
        assertEquals(VI_1.addresses(), executor.held());
        assertTrue(executor.holds("eth0", Routers.VIP));
        assertFalse(executor.holds("eth1", Routers.VIP));
    }

    @Test
    void anAddressThatIsThereAlreadyIsHeldToo() {
        open(false, refuses(Errno.EEXIST));
        assertEquals(List.of(), run(ADD));
        assertEquals(VI_1.addresses(), executor.held());
    }

    @Test
    void aRefusalComesBackAndLeavesTheOthers() {
        open(false, request -> request.payload()[1] == 32
                ? List.of(FakeKernel.error(request, Errno.EPERM, ""))
                : acks(request));
        assertEquals(
                List.of(new VrrpEvent.AddressAddFailed(
                        Routers.VIP, "add address 192.0.2.100/32 on eth0: EPERM: operation not permitted")),
                run(ADD));
        assertEquals(List.of(Routers.VIP2), executor.held());
        assertEquals(List.of("VI_1 ADDED 192.0.2.101/24"), heard.lines);
    }

    @Test
    void removingLetsGoAndToleratesWhatIsGone() {
        open(false, request -> request.type() == RTM_DELADDR && request.payload()[1] == 32
                ? List.of(FakeKernel.error(request, Errno.EADDRNOTAVAIL, ""))
                : acks(request));
        run(ADD);
        heard.lines.clear();
        assertEquals(List.of(), run(REMOVE));
        assertEquals(List.of("VI_1 DELETED 192.0.2.101/24"), heard.lines);
        assertEquals(List.of(), executor.held());
    }

    @Test
    void aRefusalToRemoveIsTold() {
        open(false, refuses(Errno.EPERM));
        assertEquals(List.of(), run(REMOVE));
        assertEquals(2, heard.lines.size());
        assertTrue(heard.lines.getFirst().startsWith("VI_1 delete failed 192.0.2.100/32 delete address"));
    }

    @Test
    void aRefusedRemovalIsTriedAgainUntilItIsDone() {
        boolean[] refuse = {true};
        open(false, request -> refuse[0] ? List.of(FakeKernel.error(request, Errno.EPERM, "")) : acks(request));
        run(REMOVE);
        executor.retryRemovals();
        assertEquals(2, heard.lines.size(), "a refusal is told once an address");
        heard.lines.clear();
        refuse[0] = false;
        executor.retryRemovals();
        executor.retryRemovals();
        assertEquals(
                List.of("VI_1 DELETED 192.0.2.100/32", "VI_1 DELETED 192.0.2.101/24"),
                heard.lines.stream().sorted().toList());
    }

    @Test
    void withoutTheInterfaceNothingIsAsked() {
        open(false, EffectExecutorTest::acks);
        interfaces.apply(new RouteEvent.LinkRemoved(7, "eth0"));
        assertEquals(
                List.of(
                        new VrrpEvent.AddressAddFailed(Routers.VIP, "no interface eth0"),
                        new VrrpEvent.AddressAddFailed(Routers.VIP2, "no interface eth0")),
                run(ADD, REMOVE));
        assertEquals(List.of(), kernel.requests());
    }

    @Test
    void aDryRunOnlyTells() {
        open(true, EffectExecutorTest::acks);
        interfaces.apply(new RouteEvent.AddressAdded(
                new InterfaceAddress(7, Routers.VIP.address(), 32, 0, 0))); // only what is there can be removed
        assertEquals(List.of(), run(ADD, announce(), REMOVE));
        assertEquals(List.of(), kernel.requests());
        assertEquals(List.of(), executor.held());
        assertEquals(
                List.of(
                        "would add 192.0.2.100/32 to eth0", "would add 192.0.2.101/24 to eth0",
                        "would remove 192.0.2.100/32 from eth0"),
                heard.lines);
    }

    @Test
    void aFailureToSendIsToldOncePerInstance() throws Exception {
        open(false, EffectExecutorTest::acks);
        Inet4Address source = (Inet4Address) InetAddress.ofLiteral("192.0.2.1");
        Advertisement advert = new Advertisement(
                3, 51, 100, 1_000_000_000L, List.of((Inet4Address) Routers.VIP.address()));
        VrrpEffect send = new VrrpEffect.SendAdvert(
                advert, source, List.of(AdvertCodec.GROUP), ChecksumForm.PSEUDO_HEADER);
        run(send);
        run(send);
        assertEquals(List.of("VI_1 send failed: no socket on eth0"), heard.lines);
    }

    @Test
    void whatHasNoEthernetAddressIsNotAnnounced() {
        open(false, EffectExecutorTest::acks);
        run(ADD);
        heard.lines.clear();
        run(announce());
        assertEquals(List.of(), heard.lines);
    }

    private static VrrpEffect announce() {
        return new VrrpEffect.Announce(VI_1.addresses(), 5, VrrpEffect.Announce.Round.FIRST);
    }
}
