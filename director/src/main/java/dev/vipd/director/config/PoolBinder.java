package dev.vipd.director.config;

import dev.vipd.healthcheck.pool.PoolConfig;
import dev.vipd.healthcheck.pool.PoolConfig.Member;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The keys of a virtual server that say who of its real servers gets traffic. */
final class PoolBinder {
    private static final String PERCENT_EXPECTED = "a percentage 1%..99%, or off";
    private static final int PERCENT_MAX = 99;
    private static final int WHOLE = 100;
    /** They look at a weight only for whether it is 0. */
    private static final Set<String> WEIGHTLESS = Set.of("rr", "lc", "dh");

    private final Block block;
    private final long quorum;
    private final long hysteresis;
    private final boolean inhibit;
    private final int panicPercent;
    private final long slowStartNs;

    /** Takes its keys out of the block of a virtual server. */
    PoolBinder(Block b, String scheduler) {
        this.block = b;
        quorum = b.integer("quorum", 1, Integer.MAX_VALUE).orElse(1);
        hysteresis = b.integer("hysteresis", 0, Integer.MAX_VALUE).orElse(0);
        if (hysteresis >= quorum) {
            b.given("hysteresis").ifPresent(v -> v.error(hysteresis + " is not less than quorum, " + quorum
                    + ", so the service would never be down; give less"));
        }
        inhibit = b.bool("inhibit_on_failure").orElse(false);
        panicPercent = b.value("panic_threshold").flatMap(PoolBinder::percent).orElse(0);
        slowStartNs = b.durationOrOff("slow_start", Durations.SECOND, Durations.HOUR).orElse(0L);
        if (slowStartNs > 0 && WEIGHTLESS.contains(scheduler)) {
            b.given("slow_start").ifPresent(v -> v.warning("has no effect with lb_algo: " + scheduler
                    + ", which does not go by weight; give one that does, such as wlc"));
        }
    }

    private static Optional<Integer> percent(Value value) {
        if (value.isOff()) {
            return Optional.of(0);
        }
        return value.text(PERCENT_EXPECTED).flatMap(text -> {
            int percent = Addresses.number(text.endsWith("%") ? text.substring(0, text.length() - 1) : text,
                    PERCENT_MAX);
            if (percent < 0 || percent == 0 && !text.equals("0%")) {
                value.error(Spelling.quote(text) + " is not " + PERCENT_EXPECTED);
                return Optional.empty();
            }
            return Optional.of(percent);
        });
    }

    PoolConfig bind(String name, List<Member> members, List<Member> sorryServers) {
        long sum = members.stream().mapToLong(Member::weight).sum();
        if (!members.isEmpty() && quorum > sum) {
            block.given("quorum").ifPresent(v -> v.warning(quorum + " is more than the sum of all weights, " + sum
                    + ", which counts in its place; lower it to at most that"));
        } else if (!members.isEmpty() && hysteresis < quorum && quorum + hysteresis > sum) {
            block.given("hysteresis").ifPresent(v -> v.warning("quorum and hysteresis together, "
                    + (quorum + hysteresis) + ", are more than the sum of all weights, " + sum
                    + ", which counts in their place; lower one of them"));
        }
        int size = members.size();
        if (panicPercent > 0 && size > 0 && panicPercent * size < WHOLE) {
            block.given("panic_threshold").ifPresent(v -> v.warning(size == 1
                    ? "a single real server is always more than that, so it is never taken out; remove it"
                    : "one of " + size + " real servers is more than " + panicPercent + "%, so none is ever taken"
                            + " out; give at least " + (WHOLE + size - 1) / size + "%"));
        }
        return new PoolConfig(name, members, sorryServers, quorum, hysteresis, inhibit, panicPercent, slowStartNs);
    }
}
