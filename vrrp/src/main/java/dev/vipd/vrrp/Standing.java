package dev.vipd.vrrp;

import dev.vipd.vrrp.StateReason.Cause;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Where a virtual router stands: its state and since when, why, and what keeps it in FAULT. */
final class Standing {
    final Set<FaultReason> faults = new LinkedHashSet<>();
    VrrpState state = VrrpState.INIT;
    StateReason why = StateReason.of(Cause.CREATED);
    long term;
    OptionalLong upSinceNs = OptionalLong.empty();

    private final long createdNs;
    private long sinceNs;

    Standing(long nowNs) {
        createdNs = nowNs;
        sinceNs = nowNs;
    }

    void enter(Transition transition, long nowNs) {
        state = transition.to();
        why = transition.why();
        sinceNs = nowNs;
        why.fault().ifPresent(faults::add);
        if (state == VrrpState.MASTER) {
            term++;
        }
    }

    VirtualRouterStatus status(RouterContext context, BackupRole backup, MasterRole master) {
        boolean learned = state == VrrpState.BACKUP;
        long intervalNs = learned ? backup.masterIntervalNs() : context.config.advertIntervalNs();
        return new VirtualRouterStatus(
                context.config,
                state,
                sinceNs,
                why,
                List.copyOf(faults),
                List.copyOf(context.claimBlocks),
                state == VrrpState.BACKUP && backup.awaitsClaim(),
                context.effectivePriority,
                context.source(),
                masterNow(context, backup, master),
                intervalNs,
                context.masterDownNs(intervalNs),
                context.skewNs(intervalNs),
                context.conflicts.current(),
                master.handover(),
                backup.standsAside(),
                master.items().missing(),
                term,
                context.lastAdvertSource,
                upSinceNs,
                createdNs,
                context.counters.snapshot());
    }

    private Optional<VirtualRouterStatus.Peer> masterNow(
            RouterContext context, BackupRole backup, MasterRole master) {
        return switch (state) {
            case MASTER -> Optional.of(new VirtualRouterStatus.Peer(
                    context.sourceOfAdverts(), master.advertisedPriority(), context.config.advertIntervalNs()));
            case BACKUP -> backup.master();
            case INIT, FAULT -> Optional.empty();
        };
    }
}
