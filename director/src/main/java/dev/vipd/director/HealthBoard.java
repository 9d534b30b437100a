package dev.vipd.director;

import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.HealthState;
import dev.vipd.healthcheck.Verdict;
import dev.vipd.healthcheck.pool.Admin;
import dev.vipd.healthcheck.pool.MemberStatus;
import dev.vipd.healthcheck.pool.Pool;
import dev.vipd.healthcheck.pool.PoolChange;
import dev.vipd.healthcheck.pool.PoolConfig;
import dev.vipd.healthcheck.pool.PoolSummary;
import dev.vipd.healthcheck.pool.Share;
import dev.vipd.ipvs.Endpoints;
import dev.vipd.ipvs.RealServer;
import dev.vipd.ipvs.ServiceShares;
import dev.vipd.ipvs.VirtualServer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which real servers get traffic, as the checks last said: all pools, and which of them list which check. Health checks
 * know a server by a text id, the IPVS table by address and port; this is where the two meet.
 *
 * <p>What comes in is only noted, and {@link #settle} makes something of it, in the pools that it concerns alone.
 */
public final class HealthBoard {
    private final Map<String, Pool> pools = new LinkedHashMap<>();
    private final Map<CheckConfig, Verdict> verdicts = new LinkedHashMap<>();
    private final Map<CheckConfig, List<String>> listing = new HashMap<>();
    private final Set<String> dirty = new LinkedHashSet<>();
    /** Of before the last configuration, until {@link #forgetLeft}. */
    private final Map<String, Pool> leftPools = new HashMap<>();
    private final Map<CheckConfig, Verdict> leftVerdicts = new HashMap<>();
    private Set<String> touched = Set.of();
    private boolean started;

    /** The id that pools know a real server by: {@code 192.0.2.11:80}. */
    public static String memberId(RealServer server) {
        return Endpoints.format(server.address(), server.port());
    }

    /**
     * Takes another configuration. Pools are known by name and members by id: those that stay keep their health and
     * what their operator wants. So do those that left and come back before {@link #forgetLeft}: the new configuration
     * could not be carried out. Settle after it.
     *
     * @param adminStates what operators want, by pool and member, of members that are new here; the others know
     */
    public void configure(List<PoolConfig> configs, Map<String, Map<String, Admin>> adminStates, long nowNs) {
        takeChecks(configs);
        leftPools.putAll(pools);
        pools.clear();
        for (PoolConfig config : configs) {
            Pool pool = leftPools.remove(config.name());
            Set<String> known = new HashSet<>();
            if (pool == null) {
                pool = new Pool(config, verdicts::get, !started, nowNs);
            } else {
                pool.status(nowNs).forEach(member -> known.add(member.id()));
                pool.reconfigure(config, verdicts::get, nowNs);
            }
            for (Map.Entry<String, Admin> admin : adminStates.getOrDefault(config.name(), Map.of()).entrySet()) {
                if (!known.contains(admin.getKey())) {
                    pool.admin(admin.getKey(), admin.getValue());
                }
            }
            pools.put(config.name(), pool);
        }
        dirty.clear();
        dirty.addAll(pools.keySet());
        started = true;
    }

    private void takeChecks(List<PoolConfig> configs) {
        Map<CheckConfig, Verdict> wanted = new LinkedHashMap<>();
        listing.clear();
        for (PoolConfig config : configs) {
            for (PoolConfig.Member member : all(config).toList()) {
                Optional<HealthState> now = health(config.name(), member.id());
                for (CheckConfig check : member.checks()) {
                    List<String> pools = listing.computeIfAbsent(check, _ -> new ArrayList<>(1));
                    if (pools.isEmpty() || !pools.getLast().equals(config.name())) {
                        pools.add(config.name()); // pool by pool, so that the last one is the only one to look at
                    }
                    Verdict known = verdicts.getOrDefault(check, leftVerdicts.get(check));
                    if (known != null) {
                        wanted.put(check, known);
                    } else {
                        wanted.merge(check, now.map(Pool::atBegin).orElseGet(() -> Pool.atBegin(check)),
                                HealthBoard::better);
                    }
                }
            }
        }
        leftVerdicts.putAll(verdicts);
        leftVerdicts.keySet().removeAll(wanted.keySet());
        verdicts.clear();
        verdicts.putAll(wanted);
    }

    /** The last configuration holds: what it took out begins anew when a later one brings it back. */
    public void forgetLeft() {
        leftPools.clear();
        leftVerdicts.clear();
    }

    private static Stream<PoolConfig.Member> all(PoolConfig config) {
        return Stream.concat(config.members().stream(), config.sorryServers().stream());
    }

    private Optional<HealthState> health(String pool, String id) {
        return Optional.ofNullable(pools.get(pool)).flatMap(it -> it.health(id));
    }

    /** A new check that is shared by members that are up and down: nobody is taken out by a reload. */
    private static Verdict better(Verdict one, Verdict other) {
        return one.state() == HealthState.UP ? one : other;
    }

    /**
     * Every distinct check of the configuration, with the state that it begins in when it is new: the state that its
     * member is in now (a reload alone neither takes a server out nor puts a failed one back), and for a member that is
     * new too, up, or with {@code alpha} down. A new check of several members that are not in one state begins up.
     */
    public Map<CheckConfig, HealthState> checks() {
        Map<CheckConfig, HealthState> states = LinkedHashMap.newLinkedHashMap(verdicts.size());
        verdicts.forEach((check, verdict) -> states.put(check, verdict.state()));
        return Collections.unmodifiableMap(states);
    }

    /** Notes what a check says from now on; a late word of one that a reload removed is ignored. */
    public void on(CheckConfig check, Verdict verdict, long nowNs) {
        if (verdicts.replace(check, verdict) == null) {
            return;
        }
        for (String name : listing.get(check)) {
            pools.get(name).on(check, verdict, nowNs);
            dirty.add(name);
        }
    }

    /**
     * Notes what an operator wants.
     *
     * @return whether there is such a member
     */
    public boolean admin(String pool, String memberId, Admin admin) {
        boolean known = pools.containsKey(pool) && pools.get(pool).admin(memberId, admin);
        if (known) {
            dirty.add(pool);
        }
        return known;
    }

    /** Makes shares of all that was noted since, and of the time that went by, in the pools that it concerns. */
    public List<PoolChange> settle(long nowNs) {
        for (Pool pool : pools.values()) {
            OptionalLong deadlineNs = pool.nextDeadlineNs();
            if (deadlineNs.isPresent() && deadlineNs.getAsLong() - nowNs <= 0) {
                dirty.add(pool.name());
            }
        }
        List<PoolChange> changes = new ArrayList<>();
        Set<String> changed = new LinkedHashSet<>();
        for (String name : dirty) {
            Pool pool = pools.get(name);
            changes.addAll(pool.settle(nowNs));
            if (pool.sharesChanged()) {
                changed.add(name);
            }
        }
        dirty.clear();
        touched = Collections.unmodifiableSet(changed);
        return changes;
    }

    /** Names of the pools whose row of the table is another since the last {@link #settle}. */
    public Set<String> touched() {
        return touched;
    }

    /** When {@link #settle} is to be called though nothing came in; empty: never. */
    public OptionalLong nextDeadlineNs() {
        OptionalLong next = OptionalLong.empty();
        for (Pool pool : pools.values()) {
            OptionalLong its = pool.nextDeadlineNs();
            if (its.isPresent() && (next.isEmpty() || its.getAsLong() - next.getAsLong() < 0)) {
                next = its;
            }
        }
        return next;
    }

    /** What its pool makes of a virtual server, for the table; one without a pool has nobody. */
    public ServiceShares shares(VirtualServer server) {
        Pool pool = pools.get(server.name());
        if (pool == null) {
            return ServiceShares.NONE;
        }
        Map<RealServer, Integer> weights = LinkedHashMap.newLinkedHashMap(server.realServers().size());
        for (RealServer real : server.realServers()) {
            pool.share(memberId(real)).filter(Share::present).ifPresent(share -> weights.put(real, share.weight()));
        }
        List<String> active = pool.summary().sorry();
        List<RealServer> sorry =
                server.sorryServers().stream().filter(it -> active.contains(memberId(it))).toList();
        return new ServiceShares(weights, sorry, List.of());
    }

    /** One summary each, in the order of the configuration, as last settled. */
    public List<PoolSummary> summaries() {
        return pools.values().stream().map(Pool::summary).toList();
    }

    /** As last settled; empty when there is no such pool. */
    public Optional<PoolSummary> summary(String pool) {
        return Optional.ofNullable(pools.get(pool)).map(Pool::summary);
    }

    /** The members of a pool in the order of the configuration, as last settled; none when there is no such pool. */
    public List<MemberStatus> members(String pool, long nowNs) {
        return Optional.ofNullable(pools.get(pool)).map(it -> it.status(nowNs)).orElse(List.of());
    }
}
