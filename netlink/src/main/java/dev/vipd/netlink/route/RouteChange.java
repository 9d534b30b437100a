package dev.vipd.netlink.route;

import dev.vipd.netlink.Nl;
import dev.vipd.netlink.NlRequest;
import dev.vipd.netlink.sys.Errno;
import java.util.Map;

/**
 * One change to the kernel's addresses, routes, rules or interfaces.
 *
 * @param errnoWhenDone error that says that there is nothing left to do; 0 for none
 */
public record RouteChange(NlRequest request, int errnoWhenDone) {
    private static final int ADD = Nl.NLM_F_CREATE | Nl.NLM_F_EXCL;

    /** Adds an address; one that is there is done, whatever its options. */
    public static RouteChange addAddress(String interfaceName, InterfaceAddress address) {
        return of("add address " + address + " on " + interfaceName, AddressCodec.RTM_NEWADDR, ADD,
                AddressCodec.encode(address), Errno.EEXIST);
    }

    /**
     * Sets lifetimes and, of an IPv6 address, flags anew. The kernel adds the address if it is not there; of one that
     * is, scope, label and broadcast stay as they are.
     */
    public static RouteChange renewAddress(String interfaceName, InterfaceAddress address) {
        return of("renew address " + address + " on " + interfaceName, AddressCodec.RTM_NEWADDR, Nl.NLM_F_REPLACE,
                AddressCodec.encode(address), 0);
    }

    public static RouteChange deleteAddress(String interfaceName, InterfaceAddress address) {
        return of("delete address " + address + " on " + interfaceName, AddressCodec.RTM_DELADDR, 0,
                AddressCodec.encodeDelete(address), Errno.EADDRNOTAVAIL);
    }

    /** Adds a route; one of the same destination, metric and type of service is in its place: done. */
    public static RouteChange addRoute(Route route) {
        return of("add route " + route, RouteCodec.RTM_NEWROUTE, ADD, RouteCodec.encode(route), Errno.EEXIST);
    }

    /** Deletes a route, but only where the same protocol made it. */
    public static RouteChange deleteRoute(Route route) {
        return of("delete route " + route, RouteCodec.RTM_DELROUTE, 0, RouteCodec.encodeDelete(route), Errno.ESRCH);
    }

    public static RouteChange addRule(Rule rule) {
        return of("add rule " + rule, RuleCodec.RTM_NEWRULE, ADD, RuleCodec.encode(rule), Errno.EEXIST);
    }

    /** Deletes a rule, but only where the same protocol made it. */
    public static RouteChange deleteRule(Rule rule) {
        return of("delete rule " + rule, RuleCodec.RTM_DELRULE, 0, RuleCodec.encodeDelete(rule), Errno.ENOENT);
    }

    /** Creates a macvlan in private mode, down. @param name at most 15 characters */
    public static RouteChange addMacvlan(String name, Link parent, byte[] mac) {
        return of("create macvlan " + name + " on " + parent.name(), LinkCodec.RTM_NEWLINK, ADD,
                LinkCodec.macvlan(name, parent.index(), mac), 0);
    }

    public static RouteChange setUp(Link link, boolean up) {
        return of("set " + link.name() + (up ? " up" : " down"), LinkCodec.RTM_NEWLINK, 0,
                LinkCodec.setUp(link.index(), up), 0);
    }

    /** Gives an interface a text for people, IFLA_IFALIAS. */
    public static RouteChange setAlias(Link link, String alias) {
        return of("set the alias of " + link.name(), LinkCodec.RTM_NEWLINK, 0,
                LinkCodec.alias(link.index(), alias), 0);
    }

    /** Without an IPv6 link-local address made from the MAC address; to be set before the interface is up. */
    public static RouteChange withoutGeneratedAddress(Link link) {
        return of("set addrgenmode none on " + link.name(), LinkCodec.RTM_NEWLINK, 0,
                LinkCodec.addrGenModeNone(link.index()), 0);
    }

    /** @param values IPV4_DEVCONF_* by number: 8 rp_filter, 13 arp_filter, 19 arp_ignore, 20 promote_secondaries */
    public static RouteChange setInetConf(Link link, Map<Integer, Integer> values) {
        return of("set ipv4 options of " + link.name(), LinkCodec.RTM_NEWLINK, 0,
                LinkCodec.inetConf(link.index(), values), 0);
    }

    public static RouteChange deleteLink(Link link) {
        return of("delete interface " + link.name(), LinkCodec.RTM_DELLINK, 0, LinkCodec.delete(link.index()),
                Errno.ENODEV);
    }

    private static RouteChange of(String operation, int type, int flags, byte[] payload, int errnoWhenDone) {
        return new RouteChange(new NlRequest(operation, type, flags, payload), errnoWhenDone);
    }
}
