package dev.vipd.netlink.route;

import dev.vipd.netlink.NetlinkConn;
import dev.vipd.netlink.NetlinkException;
import dev.vipd.netlink.Nl;
import dev.vipd.netlink.NlMessage;
import dev.vipd.netlink.sys.Errno;
import dev.vipd.netlink.sys.SysException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Interfaces, addresses, routes and rules of this network namespace. Not thread-safe. */
public final class RouteClient implements AutoCloseable {
    /** Of no route, and of those that are there to refuse: unreachable, prohibit, blackhole. */
    private static final Set<Integer> NO_WAY =
            Set.of(Errno.ENETUNREACH, Errno.EHOSTUNREACH, Errno.EACCES, Errno.EINVAL);

    private final NetlinkConn conn;

    public RouteClient(NetlinkConn conn) {
        this.conn = conn;
    }

    public static RouteClient open() throws SysException {
        return new RouteClient(NetlinkConn.open("route", Nl.NETLINK_ROUTE));
    }

    public List<Link> links() throws NetlinkException {
        return dump("list interfaces", LinkCodec.RTM_GETLINK, LinkCodec.RTM_NEWLINK, LinkCodec.dump(),
                LinkCodec::decode);
    }

    /** IPv4 and IPv6 addresses of all interfaces. */
    public List<InterfaceAddress> addresses() throws NetlinkException {
        return dump("list addresses", AddressCodec.RTM_GETADDR, AddressCodec.RTM_NEWADDR, AddressCodec.dump(),
                AddressCodec::decode);
    }

    /** Routes of both families, of all tables, that this protocol made. */
    public List<Route> routes(int protocol) throws NetlinkException {
        List<Route> routes = new ArrayList<>();
        for (int family : List.of(IpPrefix.AF_INET, IpPrefix.AF_INET6)) {
            routes.addAll(dump("list routes", RouteCodec.RTM_GETROUTE, RouteCodec.RTM_NEWROUTE,
                    RouteCodec.dump(family, protocol), RouteCodec::decode));
        }
        return routes.stream().filter(route -> route.protocol() == protocol).toList();
    }

    /**
     * The way that the kernel would send to an address now, by all its tables and rules.
     *
     * @return of type LOCAL for an address of this host, else UNICAST; empty: there is no way
     */
    public Optional<Route> lookup(InetAddress to) throws NetlinkException {
        try {
            String operation = "look up the route to " + to.getHostAddress();
            return conn.request(operation, RouteCodec.RTM_GETROUTE, 0, RouteCodec.lookup(to)).stream()
                    .filter(message -> message.type() == RouteCodec.RTM_NEWROUTE)
                    .flatMap(message -> RouteCodec.decode(message).stream())
                    .filter(route -> route.type() == Route.Type.UNICAST || route.type() == Route.Type.LOCAL)
                    .findFirst();
        } catch (NetlinkException e) {
            if (NO_WAY.contains(e.errno())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Rules of both families that this protocol made. */
    public List<Rule> rules(int protocol) throws NetlinkException {
        List<Rule> rules = new ArrayList<>();
        for (int family : List.of(IpPrefix.AF_INET, IpPrefix.AF_INET6)) {
            rules.addAll(dump("list rules", RuleCodec.RTM_GETRULE, RuleCodec.RTM_NEWRULE, RuleCodec.dump(family),
                    RuleCodec::decode));
        }
        return rules.stream().filter(rule -> rule.protocol() == protocol).toList();
    }

    /**
     * Makes one change.
     *
     * @return false when it was so already
     * @throws NetlinkException EPERM without CAP_NET_ADMIN, ENODEV without the interface
     */
    public boolean apply(RouteChange change) throws NetlinkException {
        RouteOutcome outcome = applyAll(List.of(change)).getFirst();
        if (outcome.failure().isPresent()) {
            throw outcome.failure().get();
        }
        return outcome.changed();
    }

    /** Makes many changes, pipelined, in their order; what fails does not hold up the others. */
    public List<RouteOutcome> applyAll(List<RouteChange> changes) {
        List<Optional<NetlinkException>> failures =
                conn.requestAll(changes.stream().map(RouteChange::request).toList());
        List<RouteOutcome> outcomes = new ArrayList<>(changes.size());
        for (int i = 0; i < changes.size(); i++) {
            int done = changes.get(i).errnoWhenDone();
            Optional<NetlinkException> failure = failures.get(i);
            outcomes.add(new RouteOutcome(failure.isEmpty(), failure.filter(e -> e.errno() != done)));
        }
        return outcomes;
    }

    @Override
    public void close() {
        conn.close();
    }

    private <T> List<T> dump(
            String operation, int request, int answer, byte[] payload, Function<NlMessage, Optional<T>> decode)
            throws NetlinkException {
        return conn.dump(operation, request, payload).stream()
                .filter(message -> message.type() == answer)
                .map(decode)
                .flatMap(Optional::stream)
                .toList();
    }
}
