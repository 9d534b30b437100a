package dev.vipd.director.sim;

import dev.vipd.director.HealthBoard;
import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckTiming;
import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.healthcheck.pool.PoolConfig.Member;
import dev.vipd.healthcheck.pool.PoolConfig;
import dev.vipd.ipvs.ForwardingMethod;
import dev.vipd.ipvs.RealServer;
import dev.vipd.ipvs.Scheduling;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.VirtualServer;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Draws configurations: services that share machines and checks, and what reloads make of them. */
final class Configs {
    static final int BACKENDS = 12;

    private static final long MS = 1_000_000L;
    private static final int SERVICES = 3;

    private final Random random;
    /** Few, so that services share checks. */
    private final List<CheckTiming> timings = new ArrayList<>();

    Configs(Random random) {
        this.random = random;
        for (int i = 0; i < 3; i++) {
            timings.add(timing());
        }
    }

    private CheckTiming timing() {
        long delayLoopNs = (1 + random.nextInt(5)) * 1_000 * MS;
        long timeoutNs = (300 + random.nextInt(1_700)) * MS;
        long fastNs = random.nextInt(3) == 0 ? delayLoopNs / 4 : 0;
        return new CheckTiming(delayLoopNs, fastNs, timeoutNs, timeoutNs, random.nextInt(3),
                (200 + random.nextInt(800)) * MS, 1 + random.nextInt(3), 1 + random.nextInt(3),
                random.nextLong(delayLoopNs), random.nextInt(4) == 0, 0, 0);
    }

    Map<String, SimService> draw() {
        Map<String, SimService> all = new LinkedHashMap<>();
        for (int i = 0; i < 1 + random.nextInt(SERVICES); i++) {
            SimService service = service(i, List.of());
            all.put(service.name(), service);
        }
        return all;
    }

    /** Most stays as it is. */
    Map<String, SimService> change(Map<String, SimService> old) {
        Map<String, SimService> all = new LinkedHashMap<>();
        for (int i = 0; i < SERVICES; i++) {
            SimService was = old.get("s" + i);
            boolean stays = was == null ? random.nextInt(8) == 0 : random.nextInt(12) > 0;
            if (stays || i == SERVICES - 1 && all.isEmpty()) {
                boolean touched = was == null || random.nextInt(3) > 0;
                all.put("s" + i, touched ? service(i, was == null ? List.of() : was.pool().members()) : was);
            }
        }
        return all;
    }

    private SimService service(int number, List<Member> old) {
        Map<Integer, Member> members = new LinkedHashMap<>();
        for (Member member : old) {
            if (random.nextInt(6) > 0) {
                Member changed = random.nextInt(4) == 0 ? member(host(member), member.weight()) : member;
                boolean heavier = random.nextInt(4) == 0;
                members.put(host(member), new Member(
                        changed.id(), heavier ? weight() : changed.weight(), changed.checks()));
            }
        }
        int wanted = members.size() + (old.isEmpty() ? 1 + random.nextInt(8) : random.nextInt(3));
        while (members.isEmpty() || members.size() < Math.min(wanted, BACKENDS)) {
            int host = random.nextInt(BACKENDS);
            members.putIfAbsent(host, member(host, weight()));
        }
        Map<Integer, Member> sorry = new LinkedHashMap<>();
        for (int i = 0; i < random.nextInt(3); i++) {
            int host = random.nextInt(BACKENDS);
            sorry.putIfAbsent(host, new Member(id(host), 1, random.nextBoolean() ? List.of() : checks(host)));
        }
        int sum = members.values().stream().mapToInt(Member::weight).sum();
        int quorum = 1 + random.nextInt(random.nextBoolean() ? 1 : Math.max(1, sum));
        PoolConfig pool = new PoolConfig("s" + number, List.copyOf(members.values()), List.copyOf(sorry.values()),
                quorum, random.nextInt(quorum), random.nextBoolean(),
                new int[] {0, 0, 34, 50, 70}[random.nextInt(5)], random.nextInt(3) * 9_000 * MS);
        ServiceKey key = ServiceKey.of(
                ServiceKey.Protocol.TCP, InetAddress.ofLiteral("192.0.2.100"), 80 + number);
        VirtualServer server = new VirtualServer("s" + number, List.of(key), Scheduling.of("wlc", false),
                sorry.keySet().stream().map(host -> real(host, 1)).toList(),
                members.entrySet().stream().map(e -> real(e.getKey(), e.getValue().weight())).toList());
        return new SimService(server, pool);
    }

    private int weight() {
        return random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(20);
    }

    private Member member(int host, int weight) {
        return new Member(id(host), weight, random.nextInt(12) == 0 ? List.of() : checks(host));
    }

    private List<CheckConfig> checks(int host) {
        List<CheckConfig> all = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(2); i++) {
            CheckTiming timing = timings.get(random.nextInt(timings.size()));
            all.add(new CheckConfig(new ProbeConfig.File(host + "/" + i, true), timing));
        }
        return all;
    }

    private static RealServer real(int host, int weight) {
        return RealServer.of(InetAddress.ofLiteral("192.0.2." + (host + 1)), 80, weight, ForwardingMethod.DR);
    }

    private static String id(int host) {
        return HealthBoard.memberId(real(host, 0));
    }

    private static int host(Member member) {
        String address = member.id().substring(0, member.id().indexOf(':'));
        return Integer.parseInt(address.substring(address.lastIndexOf('.') + 1)) - 1;
    }

    /** Which machine a check asks. */
    static int host(CheckConfig check) {
        String target = check.probe().target();
        return Integer.parseInt(target.substring(0, target.indexOf('/')));
    }
}
