package dev.vipd.vrrp.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.netlink.route.Link;
import dev.vipd.netlink.route.RouteEvent;
import dev.vipd.vrrp.AnnounceConfig;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VrrpEffect;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class AnnouncerTest {
    private static final long MS = 1_000_000L;
    private static final List<Byte> MAC = List.of((byte) 2, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0xa);
    private static final VirtualRouterConfig AT_ONCE = paced(0);
    private static final VirtualRouterConfig PACED = paced(10 * MS);

    private final Heard heard = new Heard();
    private final Interfaces interfaces = new Interfaces();
    private final HostHoldings holdings = new HostHoldings(new FakeAddresses().routes, interfaces, heard, false);
    private final List<String> sent = new ArrayList<>();
    private final Announcer announcer = new Announcer(holdings, heard, (frame, index) -> {
        assertEquals(42, frame.length);
        sent.add(index + ": " + (frame[31] & 0xff)); // last byte of the sender's IPv4 address
    });
    private long nowNs = Long.MAX_VALUE - 15 * MS;

    private void link(int flags, List<Byte> mac) {
        interfaces.apply(new RouteEvent.LinkChanged(new Link(7, "eth0", flags, 6, mac, 1500)));
    }

    private void hold(VirtualRouterConfig instance) {
        holdings.add(instance, List.copyOf(instance.addresses()));
        heard.lines.clear();
    }

    private void announce(VirtualRouterConfig instance, int repeat) {
        announcer.announce(
                instance,
                new VrrpEffect.Announce(instance.addresses(), repeat, VrrpEffect.Announce.Round.FIRST),
                nowNs);
    }

    private void pass(long byNs) {
        nowNs += byNs;
        announcer.actOnTimers(nowNs);
    }

    @Test
    void withoutAnIntervalAllGoAtOnceVipByVip() {
        link(Link.IFF_UP, MAC);
        hold(AT_ONCE);
        announce(AT_ONCE, 2);
        assertEquals(List.of("7: 100", "7: 101", "7: 100", "7: 101"), sent);
        assertEquals(OptionalLong.empty(), announcer.nextDeadlineNs());
        assertEquals(
                List.of("VI_1 announced 192.0.2.100/32 2 FIRST", "VI_1 announced 192.0.2.101/24 2 FIRST"),
                heard.lines);
    }

    @Test
    void withAnIntervalOneGoesAfterTheOther() {
        link(Link.IFF_UP, MAC);
        hold(PACED);
        announce(PACED, 2);
        assertEquals(List.of("7: 100"), sent);
        assertEquals(OptionalLong.of(nowNs + 10 * MS), announcer.nextDeadlineNs());
        pass(9 * MS);
        assertEquals(1, sent.size());
        pass(MS);
        assertEquals(List.of("7: 100", "7: 101"), sent);
        pass(50 * MS);
        assertEquals(3, sent.size(), "a late timer does not make up for it");
        announce(PACED, 1);
        assertEquals(3, sent.size(), "the next round waits for its turn too");
        for (int i = 0; i < 3; i++) {
            pass(10 * MS);
        }
        assertEquals(List.of("7: 100", "7: 101", "7: 100", "7: 101", "7: 100", "7: 101"), sent);
        pass(10 * MS);
        assertEquals(OptionalLong.empty(), announcer.nextDeadlineNs());
    }

    @Test
    void whatWaitsIsDroppedWithItsAddress() {
        link(Link.IFF_UP, MAC);
        hold(PACED);
        announce(PACED, 5);
        holdings.remove(PACED, List.copyOf(PACED.addresses()));
        pass(10 * MS);
        assertEquals(List.of("7: 100"), sent);
        assertEquals(OptionalLong.empty(), announcer.nextDeadlineNs());
    }

    @Test
    void whatIsTooMuchIsToldAndLeftOut() {
        link(Link.IFF_UP, MAC);
        hold(PACED);
        announce(PACED, 700);
        assertEquals(1, sent.size());
        assertEquals(
                "VI_1 send failed: announce addresses: more than 1275 frames wait on eth0;"
                        + " shorten garp_interval and gna_interval",
                heard.lines.getFirst());
    }

    @Test
    void whatHasNoNeighboursIsNotAnnounced() {
        link(Link.IFF_UP | Link.IFF_NOARP, MAC);
        hold(AT_ONCE);
        announce(AT_ONCE, 1);
        link(Link.IFF_UP, List.of());
        announce(AT_ONCE, 1);
        assertEquals(List.of(), sent);
        assertEquals(List.of(), heard.lines);
    }

    private static VirtualRouterConfig paced(long gapNs) {
        VirtualRouterConfig config = Routers.on("eth0");
        return new VirtualRouterConfig(
                config.name(), config.interfaceName(), config.virtualRouterId(), config.version(), config.priority(),
                config.advertIntervalNs(), config.election(), config.transport(), config.holding(),
                new AnnounceConfig(5, 0, 0, 1, 5, 0, gapNs, gapNs, 0), config.tracking());
    }
}
