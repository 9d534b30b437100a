package dev.vipd.netlink.route;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.netlink.Nl;
import dev.vipd.netlink.NlMessage;
import dev.vipd.netlink.Vectors;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What iproute2 6.1 and keepalived 2.2.7 were seen to send: ours has the same bytes, and theirs is understood. */
class GoldenRoutesTest {
    private static final Link ETH0 = new Link(2, "eth0", 0x11043, 6, List.of(), 1500);
    private static final Link MACVLAN = new Link(7, "vrrp.51", 0x1002, 2, List.of(), 1500);
    private static final byte[] VIRTUAL_MAC = HexFormat.of().parseHex("00005e000133");

    private static InetAddress ip(String text) {
        return InetAddress.ofLiteral(text);
    }

    private static IpPrefix net(String text) {
        String[] parts = text.split("/");
        return new IpPrefix(ip(parts[0]), Integer.parseInt(parts[1]));
    }

    /** The change is sent as captured; REQUEST and ACK are added by the connection. */
    private static void sends(String vector, RouteChange change) {
        NlMessage captured = Vectors.message(vector);
        assertEquals(captured.type(), change.request().type());
        assertEquals(captured.flags(), change.request().flags() | Nl.NLM_F_REQUEST | 4);
        assertEquals(
                HexFormat.of().formatHex(captured.payload()), HexFormat.of().formatHex(change.request().payload()));
    }

    private static InterfaceAddress address(String ip, int prefix, int flags, long preferredSec) {
        return new InterfaceAddress(2, ip(ip), prefix, flags, 0, Optional.empty(), Optional.empty(), "",
                new AddressLifetime(preferredSec, AddressLifetime.FOREVER_SEC, 0));
    }

    @Test
    void addressesWithOptions() {
        sends("rtnl-newaddr4-label-brd", RouteChange.addAddress("eth0", new InterfaceAddress(
                2, ip("192.0.2.78"), 24, 0, 0, Optional.empty(), Optional.of(ip("192.0.2.255")), "eth0:v",
                AddressLifetime.FOREVER)));
        sends("rtnl-newaddr4-noprefixroute", RouteChange.addAddress("eth0", address(
                "192.0.2.79", 24, InterfaceAddress.IFA_F_NOPREFIXROUTE, AddressLifetime.FOREVER_SEC)));
        sends("rtnl-newaddr6-nodad", RouteChange.addAddress("eth0", address(
                "2001:db8::77", 64, InterfaceAddress.IFA_F_NODAD, AddressLifetime.FOREVER_SEC)));
        sends("rtnl-newaddr6-deprecated", RouteChange.addAddress("eth0", address(
                "2001:db8::78", 128, InterfaceAddress.IFA_F_NODAD, 0)));
        sends("rtnl-deladdr6", RouteChange.deleteAddress("eth0", address("2001:db8::77", 64, 2, 0)));
    }

    @Test
    void aRenewalReplaces() {
        RouteChange renewal = RouteChange.renewAddress("eth0", address("192.0.2.77", 32, 0, 2));
        assertEquals(Nl.NLM_F_REPLACE, renewal.request().flags());
        NlMessage message = new NlMessage(renewal.request().type(), 0, 0, 0, renewal.request().payload());
        assertEquals(
                new AddressLifetime(2, AddressLifetime.FOREVER_SEC, 0),
                AddressCodec.decode(message).orElseThrow().lifetime());
    }

    @Test
    void keepalivedsAddressesAreUnderstood() {
        InterfaceAddress plain = AddressCodec.decode(Vectors.message("ka-newaddr4")).orElseThrow();
        assertEquals(new InterfaceAddress(7, ip("192.0.2.100"), 32, 0, 0), plain);
        InterfaceAddress linkLocal = AddressCodec.decode(Vectors.message("ka-newaddr6-vmac-linklocal")).orElseThrow();
        assertEquals(0, linkLocal.lifetime().preferredSec());
        assertEquals(InterfaceAddress.IFA_F_NODAD, linkLocal.flags());
        assertEquals("fe80:0:0:0:0:0:0:100/64",
                AddressCodec.decode(Vectors.message("ka-newaddr6")).orElseThrow().toString());
    }

    @Test
    void whenAnAddressWasSetIsTold() {
        AddressLifetime told = AddressCodec.decode(Vectors.message("rtnl-getaddr-dump-reply"))
                .orElseThrow()
                .lifetime();
        assertEquals(AddressLifetime.FOREVER_SEC, told.validSec());
        assertEquals(true, told.updatedCs() > 0);
    }

    @Test
    void aMacvlanIsMadeAsKeepalivedMakesIt() {
        sends("ka-newlink-macvlan", RouteChange.addMacvlan("vrrp.51", ETH0, VIRTUAL_MAC));
        Map<Integer, Integer> options = new LinkedHashMap<>();
        options.put(19, 1);
        options.put(23, 1);
        options.put(8, 0);
        options.put(20, 1);
        sends("ka-setlink-inetconf", RouteChange.setInetConf(MACVLAN, options));
        sends("ka-setlink-addrgenmode", RouteChange.withoutGeneratedAddress(MACVLAN));
        sends("ka-setlink-up", RouteChange.setUp(MACVLAN, true));
        Link six = new Link(6, "fs-mv", 0, 0, List.of(), 1500);
        sends("rtnl-setlink-down", RouteChange.setUp(six, false));
        sends("rtnl-dellink", RouteChange.deleteLink(six));
    }

    @Test
    void ofAMacvlanIsToldWhatItIsAndWhereItStands() {
        Link made = LinkCodec.decode(Vectors.message("ka-newlink-macvlan")).orElseThrow();
        assertEquals("macvlan", made.kind());
        assertEquals(2, made.parent());
        assertArrayEquals(VIRTUAL_MAC, made.mac());
    }

    private static Route route(Route.Type type, String destination, NextHop... hops) {
        return new Route(type, net(destination), Optional.empty(), 0, Route.TABLE_MAIN, 0, 0, 3, Optional.empty(),
                Map.of(), List.of(hops));
    }

    private static Route inTable(Route route, long table, int protocol, long metric, Optional<InetAddress> source) {
        return new Route(route.type(), route.destination(), route.source(), 0, table, metric, 0, protocol, source,
                Map.of(), route.nextHops());
    }

    private static NextHop via(String gateway, int interfaceIndex, int weight) {
        return new NextHop(Optional.of(ip(gateway)), interfaceIndex, weight, false);
    }

    @Test
    void routes() {
        Route plain = route(Route.Type.UNICAST, "198.51.100.0/24", via("192.0.2.2", 0, 1));
        sends("rtnl-newroute-via", RouteChange.addRoute(plain));
        sends("rtnl-newroute-table-src-metric", RouteChange.addRoute(inTable(
                route(Route.Type.UNICAST, "198.51.102.0/24", via("192.0.2.2", 2, 1)), 200, 18, 100,
                Optional.of(ip("192.0.2.1")))));
        sends("rtnl-newroute-table1000", RouteChange.addRoute(inTable(
                route(Route.Type.UNICAST, "198.51.103.0/24", via("192.0.2.2", 0, 1)), 1000, 3, 0, Optional.empty())));
        sends("rtnl-newroute-default-onlink", RouteChange.addRoute(route(Route.Type.UNICAST, "0.0.0.0/0",
                new NextHop(Optional.of(ip("192.0.2.2")), 2, 1, true))));
        sends("rtnl-newroute-blackhole", RouteChange.addRoute(route(Route.Type.BLACKHOLE, "203.0.115.0/24")));
        sends("rtnl-newroute-multipath", RouteChange.addRoute(route(Route.Type.UNICAST, "203.0.116.0/24",
                via("192.0.2.2", 2, 1), via("192.0.2.3", 2, 2))));
        sends("rtnl-newroute6", RouteChange.addRoute(
                route(Route.Type.UNICAST, "2001:db8:2::/48", via("fe80::b", 2, 1))));
    }

    @Test
    void aDeletionFitsEveryScope() {
        RouteChange change = RouteChange.deleteRoute(route(Route.Type.UNICAST, "198.51.100.0/24"));
        assertEquals(Vectors.message("rtnl-delroute").type(), change.request().type());
        assertEquals((byte) 255, change.request().payload()[6]);
    }

    @Test
    void whatIsWrittenOfARouteIsRead() {
        Route via6 = new Route(Route.Type.UNICAST, net("203.0.113.0/24"), Optional.empty(), 8, 70_000, 50, 253, 112,
                Optional.of(ip("192.0.2.1")), Map.of(Route.RTAX_MTU, 1400),
                List.of(new NextHop(Optional.of(ip("fe80::1")), 3, 1, true)));
        Route several = route(Route.Type.UNICAST, "2001:db8::/32", via("fe80::1", 2, 3), via("192.0.2.1", 3, 256));
        for (Route route : List.of(via6, several, route(Route.Type.PROHIBIT, "::/0"))) {
            RouteChange change = RouteChange.addRoute(route);
            NlMessage message = new NlMessage(change.request().type(), 0, 0, 0, change.request().payload());
            assertEquals(Optional.of(route), RouteCodec.decode(message));
        }
        assertEquals("198.51.100.0/24 via 192.0.2.2",
                RouteCodec.decode(Vectors.message("rtnl-notify-newroute")).orElseThrow().toString());
    }

    private static Rule rule(String from, long table, long priority) {
        return new Rule(from.contains(":"), priority, false, Optional.of(IpPrefix.host(ip(from))), Optional.empty(), "",
                "", Optional.empty(), 0, 0, Optional.empty(), Optional.empty(), Rule.Action.LOOKUP, table,
                OptionalInt.empty(), 0);
    }

    @Test
    void rules() {
        sends("rtnl-newrule-from", RouteChange.addRule(rule("192.0.2.100", 200, 1000)));
        sends("rtnl-newrule6-from", RouteChange.addRule(rule("2001:db8::101", 200, 1001)));
        sends("rtnl-delrule-from", RouteChange.deleteRule(rule("192.0.2.100", 200, 1000)));
        sends("rtnl-newrule-fwmark-iif-to", RouteChange.addRule(new Rule(
                false, 1002, false, Optional.empty(), Optional.of(net("203.0.113.0/24")), "eth0", "",
                Optional.of(new Rule.Mark(2, 0xff)), 0, 0, Optional.empty(), Optional.empty(), Rule.Action.LOOKUP, 201,
                OptionalInt.empty(), 0)));
    }

    @Test
    void whatIsWrittenOfARuleIsRead() {
        Rule all = new Rule(
                true, 7, true, Optional.of(net("2001:db8::/32")), Optional.of(net("2001:db8:1::/48")), "eth0", "eth1",
                Optional.of(new Rule.Mark(5, 7)), 0x10, 6, Optional.of(new Rule.Ports(1, 2)),
                Optional.of(new Rule.Ports(80, 80)), Rule.Action.PROHIBIT, 100_000, OptionalInt.of(0), 112);
        RouteChange change = RouteChange.addRule(all);
        assertEquals(Optional.of(all),
                RuleCodec.decode(new NlMessage(change.request().type(), 0, 0, 0, change.request().payload())));
        assertEquals(Optional.of(rule("192.0.2.100", 200, 1000)),
                RuleCodec.decode(Vectors.message("rtnl-notify-newrule")));
    }
}
