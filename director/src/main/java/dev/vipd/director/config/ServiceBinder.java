package dev.vipd.director.config;

import dev.vipd.director.config.Addresses.Endpoint;
import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.ipvs.Endpoints;
import dev.vipd.ipvs.ForwardingMethod;
import dev.vipd.ipvs.RealServer;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.ServiceKey.Protocol;
import dev.vipd.ipvs.VirtualServer;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code virtual_servers}. Defaults are keepalived's: lb_algo wlc, lb_kind NAT, weight 1, quorum 1, not persistent; but
 * for the protocol, which is tcp: keepalived's udp is a trap.
 */
final class ServiceBinder {
    /** 31 days, the kernel's own limit in ipvsadm. */
    private static final long PERSISTENCE_MAX_NS = 2_678_400 * Durations.SECOND;

    /** Modules ip_vs_NAME of Linux; the kernel loads them by name. */
    private static final Map<String, String> SCHEDULERS = Stream.of("rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh",
                    "sh", "sed", "nq", "fo", "ovf", "mh", "twos")
            .collect(Collectors.toMap(Function.identity(), Function.identity(), (a, b) -> a, LinkedHashMap::new));

    private static final Map<String, ForwardingMethod> METHODS = Value.words(ForwardingMethod.class, false);
    private static final Map<String, Protocol> PROTOCOLS = Value.words(Protocol.class, true);
    private static final Pattern NETMASK = Pattern.compile("1*0*");

    private final Map<ServiceKey, String> owners = new HashMap<>();

    /** What the real servers of one service have from it. */
    private record Context(Optional<InetSocketAddress> service, ForwardingMethod method, int weight, Timing timing) {}

    Optional<ServiceConfig> bind(String name, Block b) {
        Optional<InetSocketAddress> address = b.required("address", "the address and port of the service, such as"
                        + " 192.0.2.1:80")
                .flatMap(v -> v.endpoint(true))
                .map(endpoint -> endpoint.withDefaultPort(0));
        Optional<Protocol> protocol = b.choice("protocol", PROTOCOLS);
        String scheduler = b.choice("lb_algo", SCHEDULERS).orElse("wlc");
        Optional<ForwardingMethod> method = b.choice("lb_kind", METHODS);
        int persistenceSec = persistence(b, address);
        Optional<Integer> prefix = b.value("persistence_granularity").flatMap(v -> granularity(v, address));
        if (prefix.isPresent() && !b.has("persistence_timeout")) {
            b.value("persistence_granularity").ifPresent(v -> v.warning("has no effect without persistence_timeout"));
        }
        Optional<Integer> quorum = b.integer("quorum", 1, Integer.MAX_VALUE);
        boolean inhibit = b.bool("inhibit_on_failure").orElse(false);
        int weight = b.integer("weight", 0, Integer.MAX_VALUE).orElse(1);
        Context context = new Context(address, method.orElse(ForwardingMethod.NAT), weight, Timing.NONE.within(b));
        Optional<RealServer> sorry = b.value("sorry_server").flatMap(v -> sorryServer(v, context));
        Map<RealServer, List<CheckConfig>> realServers = realServers(b, context);
        b.finish();
        if (address.isEmpty() || (b.has("protocol") && protocol.isEmpty())) {
            return Optional.empty();
        }
        InetSocketAddress vip = address.get();
        ServiceKey key = new ServiceKey(protocol.orElse(Protocol.TCP), vip.getAddress(), vip.getPort());
        claim(name, b, key);
        warnQuorum(b, quorum, realServers);
        int hostPrefix = key.address() instanceof Inet4Address ? 32 : 128;
        VirtualServer server = new VirtualServer(name, key, scheduler, persistenceSec, prefix.orElse(hostPrefix),
                quorum.orElse(1), inhibit, sorry, List.copyOf(realServers.keySet()));
        return Optional.of(new ServiceConfig(server, realServers));
    }

    private void claim(String name, Block b, ServiceKey key) {
        String other = owners.putIfAbsent(key, name);
        if (other != null) {
            b.value("address").ifPresent(v -> v.error(key + " is already the service " + other
                    + "; put the real servers there, or change the address, port or protocol"));
        }
    }

    private static void warnQuorum(Block b, Optional<Integer> quorum, Map<RealServer, ?> realServers) {
        long sum = realServers.keySet().stream().mapToLong(RealServer::weight).sum();
        if (!realServers.isEmpty() && quorum.filter(q -> q > sum).isPresent()) {
            b.value("quorum").ifPresent(v -> v.warning(quorum.get() + " is more than the sum of all weights, " + sum
                    + ", so the service is never up; lower it to at most that"));
        }
    }

    private static int persistence(Block b, Optional<InetSocketAddress> address) {
        Optional<Long> timeout = b.duration("persistence_timeout", 0, PERSISTENCE_MAX_NS).filter(ns -> {
            boolean whole = ns % Durations.SECOND == 0;
            if (!whole) {
                b.value("persistence_timeout").ifPresent(v -> v.error(Durations.format(ns)
                        + " is not a whole number of seconds, and the kernel takes only those"));
            }
            return whole;
        });
        boolean known = timeout.isPresent() || !b.has("persistence_timeout");
        if (known && timeout.orElse(0L) == 0 && address.filter(a -> a.getPort() == 0).isPresent()) {
            b.value("address").ifPresent(v -> v.error("port 0 stands for all ports, which needs persistence; give"
                    + " persistence_timeout, or a port"));
        }
        return (int) (timeout.orElse(0L) / Durations.SECOND);
    }

    /** A prefix length, or for IPv4 a netmask as in keepalived.conf. */
    private static Optional<Integer> granularity(Value value, Optional<InetSocketAddress> address) {
        boolean v6 = address.filter(a -> !(a.getAddress() instanceof Inet4Address)).isPresent();
        int max = v6 ? 128 : 32;
        String expected = "a prefix length, 1.." + max + (v6 ? "" : ", or a netmask such as 255.255.255.0");
        return value.text(expected).flatMap(text -> {
            int prefix = Addresses.number(text.startsWith("/") ? text.substring(1) : text, max);
            if (!v6 && prefix < 0) {
                prefix = Addresses.ipv4(text).map(ServiceBinder::prefixOf).orElse(-1);
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

    private Map<RealServer, List<CheckConfig>> realServers(Block b, Context context) {
        String what = "a list with at least one real server, such as [ { address: 192.0.2.11:80 } ]";
        Optional<Value> value = b.required("real_servers", what);
        value.filter(Value::isEmptyList).ifPresent(v -> v.error("is empty; give " + what));
        Map<RealServer, List<CheckConfig>> realServers = new LinkedHashMap<>();
        Set<InetSocketAddress> seen = new HashSet<>();
        for (Value item : value.map(v -> v.list(what)).orElse(List.of())) {
            item.block("{ address: 192.0.2.11:80 }").ifPresent(block -> realServer(block, context, seen, realServers));
        }
        return realServers;
    }

    private static void realServer(
            Block b, Context context, Set<InetSocketAddress> seen, Map<RealServer, List<CheckConfig>> into) {
        Optional<ForwardingMethod> method = b.value("lb_kind").map(v -> v.choice(METHODS).orElse(ForwardingMethod.NAT));
        Optional<InetSocketAddress> address = b.required("address", "the address of the real server, such as"
                        + " 192.0.2.11:80")
                .flatMap(v -> destination(v, context, method.orElse(context.method())));
        int weight = b.integer("weight", 0, Integer.MAX_VALUE).orElse(context.weight());
        List<CheckConfig> checks = CheckBinder.bind(b, address, context.timing().within(b));
        b.finish();
        address.ifPresent(a -> {
            if (!seen.add(a)) {
                b.value("address").ifPresent(v -> v.error(Endpoints.format(a.getAddress(), a.getPort())
                        + " is listed twice; keep one of them"));
                return;
            }
            into.put(new RealServer(a.getAddress(), a.getPort(), weight, method.orElse(context.method())), checks);
        });
    }

    private static Optional<RealServer> sorryServer(Value value, Context context) {
        return value.block("{ address: 192.0.2.9:80 }").flatMap(b -> {
            Optional<ForwardingMethod> method = b.value("lb_kind")
                    .map(v -> v.choice(METHODS).orElse(ForwardingMethod.NAT));
            Optional<InetSocketAddress> address = b.required("address", "the address of the sorry server, such as"
                            + " 192.0.2.9:80")
                    .flatMap(v -> destination(v, context, method.orElse(context.method())));
            b.finish();
            return address.map(a ->
                    new RealServer(a.getAddress(), a.getPort(), 1, method.orElse(context.method())));
        });
    }

    /** Where packets are sent to; the port is the service's unless given. Empty when that can't be known. */
    private static Optional<InetSocketAddress> destination(Value value, Context context, ForwardingMethod method) {
        Optional<Endpoint> endpoint = value.endpoint(false);
        if (endpoint.isEmpty() || context.service().isEmpty()) {
            return Optional.empty();
        }
        InetSocketAddress service = context.service().get();
        InetSocketAddress destination = endpoint.get().withDefaultPort(service.getPort());
        InetAddress address = destination.getAddress();
        if (!Addresses.family(address).equals(Addresses.family(service.getAddress()))) {
            value.error(address.getHostAddress() + " is " + Addresses.family(address) + " but the service "
                    + service.getAddress().getHostAddress() + " is " + Addresses.family(service.getAddress())
                    + "; use one family in a service");
        }
        if (method != ForwardingMethod.NAT && destination.getPort() != service.getPort()) {
            value.error("port " + destination.getPort() + " differs from the service's port " + service.getPort()
                    + ", and " + method + " leaves ports as they are; give port " + service.getPort()
                    + ", or lb_kind: NAT");
        }
        return Optional.of(destination);
    }
}
