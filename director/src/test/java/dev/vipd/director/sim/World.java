package dev.vipd.director.sim;

import dev.vipd.director.HealthBoard;
import dev.vipd.healthcheck.Advice;
import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckOutcome;
import dev.vipd.healthcheck.HealthState;
import dev.vipd.healthcheck.Verdict;
import dev.vipd.healthcheck.pool.Admin;
import dev.vipd.healthcheck.pool.PoolChange;
import dev.vipd.healthcheck.pool.PoolConfig.Member;
import dev.vipd.ipvs.DesiredTable;
import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.IpvsTable;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.TableDiff;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** A director's checks, board and table, the machines that it checks, and what happens to them. */
final class World {
    private static final long MS = 1_000_000L;

    private final Agenda agenda = new Agenda();
    private final Random random;
    private final Configs configs;
    private final Trace trace;
    private final List<Backend> backends = new ArrayList<>();
    private final HealthBoard board = new HealthBoard();
    private final KernelModel kernel = new KernelModel();
    private final Beliefs beliefs = new Beliefs();
    private final Map<CheckConfig, SimCheck> checks = new HashMap<>();
    private final Map<String, Safety> safety = new LinkedHashMap<>();
    private final Set<ServiceKey> owned = new HashSet<>();
    private Map<String, SimService> services = Map.of();
    private DesiredTable desired = DesiredTable.EMPTY;
    private boolean cut;
    private boolean localFault;
    private boolean settles;
    private long operations;
    private long panics;

    World(long seed, Trace trace) {
        random = new Random(seed);
        configs = new Configs(random);
        this.trace = trace;
        for (int i = 0; i < Configs.BACKENDS; i++) {
            backends.add(new Backend());
        }
        use(configs.draw());
    }

    Agenda agenda() {
        return agenda;
    }

    Map<String, SimService> services() {
        return services;
    }

    List<Backend> backends() {
        return backends;
    }

    long operations() {
        return operations;
    }

    long panics() {
        return panics;
    }

    Random random() {
        return random;
    }

    void cut(boolean isCut) {
        note("the network is " + (isCut ? "cut" : "whole"));
        cut = isCut;
    }

    void localFault(boolean isFault) {
        note("local fault " + isFault);
        localFault = isFault;
    }

    void become(int backend, Backend.Truth truth) {
        note("machine " + (backend + 1) + " " + truth);
        backends.get(backend).become(truth);
    }

    void advise(int backend, Advice advice) {
        note("machine " + (backend + 1) + " advises " + advice.kind() + " " + advice.value());
        backends.get(backend).advise(advice);
    }

    private void note(String what) {
        trace.note(agenda.nowNs(), what);
    }

    CheckOutcome answer(CheckConfig check) {
        return localFault
                ? new CheckOutcome.LocalFault("no descriptors")
                : backends.get(Configs.host(check)).answer(check, cut, random);
    }

    /** A verdict reaches the director, which settles soon. */
    void hear(CheckConfig check, Verdict verdict) {
        note(check.probe().target() + " " + verdict);
        board.on(check, verdict, agenda.nowNs());
        safety.values().forEach(Safety::beforeVerdict);
        beliefs.hear(check, verdict);
        safety.values().forEach(rules -> rules.afterVerdict(check, agenda.nowNs()));
        if (!settles) {
            settles = true;
            agenda.after(random.nextLong(20 * MS), this::settle);
        }
    }

    /** An operator's order for some member of some service. */
    void order(String service, Member member, Admin admin) {
        note("operator: " + service + " " + member.id() + " " + admin);
        Broken.unless(board.admin(service, member.id(), admin), "a configured member is known", member::id);
        beliefs.order(service, member.id(), admin);
        settle();
    }

    void reload() {
        use(configs.change(services));
    }

    private void use(Map<String, SimService> wanted) {
        note("configuration " + wanted.values().stream().map(SimService::pool).toList());
        settle();
        Map<String, Boolean> staying = staying(wanted);
        forgetOrders(wanted);
        board.configure(wanted.values().stream().map(SimService::pool).toList(), Map.of(), agenda.nowNs());
        Map<CheckConfig, HealthState> begins = board.checks();
        checks.keySet().stream().filter(old -> !begins.containsKey(old)).forEach(old -> checks.get(old).stop());
        checks.keySet().retainAll(begins.keySet());
        begins.forEach((check, state) -> checks.computeIfAbsent(check, _ -> {
            beliefs.begin(check, state);
            return new SimCheck(check, state, random.nextLong(), this);
        }));
        services = wanted;
        wanted.values().forEach(service -> {
            owned.add(service.key());
            safety.computeIfAbsent(service.name(), _ -> new Safety(service, beliefs, kernel)).reconfigure(service);
        });
        safety.keySet().retainAll(wanted.keySet());
        board.settle(agenda.nowNs());
        board.forgetLeft();
        wanted.keySet().forEach(name -> board.members(name, agenda.nowNs()).forEach(member -> {
            boolean up = member.health() == HealthState.UP;
            Broken.unless(staying.getOrDefault(name + " " + member.id(), up) == up,
                    "a reload takes nobody out and puts nobody back", () -> name + " " + member);
        }));
        desired = DesiredTable.of(wanted.values().stream().map(SimService::server).toList(), board::shares);
        program();
    }

    /** Whether they are up, of members that stay and whose checks all stay, or are all new and theirs alone. */
    private Map<String, Boolean> staying(Map<String, SimService> wanted) {
        Map<String, Boolean> all = new HashMap<>();
        for (SimService service : wanted.values()) {
            SimService was = services.get(service.name());
            for (Member member : service.pool().members()) {
                boolean own = !member.checks().isEmpty() && member.checks().stream().allMatch(
                        check -> !checks.containsKey(check) && listed(wanted, check) == 1);
                Stream.ofNullable(was)
                        .flatMap(old -> old.pool().members().stream())
                        .filter(old -> old.id().equals(member.id()) && (own || old.checks().equals(member.checks())))
                        .forEach(old -> all.put(service.name() + " " + member.id(), beliefs.up(old)));
            }
        }
        return all;
    }

    private static long listed(Map<String, SimService> wanted, CheckConfig check) {
        return wanted.values().stream()
                .flatMap(service -> Stream.concat(
                        service.pool().members().stream(), service.pool().sorryServers().stream()))
                .filter(member -> member.checks().contains(check))
                .count();
    }

    private void forgetOrders(Map<String, SimService> wanted) {
        for (SimService service : services.values()) {
            SimService now = wanted.get(service.name());
            for (Member member : service.pool().members()) {
                if (now == null || now.pool().members().stream().noneMatch(m -> m.id().equals(member.id()))) {
                    beliefs.forget(service.name(), member.id());
                }
            }
        }
    }

    private void settle() {
        settles = false;
        for (PoolChange change : board.settle(agenda.nowNs())) {
            note(change.toString());
            panics += change instanceof PoolChange.PanicChanged(_, boolean panic, _, _, _) && panic ? 1 : 0;
        }
        List<SimService> touched = board.touched().stream().map(services::get).toList();
        desired = desired.with(touched.stream().map(SimService::server).toList(), board::shares);
        program();
    }

    private void program() {
        IpvsTable whole = DesiredTable.of(
                services.values().stream().map(SimService::server).toList(), board::shares).table();
        Broken.unless(whole.equals(desired.table()), "the table made in parts is the one made as a whole",
                () -> desired.table() + "\nnot\n" + whole);
        safety.forEach((name, rules) -> rules.begin(
                kernel.table(), desired.table(), board.summary(name).orElseThrow(), agenda.nowNs()));
        for (IpvsOp op : TableDiff.plan(desired.table(), kernel.table(), owned)) {
            note(op.toString());
            kernel.apply(op);
            operations++;
            safety.values().forEach(Safety::afterOperation);
        }
        safety.values().forEach(Safety::end);
        board.nextDeadlineNs().ifPresent(atNs -> agenda.at(atNs, () -> {
            if (board.nextDeadlineNs().isPresent() && board.nextDeadlineNs().getAsLong() - agenda.nowNs() <= 0) {
                settle();
            }
        }));
    }

    /** Nothing happened for long enough: is the table what is true? */
    void checkLiveness() {
        for (SimService service : services.values()) {
            new Liveness(service, beliefs, member -> member.checks().stream().allMatch(
                    check -> backends.get(Configs.host(check)).truth() == Backend.Truth.UP)).check(kernel);
        }
    }

    /** Some member of some service. */
    Map.Entry<String, Member> anyMember() {
        List<Map.Entry<String, Member>> all = services.values().stream()
                .flatMap(service -> service.pool().members().stream().map(m -> Map.entry(service.name(), m)))
                .toList();
        return all.get(random.nextInt(all.size()));
    }

    long settledAfterNs() {
        return Stream.concat(services.values().stream().map(Liveness::settledAfterNs), Stream.of(0L))
                .max(Long::compare)
                .orElseThrow();
    }
}
