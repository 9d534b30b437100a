package dev.vipd.director.doctor.io;

import dev.vipd.director.doctor.Facts;
import dev.vipd.director.doctor.Scene;
import dev.vipd.director.doctor.Scene.Question;
import dev.vipd.netlink.route.InterfaceAddress;
import dev.vipd.netlink.route.Link;
import dev.vipd.netlink.sys.NeighbourSocket;
import dev.vipd.netlink.sys.Poller;
import dev.vipd.netlink.sys.SysException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Asks on the wire for all VIPs and real servers at once, three times within a second, and takes every answer. */
final class WireAsker {
    private static final int ROUNDS = 3;
    private static final long ROUND_NS = 330_000_000L;
    private static final int MAC_BYTES = 6;
    private static final InetAddress NOBODY = InetAddress.ofLiteral("0.0.0.0");

    private final Scene scene;
    private final List<String> trouble = new ArrayList<>();
    private final Map<InetAddress, Set<String>> answers = new HashMap<>();

    private WireAsker(Scene scene) {
        this.scene = scene;
    }

    /** What is asked over one socket. */
    private record Lane(NeighbourSocket socket, String interfaceName, InetAddress source, List<InetAddress> targets) {}

    private record Key(String interfaceName, boolean six) {}

    static Facts.Wire ask(Scene scene) {
        WireAsker asker = new WireAsker(scene);
        List<Lane> lanes = asker.open();
        Set<Lane> failed = new HashSet<>();
        try {
            asker.exchange(lanes, failed);
        } catch (SysException e) {
            asker.trouble.add(e.getMessage());
            failed.addAll(lanes);
        } finally {
            lanes.forEach(lane -> lane.socket().close());
        }
        Map<InetAddress, Set<String>> all = new HashMap<>();
        lanes.stream().filter(lane -> !failed.contains(lane)).forEach(lane -> lane.targets().forEach(
                target -> all.put(target, asker.answers.getOrDefault(target, Set.of()))));
        return new Facts.Wire(of(scene.questions(), all), of(scene.neighbours(), all), asker.trouble);
    }

    private static Map<InetAddress, Set<String>> of(List<Question> asked, Map<InetAddress, Set<String>> all) {
        Map<InetAddress, Set<String>> some = new HashMap<>(all);
        some.keySet().retainAll(asked.stream().map(Question::vip).collect(Collectors.toSet()));
        return some;
    }

    private List<Lane> open() {
        Map<Key, List<InetAddress>> targets = new LinkedHashMap<>();
        Stream.concat(scene.questions().stream(), scene.neighbours().stream()).distinct().forEach(question -> targets
                .computeIfAbsent(key(question), _ -> new ArrayList<>())
                .add(question.vip()));
        List<Lane> lanes = new ArrayList<>();
        targets.forEach((key, addresses) -> {
            try {
                open(key, addresses).ifPresent(lanes::add);
            } catch (SysException e) {
                trouble.add(e.getMessage());
            }
        });
        return lanes;
    }

    private static Key key(Question question) {
        return new Key(question.interfaceName(), !(question.vip() instanceof Inet4Address));
    }

    /** Nothing for an interface without MAC addresses: there is nobody to ask. */
    private Optional<Lane> open(Key key, List<InetAddress> targets) throws SysException {
        Optional<Link> link = scene.link(key.interfaceName());
        if (link.isEmpty() || (link.get().flags() & Link.IFF_NOARP) != 0 || link.get().mac().length != MAC_BYTES) {
            return Optional.empty();
        }
        if (!link.get().usable()) {
            trouble.add(key.interfaceName() + " is " + link.get().condition());
            return Optional.empty();
        }
        Optional<InetAddress> source = scene.own(key.interfaceName(), targets.getFirst()).stream()
                .map(InterfaceAddress::address)
                .min(Comparator.comparing(address -> !address.isLinkLocalAddress()));
        if (key.six() && source.isEmpty()) {
            trouble.add(key.interfaceName() + " has no IPv6 address to ask from");
            return Optional.empty();
        }
        return Optional.of(new Lane(
                new NeighbourSocket(key.interfaceName(), link.get().index(), link.get().mac(), key.six()),
                key.interfaceName(), source.orElse(NOBODY), targets));
    }

    private void exchange(List<Lane> lanes, Set<Lane> failed) throws SysException {
        if (lanes.isEmpty()) {
            return;
        }
        Poller poller = new Poller(lanes.stream().map(lane -> lane.socket().fd()).toList());
        for (int round = 0; round < ROUNDS; round++) {
            for (Lane lane : lanes) {
                try {
                    for (InetAddress target : lane.targets()) {
                        lane.socket().ask(lane.source(), target);
                    }
                } catch (SysException e) { // one interface may be down, and the others not
                    failed.add(lane);
                    trouble.add(e.getMessage());
                }
            }
            long endNs = System.nanoTime() + ROUND_NS;
            for (long leftNs = ROUND_NS; leftNs > 0; leftNs = endNs - System.nanoTime()) {
                poller.poll(leftNs);
                for (Lane lane : lanes) {
                    take(lane);
                }
            }
        }
    }

    /** Of a VIP that is held here, another interface of this host may answer: that is no other host. */
    private void take(Lane lane) throws SysException {
        for (Optional<NeighbourSocket.Answer> answer = lane.socket().receive(); answer.isPresent();
                answer = lane.socket().receive()) {
            InetAddress address = answer.get().address();
            List<Byte> mac = answer.get().mac();
            boolean own = !scene.holders(address).isEmpty()
                    && scene.network().links().stream().anyMatch(link -> link.macAddress().equals(mac));
            if (!own && lane.targets().contains(address)) {
                answers.computeIfAbsent(address, _ -> new HashSet<>()).add(text(mac));
            }
        }
    }

    private static String text(List<Byte> mac) {
        byte[] bytes = new byte[mac.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = mac.get(i);
        }
        return HexFormat.ofDelimiter(":").formatHex(bytes);
    }
}
