package dev.vipd.vrrp.io;

import dev.vipd.netlink.NetlinkException;
import dev.vipd.netlink.route.Link;
import dev.vipd.netlink.route.RouteClient;
import dev.vipd.netlink.sys.PacketSocket;
import dev.vipd.netlink.sys.SysException;
import dev.vipd.netlink.sys.VrrpSocket;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VrrpEffect;
import dev.vipd.vrrp.VrrpEvent;
import dev.vipd.vrrp.io.VrrpListener.AddressChange;
import dev.vipd.vrrp.wire.AdvertCodec;
import dev.vipd.vrrp.wire.GratuitousArp;
import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Carries out what virtual routers want: packets, addresses, gratuitous ARP. Not thread-safe. */
final class EffectExecutor implements AutoCloseable {
    /** A VIP on its interface. */
    private record Held(String interfaceName, VirtualAddress address) {}

    private final RouteClient routes;
    private final Interfaces interfaces;
    private final SocketSet sockets;
    private final VrrpListener listener;
    private final boolean dryRun;
    private final PacketSocket packets;
    private final ByteBuffer out = ByteBuffer.allocateDirect(AdvertCodec.MAX_PACKET_LENGTH);
    private final Set<Held> held = new LinkedHashSet<>();
    private final Map<Held, VirtualRouterConfig> refusedRemovals = new HashMap<>();
    private final Map<String, String> sendTrouble = new HashMap<>();
    private int identification;

    /** @param dryRun true: nothing is sent and no address changed, only told */
    EffectExecutor(
            RouteClient routes, Interfaces interfaces, SocketSet sockets, VrrpListener listener, boolean dryRun)
            throws SysException {
        this.routes = routes;
        this.interfaces = interfaces;
        this.sockets = sockets;
        this.listener = listener;
        this.dryRun = dryRun;
        this.packets = new PacketSocket();
    }

    /**
     * Carries out effects in their order.
     *
     * @return what failed, to be given to the virtual router
     */
    List<VrrpEvent> execute(VirtualRouterConfig instance, List<VrrpEffect> effects) {
        List<VrrpEvent> failures = new ArrayList<>();
        for (VrrpEffect effect : effects) {
            switch (effect) {
                case VrrpEffect.SendAdvert send -> send(instance, send);
                case VrrpEffect.AddAddresses add -> add.addresses()
                        .forEach(address -> add(instance, address).ifPresent(failures::add));
                case VrrpEffect.RemoveAddresses remove -> remove.addresses()
                        .forEach(address -> remove(instance, address));
                case VrrpEffect.Announce announce -> announce(instance, announce);
                case VrrpEffect.Report report -> listener.report(instance, report.report());
            }
        }
        return failures;
    }

    /** Whether the address was added by us and not removed since. */
    boolean holds(String interfaceName, VirtualAddress address) {
        return held.contains(new Held(interfaceName, address));
    }

    /** Somebody else deleted it. */
    void lost(String interfaceName, VirtualAddress address) {
        held.remove(new Held(interfaceName, address));
    }

    List<VirtualAddress> held() {
        return held.stream().map(Held::address).toList();
    }

    /** Tries again to delete what the kernel refused to: a VIP that stays on a backup draws its traffic. */
    void retryRemovals() {
        Map.copyOf(refusedRemovals).forEach((vip, instance) -> remove(instance, vip.address()));
    }

    @Override
    public void close() {
        packets.close();
    }

    private void send(VirtualRouterConfig instance, VrrpEffect.SendAdvert send) {
        String trouble = null;
        for (Inet4Address destination : send.destinations()) {
            try {
                Link link = interfaces.link(instance.interfaceName()).orElse(null);
                VrrpSocket socket = link == null ? null : sockets.sender(link);
                if (socket == null) {
                    trouble = "no socket on " + instance.interfaceName();
                    break;
                }
                identification = identification % 0xffff + 1; // never 0, for which the kernel would choose one
                byte[] packet = AdvertCodec.encodePacket(
                        send.advert(), send.source(), destination, identification, send.checksum());
                out.clear().put(packet).flip();
                if (!dryRun) {
                    socket.send(out, destination);
                }
            } catch (SysException e) {
                trouble = e.getMessage();
            }
        }
        String before = trouble == null
                ? sendTrouble.remove(instance.name())
                : sendTrouble.put(instance.name(), trouble);
        if (trouble != null && !trouble.equals(before)) {
            listener.sendFailed(instance, trouble);
        }
    }

    /** Deletes a VIP, whoever added it: on leaving MASTER, and at start what a killed process left. */
    private void remove(VirtualRouterConfig instance, VirtualAddress address) {
        Held vip = new Held(instance.interfaceName(), address);
        held.remove(vip);
        Optional<Link> link = interfaces.link(instance.interfaceName());
        if (link.isEmpty()) {
            refusedRemovals.remove(vip); // its addresses went with the interface
            return;
        }
        if (dryRun) {
            if (interfaces.has(instance.interfaceName(), address.address())) {
                listener.dryRun("remove " + address + " from " + instance.interfaceName());
            }
            return;
        }
        long startNs = System.nanoTime();
        try {
            boolean wasThere = routes.deleteAddress(link.get(), address.address(), address.prefixLength());
            refusedRemovals.remove(vip);
            if (wasThere) {
                listener.address(instance, AddressChange.DELETED, address, System.nanoTime() - startNs);
            }
        } catch (NetlinkException e) {
            if (refusedRemovals.put(vip, instance) == null) {
                listener.addressDeleteFailed(instance, address, e.getMessage());
            }
        }
    }

    private Optional<VrrpEvent> add(VirtualRouterConfig instance, VirtualAddress address) {
        Optional<Link> link = interfaces.link(instance.interfaceName());
        if (link.isEmpty()) {
            return Optional.of(new VrrpEvent.AddressAddFailed(address, "no interface " + instance.interfaceName()));
        }
        if (dryRun) {
            listener.dryRun("add " + address + " to " + instance.interfaceName());
            return Optional.empty();
        }
        long startNs = System.nanoTime();
        try {
            routes.addAddress(link.get(), address.address(), address.prefixLength());
            held.add(new Held(instance.interfaceName(), address));
            refusedRemovals.remove(new Held(instance.interfaceName(), address));
            listener.address(instance, AddressChange.ADDED, address, System.nanoTime() - startNs);
            return Optional.empty();
        } catch (NetlinkException e) {
            return Optional.of(new VrrpEvent.AddressAddFailed(address, e.getMessage()));
        }
    }

    private void announce(VirtualRouterConfig instance, VrrpEffect.Announce announce) {
        Link link = interfaces.link(instance.interfaceName()).orElse(null);
        if (link == null || (link.flags() & Link.IFF_NOARP) != 0 || link.macAddress().size() != 6) {
            return;
        }
        List<VirtualAddress> addresses = announce.addresses().stream()
                .filter(address -> holds(instance.interfaceName(), address))
                .toList();
        try {
            for (int i = 0; i < announce.repeat(); i++) {
                for (VirtualAddress address : addresses) {
                    byte[] frame = GratuitousArp.frame(link.mac(), (Inet4Address) address.address());
                    packets.send(out.clear().put(frame).flip(), link.index());
                }
            }
            addresses.forEach(address -> listener.announced(instance, address, announce.repeat(), announce.round()));
        } catch (SysException e) {
            listener.sendFailed(instance, "gratuitous ARP: " + e.getMessage());
        }
    }
}
