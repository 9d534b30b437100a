package dev.vipd.vrrp.sim;

import static dev.vipd.vrrp.sim.Violation.require;

import dev.vipd.vrrp.Authentication;
import dev.vipd.vrrp.VrrpEffect.SendAdvert;
import dev.vipd.vrrp.wire.AdvertCodec;
import dev.vipd.vrrp.wire.AuthenticationHeader;
import dev.vipd.vrrp.wire.DecodeResult;
import dev.vipd.vrrp.wire.Framing;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A network segment that loses, delays, reorders (by delays that differ), duplicates and damages packets, and whose
 * links can be cut one way. What becomes of a packet depends on the seed, the link and the moment only.
 */
final class Lan {
    static final long FINE_DELAY_NS_MAX = 500_000;

    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;

    /** What can happen to each packet on each link; rates are 0..1. */
    record Weather(double loss, double duplication, double damage, long delayNsMax) {
        static final Weather FINE = new Weather(0, 0, 0, FINE_DELAY_NS_MAX);

        static Weather of(long draw, long intervalNs) {
            Draws draws = new Draws(draw);
            return new Weather(
                    draws.oneIn(3) ? 0 : draws.unit() * 0.7,
                    draws.unit() * 0.3,
                    draws.oneIn(2) ? 0.1 : 0,
                    1 + draws.below(draws.oneIn(3) ? 2 * intervalNs : 5_000_000));
        }

        Weather and(Weather other) {
            return new Weather(
                    Math.max(loss, other.loss),
                    Math.max(duplication, other.duplication),
                    Math.max(damage, other.damage),
                    Math.max(delayNsMax, other.delayNsMax));
        }
    }

    private final World world;
    private final int index;
    private final List<SimHost> hosts;
    private final int[][] cuts;
    private final List<Weather> weathers = new ArrayList<>();
    private Weather weather = Weather.FINE;
    private int identification;
    private long adverts;
    private long slowestNs;
    private long injectedNs;

    /** @param index of the network, and of the hosts' routers that are on it */
    Lan(World world, int index, List<SimHost> hosts, int count) {
        this.world = world;
        this.index = index;
        this.hosts = hosts;
        cuts = new int[count][count];
    }

    void cut(int from, int to, int by) {
        cuts[from][to] += by;
    }

    void weather(Weather one, boolean begins) {
        if (begins) {
            weathers.add(one);
        } else {
            weathers.remove(one);
        }
        weather = weathers.stream().reduce(Weather.FINE, Weather::and);
    }

    /** Whether each hears all that the other says. */
    boolean clear(SimHost a, SimHost b) {
        return weathers.isEmpty()
                && a.linked(index)
                && b.linked(index)
                && cuts[a.id()][b.id()] == 0
                && cuts[b.id()][a.id()] == 0;
    }

    long adverts() {
        return adverts;
    }

    private Optional<AuthenticationHeader.Seal> seal(SimRouter router) {
        return router.config().transport().authentication()
                .filter(secret -> secret.type() == Authentication.Type.AH)
                .map(secret -> new AuthenticationHeader.Seal(secret.password(), identification));
    }

    /** The longest interval that anybody ever advertised. */
    long slowestNs() {
        return slowestNs;
    }

    /** Since nobody but the directors spoke. */
    long undisturbedNs() {
        return world.nowNs() - injectedNs;
    }

    void send(SimHost sender, SimRouter router, SendAdvert advert) {
        adverts++;
        slowestNs = Math.max(slowestNs, advert.advert().advertIntervalNs());
        if (!sender.linked(index)) {
            return;
        }
        for (InetAddress destination : advert.destinations()) {
            byte[] packet = AdvertCodec.encodePacket(
                    advert.advert(),
                    advert.source(),
                    destination,
                    new Framing(++identification, AdvertCodec.TTL, advert.checksum(), seal(router)));
            boolean group = destination.isMulticastAddress();
            for (SimHost receiver : hosts) {
                if (receiver != sender && (group || destination.equals(receiver.router(index).address()))
                        && cuts[sender.id()][receiver.id()] == 0) {
                    transmit(packet, sender.id(), receiver);
                }
            }
        }
    }

    /** Puts bytes on the segment that no director sent. */
    void inject(byte[] packet, long intervalNs) {
        slowestNs = Math.max(slowestNs, intervalNs);
        injectedNs = world.nowNs();
        for (SimHost receiver : hosts) {
            transmit(packet, receiver.id() + hosts.size(), receiver);
        }
    }

    private void transmit(byte[] packet, int from, SimHost receiver) {
        long bits = world.draw((index * 64L + from) * 64L + receiver.id());
        if (weathers.isEmpty()) {
            world.after(Long.remainderUnsigned(bits, FINE_DELAY_NS_MAX), () -> receiver.receive(index, packet));
            return;
        }
        Draws draws = new Draws(bits);
        int copies = draws.unit() < weather.duplication ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            if (draws.unit() >= weather.loss) {
                byte[] copy = draws.unit() < weather.damage ? damaged(packet, draws) : packet;
                world.after(draws.below(weather.delayNsMax), () -> receiver.receive(index, copy));
            }
        }
    }

    /**
     * Flips a few bits of the message, or cuts it off. The kernel would discard a packet whose IP header is damaged;
     * what the codec makes of those is looked at here and goes no further.
     */
    private static byte[] damaged(byte[] packet, Draws draws) {
        if (draws.oneIn(4)) {
            byte[] cut = Arrays.copyOf(packet, (int) draws.below(packet.length));
            require(AdvertCodec.decode(cut, cut.length) instanceof DecodeResult.Rejected,
                    "a packet that was cut off is rejected", () -> Arrays.toString(cut));
            return cut;
        }
        int headerLength = packet[0] >> 4 == 6 ? IPV6_HEADER : IPV4_HEADER;
        byte[] header = packet.clone();
        header[(int) draws.below(headerLength)] ^= (byte) (1 << draws.below(8));
        AdvertCodec.decode(header, header.length);
        byte[] copy = packet.clone();
        int flips = draws.between(1, 4);
        for (int i = 0; i < flips; i++) {
            int at = headerLength + (int) draws.below(packet.length - headerLength);
            copy[at] ^= (byte) (1 << draws.below(8));
        }
        return copy;
    }
}
