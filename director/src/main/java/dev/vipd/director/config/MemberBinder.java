package dev.vipd.director.config;

import dev.vipd.director.config.Addresses.Endpoint;
import dev.vipd.director.config.CheckBinder.Around;
import dev.vipd.director.config.CheckBinder.Template;
import dev.vipd.director.config.KeyBinder.Identity;
import dev.vipd.director.config.MethodBinder.Method;
import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.pool.PoolConfig.Member;
import dev.vipd.ipvs.Endpoints;
import dev.vipd.ipvs.ForwardingMethod;
import dev.vipd.ipvs.RealServer;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code real_servers} and {@code sorry_servers} of one virtual server. */
final class MemberBinder {
    private static final String REAL_SERVERS =
            "a list with at least one real server, such as [ { address: 192.0.2.11:80 } ]";
    private static final String SORRY_SERVER = "{ address: 192.0.2.9:80 }";
    private static final String SORRY_SERVERS = "a list of sorry servers such as [ " + SORRY_SERVER + " ]";

    private final CheckBinder checks;
    private final Context context;
    /** Their ports, by address. */
    private final Map<InetAddress, Set<Integer>> seen = new HashMap<>();
    /** Of the services; a real server with port 0 has each of them. */
    private final Set<Integer> ports;
    private final Servers realServers = new Servers(new ArrayList<>(), new ArrayList<>());
    private final Servers sorryServers = new Servers(new ArrayList<>(), new ArrayList<>());

    /**
     * What the servers of one service have from it.
     *
     * @param service    empty when it is wrong: the rest is still examined
     * @param syncDaemon whether {@code lvs_sync_daemon} is there
     */
    record Context(
            Optional<Identity> service, Method method, int weight, Around around, boolean syncDaemon) {}

    /** The same servers, as the kernel and as the pool sees them. */
    record Servers(List<RealServer> servers, List<Member> members) {}

    MemberBinder(CheckBinder checks, Context context) {
        this.checks = checks;
        this.context = context;
        ports = context.service().map(Identity::ports).orElse(Set.of());
    }

    /** @param common {@code checks} of the virtual server, for those that have none of their own */
    Servers realServers(Block b, List<Template> common) {
        Optional<Value> value = b.required("real_servers", REAL_SERVERS);
        value.filter(Value::isEmptyList).ifPresent(v -> v.error("is empty; give " + REAL_SERVERS));
        for (Value item : value.map(v -> v.list(REAL_SERVERS)).orElse(List.of())) {
            item.block("{ address: 192.0.2.11:80 }").ifPresent(block ->
                    server(block, "real server, such as 192.0.2.11:80", common, context.weight(), realServers));
        }
        return realServers;
    }

    /** {@code sorry_server} or {@code sorry_servers}; the real servers come first. */
    Servers sorryServers(Block b) {
        Optional<Value> one = b.value("sorry_server");
        Optional<Value> many = b.value("sorry_servers");
        if (one.isPresent()) {
            many.ifPresent(v -> v.error("stands beside sorry_server; put that into this list"));
        }
        List<Value> items = new ArrayList<>();
        one.ifPresent(items::add);
        many.ifPresent(v -> items.addAll(v.list(SORRY_SERVERS)));
        many.filter(Value::isEmptyList).ifPresent(v -> v.error("is empty; give " + SORRY_SERVERS));
        for (Value item : items) {
            item.block(SORRY_SERVER).ifPresent(block ->
                    server(block, "sorry server, such as 192.0.2.9:80", List.of(), 1, sorryServers));
        }
        return sorryServers;
    }

    private void server(Block b, String what, List<Template> common, int defaultWeight, Servers into) {
        b.refuse(List.of("inhibit_on_failure"), "stands at the virtual server here, for all of its real servers");
        Method method = MethodBinder.bind(b).orElse(context.method());
        Optional<Value> at = b.required("address", "the address of the " + what);
        Optional<InetSocketAddress> address = at.flatMap(v -> destination(v, method.forwarding()));
        int weight = b.integer("weight", into == sorryServers ? 1 : 0, Integer.MAX_VALUE).orElse(defaultWeight);
        int upper = b.integer("uthreshold", 0, Integer.MAX_VALUE).orElse(0);
        int lower = b.integer("lthreshold", 0, Integer.MAX_VALUE).orElse(0);
        examineThresholds(b, upper, lower);
        Around around = context.around().within(b);
        List<Template> templates = checks.bind(b).orElse(common);
        b.finish();
        if (address.isEmpty()) {
            return;
        }
        InetSocketAddress endpoint = address.get();
        Optional<String> same = taken(endpoint);
        if (same.isPresent()) {
            String id = same.get();
            at.get().error(id + (into == sorryServers && realServers.members().stream().anyMatch(m -> m.id().equals(id))
                    ? " is one of the real servers; give another"
                    : " is listed twice; keep one of them"));
            return;
        }
        List<CheckConfig> made = templates.stream().map(template -> template.of(endpoint, around)).toList();
        into.servers().add(new RealServer(endpoint.getAddress(), endpoint.getPort(), weight, method.forwarding(),
                method.tunnel(), upper, lower));
        into.members().add(new Member(Endpoints.format(endpoint.getAddress(), endpoint.getPort()), weight, made));
    }

    private static void examineThresholds(Block b, int upper, int lower) {
        if (upper == 0 && lower > 0 && !b.has("uthreshold")) {
            b.given("lthreshold").ifPresent(v -> v.error("needs uthreshold, at which the real server takes no new"
                    + " connections; give that, too"));
        } else if (lower > upper && (upper > 0 || b.given("uthreshold").filter(Value::isOff).isPresent())) {
            b.given("lthreshold").ifPresent(v -> v.error(lower + " is more than uthreshold, " + upper
                    + "; give at most that"));
        }
    }

    /** The one that the kernel could not tell it from; if there is none, it is known from now on. */
    private Optional<String> taken(InetSocketAddress endpoint) {
        Set<Integer> taken = seen.computeIfAbsent(endpoint.getAddress(), _ -> new HashSet<>());
        int port = endpoint.getPort();
        Optional<Integer> same = taken.contains(port) ? Optional.of(port)
                : port == 0 ? ports.stream().filter(taken::contains).findFirst()
                : ports.contains(port) && taken.contains(0) ? Optional.of(0)
                : Optional.empty();
        taken.add(port);
        return same.map(other -> Endpoints.format(endpoint.getAddress(), other));
    }

    /**
     * Where packets are sent to; the port is the service's unless given, 0 if services differ in it. Empty when that
     * can't be known.
     */
    private Optional<InetSocketAddress> destination(Value value, ForwardingMethod method) {
        Optional<Endpoint> endpoint = value.endpoint(false);
        if (endpoint.isEmpty() || context.service().isEmpty()) {
            return Optional.empty();
        }
        Identity service = context.service().get();
        InetAddress address = endpoint.get().address();
        int usual = ports.size() == 1 ? ports.iterator().next() : 0;
        int port = endpoint.get().port() > 0 ? endpoint.get().port() : usual;
        examineFamily(value, service, address, method);
        if (method != ForwardingMethod.NAT && port != usual) {
            value.error(usual == 0
                    ? "port " + port + " has no effect, since " + service.shown() + " is for several ports and "
                            + method + " leaves ports as they are; leave it out, or give lb_kind: NAT"
                    : "port " + port + " differs from the service's port " + usual + ", and " + method
                            + " leaves ports as they are; give port " + usual + ", or lb_kind: NAT");
        }
        return Optional.of(new InetSocketAddress(address, port));
    }

    private void examineFamily(Value value, Identity service, InetAddress address, ForwardingMethod method) {
        boolean ipv6 = address instanceof Inet6Address;
        if (ipv6 == service.ipv6()) {
            return;
        }
        String problem = Endpoints.text(address) + " is " + Addresses.family(address) + " but the service "
                + service.shown() + " is " + (service.ipv6() ? "IPv6" : "IPv4");
        if (!service.familyTold()) {
            value.error(problem + ", since it has no ip_family; give it ip_family: inet6"
                    + (method == ForwardingMethod.TUN ? ", or inet if IPv4 packets go through tunnels of IPv6" : ""));
        } else if (method != ForwardingMethod.TUN) {
            value.error(problem + "; use one family in a service, or lb_kind: TUN, which alone takes another");
        } else if (context.syncDaemon()) {
            value.error(problem + ", which the kernel refuses while a sync daemon runs; use one family in a service, or"
                    + " remove lvs_sync_daemon");
        }
    }
}
