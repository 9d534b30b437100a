package dev.vipd.director.config;

import dev.vipd.director.config.Addresses.Endpoint;
import dev.vipd.director.config.CheckBinder.Around;
import dev.vipd.director.config.CheckBinder.Template;
import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.pool.PoolConfig.Member;
import dev.vipd.ipvs.Endpoints;
import dev.vipd.ipvs.ForwardingMethod;
import dev.vipd.ipvs.RealServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code real_servers} and {@code sorry_servers} of one virtual server. */
final class MemberBinder {
    static final Map<String, ForwardingMethod> METHODS = Value.words(ForwardingMethod.class, false);

    private static final String REAL_SERVERS =
            "a list with at least one real server, such as [ { address: 192.0.2.11:80 } ]";
    private static final String SORRY_SERVER = "{ address: 192.0.2.9:80 }";
    private static final String SORRY_SERVERS = "a list of sorry servers such as [ " + SORRY_SERVER + " ]";

    private final CheckBinder checks;
    private final Context context;
    private final Set<String> seen = new HashSet<>();
    private final Servers realServers = new Servers(new ArrayList<>(), new ArrayList<>());
    private final Servers sorryServers = new Servers(new ArrayList<>(), new ArrayList<>());

    /**
     * What the servers of one service have from it.
     *
     * @param service empty when it is wrong: the rest is still examined
     */
    record Context(Optional<InetSocketAddress> service, ForwardingMethod method, int weight, Around around) {}

    /** The same servers, as the kernel and as the pool sees them. */
    record Servers(List<RealServer> servers, List<Member> members) {}

    MemberBinder(CheckBinder checks, Context context) {
        this.checks = checks;
        this.context = context;
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
        ForwardingMethod method = b.value("lb_kind").map(v -> v.choice(METHODS).orElse(ForwardingMethod.NAT))
                .orElse(context.method());
        Optional<Value> at = b.required("address", "the address of the " + what);
        Optional<InetSocketAddress> address = at.flatMap(v -> destination(v, method));
        int weight = b.integer("weight", into == sorryServers ? 1 : 0, Integer.MAX_VALUE).orElse(defaultWeight);
        Around around = context.around().within(b);
        List<Template> templates = checks.bind(b).orElse(common);
        b.finish();
        if (address.isEmpty()) {
            return;
        }
        InetSocketAddress endpoint = address.get();
        String id = Endpoints.format(endpoint.getAddress(), endpoint.getPort());
        if (!seen.add(id)) {
            at.get().error(id + (into == sorryServers && realServers.members().stream().anyMatch(m -> m.id().equals(id))
                    ? " is one of the real servers; give another"
                    : " is listed twice; keep one of them"));
            return;
        }
        List<CheckConfig> made = templates.stream().map(template -> template.of(endpoint, around)).toList();
        into.servers().add(RealServer.of(endpoint.getAddress(), endpoint.getPort(), weight, method));
        into.members().add(new Member(id, weight, made));
    }

    /** Where packets are sent to; the port is the service's unless given. Empty when that can't be known. */
    private Optional<InetSocketAddress> destination(Value value, ForwardingMethod method) {
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
