package dev.vipd.netlink.route;

import dev.vipd.netlink.NetlinkConn;
import dev.vipd.netlink.NetlinkException;
import dev.vipd.netlink.Nl;
import dev.vipd.netlink.NlMessage;
import dev.vipd.netlink.sys.SysException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Interfaces, addresses, routes and rules of this network namespace. Not thread-safe. */
public final class RouteClient implements AutoCloseable {
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
