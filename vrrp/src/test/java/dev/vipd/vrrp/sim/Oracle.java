package dev.vipd.vrrp.sim;

import dev.vipd.vrrp.Authentication;
import dev.vipd.vrrp.ElectionConfig;
import dev.vipd.vrrp.StateReason.Cause;
import dev.vipd.vrrp.VirtualRouter;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VrrpEvent;
import dev.vipd.vrrp.VrrpReport;
import dev.vipd.vrrp.VrrpState;
import dev.vipd.vrrp.wire.Advertisement;
import dev.vipd.vrrp.wire.DecodeResult;
import dev.vipd.vrrp.wire.DecodeResult.Decoded;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The rules of the RFCs once more, in other words than the router's: what it has to make of a packet, and when. */
final class Oracle {
    private static final long SECOND = 1_000_000_000L;
    private static final Set<Cause> CLAIMS = EnumSet.of(
            Cause.MASTER_DOWN, Cause.PRIO_ZERO, Cause.PREEMPT, Cause.RESUME, Cause.OWNER);
    private static final Set<Cause> YIELDS = EnumSet.of(
            Cause.HIGHER_PRIO, Cause.HIGHER_IP, Cause.OTHER_OWNER, Cause.SYNC_GROUP, Cause.STALL, Cause.FAILOVER);

    private final VirtualRouter router;
    private int priority;
    private long masterSinceNs;

    Oracle(VirtualRouter router) {
        this.router = router;
        priority = router.config().priority();
    }

    int priority() {
        return priority;
    }

    void priority(int effective) {
        priority = effective;
    }

    /** Whether this packet must be discarded. */
    boolean rejects(DecodeResult packet, long nowNs) {
        return switch (packet) {
            case DecodeResult.Rejected _ -> true;
            case Decoded decoded -> !fits(decoded) || ownEcho(decoded, nowNs);
        };
    }

    private boolean fits(Decoded packet) {
        VirtualRouterConfig config = router.config();
        Advertisement advert = packet.advert();
        return advert.virtualRouterId() == config.virtualRouterId()
                && advert.version() == config.version()
                && knowsTheSecret(config, packet)
                && (advert.version() == 3 || advert.advertIntervalNs() == config.advertIntervalNs())
                && packet.destination().isMulticastAddress() != config.transport().unicast()
                && (!config.transport().unicast()
                        || config.transport().peerAddresses().contains(packet.source()))
                && (!config.election().strict() || fitsStrictly(config, advert));
    }

    /** RFC 2338, 5.3.6. */
    private static boolean knowsTheSecret(VirtualRouterConfig config, Decoded packet) {
        Advertisement advert = packet.advert();
        Optional<Authentication> secret = config.transport().authentication();
        if (secret.isEmpty()) {
            return advert.authType() == 0 && packet.seal().isEmpty();
        }
        long password = secret.get().password();
        return advert.authType() == secret.get().type().number() && switch (secret.get().type()) {
            case PASS -> packet.seal().isEmpty() && advert.authData() == password;
            case AH -> packet.seal().isPresent() && packet.seal().get().sealedWith(password)
                    && packet.seal().get().names(packet.source());
        };
    }

    /** RFC 3768, 7.1: the configured addresses, unless their owner sends; RFC 9568, erratum 8300: link-local first. */
    private static boolean fitsStrictly(VirtualRouterConfig config, Advertisement advert) {
        if (advert.version() == 3) {
            return !advert.ipv6() || advert.addresses().getFirst().isLinkLocalAddress();
        }
        Set<InetAddress> own = new HashSet<>();
        config.addresses().forEach(vip -> own.add(vip.address()));
        return advert.priority() == 255 || own.equals(new HashSet<>(advert.addresses()));
    }

    private boolean ownEcho(Decoded packet, long nowNs) {
        return router.state() == VrrpState.MASTER
                && packet.advert().priority() > 0
                && packet.advert().priority() == advertised(nowNs)
                && packet.source().equals(router.config().sourceAddress().orElseThrow());
    }

    /** Whether it does not answer a lesser master. */
    boolean silentAsWinner() {
        ElectionConfig election = router.config().election();
        return election.lowerPrioNoAdvert() || election.strict() && router.config().version() == 2;
    }

    void becameMaster(long nowNs) {
        masterSinceNs = nowNs;
    }

    /** What a master says its priority is: one that is sticky, the highest there is, once it has settled. */
    int advertised(long nowNs) {
        boolean settled =
                nowNs - masterSinceNs >= Math.max(60 * SECOND, masterDownNs(router.config().advertIntervalNs()));
        return router.config().election().sticky() && settled ? Math.max(priority, 254) : priority;
    }

    /** Whether a master has to yield to one of this priority and address. */
    boolean better(int other, InetAddress source, long nowNs) {
        InetAddress own = router.config().sourceAddress().orElseThrow();
        int mine = advertised(nowNs);
        return other > mine || other == mine && Arrays.compareUnsigned(source.getAddress(), own.getAddress()) > 0;
    }

    /** RFC 9568, 6.1: ((256 - Priority) * Active_Adver_Interval) / 256; RFC 3768, 6.1: of one second. */
    long skewNs(long masterIntervalNs) {
        long of = router.config().version() == 2 ? SECOND : masterIntervalNs;
        return of * (256 - priority) / 256;
    }

    /** RFC 9568, 6.1: 3 * Active_Adver_Interval + Skew_Time, or as many adverts as are configured. */
    long masterDownNs(long masterIntervalNs) {
        return router.config().election().downTimerAdverts() * masterIntervalNs + skewNs(masterIntervalNs);
    }

    /** How long after its last advert the best backup that there can be takes over. */
    long soonestTakeOverNs() {
        VirtualRouterConfig config = router.config();
        long skewNs = (config.version() == 2 ? SECOND : config.advertIntervalNs()) * 2 / 256;
        return config.election().downTimerAdverts() * config.advertIntervalNs() + skewNs;
    }

    static boolean legal(VrrpReport.StateChanged change) {
        Cause cause = change.why().cause();
        boolean faultNamed = change.why().fault().isPresent() == (change.to() == VrrpState.FAULT);
        return faultNamed && switch (change.to()) {
            case INIT -> cause == Cause.SHUTDOWN;
            case FAULT -> cause == Cause.FAULT;
            case BACKUP -> switch (change.from()) {
                case INIT -> cause == Cause.STARTUP || cause == Cause.RESUME;
                case FAULT -> cause == Cause.RECOVERED;
                case MASTER -> YIELDS.contains(cause);
                case BACKUP -> false;
            };
            case MASTER -> switch (change.from()) {
                case INIT -> cause == Cause.OWNER || cause == Cause.RESUME;
                case FAULT -> cause == Cause.RECOVERED;
                case BACKUP -> CLAIMS.contains(cause);
                case MASTER -> false;
            };
        };
    }

    /** @param handingOver the event came to a master that waits for its successor */
    static boolean mayCause(VrrpEvent event, VrrpReport.StateChanged change, boolean handingOver) {
        boolean ofHandover = event instanceof VrrpEvent.HandOver
                || handingOver && (event instanceof VrrpEvent.PacketReceived || event instanceof VrrpEvent.Deadline);
        boolean packet = event instanceof VrrpEvent.PacketReceived;
        boolean timer = event instanceof VrrpEvent.Deadline;
        return switch (change.why().cause()) {
            case CREATED -> false;
            case STARTUP -> event instanceof VrrpEvent.Startup;
            case SHUTDOWN -> event instanceof VrrpEvent.Shutdown || ofHandover || handingOver;
            case OWNER -> event instanceof VrrpEvent.Startup || event instanceof VrrpEvent.Reconfigured || timer
                    || event instanceof VrrpEvent.ClaimFreed;
            case MASTER_DOWN, PRIO_ZERO -> timer || event instanceof VrrpEvent.ClaimFreed;
            case PREEMPT -> timer || packet || event instanceof VrrpEvent.ClaimFreed;
            case RESUME -> event instanceof VrrpEvent.Startup || timer || event instanceof VrrpEvent.ClaimFreed;
            case STALL -> true; // whatever comes first after it
            case HIGHER_PRIO, HIGHER_IP, OTHER_OWNER -> packet;
            case SYNC_GROUP -> event instanceof VrrpEvent.Yield;
            case FAILOVER -> ofHandover;
            case FAULT -> event instanceof VrrpEvent.FaultRaised || event instanceof VrrpEvent.Startup
                    || event instanceof VrrpEvent.SourceAddressChanged || event instanceof VrrpEvent.HoldingLost
                    || ofHandover;
            case RECOVERED -> event instanceof VrrpEvent.FaultCleared
                    || event instanceof VrrpEvent.SourceAddressChanged || timer;
        };
    }
}
