package dev.vipd.vrrp.io;

import dev.vipd.netlink.sys.SysException;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VrrpEvent;
import dev.vipd.vrrp.wire.AdvertCodec;
import dev.vipd.vrrp.wire.AdvertRejection;
import dev.vipd.vrrp.wire.DecodeResult;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads adverts off the sockets and gives each to its instance. Not thread-safe. */
final class PacketReader {
    /** More than a full receive buffer holds. The rest waits for the next cycle: a flood must not stop the timers. */
    private static final int PACKETS_PER_SOCKET_MAX = 4096;

    /** Reported at most, so that a flood with made-up sources can't fill the log; what is beyond is only counted. */
    private static final int STRAYS_MAX = 256;

    /** What makes a stray packet worth one report. */
    private record Stray(String interfaceName, AdvertRejection kind, String source) {}

    private final VrrpListener listener;
    private final ByteBuffer in = ByteBuffer.allocateDirect(AdvertCodec.MAX_PACKET_LENGTH);
    private final Set<Stray> straysTold = new HashSet<>();
    private final Map<AdvertRejection, Long> strays = new EnumMap<>(AdvertRejection.class);
    private long straysSuppressed;
    private List<Instance> all = List.of();
    private Map<Integer, List<Instance>> byVrid = Map.of();

    PacketReader(VrrpListener listener) {
        this.listener = listener;
    }

    /** Packets that belonged to no instance, by kind. */
    Map<AdvertRejection, Long> strays() {
        return Map.copyOf(strays);
    }

    /** Empties the queue of one socket. {@code instances} is another list when they are others. */
    void drain(SocketSet.Receiver receiver, List<Instance> instances) throws SysException {
        if (instances != all) {
            all = instances;
            byVrid = instances.stream().collect(
                    Collectors.groupingBy(instance -> instance.config().virtualRouterId()));
        }
        for (int i = 0; i < PACKETS_PER_SOCKET_MAX; i++) {
            long size = receiver.socket().receive(in);
            if (size < 0) {
                return;
            }
            // longer than any advert: what is beyond can only be padding, and the codec checks the lengths inside
            in.position(0).limit((int) Math.min(size, in.capacity()));
            give(AdvertCodec.decode(in), receiver.key(), System.nanoTime());
        }
    }

    private void give(DecodeResult packet, SocketSet.Key key, long nowNs) {
        int vrid = switch (packet) {
            case DecodeResult.Decoded decoded -> decoded.advert().virtualRouterId();
            case DecodeResult.Rejected rejected -> rejected.virtualRouterId();
        };
        boolean known = false;
        for (Instance instance : byVrid.getOrDefault(vrid, List.of())) {
            if (hears(instance.config(), key)) {
                instance.received(packet, nowNs);
                known = true;
            }
        }
        if (!known) {
            ofUnknown(packet, vrid, key, nowNs);
        }
    }

    /** A packet of a VRID that nobody has there. */
    private void ofUnknown(DecodeResult packet, int vrid, SocketSet.Key key, long nowNs) {
        String base = null; // a socket is opened a moment before its first instance runs
        for (Instance instance : all) {
            VirtualRouterConfig config = instance.config();
            boolean here = hears(config, key);
            base = here ? config.interfaceName() : base;
            if (here && namesAddressesOf(config, packet)) {
                // it is for nobody, but hides a master from this instance
                instance.on(new VrrpEvent.PacketReceived(packet), nowNs);
            }
        }
        if (base != null && !configured(base, key.ipv6(), vrid)) {
            stray(packet, key.interfaceName());
        }
    }

    /** An interface and its macvlans hear the adverts to one another's instances. */
    private boolean configured(String base, boolean ipv6, int vrid) {
        return byVrid.getOrDefault(vrid, List.of()).stream().map(Instance::config).anyMatch(config ->
                config.ipv6() == ipv6 && config.interfaceName().equals(base));
    }

    /**
     * Whether what comes in there is the instance's. Packets of the wrong cast are, so that they are counted: those to
     * a group, where another instance has joined it; those to an address, where another one has unicast peers.
     */
    private static boolean hears(VirtualRouterConfig config, SocketSet.Key key) {
        boolean otherGroup = key.local().isMulticastAddress()
                && !config.transport().unicast()
                && !config.group().equals(key.local());
        return Devices.ofAdverts(config).equals(key.interfaceName()) && config.ipv6() == key.ipv6() && !otherGroup;
    }

    private static boolean namesAddressesOf(VirtualRouterConfig instance, DecodeResult packet) {
        return packet instanceof DecodeResult.Decoded decoded
                && instance.addresses().stream()
                        .anyMatch(vip -> decoded.advert().addresses().contains(vip.address()));
    }

    private void stray(DecodeResult packet, String interfaceName) {
        switch (packet) {
            case DecodeResult.Decoded decoded -> stray(interfaceName, AdvertRejection.VRID,
                    decoded.source().getHostAddress(),
                    "VRID " + decoded.advert().virtualRouterId() + " is not configured on " + interfaceName);
            case DecodeResult.Rejected rejected -> stray(interfaceName, rejected.kind(),
                    rejected.source().map(InetAddress::getHostAddress).orElse("-"), rejected.detail());
        }
    }

    private void stray(String interfaceName, AdvertRejection kind, String source, String detail) {
        strays.merge(kind, 1L, Long::sum);
        if (straysTold.size() < STRAYS_MAX && straysTold.add(new Stray(interfaceName, kind, source))) {
            listener.strayPacket(interfaceName, kind.wireName(), source, detail, straysSuppressed);
            straysSuppressed = 0;
        } else {
            straysSuppressed++;
        }
    }
}
