package dev.vipd.vrrp.io;

import dev.vipd.netlink.route.Link;
import dev.vipd.netlink.sys.SysException;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VrrpEffect;
import dev.vipd.vrrp.wire.GratuitousArp;
import dev.vipd.vrrp.wire.NeighbourAdvertisement;
import java.io.IOException;
import java.net.Inet6Address;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Sends gratuitous ARP and unsolicited neighbour advertisements: at once, or with {@code garp_interval} and {@code
 * gna_interval} one after the other by a timer. What waits for an address that is not held any more is dropped. Not
 * thread-safe.
 */
final class Announcer {
    /** Frames that may wait for an interface: 255 VIPs, five times. What is beyond is told and left out. */
    private static final int WAITING_MAX = 255 * 5;

    private static final int ETHERNET_ADDRESS_BYTES = 6;
    private static final Path IPV6_SETTINGS = Path.of("/proc/sys/net/ipv6/conf");

    /** Where frames go out. */
    @FunctionalInterface
    interface Wire {
        void send(byte[] frame, int interfaceIndex) throws SysException;
    }

    /** What shares a pace. */
    private record Lane(int interfaceIndex, boolean ipv6) {}

    private record Frame(VirtualRouterConfig instance, VirtualAddress address, byte[] bytes, long gapNs) {}

    private static final class Queue {
        final ArrayDeque<Frame> frames = new ArrayDeque<>();
        long notBeforeNs;
    }

    private final HostHoldings holdings;
    private final VrrpListener listener;
    private final Wire wire;
    private final Map<Lane, Queue> waiting = new HashMap<>();

    Announcer(HostHoldings holdings, VrrpListener listener, Wire wire) {
        this.holdings = holdings;
        this.listener = listener;
        this.wire = wire;
    }

    /** Announces those of the addresses that are held, each on its interface and with that one's MAC address. */
    void announce(VirtualRouterConfig instance, VrrpEffect.Announce announce, long nowNs) {
        Map<VirtualAddress, Link> places = new LinkedHashMap<>();
        for (VirtualAddress address : announce.addresses()) {
            holdings.holder(instance, address).filter(Announcer::hasNeighbours)
                    .ifPresent(link -> places.put(address, link));
        }
        Map<VirtualAddress, byte[]> frames = new HashMap<>();
        Map<Integer, Boolean> forwarding = new HashMap<>();
        places.forEach((address, link) -> frames.put(address, frame(address, link, forwarding)));
        String trouble = null;
        for (int i = 0; i < announce.repeat(); i++) {
            for (Iterator<Map.Entry<VirtualAddress, Link>> at = places.entrySet().iterator(); at.hasNext(); ) {
                Map.Entry<VirtualAddress, Link> place = at.next();
                try {
                    offer(instance, place.getKey(), frames.get(place.getKey()), place.getValue(), nowNs);
                } catch (SysException e) { // one interface may be down, and the others not
                    trouble = place.getKey() + ": " + e.getMessage();
                    at.remove();
                }
            }
        }
        places.keySet().forEach(
                address -> listener.announced(instance, address, announce.repeat(), announce.round()));
        if (trouble != null) {
            listener.sendFailed(instance, "announce " + trouble);
        }
    }

    /** When {@link #actOnTimers} is due; empty while nothing waits. */
    OptionalLong nextDeadlineNs() {
        return waiting.isEmpty() ? OptionalLong.empty() : waiting.values().stream()
                .mapToLong(queue -> queue.notBeforeNs)
                .reduce((a, b) -> a - b < 0 ? a : b);
    }

    /** Sends what may go by now. */
    void actOnTimers(long nowNs) {
        for (Iterator<Map.Entry<Lane, Queue>> i = waiting.entrySet().iterator(); i.hasNext(); ) {
            Map.Entry<Lane, Queue> lane = i.next();
            Queue queue = lane.getValue();
            while (!queue.frames.isEmpty() && nowNs - queue.notBeforeNs >= 0) {
                send(queue, queue.frames.remove(), lane.getKey().interfaceIndex(), nowNs);
            }
            // an empty one stays as long as it tells the pace
            if (queue.frames.isEmpty() && nowNs - queue.notBeforeNs >= 0) {
                i.remove();
            }
        }
    }

    private void offer(
            VirtualRouterConfig instance, VirtualAddress address, byte[] bytes, Link link, long nowNs)
            throws SysException {
        boolean ipv6 = address.address() instanceof Inet6Address;
        long gapNs = ipv6 ? instance.announce().gnaIntervalNs() : instance.announce().garpIntervalNs();
        Queue queue = waiting.get(new Lane(link.index(), ipv6));
        if (queue == null && gapNs == 0) {
            wire.send(bytes, link.index());
            return;
        }
        if (queue == null) {
            queue = new Queue();
            queue.notBeforeNs = nowNs + gapNs;
            waiting.put(new Lane(link.index(), ipv6), queue);
            wire.send(bytes, link.index());
        } else if (queue.frames.size() < WAITING_MAX) {
            queue.frames.add(new Frame(instance, address, bytes, gapNs));
        } else {
            listener.sendFailed(instance, "announce addresses: more than " + WAITING_MAX + " frames wait on "
                    + link.name() + "; shorten garp_interval and gna_interval");
        }
    }

    private void send(Queue queue, Frame frame, int interfaceIndex, long nowNs) {
        boolean held = holdings.holder(frame.instance(), frame.address())
                .filter(link -> link.index() == interfaceIndex)
                .isPresent();
        if (!held) {
            return;
        }
        queue.notBeforeNs = nowNs + frame.gapNs();
        try {
            wire.send(frame.bytes(), interfaceIndex);
        } catch (SysException e) {
            listener.sendFailed(frame.instance(), "announce addresses: " + e.getMessage());
        }
    }

    private static boolean hasNeighbours(Link link) {
        return (link.flags() & Link.IFF_NOARP) == 0 && link.macAddress().size() == ETHERNET_ADDRESS_BYTES;
    }

    private static byte[] frame(VirtualAddress address, Link link, Map<Integer, Boolean> forwarding) {
        return address.address() instanceof Inet6Address
                ? NeighbourAdvertisement.frame(
                        link.mac(),
                        address.address(),
                        forwarding.computeIfAbsent(link.index(), _ -> forwards(link)))
                : GratuitousArp.frame(link.mac(), address.address());
    }

    /** RFC 9568, 6.4.2 wants the Router flag set; a host that does not forward must not say that it does. */
    private static boolean forwards(Link link) {
        try {
            return !Files.readString(IPV6_SETTINGS.resolve(link.name()).resolve("forwarding")).strip().equals("0");
        } catch (IOException e) {
            return false; // without IPv6, or an interface that has just gone
        }
    }
}
