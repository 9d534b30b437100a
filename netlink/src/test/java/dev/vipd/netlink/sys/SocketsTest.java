package dev.vipd.netlink.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.netlink.NetlinkConn;
import dev.vipd.netlink.NetlinkException;
import dev.vipd.netlink.Nl;
import dev.vipd.netlink.generic.GenericNetlink;
import dev.vipd.netlink.route.Link;
import dev.vipd.netlink.route.Route;
import dev.vipd.netlink.route.RouteClient;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an unprivileged process may do with the real kernel. */
class SocketsTest {
    @Test
    void theRealKernelListsItsLoopbackInterface() throws Exception {
        try (RouteClient client = RouteClient.open()) {
            Link lo = client.links().stream().filter(link -> link.name().equals("lo")).findFirst().orElseThrow();
            assertEquals(1, lo.index());
            assertFalse(client.addresses().stream().anyMatch(address -> address.interfaceIndex() == 0));
        }
    }

    @Test
    void theRealKernelTellsTheWayToAnAddress() throws Exception {
        try (RouteClient client = RouteClient.open()) {
            Route own = client.lookup(InetAddress.ofLiteral("127.0.0.1")).orElseThrow();
            assertEquals(Route.Type.LOCAL, own.type());
            assertEquals(1, own.nextHops().getFirst().interfaceIndex());
            assertTrue(client.lookup(InetAddress.ofLiteral("0.0.0.1")).stream().allMatch(
                    way -> way.type() == Route.Type.UNICAST));
        }
    }

    @Test
    void aRefusalOfTheRealKernelIsAnException() throws Exception {
        try (NetlinkConn conn = NetlinkConn.open("test", Nl.NETLINK_GENERIC)) {
            NetlinkException e = assertThrows(
                    NetlinkException.class, () -> GenericNetlink.resolve(conn, "no-such-family"));
            assertEquals(Errno.ENOENT, e.errno());
        }
    }

    @Test
    void anotherThreadWakesThePoll() throws Exception {
        try (EventFd wake = new EventFd()) {
            Poller poller = new Poller(List.of(wake.fd()));
            assertEquals(0, poller.poll(0));
            assertFalse(poller.ready(0));
            Thread other = Thread.ofPlatform().start(wake::signal);
            assertEquals(1, poller.poll(10_000_000_000L));
            assertTrue(poller.ready(0));
            other.join();
            wake.clear();
            assertEquals(0, poller.poll(0));
        }
    }

    @Test
    void aSignalAfterTheEndReachesNobodyElse() throws Exception {
        EventFd closed = new EventFd();
        closed.close();
        // another thread of the JVM may take the number first; then there is nothing to see, and it is tried again
        for (int i = 0; i < 1000; i++) {
            try (EventFd next = new EventFd()) {
                closed.signal();
                if (next.fd().number() == closed.fd().number()) {
                    assertEquals(0, new Poller(List.of(next.fd())).poll(0));
                    return;
                }
                closed = next;
            }
        }
        throw new AssertionError("the kernel never gave a number again");
    }

    @Test
    void aPollEndsAtItsTimeout() throws Exception {
        try (EventFd wake = new EventFd()) {
            long startNs = System.nanoTime();
            assertEquals(0, new Poller(List.of(wake.fd())).poll(2_500_000));
            assertTrue(System.nanoTime() - startNs >= 2_500_000);
        }
    }
}
