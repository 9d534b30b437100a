package dev.vipd.vrrp.sim;

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
import java.util.Set;

/** The rules of the RFCs once more, in other words than the router's: what it has to make of a packet, and when. */
final class Oracle {
    private static final long SECOND = 1_000_000_000L;
    private static final Set<Cause> CLAIMS = EnumSet.of(Cause.MASTER_DOWN, Cause.PRIO_ZERO, Cause.PREEMPT);

    private final VirtualRouter router;
    private int priority;

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
    boolean rejects(DecodeResult packet) {
        return switch (packet) {
            case DecodeResult.Rejected _ -> true;
            case Decoded decoded -> !fits(decoded) || ownEcho(decoded);
        };
    }

    private boolean fits(Decoded packet) {
        VirtualRouterConfig config = router.config();
        Advertisement advert = packet.advert();
        return advert.virtualRouterId() == config.virtualRouterId()
                && advert.version() == config.version()
                && advert.authType() == 0
                && (advert.version() == 3 || advert.advertIntervalNs() == config.advertIntervalNs())
                && packet.destination().isMulticastAddress() != config.transport().unicast()
                && (!config.transport().unicast()
                        || config.transport().peerAddresses().contains(packet.source()));
    }

    private boolean ownEcho(Decoded packet) {
        return router.state() == VrrpState.MASTER
                && packet.advert().priority() == priority
                && packet.source().equals(router.config().sourceAddress().orElseThrow());
    }

    /** Whether a master has to yield to one of this priority and address. */
    boolean better(int other, InetAddress source) {
        InetAddress own = router.config().sourceAddress().orElseThrow();
        return other > priority
                || other == priority && Arrays.compareUnsigned(source.getAddress(), own.getAddress()) > 0;
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

    static boolean legal(VrrpReport.StateChanged change) {
        Cause cause = change.why().cause();
        boolean faultNamed = change.why().fault().isPresent() == (change.to() == VrrpState.FAULT);
        return faultNamed && switch (change.to()) {
            case INIT -> cause == Cause.SHUTDOWN;
            case FAULT -> cause == Cause.FAULT;
            case BACKUP -> switch (change.from()) {
                case INIT -> cause == Cause.STARTUP;
                case FAULT -> cause == Cause.RECOVERED;
                case MASTER -> cause == Cause.HIGHER_PRIO || cause == Cause.HIGHER_IP || cause == Cause.SYNC_GROUP;
                case BACKUP -> false;
            };
            case MASTER -> switch (change.from()) {
                case INIT -> cause == Cause.OWNER;
                case FAULT -> cause == Cause.RECOVERED;
                case BACKUP -> CLAIMS.contains(cause) || cause == Cause.OWNER;
                case MASTER -> false;
            };
        };
    }

    static boolean mayCause(VrrpEvent event, VrrpReport.StateChanged change) {
        return switch (change.why().cause()) {
            case CREATED -> false;
            case STARTUP -> event instanceof VrrpEvent.Startup;
            case SHUTDOWN -> event instanceof VrrpEvent.Shutdown;
            case OWNER -> event instanceof VrrpEvent.Startup || event instanceof VrrpEvent.Reconfigured;
            case MASTER_DOWN, PRIO_ZERO, PREEMPT ->
                event instanceof VrrpEvent.Deadline || event instanceof VrrpEvent.ClaimFreed;
            case HIGHER_PRIO, HIGHER_IP -> event instanceof VrrpEvent.PacketReceived;
            case SYNC_GROUP -> event instanceof VrrpEvent.Yield;
            case FAULT -> event instanceof VrrpEvent.FaultRaised || event instanceof VrrpEvent.Startup
                    || event instanceof VrrpEvent.SourceAddressChanged || event instanceof VrrpEvent.HoldingLost;
            case RECOVERED -> event instanceof VrrpEvent.FaultCleared
                    || event instanceof VrrpEvent.SourceAddressChanged || event instanceof VrrpEvent.Deadline;
        };
    }
}
