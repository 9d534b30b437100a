package dev.vipd.vrrp;

import java.util.List;

/**
 * One of {@code static_ipaddress}, {@code static_routes} or {@code static_rules}: the daemon holds it as long as it
 * runs, whatever the instances' states are.
 *
 * @param item      an address names its interface in {@code device}
 * @param instances names of the instances of its {@code track_group}, which are in FAULT while it can't be held
 */
public record StaticHolding(Holding item, List<String> instances) {
    public StaticHolding {
        instances = List.copyOf(instances);
    }
}
