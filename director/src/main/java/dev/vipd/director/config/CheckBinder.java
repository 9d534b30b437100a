package dev.vipd.director.config;

import dev.vipd.director.config.Timing.Defaults;
import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckTiming;
import dev.vipd.healthcheck.ProbeConfig;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** {@code checks}: a list of blocks with one key each, the kind of the check. */
final class CheckBinder {
    /** After so long without an answer to ARP, or to a neighbour solicitation, the kernel says that a host is gone. */
    private static final long UNREACHABLE_NS = 3 * Durations.SECOND;

    private final Shared<CheckTiming> timings = new Shared<>();
    private final Map<String, Kind> kinds = new LinkedHashMap<>();

    CheckBinder(NotifyBinder users, TlsBinder tls) {
        HttpBinder http = new HttpBinder(tls);
        NetworkBinder network = new NetworkBinder(tls);
        LocalBinder local = new LocalBinder(users);
        kinds.put("tcp", Kind.of("{ connect_timeout: 1s }", Defaults.USUAL, network::tcp));
        kinds.put("http", Kind.of("{ path: /health }", Defaults.HTTP, http::http));
        kinds.put("https", Kind.of("{ path: /health }", Defaults.HTTP, http::https));
        kinds.put("grpc", Kind.of("{ service: helloworld.Greeter }", Defaults.USUAL, http::grpc));
        kinds.put("smtp", Kind.of("{ helo_name: lb1.example.org }", Defaults.USUAL, network::smtp));
        kinds.put("dns", Kind.of("{ name: example.org, type: A }", Defaults.DNS, network::dns));
        kinds.put("udp", Kind.of("{ payload: 00ff }", Defaults.USUAL, network::udp));
        kinds.put("ping", Kind.of("{ timeout: 1s }", Defaults.USUAL, network::ping));
        kinds.put("script", new Kind("{ command: /etc/vipd/check.sh }", Defaults.SCRIPT, local::script));
        kinds.put("file", new Kind("{ path: /run/vipd/weight }", Defaults.USUAL, local::file));
        kinds.put("agent", new Kind("{ connect_port: 8080 }", Defaults.USUAL, network::agent));
    }

    /** Makes the probe of a bound check for a real server, and says, once, what is wrong with it for that one. */
    interface Maker {
        /** @param virtualHost {@code virtualhost} of the real server or its service */
        ProbeConfig make(InetSocketAddress realServer, Optional<String> virtualHost);
    }

    /** @param binder takes the keys of a block; empty when a key that must be there is missing or wrong */
    private record Kind(String example, Defaults defaults, Function<Block, Optional<Maker>> binder) {
        static Kind of(String example, Defaults defaults, Function<Block, Maker> binder) {
            return new Kind(example, defaults, b -> Optional.of(binder.apply(b)));
        }
    }

    /** What real servers have from around them. */
    record Around(Timing timing, Optional<String> virtualHost) {
        static final Around NOTHING = new Around(Timing.NONE, Optional.empty());

        /** What holds inside {@code b}. */
        Around within(Block b) {
            Timing inner = timing.within(b);
            Optional<String> host = RequestBinder.virtualHost(b).or(this::virtualHost);
            return inner == timing && host.equals(virtualHost) ? this : new Around(inner, host);
        }
    }

    /** A check that was read, for any number of real servers. */
    final class Template {
        private final Block block;
        private final Kind kind;
        private final Timing own;
        private final Maker maker;
        private boolean examined;

        private Template(Block block, Kind kind, Timing own, Maker maker) {
            this.block = block;
            this.kind = kind;
            this.own = own;
            this.maker = maker;
        }

        CheckConfig of(InetSocketAddress realServer, Around around) {
            Timing timing = own.over(around.timing());
            CheckConfig check = new CheckConfig(
                    maker.make(realServer, around.virtualHost()), timings.one(timing.resolve(kind.defaults())));
            if (!examined) {
                examined = true;
                timing.examine(block);
                examineSilence(check);
            }
            return check;
        }

        private void examineSilence(CheckConfig check) {
            long limit = Math.min(check.timing().connectTimeoutNs(), check.timing().timeoutNs());
            if (check.probe() instanceof ProbeConfig.Udp udp && !udp.requireReply() && limit <= UNREACHABLE_NS) {
                block.warning("silence passes after " + Durations.format(limit) + ", and the network tells of a host"
                        + " that is gone after 3s, if at all; give require_reply, or a connect_timeout and a timeout"
                        + " of 4s");
            }
        }
    }

    /** The checks of a block; empty when it has none of its own. Wrong ones are left out. */
    Optional<List<Template>> bind(Block b) {
        return b.value("checks").map(value -> {
            List<Template> templates = new ArrayList<>();
            for (Value item : value.list("a list of checks such as { tcp: {} }")) {
                item.block("{ tcp: {} }").ifPresent(block -> item(block, templates));
            }
            return templates;
        });
    }

    private void item(Block b, List<Template> into) {
        int count = 0;
        for (Map.Entry<String, Kind> kind : kinds.entrySet()) {
            Optional<Value> value = b.value(kind.getKey());
            if (value.isPresent()) {
                count++;
                check(value.get(), kind.getValue()).ifPresent(into::add);
            }
        }
        b.finish();
        if (count > 1) {
            b.error("holds several kinds of check; give each its own item of the list");
        } else if (b.isEmpty()) {
            b.error("is empty; give a check such as { tcp: {} }");
        }
    }

    private Optional<Template> check(Value value, Kind kind) {
        return value.blockOrNothing(kind.example()).flatMap(b -> {
            Timing own = Timing.of(b);
            Optional<Maker> maker = kind.binder().apply(b);
            b.finish();
            return maker.map(known -> new Template(b, kind, own, known));
        });
    }
}
