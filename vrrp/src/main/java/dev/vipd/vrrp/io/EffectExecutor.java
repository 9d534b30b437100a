package dev.vipd.vrrp.io;

import dev.vipd.netlink.route.Link;
import dev.vipd.netlink.sys.PacketSocket;
import dev.vipd.netlink.sys.SysException;
import dev.vipd.netlink.sys.VrrpSocket;
import dev.vipd.vrrp.Holding;
import dev.vipd.vrrp.TransportConfig;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VrrpEffect;
import dev.vipd.vrrp.VrrpEvent;
import dev.vipd.vrrp.VrrpReport;
import dev.vipd.vrrp.wire.AdvertCodec;
import dev.vipd.vrrp.wire.AuthenticationHeader;
import dev.vipd.vrrp.wire.Framing;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;

/** Carries out what virtual routers want: adverts, what is held, announcements. Not thread-safe. */
final class EffectExecutor implements AutoCloseable {
    /** @param rest the effects that come after the addition */
    private record Postponed(VirtualRouterConfig instance, List<? extends Holding> added, List<VrrpEffect> rest) {}

    private final HostHoldings holdings;
    private final Interfaces interfaces;
    private final SocketSet sockets;
    private final VrrpListener listener;
    private final boolean dryRun;
    private final ByteBuffer out = ByteBuffer.allocateDirect(AdvertCodec.MAX_PACKET_LENGTH);
    private final List<Postponed> postponed = new ArrayList<>();
    /** Names of the instances in {@code postponed}: what else they do waits too. */
    private final Set<String> waiting = new HashSet<>();
    private final Map<String, String> sendTrouble = new HashMap<>();
    private final AhSequences sequences = new AhSequences();
    private final Announcer announcer;
    private PacketSocket packets;
    private boolean together;
    private int identification;

    /** @param dryRun true: nothing is sent and no address changed, only told */
    EffectExecutor(
            HostHoldings holdings, Interfaces interfaces, SocketSet sockets, VrrpListener listener, boolean dryRun) {
        this.holdings = holdings;
        this.interfaces = interfaces;
        this.sockets = sockets;
        this.listener = listener;
        this.dryRun = dryRun;
        this.announcer = new Announcer(holdings, listener, this::sendFrame);
    }

    /** Opens what announcements are sent on. @throws SysException EPERM without CAP_NET_RAW */
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
        if (waiting.contains(instance.name())) {
            postponed.add(new Postponed(instance, List.of(), effects));
            return failures;
        }
        for (int i = 0; i < effects.size(); i++) {
            if (together && effects.get(i) instanceof VrrpEffect.AddHoldings add) {
                postponed.add(new Postponed(instance, add.items(), effects.subList(i + 1, effects.size())));
                waiting.add(instance.name());
                return failures;
            }
            execute(instance, effects.get(i), effects, failures);
        }
        return failures;
    }

    /**
     * From now on, what instances add and do after it is put off until {@link #finish}: when many take over at once,
     * the last address then comes right after the first.
     */
    void begin() {
        together = true;
    }

    /**
     * Adds everything that was put off, all at once, and then does for each instance what comes after it.
     *
     * @param back gets what failed, to be given to the virtual router of this name
     */
    void finish(BiConsumer<String, VrrpEvent> back) {
        together = false;
        List<Postponed> all = List.copyOf(postponed);
        postponed.clear();
        waiting.clear();
        Map<String, List<VrrpEvent>> failures = new LinkedHashMap<>();
        holdings.add(
                all.stream().map(item -> new HostHoldings.Addition(item.instance(), item.added())).toList(),
                (instance, item, why) -> failures
                        .computeIfAbsent(instance.name(), _ -> new ArrayList<>())
                        .add(new VrrpEvent.HoldingAddFailed(item, why)));
        for (Postponed item : all) {
            execute(item.instance(), item.rest()).forEach(failure -> back.accept(item.instance().name(), failure));
        }
        failures.forEach((name, events) -> events.forEach(event -> back.accept(name, event)));
    }

    private void execute(
            VirtualRouterConfig instance, VrrpEffect effect, List<VrrpEffect> effects, List<VrrpEvent> failures) {
        switch (effect) {
            case VrrpEffect.SendAdvert send -> send(instance, send, effects);
            case VrrpEffect.AddHoldings add -> holdings.add(instance, List.copyOf(add.items()))
                    .forEach((item, why) -> failures.add(new VrrpEvent.HoldingAddFailed(item, why)));
            case VrrpEffect.RemoveHoldings remove -> holdings.remove(instance, List.copyOf(remove.items()));
            case VrrpEffect.Announce announce -> announcer.announce(instance, announce, System.nanoTime());
            case VrrpEffect.Report report -> {
                if (!(report.report() instanceof VrrpReport.AdvertSent)) { // told when it was sent, if it was
                    listener.report(instance, report.report());
                }
            }
        }
    }

    /** The instance is gone. */
    void forget(VirtualRouterConfig instance) {
        sendTrouble.remove(instance.name());
        sequences.forget(instance);
    }

    AhSequences sequences() {
        return sequences;
    }

    /** When {@link #actOnTimers} is due; empty while nothing waits. */
    OptionalLong nextDeadlineNs() {
        return announcer.nextDeadlineNs();
    }

    /** Announces what had to wait. */
    void actOnTimers(long nowNs) {
        announcer.actOnTimers(nowNs);
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
        TransportConfig transport = instance.transport();
        int ttl = transport.unicast() ? transport.unicastTtl() : AdvertCodec.TTL;
        Optional<AuthenticationHeader.Seal> seal = sequences.next(instance, System.currentTimeMillis() / 1000);
        for (InetAddress destination : send.destinations()) {
            try {
                Link link = interfaces.link(Devices.ofAdverts(instance)).orElse(null);
                VrrpSocket socket = link == null ? null : sockets.sender(link, send.advert().ipv6());
                if (socket == null) {
                    trouble = "no socket on " + Devices.ofAdverts(instance);
                    break;
                }
                identification = identification % 0xffff + 1; // never 0, for which the kernel would choose one
                byte[] packet = AdvertCodec.encodePacket(
                        send.advert(),
                        send.source(),
                        destination,
                        new Framing(identification, ttl, send.checksum(), seal));
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

    private void sendFrame(byte[] frame, int interfaceIndex) throws SysException {
        if (packets != null) {
            packets.send(out.clear().put(frame).flip(), interfaceIndex);
        }
    }
}
