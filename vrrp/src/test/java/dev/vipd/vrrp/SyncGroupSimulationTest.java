package dev.vipd.vrrp;

import static dev.vipd.vrrp.Bench.MS;
import static dev.vipd.vrrp.Bench.SECOND;
import static dev.vipd.vrrp.Bench.settings;

import dev.vipd.vrrp.VrrpEvent.FaultCleared;
import dev.vipd.vrrp.VrrpEvent.FaultRaised;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Two hosts with a group of two instances each, on links that lose adverts of one instance and not of the other.
 * Members must never differ for longer than it takes to notice, and without faults one host must come to hold both.
 */
class SyncGroupSimulationTest {
    private static final int SEEDS = 300;
    private static final long STEP = 5 * MS;
    private static final long TROUBLED = 60 * SECOND;
    private static final long SETTLED_WITHIN = 20 * SECOND;
    private static final long SPLIT_MAX = 6 * SECOND;
    private static final FaultReason FAULT = new FaultReason(FaultReason.Kind.SCRIPT, "chk");

    private record Packet(long atNs, int host, int member, VrrpEffect.SendAdvert advert) {}

    private final class Host {
        final int number;
        final int priority;
        final InetAddress source;
        final boolean[] faulty = new boolean[2];
        long togetherNs;
        List<Bench> members = List.of();
        SyncGroup group;

        Host(int number, int priority) {
            this.number = number;
            source = number == 0 ? Bench.SELF : Bench.HIGHER_IP;
            this.priority = priority;
        }

        /** @param left which members find the VIPs of a predecessor that was killed */
        void boot(boolean... left) {
            members = List.of(member(), member());
            group = new SyncGroup("G", members.stream().map(bench -> bench.router).toList());
            keepInStep();
            for (int i = 0; i < 2; i++) {
                faulty[i] = false;
                give(i, new VrrpEvent.Startup(left[i] ? OptionalLong.of(SECOND) : OptionalLong.empty()));
            }
        }

        private Bench member() {
            return new Bench(settings().priority(priority).build(), Optional.of(source), nowNs);
        }

        void give(int member, VrrpEvent event) {
            Bench bench = members.get(member);
            bench.nowNs = nowNs;
            send(member, bench.on(event));
            keepInStep();
        }

        void send(int member, List<VrrpEffect> effects) {
            for (VrrpEffect.SendAdvert advert : Bench.only(effects, VrrpEffect.SendAdvert.class)) {
                if (random.nextDouble() >= loss[number][member]) {
                    air.add(new Packet(nowNs + MS + random.nextInt(3) * MS, 1 - number, member, advert));
                }
            }
        }

        void keepInStep() {
            for (Optional<SyncGroup.Order> order = group.next(nowNs); order.isPresent();
                    order = group.next(nowNs)) {
                int member = members.get(0).router == order.get().router() ? 0 : 1;
                members.get(member).nowNs = nowNs;
                send(member, members.get(member).on(order.get().event()));
            }
        }

        void check() {
            keepInStep();
            boolean split = !all(VrrpState.MASTER) && !all(VrrpState.BACKUP) && !all(VrrpState.FAULT);
            togetherNs = split ? togetherNs : nowNs;
            if (nowNs - togetherNs > SPLIT_MAX) {
                throw new AssertionError("seed " + seed + ": host " + number + " is split: " + this);
            }
        }

        boolean all(VrrpState state) {
            return members.stream().allMatch(bench -> bench.router.state() == state);
        }

        @Override
        public String toString() {
            return members.stream().map(bench -> bench.router.state()).toList().toString();
        }
    }

    private final PriorityQueue<Packet> air = new PriorityQueue<>((p, q) -> Long.signum(p.atNs() - q.atNs()));
    private final double[][] loss = new double[2][2];
    private final List<Host> hosts = new ArrayList<>();
    private int seed;
    private Random random;
    private long nowNs;

    @Test
    void oneHostComesToHoldBoth() {
        for (int seed = 0; seed < SEEDS; seed++) {
            run(seed);
        }
    }

    private void run(int number) {
        seed = number;
        random = new Random(seed);
        nowNs = 0;
        air.clear();
        hosts.clear();
        hosts.add(new Host(0, 150));
        hosts.add(new Host(1, 100));
        hosts.forEach(host -> host.boot(false, false));
        while (nowNs < TROUBLED) {
            trouble();
            step();
        }
        calm();
        while (nowNs < TROUBLED + SETTLED_WITHIN) {
            step();
        }
        boolean settled = hosts.get(0).all(VrrpState.MASTER) && hosts.get(1).all(VrrpState.BACKUP);
        if (!settled) {
            throw new AssertionError("seed " + seed + ": " + hosts);
        }
    }

    private void step() {
        nowNs += STEP;
        while (!air.isEmpty() && air.peek().atNs() - nowNs <= 0) {
            Packet packet = air.poll();
            Host to = hosts.get(packet.host());
            Bench bench = to.members.get(packet.member());
            bench.nowNs = nowNs;
            to.send(packet.member(), bench.hear(packet.advert().advert(), packet.advert().source()));
            to.keepInStep();
        }
        for (Host host : hosts) {
            for (int i = 0; i < 2; i++) {
                OptionalLong next = host.members.get(i).router.nextDeadlineNs();
                if (next.isPresent() && next.getAsLong() - nowNs <= 0) {
                    host.give(i, new VrrpEvent.Deadline());
                }
            }
            host.check();
        }
    }

    private void trouble() {
        if (random.nextInt(200) != 0) { // once a second
            return;
        }
        int host = random.nextInt(2);
        int member = random.nextInt(2);
        switch (random.nextInt(6)) {
            case 0 -> loss[host][member] = 1;
            case 1 -> loss[host][member] = random.nextDouble();
            case 2, 3 -> loss[host][member] = 0;
            case 4 -> {
                boolean faulty = hosts.get(host).faulty[member] ^= true;
                hosts.get(host).give(member, faulty ? new FaultRaised(FAULT) : new FaultCleared(FAULT));
            }
            default -> hosts.get(host).boot(random.nextBoolean(), random.nextBoolean());
        }
    }

    private void calm() {
        for (Host host : hosts) {
            for (int i = 0; i < 2; i++) {
                loss[host.number][i] = 0;
                host.give(i, new FaultCleared(FAULT));
            }
        }
    }
}
