package dev.vipd.director.sim;

import dev.vipd.healthcheck.Advice;
import dev.vipd.healthcheck.CheckTiming;
import dev.vipd.healthcheck.pool.Admin;
import dev.vipd.healthcheck.pool.PoolConfig;
import dev.vipd.healthcheck.pool.PoolConfig.Member;
import dev.vipd.ipvs.Endpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What the table of one service must be when nothing happened for a while: what is true of its machines. */
final class Liveness {
    private static final long MS = 1_000_000L;

    private final SimService service;
    private final Beliefs beliefs;
    private final Predicate<Member> truth;

    /** @param truth whether a member's machine answers */
    Liveness(SimService service, Beliefs beliefs, Predicate<Member> truth) {
        this.service = service;
        this.beliefs = beliefs;
        this.truth = truth;
    }

    /** After so long without news the table is right. */
    static long settledAfterNs(SimService service) {
        long longestNs = 0;
        for (var check : service.checks()) {
            CheckTiming t = check.timing();
            long checkNs = (t.retry() + 1) * (t.timeoutNs() + MS) + t.retry() * t.delayBeforeRetryNs() * 11 / 10;
            // the one under way counts for nothing; from start to start it is a loop, the jitter, and what it missed
            long cycleNs = t.delayLoopNs() * 11 / 10 + checkNs;
            longestNs = Math.max(longestNs, checkNs + (Math.max(t.rise(), t.fall()) + 1) * cycleNs + t.warmupNs());
        }
        return longestNs + service.pool().slowStartNs() + 1_000 * MS;
    }

    void check(KernelModel kernel) {
        Map<Endpoint, Integer> rows = new HashMap<>();
        kernel.table().entry(service.key()).orElseThrow().destinations().values()
                .forEach(row -> rows.put(row.at(), row.weight()));
        PoolConfig pool = service.pool();
        long counted = pool.members().stream().filter(this::counts).count();
        long down = pool.members().stream().filter(this::counts).filter(m -> !truth.test(m)).count();
        if (pool.panicPercent() > 0 && 100 * down > pool.panicPercent() * counted) {
            checkPanic(rows);
            return;
        }
        long live = pool.members().stream().filter(this::serves).mapToLong(this::weight).sum();
        long configured = pool.members().stream().mapToLong(Member::weight).sum();
        long need = Math.max(1, Math.min(pool.quorum(), configured));
        long hysteresis = Math.min(pool.hysteresis(), need - 1);
        List<Map<Endpoint, Integer>> right = new ArrayList<>();
        if (live >= need - hysteresis) {
            right.add(expected(false));
        }
        if (live < Math.max(need, Math.min(need + hysteresis, configured))) {
            right.add(expected(true));
        }
        Broken.unless(right.contains(rows), "in the end the table is what truth says",
                () -> service.name() + ": " + text(rows) + ", not "
                        + right.stream().map(Liveness::text).collect(Collectors.joining(" or ")) + "\n" + pool);
    }

    /** Who else is kept is a matter of what happened. */
    private void checkPanic(Map<Endpoint, Integer> rows) {
        if (!service.pool().sorryServers().isEmpty()) {
            return;
        }
        for (Member member : service.pool().members()) {
            if (truth.test(member) && serves(member)) {
                Broken.unless(rows.getOrDefault(service.at(member), -1) == weight(member),
                        "in panic who is up serves", () -> member.id() + ": " + text(rows) + "\n" + service.pool());
            }
        }
    }

    private boolean counts(Member member) {
        return !beliefs.takenOut(service.name(), member)
                && !beliefs.advised(member, Advice.Kind.MAINTENANCE);
    }

    private boolean serves(Member member) {
        return truth.test(member) && beliefs.wanted(service.name(), member);
    }

    private int weight(Member member) {
        return (int) beliefs.weight(service.name(), member);
    }

    private Map<Endpoint, Integer> expected(boolean lost) {
        PoolConfig pool = service.pool();
        List<Member> sorry = lost ? pool.sorryServers().stream().filter(this::maySorry).toList() : List.of();
        Map<Endpoint, Integer> rows = new HashMap<>();
        for (Member member : pool.members()) {
            Admin.Mode mode = beliefs.admin(service.name(), member).mode();
            if (beliefs.takenOut(service.name(), member) || beliefs.advised(member, Advice.Kind.MAINTENANCE)) {
                continue;
            }
            int weight = serves(member) && sorry.isEmpty() ? weight(member) : 0;
            boolean idle = mode == Admin.Mode.DRAIN
                    || truth.test(member) && (beliefs.advised(member, Advice.Kind.DRAIN) || weight(member) == 0);
            if (serves(member) && sorry.isEmpty() || idle || pool.inhibitOnFailure()) {
                rows.put(service.at(member), weight);
            }
        }
        sorry.forEach(server -> rows.put(service.at(server), server.weight()));
        return rows;
    }

    private boolean maySorry(Member sorry) {
        return truth.test(sorry) && service.pool().members().stream()
                .filter(member -> member.id().equals(sorry.id()))
                .allMatch(member -> beliefs.admin(service.name(), member).mode() == Admin.Mode.ENABLED
                        && !beliefs.advised(member, Advice.Kind.MAINTENANCE)
                        && !(truth.test(member) && beliefs.advised(member, Advice.Kind.DRAIN)));
    }

    private static String text(Map<Endpoint, Integer> rows) {
        return rows.entrySet().stream()
                .map(row -> row.getKey() + "=" + row.getValue())
                .sorted()
                .collect(Collectors.joining(" ", "[", "]"));
    }
}
