package dev.vipd.vrrp.sim;

import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VrrpEvent.PriorityChanged;
import dev.vipd.vrrp.VrrpEvent.Shutdown;
import dev.vipd.vrrp.VrrpEvent.Startup;
import java.util.List;
import java.util.random.RandomGenerator;

/** Everything that goes wrong in a simulation, until it ends. */
final class Chaos {
    private final Scheduler scheduler;
    private final Lan lan;
    private final List<SimDirector> directors;
    private final RandomGenerator random;
    private final double intensity;
    private boolean ended;

    Chaos(Scheduler scheduler, Lan lan, List<SimDirector> directors, RandomGenerator random) {
        this.scheduler = scheduler;
        this.lan = lan;
        this.directors = directors;
        this.random = random;
        intensity = random.nextDouble();
    }

    void begin() {
        lan.weather(new Lan.Weather(
                random.nextInt(3) == 0 ? 0 : random.nextDouble() * 0.6,
                random.nextDouble() * 0.3,
                random.nextInt(2) * 0.1,
                random.nextLong(1, 2 * Simulation.SECOND)));
        next();
    }

    /** All is well again, whatever state the directors were left in. */
    void end() {
        ended = true;
        lan.weather(Lan.Weather.FINE);
        lan.mend();
        for (SimDirector director : directors) {
            director.refuse(false);
            director.thaw();
            director.start();
            director.link(true);
            director.source(true);
            director.deliver(new Startup());
        }
    }

    private void next() {
        long pauseNs = (long) ((0.05 + 3 * intensity * random.nextDouble()) * Simulation.SECOND);
        scheduler.after(pauseNs, () -> {
            if (!ended) {
                misfortune(any());
                next();
            }
        });
    }

    private void misfortune(SimDirector victim) {
        long lastsNs = random.nextLong(10 * Simulation.SECOND);
        switch (random.nextInt(14)) {
            case 0 -> {
                victim.crash();
                later(lastsNs, victim::start);
            }
            case 1 -> {
                victim.freeze();
                later(lastsNs, victim::thaw);
            }
            case 2 -> {
                victim.link(false);
                later(lastsNs, () -> victim.link(true));
            }
            case 3 -> {
                victim.source(false);
                later(lastsNs, () -> victim.source(true));
            }
            case 4 -> {
                victim.deliver(new Shutdown());
                later(lastsNs, () -> victim.deliver(new Startup()));
            }
            case 5 -> {
                victim.refuse(true);
                later(lastsNs, () -> victim.refuse(false));
            }
            case 6 -> lan.cut(victim.id(), any().id());
            case 7 -> {
                int other = any().id();
                lan.cut(victim.id(), other);
                lan.cut(other, victim.id());
            }
            case 8, 9 -> lan.mend();
            case 10 -> victim.deliver(new PriorityChanged(random.nextInt(1, 255), "script:chk"));
            case 11 -> victim.reload(changed(victim.config()));
            case 12 -> List.copyOf(victim.config().addresses()).forEach(victim::loseAddress);
            default -> babble(random.nextInt(1, 100));
        }
    }

    /** A speaker that makes no sense, often. */
    private void babble(int packets) {
        for (int i = 0; i < packets; i++) {
            later(random.nextLong(Simulation.SECOND), () -> {
                byte[] bytes = new byte[28 + random.nextInt(20)];
                random.nextBytes(bytes);
                bytes[0] = 0x45;
                bytes[2] = 0;
                bytes[3] = (byte) bytes.length;
                bytes[9] = 112;
                lan.inject(bytes);
            });
        }
    }

    private VirtualRouterConfig changed(VirtualRouterConfig old) {
        List<VirtualAddress> addresses = Simulation.addresses(random.nextInt(1, 4));
        boolean learns = old.version() == 3;
        return new VirtualRouterConfig(
                old.name(),
                old.interfaceName(),
                old.virtualRouterId(),
                old.version(),
                old.owner() ? old.priority() : random.nextInt(1, 255),
                learns && random.nextBoolean() ? random.nextInt(1, 400) * 10 * Simulation.MS : old.advertIntervalNs(),
                old.election().preempting(random.nextBoolean(), old.election().preemptDelayNs()),
                old.transport(),
                old.holding().withAddresses(addresses),
                old.announce(),
                old.tracking());
    }

    private void later(long delayNs, Runnable task) {
        scheduler.after(delayNs, () -> {
            if (!ended) {
                task.run();
            }
        });
    }

    private SimDirector any() {
        return directors.get(random.nextInt(directors.size()));
    }
}
