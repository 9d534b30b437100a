package dev.vipd.director.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every key that a block knows changes the configuration, and no key is known that is not tried here. */
class EveryKeyTest {
    private static final String TIMING = """
            delay_loop: 7s
            connect_timeout: 700ms
            retry: 7
            delay_before_retry: 70ms
            rise: 7
            fall: 8
            warmup: 0
            alpha: true
            """;

    /** For each block: the keys it must have, and a value for every key that differs from the default. */
    private enum Place {
        GLOBAL("", """
                router_id: other
                control_socket: /run/other.sock
                on_stop: keep
                resync_interval: 7s
                vrrp_rt_priority: 7
                http: 127.0.0.1:9650
                state_dir: /var/lib/other
                script_user: root
                notify_fifo: /run/vipd.fifo
                vrrp_notify_fifo: { path: /run/vipd.fifo, user: root root }
                webhook: { url: "https://example.org/", timeout: 7s, retries: 7 }
                """),
        SCRIPT("""
                script: /bin/true
                """, """
                script: /bin/false
                interval: 7s
                timeout: 6s
                weight: -7
                rise: 7
                fall: 8
                init_fail: true
                user: root
                """),
        INSTANCE("""
                interface: eth0
                virtual_router_id: 51
                version: 3
                track_script: [ chk ]
                virtual_ipaddress: [ 192.0.2.1/24 ]
                """, """
                interface: eth7
                virtual_router_id: 7
                version: 2
                priority: 7
                advert_int: 2s
                preempt: false
                nopreempt: true
                preempt_delay: 7s
                checksum: message_only
                mcast_src_ip: 192.0.2.7
                unicast_peer: [ 192.0.2.7 ]
                virtual_ipaddress: [ 192.0.2.7/25 ]
                garp_master_delay: 7s
                garp_master_repeat: 7
                garp_master_refresh: 7s
                garp_master_refresh_repeat: 7
                track_script: []
                track_interface: [ { name: eth1, weight: 7 } ]
                notify: /bin/true
                notify_master: [ /bin/echo, master ]
                notify_backup: /bin/true
                notify_fault: /bin/true
                notify_stop: { script: /bin/true, user: root, timeout: 7s }
                notify_deleted: true
                notify_master_rx_lower_pri: /bin/true
                notify_conflict: /bin/true
                webhook: "http://192.0.2.7/vipd"
                """),
        UNICAST("""
                interface: eth0
                virtual_router_id: 51
                track_script: [ chk ]
                virtual_ipaddress: [ 192.0.2.1/24 ]
                unicast_peer: [ 192.0.2.8 ]
                """, """
                unicast_src_ip: 192.0.2.7
                """),
        SERVICE("""
                address: 192.0.2.1:80
                persistence_timeout: 60
                real_servers: [ { address: 192.0.2.11, checks: [ { tcp: } ] } ]
                """, TIMING + """
                address: 192.0.2.1:81
                protocol: udp
                lb_algo: mh
                lb_kind: DR
                persistence_timeout: 7m
                persistence_granularity: 255.255.255.0
                quorum: 2
                inhibit_on_failure: true
                weight: 7
                sorry_server: { address: 192.0.2.9, lb_kind: TUN }
                real_servers: [ { address: 192.0.2.12 } ]
                """),
        REAL_SERVER("""
                address: 192.0.2.11
                checks: [ { tcp: } ]
                """, TIMING + """
                address: 192.0.2.12:8080
                weight: 7
                lb_kind: TUN
                checks: []
                """),
        SORRY_SERVER("""
                address: 192.0.2.9
                """, """
                address: 192.0.2.9:81
                lb_kind: TUN
                """),
        TCP("", TIMING + """
                connect_ip: 192.0.2.77
                connect_port: 77
                """),
        HTTP("", TIMING + """
                connect_ip: 192.0.2.77
                connect_port: 77
                path: /health
                status: 204
                virtualhost: www.example.org
                """);

        final Map<String, String> base;
        final Map<String, String> values;

        Place(String base, String values) {
            this.base = entries(base);
            this.values = entries(values);
        }

        private static Map<String, String> entries(String lines) {
            Map<String, String> entries = new LinkedHashMap<>();
            lines.lines().map(line -> line.split(": ", 2)).forEach(entry -> entries.put(entry[0], entry[1]));
            return entries;
        }

        private static String flow(Map<String, String> entries) {
            return entries.entrySet().stream()
                    .map(entry -> entry.getKey() + ": " + entry.getValue())
                    .collect(Collectors.joining(", "));
        }

        /** A whole file in which this block holds its base keys. */
        String file() {
            return assemble(flow(base));
        }

        /** The same with {@code key} set to {@code value}. */
        String file(String key, String value) {
            Map<String, String> changed = new LinkedHashMap<>(base);
            changed.put(key, value);
            return assemble(flow(changed));
        }

        private String assemble(String block) {
            String checks = this == TCP ? "[ { tcp: {" + block + "} } ]" : "[ { http: {" + block + "} } ]";
            String realServer = this == REAL_SERVER ? block
                    : "address: 192.0.2.11" + (this == TCP || this == HTTP ? ", checks: " + checks : "");
            String service = this == SERVICE ? block
                    : "address: '192.0.2.1:80', real_servers: [ {" + realServer + "} ]"
                            + (this == SORRY_SERVER ? ", sorry_server: {" + block + "}" : "");
            return "global: {" + (this == GLOBAL ? block : "") + "}\n"
                    + "vrrp_scripts: { chk: {" + (this == SCRIPT ? block : flow(SCRIPT.base)) + "} }\n"
                    + "vrrp_instances: { VI_1: {"
                    + (this == INSTANCE || this == UNICAST ? block : flow(INSTANCE.base)) + "} }\n"
                    + "virtual_servers: { web: {" + service + "} }\n";
        }
    }

    static Stream<Arguments> keys() {
        return Stream.of(Place.values())
                .flatMap(place -> place.values.keySet().stream().map(key -> Arguments.of(place, key)));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void shouldMapTheKey(Place place, String key) {
        VipdConfig base = load(place.file());
        VipdConfig changed = load(place.file(key, place.values.get(key)));
        assertNotEquals(base, changed);
        assertEquals(changed, load(place.file(key, place.values.get(key))), "the same text gives equal records");
    }

    private static VipdConfig load(String yaml) {
        ConfigResult result = ConfigLoader.load(yaml, "f");
        return result.config().orElseThrow(() -> new AssertionError(yaml + result.findings()));
    }

    static Stream<Place> places() {
        return Stream.of(Place.values()).filter(place -> place != Place.UNICAST);
    }

    @ParameterizedTest
    @MethodSource("places")
    void shouldKnowNoOtherKey(Place place) {
        List<Finding> findings = ConfigLoader.load(place.file("nonsense_nonsense", "1"), "f").findings();
        String prefix = "unknown key; known here: ";
        assertEquals(1, findings.size(), findings::toString);
        assertTrue(findings.getFirst().message().startsWith(prefix), findings::toString);
        Set<String> tried = new TreeSet<>(place.values.keySet());
        if (place == Place.INSTANCE) {
            tried.addAll(Place.UNICAST.values.keySet());
            tried.add("state"); // a hint only: accepted, and not in the result
        }
        String known = findings.getFirst().message().substring(prefix.length());
        assertEquals(tried, new TreeSet<>(List.of(known.split(", "))));
    }
}
