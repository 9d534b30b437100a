package dev.vipd.vrrp.sim;

import dev.vipd.vrrp.AnnounceConfig;
import dev.vipd.vrrp.Authentication;
import dev.vipd.vrrp.ChecksumForm;
import dev.vipd.vrrp.ElectionConfig;
import dev.vipd.vrrp.HoldingConfig;
import dev.vipd.vrrp.TrackRef;
import dev.vipd.vrrp.TrackingConfig;
import dev.vipd.vrrp.TransportConfig;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.wire.Ipv4;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a run begins with, all of it made from the seed: the directors' configurations and clocks, and the faults.
 *
 * @param name     what to give make sim for this plan
 * @param configs  of each host's virtual router; the first where there are two
 * @param grouped  each host has two virtual routers, on a network each, which are a sync group
 * @param clockPpm how much faster than true time each clock runs
 * @param chaosNs  after that no fault begins or lasts
 */
record Plan(
        String name, long seed, List<VirtualRouterConfig> configs, boolean grouped, List<Long> clockPpm, long chaosNs,
        List<Fault> faults) {
    static final long MS = 1_000_000L;
    static final long SECOND = 1_000 * MS;
    /** Each as often as it is likely. */
    private static final long[] INTERVALS_NS = {
        10 * MS, 20 * MS, 100 * MS, 100 * MS, 100 * MS, 100 * MS, 500 * MS, SECOND, SECOND, SECOND, SECOND, SECOND,
        SECOND, SECOND, SECOND, SECOND, SECOND, SECOND, SECOND, 3 * SECOND, 3 * SECOND
    };
    private static final long[] INTERVALS_V2_NS = {SECOND, SECOND, SECOND, SECOND, SECOND, 3 * SECOND};
    /** Now and then the longest that can be configured. */
    private static final long LONGEST_NS = 40_950 * MS;
    private static final long LONGEST_V2_NS = 255 * SECOND;

    /** With fewer faults; all else as it is. */
    Plan with(List<Fault> fewer) {
        return new Plan(name, seed, configs, grouped, clockPpm, chaosNs, fewer);
    }

    static Plan of(long seed) {
        Draws draws = new Draws(seed);
        int count = draws.oneIn(2) ? 2 : draws.between(2, 5);
        int version = draws.oneIn(4) ? 2 : 3;
        boolean unicast = draws.oneIn(3);
        boolean owners = draws.oneIn(8);
        boolean strict = draws.oneIn(12);
        boolean grouped = draws.oneIn(4);
        Family family = new Family(version == 3 && draws.oneIn(4), version == 2 ? secret(draws) : Optional.empty());
        boolean mixed = version == 3 && draws.oneIn(6);
        long[] intervals = version == 2 ? INTERVALS_V2_NS : INTERVALS_NS;
        long common = draws.oneIn(64)
                ? version == 2 ? LONGEST_V2_NS : LONGEST_NS
                : intervals[(int) draws.below(intervals.length)];
        List<VirtualRouterConfig> configs = new ArrayList<>();
        List<Long> clocks = new ArrayList<>();
        long slowest = 0;
        for (int id = 0; id < count; id++) {
            long interval = mixed ? Math.max(100 * MS, intervals[(int) draws.below(intervals.length)]) : common;
            slowest = Math.max(slowest, interval);
            boolean owner = owners && (id == 0 || draws.oneIn(4));
            configs.add(config(draws, id, count, version, family, unicast, owner, strict, interval));
            clocks.add((long) draws.between(-500, 500));
        }
        // some live through one thing after the other, some have time to settle between two
        long gapNs = (long) (slowest * (0.2 + 60 * Math.pow(draws.unit(), 3)));
        long chaosNs = Math.clamp(gapNs * draws.between(5, 120), 10 * slowest, 3_600 * SECOND);
        List<Fault> faults = new ArrayList<>();
        for (long atNs = draws.below(gapNs); atNs < chaosNs; ) {
            faults.add(fault(draws, atNs, slowest, count));
            // some come at once, while the last is being dealt with
            atNs += 1 + draws.below(draws.oneIn(4) ? slowest / 2 : 2 * gapNs);
        }
        faults.sort(Comparator.comparingLong(Fault::atNs));
        return new Plan("SEED=" + seed, seed, configs, grouped, clocks, chaosNs, List.copyOf(faults));
    }

    private static Fault fault(Draws draws, long atNs, long intervalNs, int count) {
        Fault.Kind[] kinds = Fault.Kind.values();
        Fault.Kind kind = kinds[(int) draws.below(kinds.length)];
        // some for a moment, some for a few intervals, some for a multiple of the master-down time
        long scaleNs = switch ((int) draws.below(4)) {
            case 0 -> intervalNs / 5;
            case 1 -> 2 * intervalNs;
            case 2 -> 5 * intervalNs;
            default -> 16 * intervalNs;
        };
        int host = (int) draws.below(count);
        int other = (host + draws.between(1, count - 1)) % count;
        return new Fault(atNs, 1 + draws.below(scaleNs), kind, host, other, draws.next());
    }

    private static VirtualRouterConfig config(
            Draws draws, int id, int count, int version, Family family, boolean unicast, boolean owner,
            boolean strict, long intervalNs) {
        List<InetAddress> peers = IntStream.range(0, count)
                .filter(other -> unicast && other != id)
                .mapToObj(other -> address(other, family.ipv6()))
                .toList();
        TransportConfig transport = TransportConfig.of(
                Optional.of(address(id, family.ipv6())),
                peers,
                draws.oneIn(2) ? ChecksumForm.PSEUDO_HEADER : ChecksumForm.MESSAGE_ONLY);
        return new VirtualRouterConfig(
                "VI_1",
                "eth0",
                51,
                version,
                owner ? VirtualRouterConfig.OWNER_PRIORITY : draws.oneIn(3) ? 100 : draws.between(1, 254),
                intervalNs,
                election(draws, strict, intervalNs),
                new TransportConfig(
                        transport.source(), transport.trackSource(), transport.group(), transport.unicastPeers(),
                        transport.unicastTtl(), transport.checkUnicastSource(), transport.skipCheckAddresses(),
                        transport.checksum(), family.secret()),
                HoldingConfig.of(addresses(strict ? 2 : draws.between(1, 3), family.ipv6())),
                new AnnounceConfig(5, draws.below(3) * SECOND, draws.below(2) * 3 * SECOND, 1),
                TrackingConfig.of(
                        new TrackRef(SimHost.WEIGHTED, draws.between(-60, 60) | 1), new TrackRef(SimHost.VITAL, 0)));
    }

    private static ElectionConfig election(Draws draws, boolean strict, long intervalNs) {
        return new ElectionConfig(
                !draws.oneIn(4),
                draws.oneIn(4) ? draws.below(5 * intervalNs) : 0,
                draws.oneIn(8) ? draws.below(10 * intervalNs) : 0,
                draws.oneIn(6) ? draws.between(2, 6) : ElectionConfig.DEFAULT_DOWN_TIMER_ADVERTS,
                strict,
                draws.oneIn(8),
                draws.oneIn(8),
                draws.oneIn(6),
                !draws.oneIn(4),
                !draws.oneIn(6),
                List.of());
    }

    /** What a reload makes of a configuration. */
    static VirtualRouterConfig reloaded(VirtualRouterConfig old, long draw) {
        Draws draws = new Draws(draw);
        boolean learns = old.version() == 3;
        boolean strict = old.election().strict(); // then a peer with other addresses is no peer
        long intervalNs = learns && draws.oneIn(2)
                ? Math.clamp(old.advertIntervalNs() * draws.between(1, 20) / 5 / (10 * MS) * (10 * MS), 10 * MS,
                        40_950 * MS)
                : old.advertIntervalNs();
        return new VirtualRouterConfig(
                old.name(),
                old.interfaceName(),
                old.virtualRouterId(),
                old.version(),
                old.owner() ? old.priority() : draws.between(1, 254),
                intervalNs,
                election(draws, strict, old.advertIntervalNs()),
                old.transport(),
                strict ? old.holding() : HoldingConfig.of(addresses(draws.between(1, 3), old.ipv6())),
                old.announce(),
                old.tracking());
    }

    /** What all hosts of a plan have in common on the wire. */
    private record Family(boolean ipv6, Optional<Authentication> secret) {}

    private static Optional<Authentication> secret(Draws draws) {
        return draws.oneIn(2)
                ? Optional.empty()
                : Optional.of(new Authentication(
                        draws.oneIn(2) ? Authentication.Type.PASS : Authentication.Type.AH, 0x7333_6372_3374_0000L));
    }

    /** The virtual routers of a host with this one. */
    List<VirtualRouterConfig> instances(VirtualRouterConfig first) {
        return grouped ? List.of(first, second(first)) : List.of(first);
    }

    /** The other member of the sync group. */
    private static VirtualRouterConfig second(VirtualRouterConfig first) {
        return new VirtualRouterConfig(
                "VI_2", "eth1", 52, first.version(), first.priority(), first.advertIntervalNs(), first.election(),
                first.transport(), first.holding(), first.announce(), first.tracking());
    }

    static List<VirtualAddress> addresses(int count, boolean ipv6) {
        return IntStream.range(0, count)
                .mapToObj(i -> ipv6
                        ? new VirtualAddress(InetAddress.ofLiteral((i == 0 ? "fe80::" : "2001:db8::") + (100 + i)), 64)
                        : new VirtualAddress(Ipv4.of(0xc0000264 + i), 24))
                .toList();
    }

    /** Half of them are negative as signed numbers. */
    static InetAddress address(int id, boolean ipv6) {
        return ipv6
                ? InetAddress.ofLiteral("fe80::" + (id % 2 == 0 ? "1:" : "ffff:") + (id + 1))
                : Ipv4.of((id % 2 == 0 ? 0x0a000001 : 0xc0a80001) + id);
    }
}
