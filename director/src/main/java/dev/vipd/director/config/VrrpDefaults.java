package dev.vipd.director.config;

import dev.vipd.director.config.AnnounceKeys.Pace;
import dev.vipd.vrrp.ElectionConfig;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code global} says for all instances: keepalived's twins of their keys.
 *
 * @param version  {@code vrrp_version}: of IPv4 instances; an IPv6 one is version 3 unless it says otherwise itself
 * @param strict   {@code vrrp_strict}
 * @param group4   {@code vrrp_mcast_group4}
 * @param group6   {@code vrrp_mcast_group6}
 * @param pace     {@code vrrp_garp_interval}, {@code vrrp_gna_interval}
 * @param groups   {@code garp_groups}: another pace for some interfaces
 */
record VrrpDefaults(
        Optional<Integer> version,
        boolean strict,
        Optional<InetAddress> group4,
        Optional<InetAddress> group6,
        boolean skipCheckAddresses,
        boolean checkUnicastSource,
        int downTimerAdverts,
        boolean lowerPrioNoAdvert,
        boolean higherPrioSendAdvert,
        long startupDelayNs,
        AnnounceKeys announce,
        Pace pace,
        Map<String, Pace> groups) {

    static VrrpDefaults of(Block global, Map<String, Pace> groups) {
        return new VrrpDefaults(
                global.integer("vrrp_version", 2, 3),
                global.bool("vrrp_strict").orElse(false),
                global.value("vrrp_mcast_group4").flatMap(v -> v.group(false)),
                global.value("vrrp_mcast_group6").flatMap(v -> v.group(true)),
                global.bool("vrrp_skip_check_adv_addr").orElse(false),
                global.bool("vrrp_check_unicast_src").orElse(true),
                global.integer("vrrp_down_timer_adverts", 1, ElectionBinder.DOWN_TIMER_ADVERTS_MAX)
                        .orElse(ElectionConfig.DEFAULT_DOWN_TIMER_ADVERTS),
                global.bool("vrrp_lower_prio_no_advert").orElse(false),
                global.bool("vrrp_higher_prio_send_advert").orElse(false),
                global.duration("vrrp_startup_delay", 0, Durations.HOUR).orElse(0L),
                AnnounceKeys.global(global),
                Pace.of(global, "vrrp_"),
                groups);
    }

    /** Reads {@code garp_groups}. An interface stands in one of them at most. */
    static Map<String, Pace> garpGroups(Map<String, Block> blocks) {
        Map<String, Pace> paces = new HashMap<>();
        blocks.forEach((name, b) -> {
            Pace pace = Pace.of(b, "");
            Optional<Value> interfaces = b.required("interfaces", "a list of interfaces, such as [ eth0 ]");
            for (Value item : interfaces.map(v -> v.list("a list of interfaces")).orElseGet(List::of)) {
                InstanceBinder.interfaceName(item).ifPresent(device -> {
                    if (paces.putIfAbsent(device, pace) != null) {
                        item.error(device + " is in a garp_group already; keep it in one of them");
                    }
                });
            }
            b.finish();
        });
        return paces;
    }

    Pace pace(Optional<String> device) {
        return device.map(name -> groups.getOrDefault(name, pace)).orElse(pace);
    }

    Optional<InetAddress> group(boolean ipv6) {
        return ipv6 ? group6 : group4;
    }
}
