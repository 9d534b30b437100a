package dev.vipd.vrrp.io;

import dev.vipd.netlink.route.Link;
import dev.vipd.netlink.sys.PacketSocket;
import dev.vipd.netlink.sys.SysException;
import dev.vipd.netlink.sys.VrrpSocket;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VrrpEffect;
import dev.vipd.vrrp.VrrpEvent;
import dev.vipd.vrrp.VrrpReport;
import dev.vipd.vrrp.wire.AdvertCodec;
import dev.vipd.vrrp.wire.GratuitousArp;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Carries out what virtual routers want: packets, addresses, gratuitous ARP. Not thread-safe. */
final class EffectExecutor implements AutoCloseable {
    private final HostHoldings holdings;
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
            HostHoldings holdings, Interfaces interfaces, SocketSet sockets, VrrpListener listener, boolean dryRun) {
        this.holdings = holdings;
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
                case VrrpEffect.AddHoldings add -> failures.addAll(holdings.addOrTell(instance, add.items()));
                case VrrpEffect.RemoveHoldings remove -> holdings.remove(instance, List.copyOf(remove.items()));
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

    /** Sends, and reports it at once where {@code effects} say so: these reports pair the clocks of directors. */
    private void send(VirtualRouterConfig instance, VrrpEffect.SendAdvert send, List<VrrpEffect> effects) {
        long sentNs = System.nanoTime();
        String trouble = null;
        for (InetAddress destination : send.destinations()) {
            try {
                Link link = interfaces.link(Devices.ofAdverts(instance)).orElse(null);
                VrrpSocket socket = link == null ? null : sockets.sender(link);
                if (socket == null) {
                    trouble = "no socket on " + Devices.ofAdverts(instance);
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

    /** On the interface that each VIP is held on, with that one's MAC address. */
    private void announce(VirtualRouterConfig instance, VrrpEffect.Announce announce) {
        if (packets == null) {
            return;
        }
        Map<VirtualAddress, Link> places = new LinkedHashMap<>();
        for (VirtualAddress address : announce.addresses()) {
            holdings.holder(instance, address)
                    .filter(link -> (link.flags() & Link.IFF_NOARP) == 0 && link.macAddress().size() == 6)
                    .ifPresent(link -> places.put(address, link));
        }
        try {
            for (int i = 0; i < announce.repeat(); i++) {
                for (Map.Entry<VirtualAddress, Link> place : places.entrySet()) {
                    Link link = place.getValue();
                    byte[] frame = GratuitousArp.frame(link.mac(), place.getKey().address());
                    packets.send(out.clear().put(frame).flip(), link.index());
                }
            }
            places.keySet().forEach(
                    address -> listener.announced(instance, address, announce.repeat(), announce.round()));
        } catch (SysException e) {
            listener.sendFailed(instance, "gratuitous ARP: " + e.getMessage());
        }
    }
}
