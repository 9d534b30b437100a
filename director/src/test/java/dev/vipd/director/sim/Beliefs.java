package dev.vipd.director.sim;

import dev.vipd.healthcheck.Advice;
import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.HealthState;
import dev.vipd.healthcheck.Verdict;
import dev.vipd.healthcheck.pool.Admin;
import dev.vipd.healthcheck.pool.PoolConfig.Member;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** What the director was told: verdicts and operators' orders, kept here in the simplest way. */
final class Beliefs {
    private final Map<CheckConfig, Verdict> verdicts = new HashMap<>();
    private final Map<String, Admin> admins = new HashMap<>();

    /** A check that is made from now on, and the state that it begins in. */
    void begin(CheckConfig check, HealthState state) {
        verdicts.put(check, new Verdict(state, Advice.NONE, "not checked yet"));
    }

    void hear(CheckConfig check, Verdict verdict) {
        verdicts.put(check, verdict);
    }

    void order(String service, String id, Admin admin) {
        admins.put(service + " " + id, admin);
    }

    void forget(String service, String id) {
        admins.remove(service + " " + id);
    }

    Admin admin(String service, Member member) {
        return admins.getOrDefault(service + " " + member.id(), Admin.ENABLED);
    }

    /** Its operator has it out of the table. */
    boolean takenOut(String service, Member member) {
        Admin.Mode mode = admin(service, member).mode();
        return mode == Admin.Mode.DISABLED || mode == Admin.Mode.DRAINED;
    }

    boolean up(Member member) {
        return member.checks().stream().allMatch(check -> verdicts.get(check).state() == HealthState.UP);
    }

    private Stream<Advice> advice(Member member) {
        return member.checks().stream().map(check -> verdicts.get(check).advice());
    }

    boolean advised(Member member, Advice.Kind kind) {
        return advice(member).anyMatch(advice -> advice.kind() == kind);
    }

    /** Nobody wants it not to serve. */
    boolean wanted(String service, Member member) {
        return admin(service, member).mode() == Admin.Mode.ENABLED
                && !advised(member, Advice.Kind.DRAIN)
                && !advised(member, Advice.Kind.MAINTENANCE);
    }

    long weight(String service, Member member) {
        long weight = admin(service, member).weight().orElse(advice(member)
                .filter(advice -> advice.kind() == Advice.Kind.WEIGHT)
                .reduce((_, last) -> last)
                .map(Advice::value)
                .orElse(member.weight()));
        double percent = advice(member)
                .filter(advice -> advice.kind() == Advice.Kind.PERCENT)
                .mapToDouble(advice -> advice.value() / 100.0)
                .reduce(1, (a, b) -> a * b);
        return weight == 0 || percent == 0 ? 0 : Math.max(1, Math.round(weight * percent));
    }
}
