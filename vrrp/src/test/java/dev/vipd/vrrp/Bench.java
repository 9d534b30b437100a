package dev.vipd.vrrp;

import dev.vipd.vrrp.VrrpEvent.PacketReceived;
import dev.vipd.vrrp.wire.AdvertCodec;
import dev.vipd.vrrp.wire.Advertisement;
import dev.vipd.vrrp.wire.DecodeResult.Decoded;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/** One virtual router on a table: a clock that is moved by hand, and other routers' adverts made to measure. */
final class Bench {
    static final long MS = 1_000_000L;
    static final long SECOND = 1_000 * MS;
    static final InetAddress SELF = InetAddress.ofLiteral("192.0.2.1");
    static final InetAddress HIGHER_IP = InetAddress.ofLiteral("192.0.2.200");
    static final InetAddress LOWER_IP = InetAddress.ofLiteral("10.0.0.1");
    static final VirtualAddress VIP_1 = new VirtualAddress(InetAddress.ofLiteral("192.0.2.100"), 24);
    static final VirtualAddress VIP_2 = new VirtualAddress(InetAddress.ofLiteral("192.0.2.101"), 24);

    final VirtualRouter router;
    long nowNs;

    Bench(VirtualRouterConfig config) {
        this(config, Optional.of(SELF));
    }

    /** Begins shortly before the clock overflows, so that every test also tests comparison by subtraction. */
    Bench(VirtualRouterConfig config, Optional<InetAddress> source) {
        this(config, source, Long.MAX_VALUE - 2 * SECOND);
    }

    Bench(VirtualRouterConfig config, Optional<InetAddress> source, long nowNs) {
        this.nowNs = nowNs;
        router = new VirtualRouter(config, source, nowNs);
    }

    /** A router of version 3, priority 100, one second, two addresses, preempting, gratuitous ARP as by default. */
    static Settings settings() {
        return new Settings();
    }

    static Bench backup(Settings settings) {
        Bench bench = new Bench(settings.build());
        bench.on(new VrrpEvent.Startup());
        return bench;
    }

    static Bench master(Settings settings) {
        Bench bench = backup(settings);
        bench.advance(4 * SECOND + 3 * settings.intervalNs);
        if (bench.router.state() != VrrpState.MASTER) {
            throw new AssertionError("not master: " + bench.router.status());
        }
        return bench;
    }

    List<VrrpEffect> on(VrrpEvent event) {
        return router.on(event, nowNs);
    }

    /** Lets time pass and delivers each deadline when it is due; gives all that came of it. */
    List<VrrpEffect> advance(long byNs) {
        long untilNs = nowNs + byNs;
        List<VrrpEffect> effects = new ArrayList<>();
        OptionalLong next = router.nextDeadlineNs();
        while (next.isPresent() && next.getAsLong() - untilNs <= 0) {
            nowNs = next.getAsLong();
            effects.addAll(on(new VrrpEvent.Deadline()));
            next = router.nextDeadlineNs();
        }
        nowNs = untilNs;
        return effects;
    }

    /** Hears an advert like the router's own, but for priority, source and interval. */
    List<VrrpEffect> hear(int priority, InetAddress source, long intervalNs) {
        VirtualRouterConfig config = router.config();
        return hear(
                new Advertisement(
                        config.version(), config.virtualRouterId(), priority, intervalNs, addresses(config)),
                source);
    }

    List<VrrpEffect> hear(int priority, InetAddress source) {
        return hear(priority, source, router.config().advertIntervalNs());
    }

    List<VrrpEffect> hear(Advertisement advert, InetAddress source) {
        byte[] packet = AdvertCodec.encodePacket(advert, source, AdvertCodec.GROUP, 1, ChecksumForm.PSEUDO_HEADER);
        Decoded decoded = (Decoded) AdvertCodec.decode(packet, packet.length);
        return on(new PacketReceived(decoded));
    }

    /** Time until the next deadline. */
    long untilDeadlineNs() {
        return router.nextDeadlineNs().orElseThrow() - nowNs;
    }

    static List<InetAddress> addresses(VirtualRouterConfig config) {
        return config.addresses().stream()
                .map(virtual -> virtual.address())
                .toList();
    }

    /** The effects other than reports. */
    static List<VrrpEffect> actions(List<VrrpEffect> effects) {
        return effects.stream()
                .filter(effect -> !(effect instanceof VrrpEffect.Report))
                .toList();
    }

    static <R extends VrrpReport> List<R> reports(List<VrrpEffect> effects, Class<R> type) {
        return effects.stream()
                .filter(VrrpEffect.Report.class::isInstance)
                .map(effect -> ((VrrpEffect.Report) effect).report())
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    static <E extends VrrpEffect> List<E> only(List<VrrpEffect> effects, Class<E> type) {
        return effects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** The one change of state among the effects, as {@code BACKUP>MASTER master_down}. */
    static String change(List<VrrpEffect> effects) {
        List<VrrpReport.StateChanged> changes = reports(effects, VrrpReport.StateChanged.class);
        return changes.isEmpty()
                ? "none"
                : String.join(
                        ", ",
                        changes.stream()
                                .map(c -> c.from() + ">" + c.to() + " " + c.why())
                                .toList());
    }

    /** A configuration, key by key. */
    static final class Settings {
        private int version = 3;
        private int priority = 100;
        private long intervalNs = SECOND;
        private boolean preempt = true;
        private long preemptDelayNs;
        private UnaryOperator<ElectionConfig> election = UnaryOperator.identity();
        private List<InetAddress> peers = List.of();
        private List<VirtualAddress> addresses = List.of(VIP_1, VIP_2);
        private AnnounceConfig announce = AnnounceConfig.DEFAULT;
        private TrackRef[] tracks = {};

        Settings version(int value) {
            version = value;
            return this;
        }

        Settings priority(int value) {
            priority = value;
            return this;
        }

        Settings interval(long ns) {
            intervalNs = ns;
            return this;
        }

        Settings nopreempt() {
            preempt = false;
            return this;
        }

        Settings preemptDelay(long ns) {
            preemptDelayNs = ns;
            return this;
        }

        /** Any other option of the election. */
        Settings election(UnaryOperator<ElectionConfig> change) {
            election = change;
            return this;
        }

        Settings peers(InetAddress... values) {
            peers = List.of(values);
            return this;
        }

        Settings addresses(VirtualAddress... values) {
            addresses = List.of(values);
            return this;
        }

        Settings announce(AnnounceConfig value) {
            announce = value;
            return this;
        }

        Settings tracks(TrackRef... values) {
            tracks = values;
            return this;
        }

        VirtualRouterConfig build() {
            return new VirtualRouterConfig(
                    "VI_1",
                    "eth0",
                    51,
                    version,
                    priority,
                    intervalNs,
                    election.apply(ElectionConfig.DEFAULT.preempting(preempt, preemptDelayNs)),
                    TransportConfig.of(Optional.empty(), peers, ChecksumForm.PSEUDO_HEADER),
                    HoldingConfig.of(addresses),
                    announce,
                    TrackingConfig.of(tracks));
        }
    }
}
