package dev.vipd.director.doctor;

import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * An address that clients send to.
 *
 * @param configured as an instance holds it, or {@code static_ipaddress}; empty: neither does
 * @param instance   that holds it; empty: none
 * @param services   that have it, by their names
 */
record Vip(
        InetAddress address,
        Optional<VirtualAddress> configured,
        Optional<VirtualRouterConfig> instance,
        List<String> services) {

    /** What it concerns: {@code VI_1, web}. */
    String where() {
        String instances = instance.map(VirtualRouterConfig::name).map(name -> "instance " + name).orElse("");
        String names = services.isEmpty() ? "" : "virtual server " + Networks.few(services);
        return instances + (instances.isEmpty() || names.isEmpty() ? "" : ", ") + names;
    }

    String text() {
        return Networks.text(address);
    }
}
