package dev.vipd.vrrp;

import dev.vipd.vrrp.VrrpEvent.ClaimBlocked;
import dev.vipd.vrrp.VrrpEvent.ClaimFreed;
import dev.vipd.vrrp.VrrpEvent.FaultCleared;
import dev.vipd.vrrp.VrrpEvent.FaultRaised;
import dev.vipd.vrrp.VrrpEvent.Yield;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Virtual routers that move together, as keepalived's {@code vrrp_sync_group}:
 *
 * <ul>
 *   <li>A member with a fault of its own takes all others to FAULT; they leave it when every member is clean.
 *   <li>A member that goes from MASTER to BACKUP takes all others with it; those do not send priority 0.
 *   <li>Members become MASTER together, when each would on its own.
 *   <li>A member that is MASTER alone, by a resume or a reload, gives way when the others do not follow in time.
 * </ul>
 *
 * It looks at its members and says what is to be given to whom; the caller asks again until there is nothing left:
 *
 * <pre>
 * for (Optional&lt;Order&gt; order = group.next(now); order.isPresent(); order = group.next(now)) {
 *     carryOut(order.get().router().on(order.get().event(), now));
 * }
 * </pre>
 *
 * after whatever happened to a member, and now and then. Not thread-safe.
 */
public final class SyncGroup {
    /** In advert intervals: more than three and the skew time, after which the others are MASTER or hear another. */
    private static final int ALONE_INTERVALS_MAX = 5;

    private final FaultReason fault;
    private final ClaimBlock block;
    private final List<VirtualRouter> members;
    private final Map<VirtualRouter, VrrpState> before = new HashMap<>();
    private final Set<VirtualRouter> blocked = new LinkedHashSet<>();
    private final Set<VirtualRouter> faulted = new LinkedHashSet<>();
    private final Set<VirtualRouter> toYield = new LinkedHashSet<>();
    /** Since when some are MASTER and others BACKUP. */
    private OptionalLong splitSinceNs = OptionalLong.empty();

    /** What is to be given to a member next. */
    public record Order(VirtualRouter router, VrrpEvent event) {}

    /** @param members given to no other group; ask {@link #next} before they start */
    public SyncGroup(String name, List<VirtualRouter> members) {
        fault = new FaultReason(FaultReason.Kind.SYNC_GROUP, name);
        block = new ClaimBlock(ClaimBlock.Kind.SYNC_GROUP, name);
        this.members = List.copyOf(members);
        for (VirtualRouter member : members) {
            before.put(member, member.state());
            if (member.hasFault(fault)) { // from a group of this name that a reload replaced
                faulted.add(member);
            }
            if (member.isBlockedBy(block)) {
                blocked.add(member);
            }
        }
    }

    public String name() {
        return fault.name();
    }

    public List<VirtualRouter> members() {
        return members;
    }

    /** What is to be done now, the most urgent first; empty: all is in order. */
    public Optional<Order> next(long nowNs) {
        noteYields();
        noteSplit(nowNs);
        return faults().or(this::yields).or(this::claims);
    }

    /** What a member is to be given that is in the group no more. */
    public List<VrrpEvent> released() {
        return List.of(new FaultCleared(fault), new ClaimFreed(block));
    }

    private Optional<Order> faults() {
        for (VirtualRouter member : members) {
            boolean mateFails = members.stream().anyMatch(mate -> mate != member && mate.hasFaultBesides(fault));
            if (mateFails && faulted.add(member)) {
                return Optional.of(new Order(member, new FaultRaised(fault)));
            }
        }
        for (VirtualRouter member : members) {
            boolean mateFails = members.stream().anyMatch(mate -> mate != member && mate.hasFaultBesides(fault));
            if (!mateFails && faulted.remove(member)) {
                return Optional.of(new Order(member, new FaultCleared(fault)));
            }
        }
        return Optional.empty();
    }

    private void noteYields() {
        boolean yielded = false;
        for (VirtualRouter member : members) {
            yielded |= before.put(member, member.state()) == VrrpState.MASTER && member.state() == VrrpState.BACKUP;
        }
        if (yielded) {
            toYield.addAll(members);
        }
    }

    private void noteSplit(long nowNs) {
        boolean split = isAny(VrrpState.MASTER) && isAny(VrrpState.BACKUP);
        if (!split) {
            splitSinceNs = OptionalLong.empty();
        } else if (splitSinceNs.isEmpty()) {
            splitSinceNs = OptionalLong.of(nowNs);
        } else if (nowNs - splitSinceNs.getAsLong() > ALONE_INTERVALS_MAX * longestIntervalNs()) {
            toYield.addAll(members);
            splitSinceNs = OptionalLong.empty();
        }
    }

    private boolean isAny(VrrpState state) {
        for (VirtualRouter member : members) {
            if (member.state() == state) {
                return true;
            }
        }
        return false;
    }

    private long longestIntervalNs() {
        return members.stream().mapToLong(member -> member.config().advertIntervalNs()).max().orElse(0);
    }

    private Optional<Order> yields() {
        for (VirtualRouter member : members) {
            if (toYield.remove(member) && member.state() == VrrpState.MASTER) {
                return Optional.of(new Order(member, new Yield()));
            }
        }
        return Optional.empty();
    }

    private Optional<Order> claims() {
        boolean all = members.stream()
                .allMatch(member -> member.state() == VrrpState.MASTER || member.awaitsNothingBut(block));
        for (VirtualRouter member : members) {
            if (all ? blocked.remove(member) : blocked.add(member)) {
                return Optional.of(new Order(member, all ? new ClaimFreed(block) : new ClaimBlocked(block)));
            }
        }
        return Optional.empty();
    }
}
