package dev.vipd.director.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** {@code lvs_sysctls}: of {@code net.ipv4.vs}, with the ranges that the kernel has (ip_vs_ctl.c, vs_vars). */
final class SysctlBinder {
    private static final int PORTS_MAX = 64;
    private static final int ACTIVE = 2;
    private static final int ALWAYS = 3;
    private static final Map<String, Function<Value, Optional<String>>> KEYS = keys();

    private SysctlBinder() {}

    private static Map<String, Function<Value, Optional<String>>> keys() {
        Map<String, Function<Value, Optional<String>>> keys = new LinkedHashMap<>();
        for (String name : List.of("conntrack", "expire_nodest_conn", "expire_quiescent_template", "sloppy_tcp",
                "sloppy_sctp", "sync_persist_mode", "backup_only", "nat_icmp_send", "snat_reroute",
                "pmtu_disc", "run_estimation", "schedule_icmp", "ignore_tunneled", "cache_bypass")) {
            keys.put(name, SysctlBinder::flag);
        }
        for (String name : List.of("conn_reuse_mode", "sync_retries")) {
            keys.put(name, value -> number(value, 0, 3));
        }
        for (String name : List.of("drop_entry", "drop_packet", "secure_tcp")) {
            keys.put(name, SysctlBinder::defence);
        }
        for (String name : List.of("amemthresh", "am_droprate", "sync_sock_size")) {
            keys.put(name, value -> number(value, 0, Integer.MAX_VALUE));
        }
        keys.put("sync_version", value -> number(value, 0, 1));
        keys.put("sync_qlen_max", value -> number(value, 1, Integer.MAX_VALUE));
        keys.put("sync_ports", SysctlBinder::ports);
        keys.put("sync_refresh_period", SysctlBinder::seconds);
        keys.put("sync_threshold", SysctlBinder::threshold);
        return keys;
    }

    /** The values as text, as they are written to the kernel. */
    static Map<String, String> bind(Block b) {
        Map<String, String> sysctls = new LinkedHashMap<>();
        KEYS.forEach((name, reader) -> b.value(name).flatMap(reader).ifPresent(text -> sysctls.put(name, text)));
        b.finish();
        return sysctls;
    }

    /** Of the kernel's own form, too. */
    private static Optional<String> flag(Value value) {
        return value.isWord("0") || value.isWord("1")
                ? value.text("true or false")
                : value.bool().map(on -> on ? "1" : "0");
    }

    private static Optional<String> number(Value value, int min, int max) {
        return value.integer(min, max).map(String::valueOf);
    }

    /** The kernel itself makes 2 of 1 while memory is short, and 1 of 2 when it no longer is. */
    private static Optional<String> defence(Value value) {
        return value.integer(0, ALWAYS).flatMap(mode -> {
            if (mode == ACTIVE) {
                value.error("2 is what the kernel itself makes of 1 while memory is short; give 1, or 3 for always");
                return Optional.empty();
            }
            return Optional.of(String.valueOf(mode));
        });
    }

    private static Optional<String> ports(Value value) {
        return value.integer(1, PORTS_MAX).flatMap(count -> {
            if (Integer.bitCount(count) != 1) {
                value.error(count + " is not a power of two, and the kernel takes only those; give 1, 2, 4, 8, 16, 32"
                        + " or 64");
                return Optional.empty();
            }
            return Optional.of(String.valueOf(count));
        });
    }

    private static Optional<String> seconds(Value value) {
        return value.duration(0, SchedulingBinder.PERSISTENCE_MAX_NS)
                .filter(ns -> SchedulingBinder.wholeSeconds(value, ns))
                .map(ns -> String.valueOf(ns / Durations.SECOND));
    }

    /** Packets before a connection is told of, and then each so many: the first is less, unless the period is 0. */
    private static Optional<String> threshold(Value value) {
        String expected = "two numbers, threshold and period, such as [ 3, 50 ]";
        List<Value> items = value.list(expected);
        if (value.isList() && items.size() != 2) {
            value.error("has " + items.size() + " items; give " + expected);
        }
        if (items.size() != 2) {
            return Optional.empty();
        }
        List<Integer> numbers = items.stream()
                .map(item -> item.integer(0, Integer.MAX_VALUE)).flatMap(Optional::stream).toList();
        if (numbers.size() == 2 && numbers.get(1) > 0 && numbers.get(0) >= numbers.get(1)) {
            value.error("the threshold " + numbers.get(0) + " is not less than the period " + numbers.get(1)
                    + ", which the kernel refuses; give less, or the period 0");
            return Optional.empty();
        }
        return numbers.size() == 2 ? Optional.of(numbers.get(0) + " " + numbers.get(1)) : Optional.empty();
    }
}
