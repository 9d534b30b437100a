package dev.vipd.healthcheck.pool;

import dev.vipd.healthcheck.Advice;
import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.HealthState;
import dev.vipd.healthcheck.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * One virtual server: which of its real servers get traffic, and with what weight. Everything that comes in is only
 * noted; {@link #settle} makes something of it, so that what comes in together is judged together.
 *
 * <ul>
 *   <li>A member is up while all its checks are. What its operator wants is kept apart from that.
 *   <li>Its weight is its operator's, else the one that the last listed check advises, else the configured one, times
 *       all percentages that its checks advise, and then at least 1.
 *   <li>While the quorum is lost ({@link Quorum}) the sorry servers whose checks pass take the place of the members;
 *       one that is also a member, and that was drained or taken out as such, does not. Beside them members stay with
 *       weight 0 that have it anyway, or with {@code inhibit_on_failure} all. Without such a sorry server the members
 *       stay, however few.
 *   <li>When too many are down at once, those that were up are kept: {@link Panic}.
 *   <li>A member that comes up beside others that serve gets its weight by and by: {@link SlowStart}. Not at the
 *       daemon's start, and not in panic, where it is needed at once.
 * </ul>
 *
 * Not thread-safe.
 */
public final class Pool {
    private PoolConfig config;
    private final Map<String, PoolMember> members = new LinkedHashMap<>();
    private final Map<String, PoolMember> sorryServers = new LinkedHashMap<>();
    private final Map<CheckConfig, List<PoolMember>> listing = new HashMap<>();
    private final Quorum quorum = new Quorum();
    private final Panic panic = new Panic();
    private Set<String> activeSorry = Set.of();
    private long liveWeight;
    private boolean sharesChanged;
    private OptionalLong nextDeadlineNs = OptionalLong.empty();

    /**
     * @param verdicts   what each check says, or is to begin with ({@link #atBegin})
     * @param withDaemon it is there from the daemon's start, as against added by a reload
     */
    public Pool(PoolConfig config, Function<CheckConfig, Verdict> verdicts, boolean withDaemon, long nowNs) {
        this.config = config;
        config.members().forEach(
                member -> members.put(member.id(), new PoolMember(member, verdicts, withDaemon, nowNs)));
        config.sorryServers().forEach(
                sorry -> sorryServers.put(sorry.id(), new PoolMember(sorry, verdicts, withDaemon, nowNs)));
        index();
    }

    /** What a check says that nobody listed before: up until it fails, or with {@code alpha} down until it passes. */
    public static Verdict atBegin(CheckConfig check) {
        return atBegin(check.timing().alpha() ? HealthState.DOWN : HealthState.UP);
    }

    /** What a check says that has not been made yet. */
    public static Verdict atBegin(HealthState state) {
        return new Verdict(state, Advice.NONE, PoolMember.NOT_CHECKED);
    }

    /**
     * Takes another configuration. Members and sorry servers are known by their ids: those that stay keep their health,
     * what their operator wants, and their slow start.
     *
     * @param verdicts what each check says, or is to begin with
     */
    public void reconfigure(PoolConfig newConfig, Function<CheckConfig, Verdict> verdicts, long nowNs) {
        config = newConfig;
        replace(members, newConfig.members(), verdicts, nowNs);
        replace(sorryServers, newConfig.sorryServers(), verdicts, nowNs);
        if (newConfig.slowStartNs() == 0) {
            members.values().forEach(PoolMember::stopSlowStart);
        }
        index();
    }

    private static void replace(
            Map<String, PoolMember> all,
            List<PoolConfig.Member> wanted,
            Function<CheckConfig, Verdict> verdicts,
            long nowNs) {
        Map<String, PoolMember> old = Map.copyOf(all);
        all.clear();
        for (PoolConfig.Member member : wanted) {
            PoolMember stays = old.get(member.id());
            if (stays == null) {
                stays = new PoolMember(member, verdicts, false, nowNs);
            } else {
                stays.reconfigure(member, verdicts, nowNs);
            }
            all.put(member.id(), stays);
        }
    }

    private void index() {
        listing.clear();
        for (Collection<PoolMember> some : List.of(members.values(), sorryServers.values())) {
            for (PoolMember member : some) {
                for (CheckConfig check : member.config().checks()) {
                    List<PoolMember> those = listing.computeIfAbsent(check, _ -> new ArrayList<>(1));
                    if (those.isEmpty() || those.getLast() != member) {
                        those.add(member); // one that lists it twice is one
                    }
                }
            }
        }
    }

    /** Notes what a check says from now on; one that nobody lists is ignored. */
    public void on(CheckConfig check, Verdict verdict, long nowNs) {
        listing.getOrDefault(check, List.of()).forEach(member -> member.hear(check, verdict, nowNs));
    }

    /**
     * Notes what an operator wants.
     *
     * @return whether there is such a member
     */
    public boolean admin(String memberId, Admin admin) {
        PoolMember member = members.get(memberId);
        if (member != null) {
            member.admin(admin);
        }
        return member != null;
    }

    /**
     * Makes shares of all that was noted, and tells what came about, health first. Called again without news and before
     * the deadline it changes nothing.
     */
    public List<PoolChange> settle(long nowNs) {
        List<PoolChange> changes = new ArrayList<>();
        members.values().forEach(member -> tellHealth(member, changes));
        sorryServers.values().forEach(sorry -> tellHealth(sorry, changes));
        if (panic.settle(members.values(), config.panicPercent(), nowNs)) {
            int kept = (int) members.values().stream().filter(member -> member.kept() && !member.healthy()).count();
            changes.add(new PoolChange.PanicChanged(
                    config.name(), panic.on(), panic.down(), panic.counted(), kept));
        }
        boolean othersServe = members.values().stream()
                .anyMatch(member -> member.serves() && member.nextState().serves() && member.weight() > 0);
        long slowStartNs = othersServe && !panic.on() ? config.slowStartNs() : 0;
        for (PoolMember member : members.values()) {
            MemberState from = member.state();
            Optional<String> releasedBy = member.releasedBy(member.nextState());
            member.become(member.nextState(), slowStartNs, nowNs);
            if (member.state() != from) {
                changes.add(new PoolChange.MemberChanged(config.name(), member.id(), from, member.state(),
                        releasedBy.orElseGet(member::stateWhy)));
            }
        }
        settleQuorum(changes);
        sharesChanged = settleSorry(changes);
        nextDeadlineNs = OptionalLong.empty();
        for (PoolMember member : members.values()) {
            sharesChanged |= member.share(shareOf(member, nowNs));
            member.slowStart().ifPresent(ramp -> noteDeadline(ramp.nextStepNs(nowNs)));
        }
        return changes;
    }

    private void tellHealth(PoolMember member, List<PoolChange> changes) {
        member.takeTransition().ifPresent(t -> changes.add(new PoolChange.HealthChanged(
                config.name(), member.id(), t.from(), t.to(), t.reason(), t.atNs())));
    }

    private void noteDeadline(long atNs) {
        boolean later = nextDeadlineNs.isPresent() && atNs - nextDeadlineNs.getAsLong() >= 0;
        nextDeadlineNs = later ? nextDeadlineNs : OptionalLong.of(atNs);
    }

    private void settleQuorum(List<PoolChange> changes) {
        liveWeight = members.values().stream()
                .filter(member -> member.state().serves())
                .mapToLong(PoolMember::weight)
                .sum();
        long configured = config.members().stream().mapToLong(PoolConfig.Member::weight).sum();
        if (quorum.settle(config, liveWeight, configured)) {
            changes.add(new PoolChange.QuorumChanged(config.name(), quorum.met(), liveWeight, quorum.need()));
        }
    }

    /** @return whether others are active than before */
    private boolean settleSorry(List<PoolChange> changes) {
        Set<String> active = new LinkedHashSet<>();
        if (!quorum.met()) {
            sorryServers.values().stream()
                    .filter(PoolMember::healthy)
                    .map(PoolMember::id)
                    .filter(id -> !isTakenOut(id))
                    .forEach(active::add);
        }
        for (String id : activeSorry) {
            if (!active.contains(id)) {
                changes.add(new PoolChange.SorryChanged(config.name(), id, false));
            }
        }
        for (String id : active) {
            if (!activeSorry.contains(id)) {
                changes.add(new PoolChange.SorryChanged(config.name(), id, true));
            }
        }
        boolean changed = !active.equals(activeSorry);
        activeSorry = active;
        return changed;
    }

    private boolean isTakenOut(String id) {
        PoolMember member = members.get(id);
        return member != null && switch (member.state()) {
            case DISABLED, DRAINED, MAINT, DRAIN -> true;
            case DOWN, KEPT, UP -> false;
        };
    }

    private Share shareOf(PoolMember member, long nowNs) {
        return switch (member.state()) {
            case DISABLED, DRAINED, MAINT -> Share.ABSENT;
            case DRAIN -> Share.IDLE;
            case DOWN -> config.inhibitOnFailure() ? Share.IDLE : Share.ABSENT;
            case KEPT, UP -> {
                int weight = member.weight();
                if (weight == 0 || activeSorry.isEmpty()) {
                    int programmed = member.slowStart().map(ramp -> ramp.of(weight, nowNs)).orElse(weight);
                    yield Share.of(programmed);
                }
                yield config.inhibitOnFailure() ? Share.IDLE : Share.ABSENT;
            }
        };
    }

    /** When {@link #settle} is to be called though nothing came in: the next step of a slow start; empty: never. */
    public OptionalLong nextDeadlineNs() {
        return nextDeadlineNs;
    }

    /** Whether the last {@link #settle} changed a share, or which sorry servers are in the table. */
    public boolean sharesChanged() {
        return sharesChanged;
    }

    public String name() {
        return config.name();
    }

    /** A member's place in the table as last settled; empty when there is no such member. */
    public Optional<Share> share(String memberId) {
        return Optional.ofNullable(members.get(memberId)).map(PoolMember::share);
    }

    /** What the checks of a member, or of a sorry server, say, noted or settled; empty when there is no such one. */
    public Optional<HealthState> health(String id) {
        return Optional.ofNullable(members.getOrDefault(id, sorryServers.get(id))).map(PoolMember::health);
    }

    /** All members in the order of the configuration, as last settled. */
    public List<MemberStatus> status(long nowNs) {
        return members.values().stream().map(member -> member.status(nowNs)).toList();
    }

    /** As last settled. */
    public PoolSummary summary() {
        int healthy = (int) members.values().stream().filter(PoolMember::healthy).count();
        return new PoolSummary(config.name(), liveWeight, quorum.need(), quorum.met(), panic.on(),
                List.copyOf(activeSorry), healthy, members.size());
    }
}
