package dev.vipd.vrrp.sim;

import dev.vipd.vrrp.VrrpEffect.SendAdvert;
import dev.vipd.vrrp.wire.AdvertCodec;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * A network segment that loses, delays, reorders (by delays that differ), duplicates and corrupts packets, and whose
 * links can be cut one way.
 */
final class Lan {
    /** What can happen to each packet on each link; rates are 0..1. */
    record Weather(double loss, double duplication, double corruption, long delayNsMax) {
        static final Weather FINE = new Weather(0, 0, 0, 500_000);
    }

    private record Link(int from, int to) {}

    private final Scheduler scheduler;
    private final RandomGenerator random;
    private final List<SimDirector> directors = new ArrayList<>();
    private final Set<Link> cut = new HashSet<>();
    private Weather weather = Weather.FINE;
    private int identification;

    Lan(Scheduler scheduler, RandomGenerator random) {
        this.scheduler = scheduler;
        this.random = random;
    }

    void attach(SimDirector director) {
        directors.add(director);
    }

    void weather(Weather now) {
        weather = now;
    }

    void cut(int from, int to) {
        cut.add(new Link(from, to));
    }

    void mend() {
        cut.clear();
    }

    void send(SimDirector sender, SendAdvert advert) {
        for (InetAddress destination : advert.destinations()) {
            byte[] packet = AdvertCodec.encodePacket(
                    advert.advert(), advert.source(), destination, ++identification, advert.checksum());
            for (SimDirector receiver : directors) {
                boolean addressed =
                        destination.isMulticastAddress() || destination.equals(receiver.address());
                if (receiver != sender && addressed && !cut.contains(new Link(sender.id(), receiver.id()))) {
                    transmit(packet, receiver);
                }
            }
        }
    }

    /** Puts bytes on the segment that no director sent. */
    void inject(byte[] packet) {
        directors.forEach(receiver -> transmit(packet, receiver));
    }

    private void transmit(byte[] packet, SimDirector receiver) {
        int copies = random.nextDouble() < weather.duplication ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            if (random.nextDouble() < weather.loss) {
                continue;
            }
            byte[] copy = packet.clone();
            if (random.nextDouble() < weather.corruption) {
                copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
            }
            scheduler.after(random.nextLong(weather.delayNsMax + 1), () -> receiver.packet(copy));
        }
    }
}
