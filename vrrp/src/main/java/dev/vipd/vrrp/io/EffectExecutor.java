package dev.vipd.vrrp.io;

import dev.vipd.netlink.route.Link;
import dev.vipd.netlink.sys.PacketSocket;
import dev.vipd.netlink.sys.SysException;
import dev.vipd.netlink.sys.VrrpSocket;
import dev.vipd.vrrp.Holding;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRoute;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VirtualRule;
import dev.vipd.vrrp.VrrpEffect;
import dev.vipd.vrrp.VrrpEvent;
import dev.vipd.vrrp.VrrpReport;
import dev.vipd.vrrp.wire.AdvertCodec;
import dev.vipd.vrrp.wire.GratuitousArp;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Carries out what virtual routers want: packets, addresses, gratuitous ARP. Not thread-safe. */
final class EffectExecutor implements AutoCloseable {
    private final VipKeeper vips;
    private final Interfaces interfaces;
    private final SocketSet sockets;
    private final VrrpListener listener;
    private final boolean dryRun;
    private final ByteBuffer out = ByteBuffer.allocateDirect(AdvertCodec.MAX_PACKET_LENGTH);
    private final Map<String, String> sendTrouble = new HashMap<>();
    private PacketSocket packets;
    private int identification;

    /** @param dryRun true: nothing is sent and no address changed, only told */
    EffectExecutor(
            VipKeeper vips, Interfaces interfaces, SocketSet sockets, VrrpListener listener, boolean dryRun) {
        this.vips = vips;
        this.interfaces = interfaces;
        this.sockets = sockets;
        this.listener = listener;
        this.dryRun = dryRun;
    }

    /** Opens what gratuitous ARP is sent on. @throws SysException EPERM without CAP_NET_RAW */
    void open() throws SysException {
        if (packets == null) {
            packets = new PacketSocket();
        }
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
                case VrrpEffect.SendAdvert send -> send(instance, send, effects);
                case VrrpEffect.AddHoldings add -> {
                    for (Holding item : add.items()) {
                        add(instance, item).map(why -> new VrrpEvent.HoldingAddFailed(item, why))
                                .ifPresent(failures::add);
                    }
                }
                // the last first: with the first address of a subnet the kernel deletes all others of it
                case VrrpEffect.RemoveHoldings remove ->
                    remove.items().reversed().forEach(item -> remove(instance, item));
                case VrrpEffect.Announce announce -> announce(instance, announce);
                case VrrpEffect.Report report -> {
                    if (!(report.report() instanceof VrrpReport.AdvertSent)) { // told when it was sent, if it was
                        listener.report(instance, report.report());
                    }
                }
            }
        }
        return failures;
    }

    /** The instance is gone. */
    void forget(VirtualRouterConfig instance) {
        sendTrouble.remove(instance.name());
    }

    @Override
    public void close() {
        if (packets != null) {
            packets.close();
        }
    }

    /** @return why it failed, if it did */
    private Optional<String> add(VirtualRouterConfig instance, Holding item) {
        return switch (item) {
            case VirtualAddress address -> vips.add(instance, address);
            case VirtualRoute route -> Optional.of("routes are not supported");
            case VirtualRule rule -> Optional.of("rules are not supported");
        };
    }

    private void remove(VirtualRouterConfig instance, Holding item) {
        switch (item) {
            case VirtualAddress address -> vips.remove(instance, address);
            case VirtualRoute route -> {}
            case VirtualRule rule -> {}
        }
    }

    /** Sends, and reports it at once where {@code effects} say so: these reports pair the clocks of directors. */
    private void send(VirtualRouterConfig instance, VrrpEffect.SendAdvert send, List<VrrpEffect> effects) {
        long sentNs = System.nanoTime();
        String trouble = null;
        for (InetAddress destination : send.destinations()) {
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
        if (trouble == null && !dryRun) {
            for (VrrpEffect effect : effects) {
                if (effect instanceof VrrpEffect.Report(VrrpReport.AdvertSent sent)
                        && sent.advert().equals(send.advert())) {
                    listener.advertSent(instance, sent, sentNs);
                    return;
                }
            }
        }
    }

    private void announce(VirtualRouterConfig instance, VrrpEffect.Announce announce) {
        Link link = interfaces.link(instance.interfaceName()).orElse(null);
        if (packets == null || link == null || (link.flags() & Link.IFF_NOARP) != 0 || link.macAddress().size() != 6) {
            return;
        }
        List<VirtualAddress> addresses = announce.addresses().stream()
                .filter(address -> vips.holds(link, address))
                .toList();
        try {
            for (int i = 0; i < announce.repeat(); i++) {
                for (VirtualAddress address : addresses) {
                    byte[] frame = GratuitousArp.frame(link.mac(), address.address());
                    packets.send(out.clear().put(frame).flip(), link.index());
                }
            }
            addresses.forEach(address -> listener.announced(instance, address, announce.repeat(), announce.round()));
        } catch (SysException e) {
            listener.sendFailed(instance, "gratuitous ARP: " + e.getMessage());
        }
    }
}
