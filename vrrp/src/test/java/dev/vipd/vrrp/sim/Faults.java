package dev.vipd.vrrp.sim;

import dev.vipd.vrrp.ChecksumForm;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.wire.AdvertCodec;
import dev.vipd.vrrp.wire.Advertisement;
import dev.vipd.vrrp.wire.Ipv4;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Makes faults happen, and stop. */
final class Faults {
    private final World world;
    private final List<SimHost> hosts;
    private final Lan lan;
    private final Plan plan;
    private final Set<Fault> active = new HashSet<>();

    Faults(World world, List<SimHost> hosts, Lan lan, Plan plan) {
        this.world = world;
        this.hosts = hosts;
        this.lan = lan;
        this.plan = plan;
    }

    void begin(Fault fault) {
        SimHost host = hosts.get(fault.host());
        world.note(host, 200 + fault.kind().ordinal(), () -> "fault " + fault);
        active.add(fault);
        world.conditionsChanged();
        switch (fault.kind()) {
            case CRASH, QUICK_RESTART -> host.stop(false);
            case STOP -> host.stop(true);
            case DELETE -> host.router().delete();
            case FAILOVER -> host.failover();
            case RELOAD -> host.reload(Plan.reloaded(plan.configs().get(fault.host()), fault.draw()));
            case FOREIGN -> speak(fault, 0);
            case BABBLE -> babble(fault, 0);
            case FREEZE, LINK_DOWN, CUT, ISOLATION, WEATHER, NO_SOURCE, REFUSE, OVERRUN, WEIGHT, TRACKER, MAINTENANCE ->
                step(fault, host, 1);
        }
    }

    void end(Fault fault) {
        SimHost host = hosts.get(fault.host());
        active.remove(fault);
        world.conditionsChanged();
        switch (fault.kind()) {
            case CRASH, QUICK_RESTART, STOP -> host.start();
            case DELETE, FAILOVER, RELOAD, FOREIGN, BABBLE -> {}
            case FREEZE, LINK_DOWN, CUT, ISOLATION, WEATHER, NO_SOURCE, REFUSE, OVERRUN, WEIGHT, TRACKER, MAINTENANCE ->
                step(fault, host, -1);
        }
    }

    /** Those that hold as long as they are counted. */
    private void step(Fault fault, SimHost host, int by) {
        switch (fault.kind()) {
            case FREEZE -> host.freeze(by);
            case LINK_DOWN -> host.link(by);
            case CUT -> lan.cut(fault.host(), fault.other(), by);
            case ISOLATION -> hosts.forEach(other -> {
                lan.cut(fault.host(), other.id(), by);
                lan.cut(other.id(), fault.host(), by);
            });
            case WEATHER -> lan.weather(
                    Lan.Weather.of(fault.draw(), plan.configs().get(fault.host()).advertIntervalNs()), by > 0);
            case NO_SOURCE -> host.sourceless(by);
            case REFUSE -> host.router().refuse(by, (fault.draw() & 1) == 0);
            case OVERRUN -> host.router().overrun(by);
            case WEIGHT -> host.weight(by);
            case TRACKER -> host.vital(by);
            case MAINTENANCE -> host.maintenance(by);
            case CRASH, QUICK_RESTART, STOP, DELETE, FAILOVER, RELOAD, FOREIGN, BABBLE ->
                throw new IllegalArgumentException(fault.toString());
        }
    }

    /** Adverts of somebody who does not fit: another list, interval, version, VRID, TTL, a spoofed address. */
    private void speak(Fault fault, int number) {
        if (!active.contains(fault)) {
            return;
        }
        VirtualRouterConfig model = plan.configs().get(fault.host());
        Draws draws = new Draws(fault.draw());
        int sort = draws.between(0, 8);
        int version = sort == 1 ? 5 - model.version() : model.version();
        long intervalNs = sort == 2 || version != model.version()
                ? Plan.SECOND * draws.between(1, 10)
                : model.advertIntervalNs();
        int priority = sort == 3 ? 0 : draws.oneIn(10) ? 255 : draws.between(1, 254);
        int vrid = sort == 4 ? 52 : model.virtualRouterId();
        InetAddress source = sort == 5 ? model.sourceAddress().orElseThrow() : Ipv4.of(0x0a000063);
        List<InetAddress> vips = sort == 6
                ? List.of(Ipv4.of(0xc0000201), Ipv4.of(0xc0000202))
                : model.addresses().stream().map(vip -> vip.address()).toList();
        InetAddress destination = sort == 8 || model.transport().unicast() && !draws.oneIn(3)
                ? model.sourceAddress().orElseThrow()
                : AdvertCodec.GROUP;
        byte[] packet = AdvertCodec.encodePacket(
                new Advertisement(version, vrid, priority, intervalNs, vips), source, destination, number + 1,
                draws.oneIn(2) ? ChecksumForm.PSEUDO_HEADER : ChecksumForm.MESSAGE_ONLY);
        if (sort == 7) {
            packet[8] = (byte) 254;
        }
        lan.inject(packet, version == 3 ? intervalNs : 0);
        long periodNs = draws.oneIn(4) ? intervalNs / 7 : intervalNs;
        world.after(Math.max(Plan.MS, periodNs), () -> speak(fault, number + 1));
    }

    /** Packets of protocol 112 with anything inside. */
    private void babble(Fault fault, int number) {
        if (!active.contains(fault) || number > 100) {
            return;
        }
        Draws draws = new Draws(fault.draw() + number);
        byte[] bytes = new byte[(int) (21 + draws.below(40))];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) draws.next();
        }
        bytes[0] = 0x45;
        bytes[2] = 0;
        bytes[3] = (byte) bytes.length;
        bytes[9] = AdvertCodec.PROTOCOL;
        lan.inject(bytes, 0);
        world.after(1 + draws.below(plan.configs().get(fault.host()).advertIntervalNs()),
                () -> babble(fault, number + 1));
    }
}
