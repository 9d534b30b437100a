package dev.vipd.director;

import dev.vipd.director.hooks.HookEvent;
import dev.vipd.director.hooks.HookState;
import dev.vipd.director.hooks.Hooks;
import dev.vipd.healthcheck.pool.PoolSummary;
import dev.vipd.vrrp.Conflict;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VrrpReport;

/**
 * Picks what hooks are told out of what is reported. Of virtual routers on the {@code vrrp} thread: only hands over.
 */
final class HookReports {
    private final Hooks hooks;
    private volatile boolean stopping;

    HookReports(Hooks hooks) {
        this.hooks = hooks;
    }

    /** From now on an instance that ends does so since the daemon stops, not since a reload removed it. Any thread. */
    void stopping() {
        stopping = true;
    }

    void report(VirtualRouterConfig instance, VrrpReport report) {
        switch (report) {
            case VrrpReport.StateChanged r ->
                tell(instance, state(r), r.priority(), r.from().name(), r.why().toString());
            case VrrpReport.ConflictBegun(Conflict conflict) -> {
                if (conflict.kind() == Conflict.Kind.MASTER) {
                    tell(instance, HookState.MASTER_RX_LOWER_PRI, instance.priority(), "", why(conflict));
                }
                tell(instance, HookState.CONFLICT, instance.priority(), "", why(conflict));
            }
            case VrrpReport.ConflictEnded(Conflict conflict) ->
                tell(instance, HookState.CONFLICT_END, instance.priority(), "", why(conflict));
            case VrrpReport.HandoverBegun r -> {}
            case VrrpReport.HandoverEnded r -> {}
            case VrrpReport.PriorityChanged r -> {}
            case VrrpReport.Rejected r -> {}
            case VrrpReport.Mismatch r -> {}
            case VrrpReport.AdvertSent r -> {}
            case VrrpReport.AdvertHeard r -> {}
            case VrrpReport.HoldingFailed r -> {}
            case VrrpReport.HoldingRestored r -> {}
        }
    }

    /** On the director's thread. */
    void report(PoolSummary service) {
        hooks.happened(new HookEvent(HookEvent.Kind.SERVICE, service.name(),
                service.met() ? HookState.QUORUM_UP : HookState.QUORUM_DOWN, 0, "",
                "weight " + service.liveWeight() + " up, quorum " + service.quorum(), System.currentTimeMillis()));
    }

    /** {@code master:192.0.2.2}. */
    private static String why(Conflict conflict) {
        return conflict.kind().wireName() + conflict.peer().map(peer -> ":" + peer.getHostAddress()).orElse("");
    }

    private HookState state(VrrpReport.StateChanged report) {
        return switch (report.to()) {
            case MASTER -> HookState.MASTER;
            case BACKUP -> HookState.BACKUP;
            case FAULT -> HookState.FAULT;
            case INIT -> stopping ? HookState.STOP : HookState.DELETED;
        };
    }

    private void tell(VirtualRouterConfig instance, HookState state, int priority, String from, String why) {
        hooks.happened(new HookEvent(HookEvent.Kind.INSTANCE, instance.name(), state, priority, from, why,
                System.currentTimeMillis()));
    }
}
