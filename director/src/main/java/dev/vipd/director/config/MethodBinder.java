package dev.vipd.director.config;

import dev.vipd.ipvs.Destination.Tunnel;
import dev.vipd.ipvs.ForwardingMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code lb_kind}: a word, keepalived's line such as {@code TUN type gue port 6080 csum}, or a block such as
 * {@code { method: TUN, type: gue, port: 6080, checksum: csum }}.
 */
final class MethodBinder {
    private static final Map<String, ForwardingMethod> METHODS = Value.words(ForwardingMethod.class, false);
    private static final String EXAMPLE = "{ method: TUN, type: gue, port: 6080 }";
    private static final WordBlock LINE = new WordBlock("method", Set.of("type", "port"), Set.of());

    private static final int PORT_MAX = 65535;
    // linux/ip_vs.h: IP_VS_CONN_F_TUNNEL_TYPE_*, IP_VS_TUNNEL_ENCAP_FLAG_*.
    private static final int GUE = 1;
    private static final int GRE = 2;
    private static final int REMCSUM = 2;
    private static final Map<String, Integer> TYPES = ordered("ipip", "gue", "gre");
    private static final Map<String, Integer> CHECKSUMS = ordered("nocsum", "csum", "remcsum");

    private MethodBinder() {}

    /** How packets reach a real server, and with TUN how they are wrapped. */
    record Method(ForwardingMethod forwarding, Tunnel tunnel) {
        static final Method NAT = of(ForwardingMethod.NAT);

        static Method of(ForwardingMethod forwarding) {
            return new Method(forwarding, Tunnel.IPIP);
        }
    }

    private static Map<String, Integer> ordered(String... words) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        for (String word : words) {
            numbers.put(word, numbers.size());
        }
        return numbers;
    }

    /** What a block says; empty when it says nothing. NAT, which goes with everything, stands for what is wrong. */
    static Optional<Method> bind(Block b) {
        return b.value("lb_kind").map(value -> read(value).orElse(Method.NAT));
    }

    private static Optional<Method> read(Value value) {
        List<Value> words = value.isScalar() ? WordBlock.words(value) : List.of();
        if (words.size() == 1) {
            return value.choice(METHODS).map(Method::of);
        }
        Optional<Value> last = words.isEmpty() ? Optional.empty() : Optional.of(words.getLast());
        Optional<String> flag = last.flatMap(Value::firstWord).filter(CHECKSUMS::containsKey);
        List<Value> parts = flag.map(word -> WordBlock.split(value, word)).orElse(List.of());
        return parts.size() == 2
                ? LINE.of(parts.getFirst(), EXAMPLE).flatMap(b -> read(b, last))
                : LINE.of(value, EXAMPLE).flatMap(b -> read(b, Optional.empty()));
    }

    /** @param word of the line, where {@code checksum} is not said */
    private static Optional<Method> read(Block b, Optional<Value> word) {
        Optional<ForwardingMethod> method = b.required("method", "TUN").flatMap(v -> v.choice(METHODS));
        Optional<Integer> type = b.choice("type", TYPES);
        Optional<Integer> port = b.integer("port", 1, PORT_MAX);
        Optional<Value> checksum = b.value("checksum").or(() -> word);
        Optional<Integer> flags = checksum.flatMap(v -> v.choice(CHECKSUMS));
        b.finish();
        if (method.isEmpty() || b.has("type") && type.isEmpty()) {
            return Optional.empty();
        }
        if (method.get() != ForwardingMethod.TUN) {
            b.given("type", "port").or(() -> checksum).ifPresent(v -> v.error("goes with TUN only, and here the method"
                    + " is " + method.get() + "; remove it"));
            return Optional.of(Method.of(method.get()));
        }
        int kind = type.orElse(0);
        if (kind == GUE && !b.has("port")) {
            b.given("type").ifPresent(v -> v.error("gue needs the UDP port that the real server takes it on; give port:"
                    + " 6080, or another"));
        } else if (kind != GUE) {
            b.given("port").ifPresent(v -> v.error("goes with type: gue only; remove it"));
        }
        int flag = flags.orElse(0);
        if (flag != 0 && kind != GUE && (kind != GRE || flag == REMCSUM)) {
            checksum.ifPresent(v -> v.error((flag == REMCSUM ? "remcsum goes with type: gue" : "csum goes with type:"
                    + " gue and gre") + " only; remove it"));
        }
        return Optional.of(new Method(ForwardingMethod.TUN, new Tunnel(kind, kind == GUE ? port.orElse(0) : 0, flag)));
    }
}
