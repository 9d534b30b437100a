package dev.vipd.director.config;

import dev.vipd.vrrp.Holding;
import dev.vipd.vrrp.StaticHolding;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualAddress.Options;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code static_ipaddress}, {@code static_routes}, {@code static_rules}: what the daemon holds as long as it runs; and
 * {@code track_groups}: which instances go to FAULT while one of them can't be held.
 */
final class StaticBinder {
    private static final String DEFAULT_DEVICE = "eth0";

    private final Optional<String> defaultDevice;
    private final Map<String, List<String>> groups = new HashMap<>();
    private final List<StaticHolding> statics = new ArrayList<>();

    StaticBinder(Optional<String> defaultDevice) {
        this.defaultDevice = defaultDevice;
    }

    /** One of {@code track_groups}. */
    Optional<String> group(String name, Block b, Collection<String> instances) {
        List<String> members = new ArrayList<>();
        String example = "a list of instances, such as [ VI_1 ]";
        for (Value item : b.required("group", example).map(v -> v.list(example)).orElse(List.of())) {
            SyncGroupBinder.instance(item, instances).ifPresent(members::add);
        }
        b.finish();
        groups.put(name, members);
        return Optional.of(name);
    }

    /** Reads the three lists; the groups have to be known. */
    List<StaticHolding> bind(Block root) {
        for (Value item : root.list("static_ipaddress", "a list of addresses such as 192.0.2.1/24 dev eth0")) {
            VirtualAddressBinder.block(item).ifPresent(b ->
                    add(b, VirtualAddressBinder.bind(b).map(address -> withDevice(b, address))));
        }
        for (Value item : root.list("static_routes", "a list of routes such as 10.0.0.0/8 via 192.0.2.254")) {
            RouteBinder.Item.of(item).ifPresent(route -> add(route.block(), RouteBinder.bind(route, false)));
        }
        String rules = "a list of rules such as from 10.0.0.0/8 table 100 priority 1000";
        for (Value item : root.list("static_rules", rules)) {
            RuleBinder.block(item).ifPresent(b -> add(b, RuleBinder.bind(b, false)));
        }
        return statics;
    }

    private void add(Block b, Optional<? extends Holding> item) {
        Optional<String> group = b.value("track_group").flatMap(v -> v.text("the name of one of track_groups")
                .filter(name -> {
                    if (!groups.containsKey(name)) {
                        v.error(Spelling.quote(name) + " is not one of track_groups"
                                + Spelling.orNearest(name, groups.keySet()));
                    }
                    return groups.containsKey(name);
                }));
        b.finish();
        item.ifPresent(held -> statics.add(
                new StaticHolding(held, group.map(name -> groups.get(name)).orElse(List.of()))));
    }

    private VirtualAddress withDevice(Block b, VirtualAddress address) {
        Options o = address.options();
        if (o.device().isPresent()) {
            return address;
        }
        if (defaultDevice.isEmpty()) {
            b.warning("has no dev and goes to " + DEFAULT_DEVICE + ", as in keepalived; add dev, or set"
                    + " default_interface in global");
        }
        return new VirtualAddress(address.address(), address.prefixLength(),
                new Options(Optional.of(defaultDevice.orElse(DEFAULT_DEVICE)), o.broadcast(), o.scope(), o.label(),
                        o.peer(), o.flags(), o.preferredNs(), o.useVmac(), o.noTrack()));
    }
}
