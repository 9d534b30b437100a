package dev.vipd.healthcheck.pool;

import dev.vipd.healthcheck.Advice;
import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckTiming;
import dev.vipd.healthcheck.HealthState;
import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.healthcheck.Verdict;
import dev.vipd.healthcheck.pool.PoolConfig.Member;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A pool to be played with: members {@code a}, {@code b}, … with one check each, verdicts by name, time by hand. */
final class Pools {
    static final long SECOND = 1_000_000_000L;
    /** A failure is seen within 5 + 3 s. */
    static final CheckTiming TIMING = new CheckTiming(5 * SECOND, 3 * SECOND, 0, 0, 1, 1, 0, false);
    static final CheckTiming ALPHA = new CheckTiming(5 * SECOND, 3 * SECOND, 0, 0, 1, 1, 0, true);
    static final PoolConfig WEB = new PoolConfig("web", List.of(), List.of(), 1, 0, false, 0, 0);

    private final Map<CheckConfig, Verdict> known = new HashMap<>();
    private final List<PoolChange> changes = new ArrayList<>();
    final Pool pool;
    /** About to overflow, as System.nanoTime() may. */
    long nowNs = Long.MAX_VALUE - 20 * SECOND;

    /** A pool that is there from the daemon's start. */
    Pools(PoolConfig config) {
        pool = new Pool(config, this::verdict, true, nowNs);
        settle();
    }

    private Verdict verdict(CheckConfig check) {
        return known.computeIfAbsent(check, Pool::atBegin);
    }

    /** A check of its own for each name. */
    static CheckConfig check(String name, CheckTiming timing) {
        return new CheckConfig(new ProbeConfig.File(name, true), timing);
    }

    static CheckConfig check(String name) {
        return check(name, TIMING);
    }

    /** {@code a}: weight 1; {@code a=5}: weight 5. Its check has its name. */
    static Member member(String text) {
        String[] parts = text.split("=");
        return new Member(parts[0], parts.length > 1 ? Integer.parseInt(parts[1]) : 1, List.of(check(parts[0])));
    }

    static List<Member> members(String texts) {
        return texts.isEmpty() ? List.of() : Arrays.stream(texts.split(" ")).map(Pools::member).toList();
    }

    /** {@code n} members of weight 1. */
    static String many(int n) {
        return IntStream.range(0, n).mapToObj(i -> String.valueOf((char) ('a' + i))).collect(Collectors.joining(" "));
    }

    static PoolConfig web(String members) {
        return sorry(members, "");
    }

    static PoolConfig sorry(String members, String sorry) {
        return new PoolConfig("web", members(members), members(sorry), 1, 0, false, 0, 0);
    }

    static PoolConfig quorum(PoolConfig p, long quorum, long hysteresis) {
        return new PoolConfig(p.name(), p.members(), p.sorryServers(), quorum, hysteresis, p.inhibitOnFailure(),
                p.panicPercent(), p.slowStartNs());
    }

    static PoolConfig inhibit(PoolConfig p) {
        return new PoolConfig(p.name(), p.members(), p.sorryServers(), p.quorum(), p.hysteresis(), true,
                p.panicPercent(), p.slowStartNs());
    }

    static PoolConfig panic(PoolConfig p, int percent) {
        return new PoolConfig(p.name(), p.members(), p.sorryServers(), p.quorum(), p.hysteresis(),
                p.inhibitOnFailure(), percent, p.slowStartNs());
    }

    static PoolConfig slowStart(PoolConfig p, long ns) {
        return new PoolConfig(p.name(), p.members(), p.sorryServers(), p.quorum(), p.hysteresis(),
                p.inhibitOnFailure(), p.panicPercent(), ns);
    }

    void hear(CheckConfig check, Verdict verdict) {
        known.put(check, verdict);
        pool.on(check, verdict, nowNs);
    }

    /** Their checks fail, all in one batch. */
    Pools fail(String names) {
        for (String name : names.split(" ")) {
            hear(check(name), new Verdict(HealthState.DOWN, verdict(check(name)).advice(), "no number"));
        }
        return settle();
    }

    Pools pass(String names) {
        return pass(names, Advice.NONE);
    }

    Pools pass(String names, Advice advice) {
        for (String name : names.split(" ")) {
            hear(check(name), new Verdict(HealthState.UP, advice, "passed"));
        }
        return settle();
    }

    Pools admin(String name, Admin admin) {
        pool.admin(name, admin);
        return settle();
    }

    Pools reload(PoolConfig config) {
        pool.reconfigure(config, this::verdict, nowNs);
        return settle();
    }

    Pools after(long ns) {
        nowNs += ns;
        return settle();
    }

    Pools settle() {
        changes.addAll(pool.settle(nowNs));
        return this;
    }

    /** What is in the table: {@code a=1 b=0 +sorry}. */
    String table() {
        List<String> all = new ArrayList<>();
        for (MemberStatus member : pool.status(nowNs)) {
            if (member.share().present()) {
                all.add(member.id() + "=" + member.share().weight());
            }
        }
        pool.summary().sorry().forEach(id -> all.add("+" + id));
        return String.join(" ", all);
    }

    /** {@code UP DOWN DRAIN}. */
    String states() {
        return pool.status(nowNs).stream().map(member -> member.state().name()).collect(Collectors.joining(" "));
    }

    MemberStatus status(String id) {
        return pool.status(nowNs).stream().filter(member -> member.id().equals(id)).findFirst().orElseThrow();
    }

    /** All changes of health since the last call of this or {@link #take}. */
    List<PoolChange> takeHealth() {
        List<PoolChange> all = changes.stream().filter(PoolChange.HealthChanged.class::isInstance).toList();
        changes.clear();
        return all;
    }

    /** All changes since the last call, but for those of health. */
    List<PoolChange> take() {
        List<PoolChange> all =
                changes.stream().filter(change -> !(change instanceof PoolChange.HealthChanged)).toList();
        changes.clear();
        return all;
    }
}
