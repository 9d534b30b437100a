package dev.vipd.healthcheck.pool;

import dev.vipd.healthcheck.Advice;
import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckTiming;
import dev.vipd.healthcheck.HealthState;
import dev.vipd.healthcheck.HealthTransition;
import dev.vipd.healthcheck.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** One real server, or sorry server, of a pool: what its checks said, and what became of it. */
final class PoolMember {
    /** Reason of the verdict of a check that has not said anything yet. */
    static final String NOT_CHECKED = "not checked yet";

    private static final String OPERATOR = "operator";
    private static final String NOT_ASKED_FOR = "no longer asked for";
    /** It did not go down at a time, it was so from the start. */
    private static final long NEVER_FELL = -1;

    private PoolConfig.Member config;
    /** One for each check of {@code config}, in that order. */
    private final List<Verdict> verdicts = new ArrayList<>();
    private boolean advised;
    private HealthState health;
    private HealthState toldHealth;
    private long sinceNs;
    private String why;
    private long fallWindowNs = NEVER_FELL;
    private Admin admin = Admin.ENABLED;
    private boolean kept;
    private final Optional<Long> startedNs;
    // as of the last settlement
    private boolean settled;
    private boolean wasHealthy;
    private boolean wasEverHealthy;
    private MemberState state;
    private long stateSinceNs;
    private boolean ordered;
    private Share share = Share.ABSENT;
    private Optional<SlowStart> slowStart = Optional.empty();

    /** @param withDaemon it is there from the daemon's start, as against added later */
    PoolMember(
            PoolConfig.Member config, Function<CheckConfig, Verdict> verdicts, boolean withDaemon, long nowNs) {
        this.startedNs = withDaemon ? Optional.of(nowNs) : Optional.empty();
        take(config, verdicts);
        noteAdvice();
        int failing = firstFailing();
        health = failing < 0 ? HealthState.UP : HealthState.DOWN;
        toldHealth = health;
        sinceNs = nowNs;
        why = config.checks().isEmpty() ? "no checks" : said(Math.max(0, failing));
        wasHealthy = healthy();
        state = nextState();
        stateSinceNs = nowNs;
    }

    private void take(PoolConfig.Member newConfig, Function<CheckConfig, Verdict> known) {
        config = newConfig;
        verdicts.clear();
        newConfig.checks().forEach(check -> verdicts.add(known.apply(check)));
    }

    /** Takes another configuration; what does not change keeps since when and why it is so. */
    void reconfigure(PoolConfig.Member newConfig, Function<CheckConfig, Verdict> known, long nowNs) {
        take(newConfig, known);
        judge("reload", nowNs);
    }

    /** Notes what one of its checks says now. */
    void hear(CheckConfig check, Verdict verdict, long nowNs) {
        for (int i = 0; i < verdicts.size(); i++) {
            if (config.checks().get(i).equals(check)) {
                verdicts.set(i, verdict);
            }
        }
        judge(check.kind() + ": " + verdict.reason(), nowNs);
    }

    private void judge(String upWhy, long nowNs) {
        noteAdvice();
        int failing = firstFailing();
        HealthState now = failing < 0 ? HealthState.UP : HealthState.DOWN;
        if (now == HealthState.UP && health == HealthState.DOWN) {
            why = upWhy;
        } else if (now == HealthState.DOWN && !verdicts.get(failing).reason().equals(NOT_CHECKED)) {
            why = said(failing);
        }
        if (now != health) {
            health = now;
            sinceNs = nowNs;
            CheckTiming timing = failing < 0 ? null : config.checks().get(failing).timing();
            fallWindowNs = timing == null ? NEVER_FELL : timing.delayLoopNs() + timing.timeoutNs();
        }
    }

    /** Few checks advise anything, and of ten thousand members each is asked at every settlement. */
    private void noteAdvice() {
        advised = verdicts.stream().anyMatch(verdict -> verdict.advice().kind() != Advice.Kind.NONE);
    }

    private int firstFailing() {
        for (int i = 0; i < verdicts.size(); i++) {
            if (verdicts.get(i).state() == HealthState.DOWN) {
                return i;
            }
        }
        return -1;
    }

    private String said(int check) {
        return config.checks().get(check).kind() + ": " + verdicts.get(check).reason();
    }

    String id() {
        return config.id();
    }

    PoolConfig.Member config() {
        return config;
    }

    HealthState health() {
        return health;
    }

    /** What became of its health since this was last called. */
    Optional<HealthTransition> takeTransition() {
        HealthState from = toldHealth;
        toldHealth = health;
        return from == health ? Optional.empty() : Optional.of(new HealthTransition(from, health, why, sinceNs));
    }

    boolean healthy() {
        return health == HealthState.UP;
    }

    void admin(Admin newAdmin) {
        ordered |= newAdmin.mode() != admin.mode();
        admin = newAdmin;
    }

    Admin admin() {
        return admin;
    }

    /** Whether panic counts it: one that was taken out says nothing about whether the checks can see. */
    boolean counts() {
        boolean takenOut = switch (admin.mode()) {
            case DISABLED, DRAINED -> true;
            case ENABLED, DRAIN -> false;
        };
        return !takenOut && !advises(Advice.Kind.MAINTENANCE);
    }

    /** Whether it is up, was so when last settled, or went down so lately that it was for the same reason. */
    boolean wasGoodUntilNow(long nowNs) {
        return healthy() || wasHealthy || fallWindowNs != NEVER_FELL && nowNs - sinceNs <= fallWindowNs;
    }

    void keep(boolean newKept) {
        kept = newKept;
    }

    boolean kept() {
        return kept;
    }

    /** Its share of traffic when it may get some: configured, or what its operator or its checks want instead. */
    int weight() {
        if (!advised) {
            return admin.weight().orElse(config.weight());
        }
        long weight = config.weight();
        for (Verdict verdict : verdicts) {
            weight = verdict.advice().kind() == Advice.Kind.WEIGHT ? verdict.advice().value() : weight;
        }
        double scaled = admin.weight().orElse((int) weight);
        boolean nothing = scaled <= 0;
        for (Verdict verdict : verdicts) {
            if (verdict.advice().kind() == Advice.Kind.PERCENT) {
                scaled = scaled * verdict.advice().value() / 100;
                nothing |= verdict.advice().value() == 0;
            }
        }
        return nothing ? 0 : Math.clamp(Math.round(scaled), 1, Integer.MAX_VALUE);
    }

    private boolean advises(Advice.Kind kind) {
        return advised && verdicts.stream().anyMatch(verdict -> verdict.advice().kind() == kind);
    }

    /** What it is, all considered but for whether it has just come up. */
    MemberState nextState() {
        return switch (admin.mode()) {
            case DISABLED -> MemberState.DISABLED;
            case DRAINED -> MemberState.DRAINED;
            case DRAIN -> advises(Advice.Kind.MAINTENANCE) ? MemberState.MAINT : MemberState.DRAIN;
            case ENABLED -> {
                if (advises(Advice.Kind.MAINTENANCE)) {
                    yield MemberState.MAINT;
                }
                if (!healthy() && !kept) {
                    yield MemberState.DOWN;
                }
                if (advises(Advice.Kind.DRAIN)) {
                    yield MemberState.DRAIN;
                }
                yield healthy() ? MemberState.UP : MemberState.KEPT;
            }
        };
    }

    /** Why it is in its state. */
    String stateWhy() {
        return switch (state) {
            case DISABLED, DRAINED -> OPERATOR;
            case MAINT -> advised(Advice.Kind.MAINTENANCE);
            case DRAIN -> admin.mode() == Admin.Mode.DRAIN ? OPERATOR : advised(Advice.Kind.DRAIN);
            case DOWN, UP -> why;
            case KEPT -> "panic, " + why;
        };
    }

    /** Why it becomes {@code next}, where that is not what its checks saw; empty: it is. */
    Optional<String> releasedBy(MemberState next) {
        return next != MemberState.UP || byHealth(state) ? Optional.empty()
                : Optional.of(ordered ? OPERATOR : NOT_ASKED_FOR);
    }

    private static boolean byHealth(MemberState state) {
        return state == MemberState.UP || state == MemberState.DOWN || state == MemberState.KEPT;
    }

    private String advised(Advice.Kind kind) {
        for (int i = 0; i < verdicts.size(); i++) {
            if (verdicts.get(i).advice().kind() == kind) {
                return config.checks().get(i).kind() + ": " + verdicts.get(i).advice().text();
            }
        }
        return why;
    }

    MemberState state() {
        return state;
    }

    Share share() {
        return share;
    }

    /** Whether it is in the table and takes connections, as last settled. */
    boolean serves() {
        return share.weight() > 0;
    }

    /**
     * Becomes {@code next}.
     *
     * @param slowStartNs how long it is to take to its whole weight if it has just come up; 0: at once
     */
    void become(MemberState next, long slowStartNs, long nowNs) {
        boolean cameUp = next == MemberState.UP && !(settled && state.serves());
        if (cameUp && slowStartNs > 0 && !startsWithDaemon(nowNs)) {
            slowStart = Optional.of(new SlowStart(nowNs, slowStartNs));
        }
        if (!next.serves() || slowStart.filter(ramp -> ramp.over(nowNs)).isPresent()) {
            slowStart = Optional.empty();
        }
        if (next != state) {
            stateSinceNs = byHealth(state) && byHealth(next) ? sinceNs : nowNs;
        }
        state = next;
        ordered = false;
        wasHealthy = healthy();
        wasEverHealthy |= wasHealthy;
        settled = true;
    }

    /** It comes up for the first time; with alpha, within the time in which checks that pass make it so. */
    private boolean startsWithDaemon(long nowNs) {
        long graceNs = 0;
        for (CheckConfig check : config.checks()) {
            CheckTiming t = check.timing();
            graceNs = Math.max(graceNs, t.warmupNs() + (t.rise() + 1L) * t.delayLoopNs() + t.timeoutNs());
        }
        return startedNs.isPresent() && !wasEverHealthy && (!settled || nowNs - startedNs.get() <= graceNs);
    }

    /** @return whether that is another one */
    boolean share(Share newShare) {
        boolean changed = !newShare.equals(share);
        share = newShare;
        return changed;
    }

    Optional<SlowStart> slowStart() {
        return slowStart;
    }

    void stopSlowStart() {
        slowStart = Optional.empty();
    }

    MemberStatus status(long nowNs) {
        List<Advice> advice = verdicts.stream().map(Verdict::advice).filter(a -> a.kind() != Advice.Kind.NONE).toList();
        return new MemberStatus(id(), state, stateSinceNs, stateWhy(), share, health, sinceNs, why, admin, advice,
                slowStart.map(ramp -> ramp.percent(nowNs)).orElse(100), kept && !healthy());
    }
}
