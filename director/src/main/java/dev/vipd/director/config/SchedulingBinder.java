package dev.vipd.director.config;

import dev.vipd.director.config.KeyBinder.Identity;
import dev.vipd.ipvs.Scheduling;
import dev.vipd.ipvs.Service;
import dev.vipd.ipvs.ServiceKey;
import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The keys of a virtual server that say how the kernel spreads its connections. */
final class SchedulingBinder {
    /** 31 days, the kernel's own limit in ipvsadm. */
    static final long PERSISTENCE_MAX_NS = 2_678_400 * Durations.SECOND;

    /** Modules ip_vs_NAME of Linux; the kernel loads them by name. */
    private static final Map<String, String> SCHEDULERS = Stream.of("rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh",
                    "sh", "sed", "nq", "fo", "ovf", "mh", "twos")
            .collect(Collectors.toMap(Function.identity(), Function.identity(), (a, b) -> a, LinkedHashMap::new));
    private static final Map<String, Flag> FLAGS = flags();
    /** No other scheduler looks at flags. */
    private static final Set<String> FLAGGED = Set.of("sh", "mh");
    private static final String EXPECTED_FLAGS =
            "a list of flags of the scheduler, such as [ sh-port, sh-fallback ]";
    private static final Map<String, String> ENGINES = Map.of("sip", "sip");
    private static final Pattern NETMASK = Pattern.compile("1*0*");

    private SchedulingBinder() {}

    /** @param scheduler whose flag it is; empty: of whichever looks at it */
    private record Flag(String name, String scheduler, int bit) {}

    private static Map<String, Flag> flags() {
        Map<String, Flag> flags = new LinkedHashMap<>();
        for (Flag flag : List.of(
                new Flag("sh-fallback", "sh", Service.SCHED1),
                new Flag("sh-port", "sh", Service.SCHED2),
                new Flag("mh-fallback", "mh", Service.SCHED1),
                new Flag("mh-port", "mh", Service.SCHED2),
                new Flag("flag-1", "", Service.SCHED1),
                new Flag("flag-2", "", Service.SCHED2),
                new Flag("flag-3", "", Service.SCHED3))) {
            flags.put(flag.name(), flag);
        }
        return flags;
    }

    /** @param identity empty when it is wrong: the rest is still examined */
    static Scheduling bind(Block b, Optional<Identity> identity) {
        Optional<String> scheduler = b.choice("lb_algo", SCHEDULERS);
        boolean known = scheduler.isPresent() || !b.has("lb_algo");
        String name = scheduler.orElse("wlc");
        Optional<String> fallback = b.choice("lb_algo_fallback", SCHEDULERS);
        if (known && fallback.filter(name::equals).isPresent()) {
            b.given("lb_algo_fallback").ifPresent(v -> v.error(name + " is lb_algo itself; give another scheduler, or"
                    + " remove it"));
        }
        List<Value> words = b.value("sched_flags").map(v -> v.oneOrMore(EXPECTED_FLAGS)).orElse(List.of());
        int flags = known ? flags(words, name) : 0;
        if (b.bool("ops").orElse(false)) {
            flags |= Service.ONE_PACKET;
            requireUdp(b, "ops", identity);
        }
        int persistenceSec = persistence(b, identity);
        Optional<Integer> prefix = b.value("persistence_granularity").flatMap(v -> granularity(v, identity));
        Optional<String> engine = b.choice("persistence_engine", ENGINES);
        if (engine.isPresent()) {
            requireUdp(b, "persistence_engine", identity);
        }
        if (!b.has("persistence_timeout")) {
            prefix.flatMap(_ -> b.given("persistence_granularity")).ifPresent(v ->
                    v.warning("has no effect without persistence_timeout"));
            engine.flatMap(_ -> b.given("persistence_engine")).ifPresent(v ->
                    v.error("tells whom a client is the same as, which needs persistence; give persistence_timeout"));
        }
        boolean ipv6 = identity.map(Identity::ipv6).orElse(false);
        return new Scheduling(name, fallback.orElse(""), flags, persistenceSec, prefix.orElse(ipv6 ? 128 : 32),
                engine.orElse(""));
    }

    private static int flags(List<Value> words, String scheduler) {
        int flags = 0;
        for (Value word : words) {
            Optional<Flag> flag = word.choice(FLAGS);
            int bit = flag.map(Flag::bit).orElse(0);
            String owner = flag.map(Flag::scheduler).orElse("");
            if (!owner.isEmpty() && !owner.equals(scheduler)) {
                word.error(flag.get().name() + " is for lb_algo: " + owner + ", and here it is " + scheduler
                        + "; remove it, or give lb_algo: " + owner);
            } else if ((flags & bit) != 0) {
                word.error(flag.get().name() + " is set already by another of the list; keep one of them");
            } else if (flag.isPresent() && (bit == Service.SCHED3 || !FLAGGED.contains(scheduler))) {
                word.warning(scheduler + " does not look at it in any known kernel; remove it");
            }
            flags |= bit;
        }
        return flags;
    }

    private static void requireUdp(Block b, String key, Optional<Identity> identity) {
        if (identity.filter(known -> !known.isUdp()).isPresent()) {
            b.given(key).ifPresent(v -> v.error("is for UDP only; give protocol: udp, or remove it"));
        }
    }

    private static int persistence(Block b, Optional<Identity> identity) {
        Optional<Long> timeout = b.duration("persistence_timeout", 0, PERSISTENCE_MAX_NS)
                .filter(ns -> b.given("persistence_timeout").filter(v -> wholeSeconds(v, ns)).isPresent());
        boolean known = timeout.isPresent() || !b.has("persistence_timeout");
        if (known && timeout.orElse(0L) == 0) {
            identity.ifPresent(SchedulingBinder::requirePorts);
        }
        return (int) (timeout.orElse(0L) / Durations.SECOND);
    }

    /** Whether a duration is what the kernel can hold; else it is reported. */
    static boolean wholeSeconds(Value value, long ns) {
        boolean whole = ns % Durations.SECOND == 0;
        if (!whole) {
            value.error(Durations.format(ns) + " is not a whole number of seconds, and the kernel takes only those");
        }
        return whole;
    }

    private static void requirePorts(Identity identity) {
        for (ServiceKey key : identity.keys()) {
            if (key instanceof ServiceKey.At && key.port() == 0) {
                String where = identity.keys().size() == 1 ? "" : "holds " + key + ", and ";
                identity.at().error(where + "port 0 stands for all ports, which needs persistence; give"
                        + " persistence_timeout, or a port");
                return;
            }
        }
    }

    /** A prefix length, or for IPv4 a netmask as in keepalived.conf. */
    private static Optional<Integer> granularity(Value value, Optional<Identity> identity) {
        boolean v6 = identity.filter(Identity::ipv6).isPresent();
        int max = v6 ? 128 : 32;
        String expected = "a prefix length, 1.." + max + (v6 ? "" : ", or a netmask such as 255.255.255.0");
        return value.text(expected).flatMap(text -> {
            int prefix = Addresses.number(text.startsWith("/") ? text.substring(1) : text, max);
            if (!v6 && prefix < 0) {
                prefix = Addresses.ipv4(text).map(SchedulingBinder::prefixOf).orElse(-1);
            }
            if (prefix < 1) {
                value.error(Spelling.quote(text) + " is not " + expected);
                return Optional.empty();
            }
            return Optional.of(prefix);
        });
    }

    private static int prefixOf(Inet4Address mask) {
        int bits = ByteBuffer.wrap(mask.getAddress()).getInt();
        String binary = String.format("%32s", Integer.toBinaryString(bits)).replace(' ', '0');
        return NETMASK.matcher(binary).matches() ? Integer.bitCount(bits) : -1;
    }
}
