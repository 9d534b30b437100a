package dev.vipd.director.config;

import dev.vipd.vrrp.InterfaceDelay;
import dev.vipd.vrrp.TrackFileConfig;
import dev.vipd.vrrp.TrackPingConfig;
import dev.vipd.vrrp.TrackProcessConfig;
import dev.vipd.vrrp.TrackProcessConfig.Match;
import dev.vipd.vrrp.TrackerId.Kind;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code vrrp_track_process}, {@code track_file}, {@code vrrp_track_ping} and {@code interface_up_down_delays}.
 * Defaults are keepalived's: quorum 1 without a maximum, no delays, and weight 1 for a file, which is multiplied by its
 * number. A ping, which keepalived does not have, is asked each second and fails with the third question without an
 * answer.
 */
final class WatchBinder {
    private static final long DELAY_MAX_NS = Durations.HOUR;
    private static final long LINK_DELAY_MAX_NS = 255 * Durations.SECOND;
    private static final int PING_FALL = 3;
    private static final WordBlock INIT_FILE = new WordBlock("value", Set.of(), Set.of("overwrite"));

    private final Map<Kind, Map<String, Integer>> weights = new EnumMap<>(Kind.class);
    private final Map<Kind, Map<String, Block>> blocks = new EnumMap<>(Kind.class);

    /** Every tracker of a kind that stands in the file, valid or not, with the weight that instances inherit. */
    Map<String, Integer> weights(Kind kind) {
        return weights.getOrDefault(kind, Map.of());
    }

    Map<String, Block> blocks(Kind kind) {
        return blocks.getOrDefault(kind, Map.of());
    }

    private void note(Kind kind, String name, Block b, int byDefault) {
        int max = TrackBinder.weightMax(kind);
        weights.computeIfAbsent(kind, k -> new LinkedHashMap<>())
                .put(name, b.integer("weight", -max, max).orElse(byDefault));
        blocks.computeIfAbsent(kind, k -> new LinkedHashMap<>()).put(name, b);
    }

    Optional<TrackProcessConfig> process(String name, Block b) {
        note(Kind.PROCESS, name, b, 0);
        Optional<List<String>> command = b.required("process", "the name of a program, or a command with parameters")
                .flatMap(ScriptBinder::command);
        Optional<Match> match = b.choice("param_match", Map.of("initial", Match.INITIAL, "partial", Match.PARTIAL));
        boolean full = b.bool("full_command").orElse(false);
        int quorum = b.integer("quorum", 0, Integer.MAX_VALUE).orElse(1);
        int max = b.integer("quorum_max", 0, Integer.MAX_VALUE).orElse(TrackProcessConfig.NO_MAX);
        Optional<Long> both = b.duration("delay", 0, DELAY_MAX_NS);
        long fork = b.duration("fork_delay", 0, DELAY_MAX_NS).or(() -> both).orElse(0L);
        long terminate = b.duration("terminate_delay", 0, DELAY_MAX_NS).or(() -> both).orElse(0L);
        b.finish();
        if (max < quorum) {
            b.value("quorum_max").ifPresent(v -> v.error(max + " is less than quorum, " + quorum
                    + ", so it could never be up; give at least " + quorum));
        }
        if (full && match.isPresent()) {
            b.value("full_command").ifPresent(v -> v.error("compares the whole command, param_match a part of it;"
                    + " keep one of them"));
        }
        return command.map(words -> new TrackProcessConfig(name, words,
                match.orElse(full || words.size() > 1 ? Match.COMMAND : Match.NAME), quorum, max, fork, terminate));
    }

    Optional<TrackFileConfig> file(String name, Block b) {
        note(Kind.FILE, name, b, 1);
        Optional<String> file = b.required("file", "an absolute path").flatMap(NotifyBinder::path);
        Optional<TrackFileConfig.Init> init = b.value("init_file").flatMap(WatchBinder::initFile);
        b.finish();
        return file.map(path -> new TrackFileConfig(name, path, init));
    }

    /** {@code true}, a number, keepalived's {@code 0 overwrite}, or a block. */
    private static Optional<TrackFileConfig.Init> initFile(Value value) {
        if (value.isOn()) {
            return Optional.of(new TrackFileConfig.Init(0, false));
        }
        return INIT_FILE.of(value, "a number, or { value: 0, overwrite: true }").map(b -> {
            int number = b.integer("value", -Integer.MAX_VALUE, Integer.MAX_VALUE).orElse(0);
            boolean overwrite = b.bool("overwrite").orElse(false);
            b.finish();
            return new TrackFileConfig.Init(number, overwrite);
        });
    }

    Optional<TrackPingConfig> ping(String name, Block b) {
        note(Kind.PING, name, b, 0);
        Optional<InetAddress> address = b.required("address", "the address that is asked").flatMap(Value::ip);
        Optional<String> device = b.value("interface").flatMap(InstanceBinder::interfaceName);
        boolean arp = b.bool("arp").orElse(false);
        long interval = b.duration("interval", 10 * Durations.MS, Durations.HOUR).orElse(Durations.SECOND);
        long timeout = b.duration("timeout", Durations.MS, Durations.HOUR).orElse(interval);
        int rise = b.integer("rise", 1, Integer.MAX_VALUE).orElse(1);
        int fall = b.integer("fall", 1, Integer.MAX_VALUE).orElse(PING_FALL);
        b.finish();
        if (timeout > interval) {
            b.value("timeout").ifPresent(v -> v.error(Durations.format(timeout) + " is more than the interval, "
                    + Durations.format(interval) + "; give at most that"));
        }
        if (arp && address.filter(Inet6Address.class::isInstance).isPresent()) {
            b.value("arp").ifPresent(v -> v.error("is for IPv4 addresses; remove it"));
        }
        boolean local = arp || address.filter(InetAddress::isLinkLocalAddress).isPresent();
        if (local && !b.has("interface")) {
            b.error("needs an interface to ask on, with arp as with a link-local address; add interface");
        }
        return address.map(a -> new TrackPingConfig(name, a, device, arp, interval, timeout, rise, fall));
    }

    /** The key is the interface. A time for down, keepalived's line of one for down and one for up, or a block. */
    static Optional<InterfaceDelay> delay(String device, Value value) {
        if (!InstanceBinder.isInterface(device)) {
            value.error(Spelling.quote(device) + " can't be an interface; give the name of an interface, such as eth0");
            return Optional.empty();
        }
        if (value.isScalar()) {
            List<Value> words = WordBlock.words(value);
            if (words.size() > 2) {
                words.get(2).error("is one word too many; give a time for down, or one for down and one for up");
            }
            return delay(device, Optional.of(words.getFirst()), words.stream().skip(1).findFirst());
        }
        return value.block("{ down: 2s, up: 1s }").flatMap(b -> {
            Optional<InterfaceDelay> delay = delay(device, b.value("down"), b.value("up"));
            b.finish();
            return delay;
        });
    }

    private static Optional<InterfaceDelay> delay(String device, Optional<Value> down, Optional<Value> up) {
        return Optional.of(new InterfaceDelay(device,
                down.flatMap(v -> v.duration(0, LINK_DELAY_MAX_NS)).orElse(0L),
                up.flatMap(v -> v.duration(0, LINK_DELAY_MAX_NS)).orElse(0L)));
    }

    /** A link that is down for longer than others wait for an advert makes a second master. */
    static void warnOfSlowFaults(Value at, List<InterfaceDelay> delays, List<VirtualRouterConfig> instances) {
        for (InterfaceDelay delay : delays) {
            for (VirtualRouterConfig instance : instances) {
                long quietNs = (instance.election().downTimerAdverts() - 1L) * instance.advertIntervalNs();
                if (instance.interfaceName().equals(delay.interfaceName()) && delay.downNs() >= quietNs) {
                    at.warning(delay.interfaceName() + " may be down for " + Durations.format(delay.downNs())
                            + " before " + instance.name() + " minds, but others take over after little more than "
                            + Durations.format(quietNs) + "; give less than that");
                }
            }
        }
    }
}
