package dev.vipd.director.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.netlink.route.IpPrefix;
import dev.vipd.netlink.route.NextHop;
import dev.vipd.netlink.route.Route;
import dev.vipd.netlink.route.Rule;
import dev.vipd.vrrp.AnnounceConfig;
import dev.vipd.vrrp.Authentication;
import dev.vipd.vrrp.ChecksumForm;
import dev.vipd.vrrp.ElectionConfig;
import dev.vipd.vrrp.HoldingConfig;
import dev.vipd.vrrp.InterfaceDelay;
import dev.vipd.vrrp.StaticHolding;
import dev.vipd.vrrp.SyncGroupConfig;
import dev.vipd.vrrp.TrackFileConfig;
import dev.vipd.vrrp.TrackPingConfig;
import dev.vipd.vrrp.TrackProcessConfig;
import dev.vipd.vrrp.TrackRef;
import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.TrackerId.Kind;
import dev.vipd.vrrp.TrackingConfig;
import dev.vipd.vrrp.TransportConfig;
import dev.vipd.vrrp.TransportConfig.UnicastPeer;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualAddress.Flag;
import dev.vipd.vrrp.VirtualAddress.Options;
import dev.vipd.vrrp.VirtualRoute;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VirtualRule;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each key of VRRP arrives where it belongs. No two values of a record's components are the same. */
class VrrpKeysTest {
    private static final long MS = 1_000_000L;
    private static final long SECOND = 1000 * MS;

    private static InetAddress ip(String text) {
        return InetAddress.ofLiteral(text);
    }

    private static VipdConfig load(String yaml) {
        ConfigResult result = ConfigLoader.load(yaml, "f");
        return result.config().orElseThrow(() -> new AssertionError(result.findings()));
    }

    /** One instance with these keys besides those it must have. */
    private static VirtualRouterConfig instance(String keys) {
        return load("vrrp_instances: { VI_1: { interface: eth0, virtual_router_id: 51, virtual_ipaddress:"
                + " [ 192.0.2.1/24 ], " + keys + " } }").instances().getFirst();
    }

    @Test
    void election() {
        String pings = "vrrp_track_ping: { a: { address: 192.0.2.9 }, b: { address: 192.0.2.9 } }\n";
        VipdConfig config = load(pings + """
                vrrp_instances:
                  VI_1:
                    { interface: eth0, virtual_router_id: 51, virtual_ipaddress: [ 192.0.2.1 ], preempt_delay: 1s,
                      startup_delay: 2s, down_timer_adverts: 4, lower_prio_no_advert: true, resume: false,
                      claim_requires: [ b, "ping:a", "interface:eth9" ] }
                  VI_2:
                    { interface: eth0, virtual_router_id: 52, virtual_ipaddress: [ 192.0.2.2 ], nopreempt: true,
                      sticky: true, higher_prio_send_advert: true, handover: false }
                  VI_3: { interface: eth0, virtual_router_id: 53, virtual_ipaddress: [ 192.0.2.3 ], strict_mode: true }
                """);
        assertEquals(
                List.of(
                        new ElectionConfig(true, SECOND, 2 * SECOND, 4, false, true, false, false, false, true,
                                List.of(new TrackerId(Kind.PING, "b"), new TrackerId(Kind.PING, "a"),
                                        TrackerId.networkInterface("eth9"))),
                        new ElectionConfig(false, 0, 0, 3, false, false, true, true, true, false, List.of()),
                        new ElectionConfig(true, 0, 0, 3, true, false, false, false, false, false, List.of())),
                config.instances().stream().map(VirtualRouterConfig::election).toList());
        VirtualRouterConfig strict = config.instances().getLast();
        assertEquals(new AnnounceConfig(1, 0, 0, 1, 0, 0, 0, 0, 0), strict.announce());
        assertEquals(false, strict.holding().accept());
    }

    @Test
    void transport() {
        assertEquals(
                new TransportConfig(Optional.of(ip("192.0.2.7")), true, Optional.empty(),
                        List.of(new UnicastPeer(ip("192.0.2.8"), 5, 6), new UnicastPeer(ip("192.0.2.9"), 0, 7)),
                        9, false, true, ChecksumForm.MESSAGE_ONLY, Optional.empty()),
                instance("version: 3, unicast_src_ip: 192.0.2.7, track_src_ip: true, unicast_ttl: 9, checksum:"
                        + " message_only, unicast_peer: [ 192.0.2.8 min_ttl 5 max_ttl 6, { address: 192.0.2.9, max_ttl:"
                        + " 7 } ], check_unicast_src: false, skip_check_adv_addr: true").transport());
        TransportConfig multicast = instance("mcast_src_ip: 192.0.2.7, mcast_dst_ip: 224.0.0.99, authentication:"
                + " { auth_type: AH, auth_pass: 'abcdefghi' }").transport();
        assertEquals(Optional.of(ip("224.0.0.99")), multicast.group());
        assertEquals(Optional.of(new Authentication(Authentication.Type.AH, 0x6162636465666768L)),
                multicast.authentication());
        assertEquals(Optional.of(new Authentication(Authentication.Type.PASS, 0x6162000000000000L)),
                instance("authentication: { auth_type: PASS, auth_pass: ab }").transport().authentication());
    }

    @Test
    void addresses() {
        VirtualRouterConfig config = load("""
                vrrp_instances:
                  VI_6:
                    interface: eth0
                    virtual_router_id: 51
                    virtual_ipaddress: [ "fe80::1/64 nodad home", "2001:db8::1", "2001:db8::2 preferred_lft forever" ]
                    virtual_ipaddress_excluded:
                      - 192.0.2.1/24 brd + dev eth1 scope link label eth1:1 peer 192.0.2.9 preferred_lft 7 noprefixroute
                      - { address: 192.0.2.2/24, brd: "-", dev: eth2, use_vmac: true, no_track: true, autojoin: true }
                """).instances().getFirst();
        Options none = Options.NONE;
        assertEquals(3, config.version());
        assertEquals(
                List.of(
                        new VirtualAddress(ip("fe80::1"), 64, new Options(none.device(), none.broadcast(), none.scope(),
                                none.label(), none.peer(), Set.of(Flag.HOME, Flag.NODAD), none.preferredNs(), false,
                                false)),
                        new VirtualAddress(ip("2001:db8::1"), 128, new Options(none.device(), none.broadcast(),
                                none.scope(), none.label(), none.peer(), Set.of(), OptionalLong.of(0), false, false)),
                        new VirtualAddress(ip("2001:db8::2"), 128)),
                config.addresses());
        assertEquals(
                List.of(
                        new VirtualAddress(ip("192.0.2.1"), 24, new Options(Optional.of("eth1"),
                                Optional.of(ip("192.0.2.255")), OptionalInt.of(253), Optional.of("eth1:1"),
                                Optional.of(ip("192.0.2.9")), Set.of(Flag.NOPREFIXROUTE), OptionalLong.of(7 * SECOND),
                                false, false)),
                        new VirtualAddress(ip("192.0.2.2"), 24, new Options(Optional.of("eth2"),
                                Optional.of(ip("192.0.2.0")), none.scope(), none.label(), none.peer(),
                                Set.of(Flag.AUTOJOIN), none.preferredNs(), true, true))),
                config.holding().excluded());
    }

    @Test
    void holding() {
        HoldingConfig holding = instance("no_accept: true, promote_secondaries: true, address_lease: 7s,"
                + " use_vmac: vrrp.7 02:00:00:00:00:07, vmac_xmit_base: true").holding();
        assertEquals(
                new HoldingConfig(List.of(new VirtualAddress(ip("192.0.2.1"), 24)), List.of(), List.of(), List.of(),
                        false, true, 7 * SECOND, Optional.of(new HoldingConfig.Vmac("vrrp.7",
                                Optional.of(List.of((byte) 2, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 7)),
                                true))),
                holding);
        assertEquals(0, instance("address_lease: off").holding().leaseNs());
        assertEquals(Optional.of(new HoldingConfig.Vmac("vrrp.51", Optional.empty(), false)),
                instance("use_vmac: true").holding().vmac());
    }

    private static IpPrefix net(String address, int length) {
        return new IpPrefix(ip(address), length);
    }

    private static Route route(IpPrefix to, int scope, NextHop... hops) {
        return new Route(Route.Type.UNICAST, to, Optional.empty(), 0, Route.TABLE_MAIN, 0, scope, Route.RTPROT_VIPD,
                Optional.empty(), Map.of(), List.of(hops));
    }

    private static NextHop hop(String via, int weight, boolean onlink) {
        return new NextHop(via.isEmpty() ? Optional.empty() : Optional.of(ip(via)), 0, weight, onlink);
    }

    @Test
    void routes() {
        List<VirtualRoute> routes = instance("""
                virtual_routes: [
                  10.0.0.0/8 via 192.0.2.2 dev eth1 onlink src 192.0.2.1 table 100 metric 7 tos 0x10 scope site mtu 1400
                      no_track,
                  10.1.0.0/16 dev eth1,
                  "2001:db8::/32 via fe80::2 dev eth1 from 2001:db8:1::/48",
                  default nexthop via 192.0.2.3 weight 2 nexthop dev eth2,
                  unreachable 10.2.0.0/16,
                  { to: 10.3.0.0/16,
                    nexthops: [ { via: 192.0.2.4, weight: 3 }, { via: 192.0.2.5, dev: eth3, onlink: true } ] } ]
                """).holding().routes();
        assertEquals(
                new VirtualRoute(
                        new Route(Route.Type.UNICAST, net("10.0.0.0", 8), Optional.empty(), 16, 100, 7, 200,
                                Route.RTPROT_VIPD, Optional.of(ip("192.0.2.1")), Map.of(Route.RTAX_MTU, 1400),
                                List.of(hop("192.0.2.2", 1, true))),
                        List.of("eth1"), true),
                routes.get(0));
        assertEquals(new VirtualRoute(route(net("10.1.0.0", 16), 253, hop("", 1, false)), List.of("eth1"), false),
                routes.get(1));
        assertEquals(Optional.of(net("2001:db8:1::", 48)), routes.get(2).route().source());
        assertEquals(0, routes.get(2).route().scope());
        assertEquals(
                new VirtualRoute(route(net("0.0.0.0", 0), 0, hop("192.0.2.3", 2, false), hop("", 1, false)),
                        List.of("", "eth2"), false),
                routes.get(3));
        assertEquals(Route.Type.UNREACHABLE, routes.get(4).route().type());
        assertEquals(
                new VirtualRoute(route(net("10.3.0.0", 16), 0, hop("192.0.2.4", 3, false), hop("192.0.2.5", 1, true)),
                        List.of("", "eth3"), false),
                routes.get(5));
    }

    @Test
    void rules() {
        List<VirtualRule> rules = instance("""
                virtual_rules: [
                  not from 10.0.0.0/8 to 10.1.0.1 iif eth1 oif eth2 fwmark 0x3/0xf tos 8 ipproto udp sport 5 dport 6-7
                      lookup 9 order 4 suppress_prefixlength 11 no_track,
                  inet6 prohibit priority 12 ]
                """).holding().rules();
        assertEquals(
                new VirtualRule(new Rule(false, 4, true, Optional.of(net("10.0.0.0", 8)),
                        Optional.of(net("10.1.0.1", 32)), "eth1", "eth2", Optional.of(new Rule.Mark(3, 15)), 8, 17,
                        Optional.of(new Rule.Ports(5, 5)),
                        Optional.of(new Rule.Ports(6, 7)), Rule.Action.LOOKUP, 9, OptionalInt.of(11),
                        Route.RTPROT_VIPD), true),
                rules.get(0));
        assertEquals(
                new VirtualRule(new Rule(true, 12, false, Optional.empty(), Optional.empty(), "", "",
                        Optional.empty(), 0, 0, Optional.empty(), Optional.empty(), Rule.Action.PROHIBIT, 0,
                        OptionalInt.empty(), Route.RTPROT_VIPD), false),
                rules.get(1));
    }

    @Test
    void announcing() {
        assertEquals(new AnnounceConfig(2, 3 * SECOND, 4 * SECOND, 5, 6, 7 * SECOND, 0, 0, 8 * SECOND),
                instance("garp_master_repeat: 2, garp_master_delay: 3, garp_master_refresh: 4,"
                        + " garp_master_refresh_repeat: 5, garp_lower_prio_repeat: 6, garp_lower_prio_delay: 7,"
                        + " garp_extra_if: 8").announce());
        assertEquals(new AnnounceConfig(2, 3 * SECOND, 0, 1, 2, 3 * SECOND, 0, 0, 0),
                instance("garp_master_repeat: 2, garp_master_delay: 3").announce(), "as after a lower priority");
    }

    @Test
    void tracking() {
        VipdConfig config = load("""
                vrrp_scripts: { s: { script: a, weight: 2 } }
                vrrp_track_process:
                  p: { process: a b, param_match: initial, quorum: 3, quorum_max: 4, fork_delay: 5s,
                       terminate_delay: 6s }
                track_file: { f: { file: /f, init_file: 7 overwrite } }
                vrrp_track_ping:
                  g: { address: 192.0.2.9, interface: eth9, arp: true, interval: 8s, timeout: 7s, rise: 9, fall: 10 }
                interface_up_down_delays: { eth1: 11s 12s, eth2: { up: 13s } }
                vrrp_instances:
                  VI_1: { interface: eth0, virtual_router_id: 51, virtual_ipaddress: [ 192.0.2.1 ],
                          track_script: [ s ], track_interface: [ eth1 weight -14 reverse ],
                          track_process: [ p weight 15 ], track_file: [ f ], track_ping: [ { name: g, weight: 16 } ],
                                  dont_track_primary: true,
                          track_service: [ web ] }
                  VI_2: { interface: eth1, virtual_router_id: 51, virtual_ipaddress: [ 192.0.2.2 ] }
                vrrp_sync_groups:
                  G: { group: [ VI_1, VI_2 ], sync_group_tracking_weight: true, track_ping: [ g weight 17 ] }
                virtual_servers: { web: { address: "192.0.2.1:80", real_servers: [ { address: 192.0.2.11 } ] } }
                """);
        assertEquals(List.of(new TrackProcessConfig("p", List.of("a", "b"), TrackProcessConfig.Match.INITIAL, 3, 4,
                5 * SECOND, 6 * SECOND)), config.trackers().processes());
        assertEquals(List.of(new TrackFileConfig("f", "/f", Optional.of(new TrackFileConfig.Init(7, true)))),
                config.trackers().files());
        assertEquals(List.of(new TrackPingConfig("g", ip("192.0.2.9"), Optional.of("eth9"), true, 8 * SECOND,
                7 * SECOND, 9, 10)), config.trackers().pings());
        assertEquals(
                List.of(new InterfaceDelay("eth1", 11 * SECOND, 12 * SECOND),
                        new InterfaceDelay("eth2", 0, 13 * SECOND)),
                config.trackers().interfaceDelays());
        assertEquals(
                new TrackingConfig(List.of(
                        new TrackRef(TrackerId.script("s"), 2, false),
                        new TrackRef(TrackerId.networkInterface("eth1"), -14, true),
                        new TrackRef(new TrackerId(Kind.PROCESS, "p"), 15, false),
                        new TrackRef(new TrackerId(Kind.FILE, "f"), 1, false),
                        new TrackRef(new TrackerId(Kind.PING, "g"), 16, false),
                        new TrackRef(new TrackerId(Kind.SERVICE, "web"), 0, false)), false),
                config.instances().getFirst().tracking());
        assertEquals(
                List.of(new SyncGroupConfig("G", List.of("VI_1", "VI_2"),
                        List.of(new TrackRef(new TrackerId(Kind.PING, "g"), 17, false)), true)),
                config.syncGroups());
    }

    @Test
    void globalDefaultsHoldUnlessAnInstanceSaysOtherwise() {
        VipdConfig config = load("""
                global:
                  { vrrp_version: 3, vrrp_mcast_group4: 224.0.0.4, vrrp_mcast_group6: "ff02::6", vrrp_startup_delay: 1s,
                    vrrp_down_timer_adverts: 2, vrrp_lower_prio_no_advert: true, vrrp_higher_prio_send_advert: true,
                    vrrp_skip_check_adv_addr: true, vrrp_check_unicast_src: false, vrrp_min_garp: true,
                    vrrp_garp_interval: 3ms, vrrp_gna_interval: 4ms, vrrp_garp_lower_prio_repeat: 5 }
                garp_groups: { g: { garp_interval: 6ms, gna_interval: 7ms, interfaces: [ eth1 ] } }
                vrrp_instances:
                  VI_1: { interface: eth0, virtual_router_id: 1, virtual_ipaddress: [ 192.0.2.1 ] }
                  VI_2: { interface: eth1, virtual_router_id: 2, virtual_ipaddress: [ 192.0.2.2 ], version: 2,
                          mcast_dst_ip: 224.0.0.2, startup_delay: 0, down_timer_adverts: 3, garp_master_repeat: 8,
                          lower_prio_no_advert: false, higher_prio_send_advert: false, skip_check_adv_addr: false }
                  VI_6: { interface: eth0, virtual_router_id: 6, virtual_ipaddress: [ "fe80::1/64" ] }
                """);
        VirtualRouterConfig one = config.instances().get(0);
        VirtualRouterConfig two = config.instances().get(1);
        VirtualRouterConfig six = config.instances().get(2);
        assertEquals(List.of(3, 2, 3), config.instances().stream().map(VirtualRouterConfig::version).toList());
        assertEquals(
                new ElectionConfig(true, 0, SECOND, 2, false, true, true, false, true, true, List.of()),
                one.election());
        assertEquals(ElectionConfig.DEFAULT, two.election());
        assertEquals(List.of(Optional.of(ip("224.0.0.4")), Optional.of(ip("224.0.0.2")), Optional.of(ip("ff02::6"))),
                List.of(one.transport().group(), two.transport().group(), six.transport().group()));
        assertEquals(List.of(true, false), List.of(
                one.transport().skipCheckAddresses(), two.transport().skipCheckAddresses()));
        assertEquals(false, one.transport().checkUnicastSource());
        assertEquals(new AnnounceConfig(1, 0, 0, 1, 5, 0, 3 * MS, 4 * MS, 0), one.announce());
        assertEquals(new AnnounceConfig(8, 0, 0, 1, 5, 0, 6 * MS, 7 * MS, 0), two.announce());
    }

    @Test
    void statics() {
        VipdConfig config = load("""
                global: { default_interface: eth7 }
                track_groups: { T: { group: [ VI_1 ] } }
                static_ipaddress: [ 192.0.2.9/24 track_group T ]
                static_routes: [ blackhole 10.0.0.0/8 ]
                static_rules: [ priority 1 table 2 ]
                vrrp_instances: { VI_1: { interface: eth0, virtual_router_id: 1, virtual_ipaddress: [ 192.0.2.1 ] } }
                """);
        List<StaticHolding> statics = config.vrrp().statics();
        VirtualAddress address = (VirtualAddress) statics.get(0).item();
        assertEquals(Optional.of("eth7"), address.options().device());
        assertEquals(List.of("VI_1"), statics.get(0).instances());
        assertEquals(Route.Type.BLACKHOLE, ((VirtualRoute) statics.get(1).item()).route().type());
        assertEquals(2, ((VirtualRule) statics.get(2).item()).rule().table());
        assertEquals(List.of(), statics.get(2).instances());
    }
}
