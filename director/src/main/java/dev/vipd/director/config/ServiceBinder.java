package dev.vipd.director.config;

import dev.vipd.director.config.CheckBinder.Around;
import dev.vipd.director.config.MemberBinder.Context;
import dev.vipd.director.config.MemberBinder.Servers;
import dev.vipd.ipvs.ForwardingMethod;
import dev.vipd.ipvs.Scheduling;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.ServiceKey.Protocol;
import dev.vipd.ipvs.VirtualServer;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private static final Map<String, Protocol> PROTOCOLS = Value.words(Protocol.class, true);
    private static final Pattern NETMASK = Pattern.compile("1*0*");

    private final Map<ServiceKey, String> owners = new HashMap<>();

    private final NotifyBinder notify;
    private final CheckBinder checks;

    ServiceBinder(NotifyBinder notify, TlsBinder tls) {
        this.notify = notify;
        checks = new CheckBinder(notify, tls);
    }

    Optional<ServiceConfig> bind(String name, Block b) {
        Optional<InetSocketAddress> address = b.required("address", "the address and port of the service, such as"
                        + " 192.0.2.1:80")
                .flatMap(v -> v.endpoint(true))
                .map(endpoint -> endpoint.withDefaultPort(0));
        Optional<Protocol> protocol = b.choice("protocol", PROTOCOLS);
        String scheduler = b.choice("lb_algo", SCHEDULERS).orElse("wlc");
        Optional<ForwardingMethod> method = b.choice("lb_kind", MemberBinder.METHODS);
        int persistenceSec = persistence(b, address);
        Optional<Integer> prefix = b.value("persistence_granularity").flatMap(v -> granularity(v, address));
        if (prefix.isPresent() && !b.has("persistence_timeout")) {
            b.value("persistence_granularity").ifPresent(v -> v.warning("has no effect without persistence_timeout"));
        }
        PoolBinder pool = new PoolBinder(b, scheduler);
        notify.service(name, b);
        int weight = b.integer("weight", 0, Integer.MAX_VALUE).orElse(1);
        MemberBinder members = new MemberBinder(checks, new Context(
                address, method.orElse(ForwardingMethod.NAT), weight, Around.NOTHING.within(b)));
        Servers realServers = members.realServers(b, checks.bind(b).orElse(List.of()));
        Servers sorryServers = members.sorryServers(b);
        b.finish();
        if (address.isEmpty() || (b.has("protocol") && protocol.isEmpty())) {
            return Optional.empty();
        }
        InetSocketAddress vip = address.get();
        ServiceKey key = ServiceKey.of(protocol.orElse(Protocol.TCP), vip.getAddress(), vip.getPort());
        claim(name, b, key);
        int hostPrefix = key.ipv6() ? 128 : 32;
        return Optional.of(new ServiceConfig(
                new VirtualServer(name, List.of(key),
                        new Scheduling(scheduler, "", 0, persistenceSec, prefix.orElse(hostPrefix), ""),
                        sorryServers.servers(), realServers.servers()),
                pool.bind(name, realServers.members(), sorryServers.members()), 0));
    }

    private void claim(String name, Block b, ServiceKey key) {
        String other = owners.putIfAbsent(key, name);
        if (other != null) {
            b.value("address").ifPresent(v -> v.error(key + " is already the service " + other
                    + "; put the real servers there, or change the address, port or protocol"));
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
}
