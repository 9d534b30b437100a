package dev.vipd.healthcheck.pool;

import static dev.vipd.healthcheck.pool.Pools.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.healthcheck.Advice;
import dev.vipd.healthcheck.HealthState;
import dev.vipd.healthcheck.Verdict;
import dev.vipd.healthcheck.pool.PoolConfig.Member;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever comes in, the table is that of a model that goes through all that ever came in, again each time. */
class PoolModelTest {
    private static final int STEPS = 60;
    private static final long WINDOW_NS = 8 * SECOND;

    /** All that was known at one settlement. */
    private record Moment(
            long nowNs, Map<String, Verdict> said, Map<String, Long> fellNs, Map<String, Admin> admins) {
        Moment(long nowNs, Map<String, Verdict> said, Map<String, Long> fellNs, Map<String, Admin> admins) {
            this.nowNs = nowNs;
            this.said = Map.copyOf(said);
            this.fellNs = Map.copyOf(fellNs);
            this.admins = Map.copyOf(admins);
        }

        boolean up(Member m) {
            return said.get(m.id()).state() == HealthState.UP;
        }

        Admin admin(Member m) {
            return admins.getOrDefault(m.id(), Admin.ENABLED);
        }

        boolean advises(Member m, Advice.Kind kind) {
            return said.get(m.id()).advice().kind() == kind;
        }

        boolean out(Member m) {
            return admin(m).mode() == Admin.Mode.DISABLED || admin(m).mode() == Admin.Mode.DRAINED
                    || advises(m, Advice.Kind.MAINTENANCE);
        }

        int weight(Member m) {
            Advice advice = said.get(m.id()).advice();
            int weight = admin(m).weight().orElse(
                    advice.kind() == Advice.Kind.WEIGHT ? advice.value() : m.weight());
            if (advice.kind() != Advice.Kind.PERCENT || weight == 0 || advice.value() == 0) {
                return advice.kind() == Advice.Kind.PERCENT && advice.value() == 0 ? 0 : weight;
            }
            return Math.max(1, (weight * advice.value() + 50) / 100);
        }
    }

    /** The rules, read from the top each time. */
    private static final class Model {
        private final PoolConfig config;
        private Set<String> kept = new HashSet<>();
        private boolean panic;
        private boolean armed;
        private boolean met = true;
        private Set<String> serving = new HashSet<>();
        private Set<String> inTraffic = new HashSet<>();
        private final Map<String, Long> cameUpNs = new HashMap<>();
        private String table = "";

        Model(PoolConfig config, List<Moment> moments) {
            this.config = config;
            for (int i = 0; i < moments.size(); i++) {
                panic(i == 0 ? moments.getFirst() : moments.get(i - 1), moments.get(i));
                settle(moments.get(i), i == 0);
            }
        }

        private void panic(Moment before, Moment now) {
            List<Member> counted = config.members().stream().filter(m -> !now.out(m)).toList();
            long down = counted.stream().filter(m -> !now.up(m)).count();
            boolean above = config.panicPercent() > 0 && 100 * down > config.panicPercent() * counted.size();
            if (above && !panic && armed) {
                config.members().stream()
                        .filter(m -> before.up(m) || now.up(m) || now.nowNs - now.fellNs.get(m.id()) <= WINDOW_NS)
                        .forEach(m -> kept.add(m.id()));
            }
            panic = above && (panic || armed && !kept.isEmpty());
            armed = !above || panic;
            if (panic) {
                config.members().stream().filter(now::up).forEach(m -> kept.add(m.id()));
            } else {
                kept.clear();
            }
        }

        private boolean serves(Moment now, Member m) {
            return now.admin(m).mode() == Admin.Mode.ENABLED && !now.out(m)
                    && !now.advises(m, Advice.Kind.DRAIN) && (now.up(m) || kept.contains(m.id()));
        }

        private void settle(Moment now, boolean first) {
            List<Member> in = config.members().stream().filter(m -> serves(now, m)).toList();
            boolean others = in.stream().anyMatch(m -> inTraffic.contains(m.id()) && now.weight(m) > 0);
            for (Member m : config.members()) {
                if (!in.contains(m)) {
                    cameUpNs.remove(m.id());
                } else if (!first && !serving.contains(m.id()) && now.up(m) && others && !panic) {
                    cameUpNs.put(m.id(), now.nowNs);
                }
            }
            serving = new HashSet<>(in.stream().map(Member::id).toList());
            long live = in.stream().mapToLong(now::weight).sum();
            long all = config.members().stream().mapToLong(Member::weight).sum();
            long need = Math.max(1, Math.min(config.quorum(), all));
            long h = first ? 0 : Math.min(config.hysteresis(), need - 1);
            met = met && !first ? live > 0 && live >= need - h : live >= Math.max(need, Math.min(need + h, all));
            List<String> sorry = met ? List.of() : config.sorryServers().stream()
                    .filter(now::up).map(Member::id).toList();
            List<String> rows = new ArrayList<>();
            inTraffic = new HashSet<>();
            for (Member m : config.members()) {
                boolean idle = now.admin(m).mode() == Admin.Mode.DRAIN
                        || config.inhibitOnFailure() || now.advises(m, Advice.Kind.DRAIN) && (now.up(m)
                                || kept.contains(m.id())) || in.contains(m) && now.weight(m) == 0;
                if (in.contains(m) && sorry.isEmpty()) {
                    rows.add(m.id() + "=" + ramped(now, m));
                } else if (!now.out(m) && idle) {
                    rows.add(m.id() + "=0");
                }
                if (in.contains(m) && sorry.isEmpty() && now.weight(m) > 0) {
                    inTraffic.add(m.id());
                }
            }
            sorry.forEach(id -> rows.add("+" + id));
            table = String.join(" ", rows);
        }

        private int ramped(Moment now, Member m) {
            int tenths = 1;
            if (!cameUpNs.containsKey(m.id())) {
                return now.weight(m);
            }
            while (tenths < 10 && 9 * (now.nowNs - cameUpNs.get(m.id())) >= tenths * config.slowStartNs()) {
                tenths++;
            }
            return now.weight(m) == 0 ? 0 : Math.max(1, now.weight(m) * tenths / 10);
        }
    }

    static IntStream seeds() {
        return IntStream.range(0, 400);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theTableIsTheModels(int seed) {
        Random random = new Random(seed);
        String members = "a=" + random.nextInt(5) + " b=3 c d=9 e=2";
        PoolConfig config = new PoolConfig("web", Pools.members(members),
                Pools.members(random.nextBoolean() ? "" : "s t"), 1 + random.nextInt(12), 0, random.nextBoolean(),
                new int[] {0, 40, 60}[random.nextInt(3)], random.nextInt(2) * 30 * SECOND);
        config = Pools.quorum(config, config.quorum(), random.nextInt((int) config.quorum()));
        Pools pool = new Pools(config);
        Map<String, Verdict> said = new HashMap<>();
        Map<String, Long> fellNs = new HashMap<>();
        Map<String, Admin> admins = new HashMap<>();
        List<String> ids = Stream.concat(config.members().stream(), config.sorryServers().stream())
                .map(Member::id).toList();
        ids.forEach(id -> said.put(id, Pool.atBegin(HealthState.UP)));
        ids.forEach(id -> fellNs.put(id, pool.nowNs - 1_000 * SECOND));
        List<Moment> moments = new ArrayList<>(List.of(new Moment(pool.nowNs, said, fellNs, admins)));
        for (int step = 0; step < STEPS; step++) {
            pool.nowNs += random.nextLong(3) == 0 ? random.nextLong(12 * SECOND) : random.nextLong(SECOND);
            for (int i = 0; i < 1 + random.nextInt(3); i++) {
                String id = ids.get(random.nextInt(ids.size()));
                if (random.nextInt(6) == 0 && id.compareTo("f") < 0) {
                    admins.put(id, admin(random));
                    pool.pool.admin(id, admins.get(id));
                } else {
                    Verdict now = verdict(random, said.get(id));
                    if (now.state() == HealthState.DOWN && said.put(id, now).state() == HealthState.UP) {
                        fellNs.put(id, pool.nowNs);
                    }
                    said.put(id, now);
                    pool.hear(Pools.check(id), now);
                }
            }
            moments.add(new Moment(pool.nowNs, said, fellNs, admins));
            pool.settle();
            assertEquals(new Model(config, moments).table, pool.table(), "step " + step);
        }
    }

    private static Verdict verdict(Random random, Verdict before) {
        if (random.nextInt(5) < 2) {
            return new Verdict(HealthState.DOWN, before.advice(), "no number");
        }
        Advice advice = switch (random.nextInt(8)) {
            case 0 -> Advice.DRAIN;
            case 1 -> Advice.MAINTENANCE;
            case 2 -> Advice.weight(random.nextInt(9));
            case 3 -> Advice.percent(random.nextInt(150));
            default -> Advice.NONE;
        };
        return new Verdict(HealthState.UP, advice, "passed");
    }

    private static Admin admin(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> Admin.DRAIN;
            case 1 -> Admin.DISABLED;
            case 2 -> Admin.DRAINED;
            case 3 -> Admin.ENABLED.withWeight(random.nextInt(9));
            default -> Admin.ENABLED;
        };
    }
}
