package dev.vipd.vrrp.sim;

import dev.vipd.vrrp.ChecksumForm;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.wire.AdvertCodec;
import dev.vipd.vrrp.wire.Advertisement;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Makes faults happen, and stop. */
final class Faults {
    private final World world;
    private final List<SimHost> hosts;
    private final List<Lan> lans;
    private final Plan plan;
    private final Set<Fault> active = new HashSet<>();

    Faults(World world, List<SimHost> hosts, List<Lan> lans, Plan plan) {
        this.world = world;
        this.hosts = hosts;
        this.lans = lans;
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
            case DELETE -> router(fault).delete();
            case FAILOVER -> host.failover();
            case RELOAD -> host.reload(plan.instances(Plan.reloaded(plan.configs().get(fault.host()), fault.draw())));
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

    /** Where there are two networks, which of them. */
    private int index(Fault fault) {
        return (int) Long.remainderUnsigned(fault.draw() >>> 16, lans.size());
    }

    private Lan lan(Fault fault) {
        return lans.get(index(fault));
    }

    private SimRouter router(Fault fault) {
        return hosts.get(fault.host()).router(index(fault));
    }

    /** Those that hold as long as they are counted. */
    private void step(Fault fault, SimHost host, int by) {
        switch (fault.kind()) {
            case FREEZE -> host.freeze(by);
            case LINK_DOWN -> host.link(index(fault), by);
            case CUT -> lan(fault).cut(fault.host(), fault.other(), by);
            case ISOLATION -> hosts.forEach(other -> {
                lan(fault).cut(fault.host(), other.id(), by);
                lan(fault).cut(other.id(), fault.host(), by);
            });
            case WEATHER -> lan(fault).weather(
                    Lan.Weather.of(fault.draw(), plan.configs().get(fault.host()).advertIntervalNs()), by > 0);
            case NO_SOURCE -> host.sourceless(index(fault), by);
            case REFUSE -> router(fault).refuse(by, (fault.draw() & 1) == 0);
            case OVERRUN -> router(fault).overrun(by);
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
        VirtualRouterConfig model = plan.instances(plan.configs().get(fault.host())).get(index(fault));
        Draws draws = new Draws(fault.draw());
        int sort = draws.between(0, 8);
        int version = sort == 1 && !model.ipv6() ? 5 - model.version() : model.version();
        long intervalNs = sort == 2 || version != model.version()
                ? Plan.SECOND * draws.between(1, 10)
                : model.advertIntervalNs();
        int priority = sort == 3 ? 0 : draws.oneIn(10) ? 255 : draws.between(1, 254);
        int vrid = sort == 4 ? 99 : model.virtualRouterId();
        InetAddress source = sort == 5 ? model.sourceAddress().orElseThrow() : Plan.address(0x62, model.ipv6());
        List<InetAddress> vips = sort == 6
                ? Plan.addresses(5, model.ipv6()).stream().map(vip -> vip.address()).toList()
                : model.addresses().stream().map(vip -> vip.address()).toList();
        InetAddress destination = sort == 8 || model.transport().unicast() && !draws.oneIn(3)
                ? model.sourceAddress().orElseThrow()
                : AdvertCodec.group(model.ipv6());
        byte[] packet = AdvertCodec.encodePacket(
                new Advertisement(version, vrid, priority, intervalNs, vips), source, destination, number + 1,
                draws.oneIn(2) ? ChecksumForm.PSEUDO_HEADER : ChecksumForm.MESSAGE_ONLY);
        if (sort == 7) {
            packet[model.ipv6() ? 7 : 8] = (byte) 254;
        }
        lan(fault).inject(packet, intervalNs);
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
        lan(fault).inject(bytes, 0);
        world.after(1 + draws.below(plan.configs().get(fault.host()).advertIntervalNs()),
                () -> babble(fault, number + 1));
    }
}
