package dev.vipd.vrrp.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.netlink.route.Link;
import dev.vipd.netlink.route.RouteEvent;
import dev.vipd.netlink.sys.Errno;
import dev.vipd.vrrp.ChecksumForm;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VrrpEffect;
import dev.vipd.vrrp.VrrpEvent;
import dev.vipd.vrrp.VrrpReport;
import dev.vipd.vrrp.wire.AdvertCodec;
import dev.vipd.vrrp.wire.Advertisement;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over a scripted kernel, without packet sockets: sending for real is proved in the lab. */
class EffectExecutorTest {
    private static final VirtualRouterConfig VI_1 = Routers.on("eth0");
    private static final InetAddress SOURCE = InetAddress.ofLiteral("192.0.2.1");
    private static final Advertisement ADVERT = new Advertisement(
            3, 51, 100, 1_000_000_000L, List.of(Routers.VIP.address()));

    private final Heard heard = new Heard();
    private final FakeAddresses kernel = new FakeAddresses();
    private final Interfaces interfaces = new Interfaces();
    private final EffectExecutor executor = new EffectExecutor(
            new HostHoldings(kernel.routes, interfaces, heard, false), interfaces, new SocketSet(), heard, false);

    @BeforeEach
    void interfaceIsThere() {
        interfaces.apply(new RouteEvent.LinkChanged(
                new Link(7, "eth0", Link.IFF_UP | Link.IFF_RUNNING, 6, List.of(), 1500)));
    }

    @Test
    void addressesAreAddedInOrderAndRemovedInReverse() {
        assertEquals(List.of(), executor.execute(VI_1, List.of(
                new VrrpEffect.AddHoldings(VI_1.addresses()), new VrrpEffect.RemoveHoldings(VI_1.addresses()))));
        assertEquals(
                List.of(
                        "VI_1 ADDED 192.0.2.100/32", "VI_1 ADDED 192.0.2.101/24",
                        "VI_1 DELETED 192.0.2.101/24", "VI_1 DELETED 192.0.2.100/32"),
                heard.lines);
    }

    @Test
    void whatTheKernelRefusesComesBackAsAnEvent() {
        kernel.refuse = Errno.EPERM;
        List<VrrpEvent> failures =
                executor.execute(VI_1, List.of(new VrrpEffect.AddHoldings(List.of(Routers.VIP))));
        assertEquals(
                List.of(new VrrpEvent.HoldingAddFailed(
                        Routers.VIP, "add address 192.0.2.100/32 on eth0: EPERM: operation not permitted")),
                failures);
    }

    @Test
    void anAdvertThatDidNotLeaveIsNotReportedAsSent() {
        VrrpReport sent = new VrrpReport.AdvertSent(
                ADVERT, SOURCE, List.of(AdvertCodec.GROUP), VrrpReport.Note.FIRST);
        VrrpReport other = new VrrpReport.PriorityChanged(100, 90, "script:chk down");
        List<VrrpEffect> effects = List.of(
                new VrrpEffect.SendAdvert(ADVERT, SOURCE, List.of(AdvertCodec.GROUP), ChecksumForm.PSEUDO_HEADER),
                new VrrpEffect.Report(sent),
                new VrrpEffect.Report(other));
        executor.execute(VI_1, effects);
        executor.execute(VI_1, effects);
        assertEquals(3, heard.lines.size(), "a failure is told once");
        assertEquals("VI_1 send failed: no socket on eth0", heard.lines.getFirst());
        assertTrue(heard.lines.get(1).contains("PriorityChanged"));
        assertTrue(heard.lines.get(2).contains("PriorityChanged"));
    }

    @Test
    void whatHasNoEthernetAddressIsNotAnnounced() {
        executor.execute(VI_1, List.of(new VrrpEffect.AddHoldings(VI_1.addresses())));
        heard.lines.clear();
        executor.execute(VI_1, List.of(
                new VrrpEffect.Announce(VI_1.addresses(), 5, VrrpEffect.Announce.Round.FIRST)));
        assertEquals(List.of(), heard.lines);
    }

    @Test
    void manyThatTakeOverAtOnceAddTogetherAndEachGoesOnAfterIt() {
        VirtualRouterConfig other = Routers.named("VI_2", 100);
        VrrpReport told = new VrrpReport.PriorityChanged(100, 90, "script:chk down");
        executor.begin();
        executor.execute(VI_1, List.of(
                new VrrpEffect.AddHoldings(List.of(Routers.VIP)), new VrrpEffect.Report(told)));
        executor.execute(other, List.of(new VrrpEffect.AddHoldings(List.of(Routers.VIP2))));
        executor.execute(VI_1, List.of(new VrrpEffect.RemoveHoldings(List.of(Routers.VIP))));
        assertEquals(0, kernel.requests());
        executor.finish((name, event) -> heard.lines.add(name + " " + event));
        assertEquals(
                List.of("VI_1 ADDED 192.0.2.100/32", "VI_2 ADDED 192.0.2.101/24", "VI_1 report " + told,
                        "VI_1 DELETED 192.0.2.100/32"),
                heard.lines);
        assertEquals(2, kernel.datagrams());
    }

    @Test
    void whatIsRefusedToOneOfManyIsToldToThatOne() {
        kernel.refuse = Errno.EPERM;
        executor.begin();
        executor.execute(VI_1, List.of(new VrrpEffect.AddHoldings(List.of(Routers.VIP))));
        executor.finish((name, event) -> heard.lines.add(name + " " + event.getClass().getSimpleName()));
        assertEquals(List.of("VI_1 HoldingAddFailed"), heard.lines);
    }
}
