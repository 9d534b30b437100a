package dev.vipd.vrrp.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.netlink.FakeKernel;
import dev.vipd.netlink.NetlinkConn;
import dev.vipd.netlink.NlMessage;
import dev.vipd.netlink.route.IpPrefix;
import dev.vipd.netlink.route.Link;
import dev.vipd.netlink.route.NextHop;
import dev.vipd.netlink.route.Route;
import dev.vipd.netlink.route.RouteClient;
import dev.vipd.netlink.route.RouteEvent;
import dev.vipd.netlink.sys.Errno;
import dev.vipd.vrrp.Holding;
import dev.vipd.vrrp.VirtualRoute;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over a scripted kernel that knows a route by its destination. */
class RouteKeeperTest {
    private static final int RTM_NEWROUTE = 24;
    private static final VirtualRouterConfig VI_1 = Routers.on("eth0");
    private static final VirtualRoute ROUTE = route("198.51.100.1", 1, "eth0");
    private static final VirtualRoute OTHER = route("198.51.100.2", 1, "eth0");

    private final Heard heard = new Heard();
    private final Interfaces interfaces = new Interfaces();
    private final Set<Integer> present = new LinkedHashSet<>();
    private final FakeKernel kernel = new FakeKernel(this::answer);
    private final RouteKeeper keeper =
            new RouteKeeper(new RouteClient(new NetlinkConn(kernel)), interfaces, heard, false);

    private static VirtualRoute route(String destination, long table, String device) {
        return new VirtualRoute(
                new Route(Route.Type.UNICAST, IpPrefix.host(InetAddress.ofLiteral(destination)), Optional.empty(), 0,
                        table, 0, 253, Route.RTPROT_VIPD, Optional.empty(), Map.of(),
                        List.of(new NextHop(Optional.empty(), 0, 1, false))),
                List.of(device), false);
    }

    /** RTA_DST is the first attribute behind struct rtmsg; {@code table} is at 4, {@code protocol} at 5. */
    private List<byte[]> answer(NlMessage request) {
        assertEquals(Route.RTPROT_VIPD, request.payload()[5] & 0xff, "nothing is touched that is not marked as ours");
        int destination = ByteBuffer.wrap(request.payload()).getInt(16);
        int errno = request.type() == RTM_NEWROUTE
                ? present.add(destination) ? 0 : Errno.EEXIST
                : present.remove(destination) ? 0 : Errno.ESRCH;
        return List.of(errno == 0 ? FakeKernel.ack(request) : FakeKernel.error(request, errno, ""));
    }

    @BeforeEach
    void interfaceIsThere() {
        interfaces.apply(new RouteEvent.LinkChanged(new Link(7, "eth0", Link.IFF_UP, 6, List.of(), 1500)));
    }

    @Test
    void routesAreAddedTogetherAndDeleted() {
        assertEquals(Map.of(), keeper.add(VI_1, List.of(ROUTE, OTHER)));
        assertEquals(1, kernel.datagrams());
        assertTrue(keeper.holdsAny());
        keeper.remove(VI_1, List.of(ROUTE, OTHER));
        assertEquals(Set.of(), present);
        assertFalse(keeper.holdsAny());
        assertEquals("VI_1 deleted " + ROUTE, heard.lines.getLast(), "the last first");
    }

    @Test
    void withoutItsInterfaceARouteIsRefused() {
        VirtualRoute elsewhere = route("198.51.100.3", 1, "eth9");
        assertEquals(Map.<Holding, String>of(elsewhere, "no interface eth9"), keeper.add(VI_1, List.of(elsewhere)));
    }

    @Test
    void whatTheKernelDroppedWithoutAWordIsFoundOnceThereIsAReasonToLook() {
        keeper.add(VI_1, List.of(ROUTE, OTHER));
        int first = present.iterator().next();
        present.remove(first);
        assertEquals(Map.of(), keeper.takeLost(), "nothing has happened");
        keeper.lookAgain();
        assertEquals(Map.of(VI_1, List.<Holding>of(ROUTE)), keeper.takeLost());
        assertEquals(Map.of(), keeper.takeLost());
    }

    @Test
    void onlyRoutesOfOursMatter() {
        keeper.add(VI_1, List.of(ROUTE));
        int requests = kernel.requests().size();
        keeper.toldGone(OTHER.route());
        keeper.takeLost();
        assertEquals(requests, kernel.requests().size());
        keeper.toldGone(ROUTE.route());
        keeper.takeLost();
        assertEquals(requests + 1, kernel.requests().size());
    }

    @Test
    void whatAKilledProcessLeftIsDeletedThoughItIsNotHeld() {
        keeper.add(VI_1, List.of(ROUTE));
        new RouteKeeper(new RouteClient(new NetlinkConn(kernel)), interfaces, heard, false)
                .remove(VI_1, List.of(ROUTE));
        assertEquals(Set.of(), present);
    }
}
