package dev.vipd.vrrp.io;

import dev.vipd.netlink.NetlinkException;
import dev.vipd.netlink.route.Link;
import dev.vipd.netlink.route.NextHop;
import dev.vipd.netlink.route.Route;
import dev.vipd.netlink.route.RouteChange;
import dev.vipd.netlink.route.RouteClient;
import dev.vipd.netlink.route.RouteOutcome;
import dev.vipd.netlink.route.Rule;
import dev.vipd.vrrp.Holding;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRoute;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VirtualRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The routes and rules that this host has by our doing. They carry a protocol number of our own, and nothing without it
 * is ever deleted. Not thread-safe.
 */
final class RouteKeeper {
    private record Held(VirtualRouterConfig instance, Holding item, RouteChange add, RouteChange delete) {}

    private final RouteClient routes;
    private final Interfaces interfaces;
    private final VrrpListener listener;
    private final boolean dryRun;
    private final Map<Object, Held> held = new LinkedHashMap<>();
    /** The kernel does not tell of every route that it drops, so after some events all are looked at. */
    private boolean suspect;

    RouteKeeper(RouteClient routes, Interfaces interfaces, VrrpListener listener, boolean dryRun) {
        this.routes = routes;
        this.interfaces = interfaces;
        this.listener = listener;
        this.dryRun = dryRun;
    }

    /** Adds routes and rules, all at once. @return those that it failed for, and why */
    Map<Holding, String> add(VirtualRouterConfig instance, List<Holding> items) {
        Map<Holding, String> failed = new LinkedHashMap<>();
        List<Held> wanted = new ArrayList<>();
        List<RouteChange> changes = new ArrayList<>();
        List<Integer> deciding = new ArrayList<>();
        for (Holding item : items) {
            Optional<String> missing = missingDevice(item);
            if (missing.isPresent()) {
                failed.put(item, "no interface " + missing.get());
            } else if (dryRun) {
                listener.dryRun("add " + describe(item));
            } else {
                Held now = resolved(instance, item);
                Held before = held.get(item.identity());
                if (before != null && !same(before, now)) {
                    changes.add(before.delete());
                }
                deciding.add(changes.size());
                changes.add(now.add());
                wanted.add(now);
            }
        }
        long startNs = System.nanoTime();
        List<RouteOutcome> outcomes = routes.applyAll(changes);
        long ackNs = System.nanoTime() - startNs;
        for (int i = 0; i < wanted.size(); i++) {
            Held now = wanted.get(i);
            RouteOutcome outcome = outcomes.get(deciding.get(i));
            if (outcome.failure().isPresent()) {
                failed.put(now.item(), outcome.failure().get().getMessage());
            } else {
                held.put(now.item().identity(), now);
                if (outcome.changed()) {
                    listener.routed(instance, true, now.item(), ackNs);
                }
            }
        }
        return failed;
    }

    /** Deletes routes and rules, the last first; those found that a killed process left, too. */
    void remove(VirtualRouterConfig instance, List<Holding> items) {
        List<Held> removals = new ArrayList<>();
        for (Holding item : items.reversed()) {
            Held now = held.get(item.identity());
            if (now != null && now.instance().name().equals(instance.name())) {
                held.remove(item.identity());
                removals.add(now);
            } else if (now == null && missingDevice(item).isEmpty()) {
                removals.add(resolved(instance, item));
            }
        }
        if (dryRun) {
            return; // nothing was added
        }
        long startNs = System.nanoTime();
        List<RouteOutcome> outcomes = routes.applyAll(removals.stream().map(Held::delete).toList());
        long ackNs = System.nanoTime() - startNs;
        for (int i = 0; i < removals.size(); i++) {
            RouteOutcome outcome = outcomes.get(i);
            Holding item = removals.get(i).item();
            if (outcome.failure().isPresent()) {
                listener.deleteFailed(instance, item, outcome.failure().get().getMessage());
            } else if (outcome.changed()) {
                listener.routed(instance, false, item, ackNs);
            }
        }
    }

    /** The monitor tells of a route that is gone. */
    void toldGone(Route route) {
        suspect |= held.containsKey(route.key());
    }

    /** The monitor tells of a rule that is gone. */
    void toldGone(Rule rule) {
        suspect |= held.values().stream()
                .anyMatch(item -> item.item() instanceof VirtualRule ours && ours.rule().priority() == rule.priority());
    }

    /** Something happened after which the kernel drops routes without a word. */
    void lookAgain() {
        suspect = true;
    }

    /**
     * What somebody else deleted. All are added again, which the kernel refuses where they are: so it costs little and
     * is true at once, whatever notifications were lost or late.
     *
     * @return by instance; they count as not held from now on
     */
    Map<VirtualRouterConfig, List<Holding>> takeLost() {
        Map<VirtualRouterConfig, List<Holding>> lost = new LinkedHashMap<>();
        if (!suspect) {
            return lost;
        }
        suspect = false;
        List<Held> all = held.values().stream().filter(item -> !item.item().noTrack()).toList();
        List<RouteOutcome> outcomes = routes.applyAll(all.stream().map(Held::add).toList());
        for (int i = 0; i < all.size(); i++) {
            Held item = all.get(i);
            if (outcomes.get(i).changed() || outcomes.get(i).failure().isPresent()) {
                held.remove(item.item().identity());
                lost.computeIfAbsent(item.instance(), _ -> new ArrayList<>()).add(item.item());
            }
        }
        return lost;
    }

    boolean holdsAny() {
        return !held.isEmpty();
    }

    /** Deletes what an earlier process left of routes and rules that nobody wants any more. */
    void removeLeftovers(List<Holding> wanted) {
        if (dryRun) {
            return;
        }
        List<Object> identities = wanted.stream()
                .map(item -> item instanceof VirtualRule rule ? form(rule.rule()) : item.identity())
                .toList();
        List<RouteChange> changes = new ArrayList<>();
        try {
            routes.rules(Route.RTPROT_VIPD).stream()
                    .filter(rule -> !identities.contains(rule))
                    .map(RouteChange::deleteRule)
                    .forEach(changes::add);
            routes.routes(Route.RTPROT_VIPD).stream()
                    .filter(route -> !identities.contains(route.key()))
                    .map(RouteChange::deleteRoute)
                    .forEach(changes::add);
        } catch (NetlinkException e) {
            listener.hostTrouble("look for routes and rules that a killed process left", e.getMessage());
        }
        routes.applyAll(changes);
    }

    private static boolean same(Held a, Held b) {
        return a.add().request().operation().equals(b.add().request().operation())
                && Arrays.equals(a.add().request().payload(), b.add().request().payload());
    }

    private static String describe(Holding item) {
        return (item instanceof VirtualRoute ? "route " : "rule ") + item;
    }

    private Optional<String> missingDevice(Holding item) {
        return item instanceof VirtualRoute route
                ? route.devices().stream()
                        .filter(name -> !name.isEmpty() && interfaces.link(name).isEmpty())
                        .findFirst()
                : Optional.empty();
    }

    private Held resolved(VirtualRouterConfig instance, Holding item) {
        return switch (item) {
            case VirtualRoute route -> {
                Route form = form(route);
                yield new Held(instance, item, RouteChange.addRoute(form), RouteChange.deleteRoute(form));
            }
            case VirtualRule rule -> {
                Rule form = form(rule.rule());
                yield new Held(instance, item, RouteChange.addRule(form), RouteChange.deleteRule(form));
            }
            case VirtualAddress address -> throw new IllegalArgumentException(address + " is no route");
        };
    }

    /** With the indices of its interfaces and our protocol number. */
    private Route form(VirtualRoute virtual) {
        Route route = virtual.route();
        List<NextHop> hops = new ArrayList<>();
        for (int i = 0; i < Math.max(route.nextHops().size(), virtual.devices().size()); i++) {
            NextHop hop = i < route.nextHops().size()
                    ? route.nextHops().get(i)
                    : new NextHop(Optional.empty(), 0, 1, false);
            int index = i < virtual.devices().size()
                    ? interfaces.link(virtual.devices().get(i)).map(Link::index).orElse(0)
                    : 0;
            hops.add(new NextHop(hop.via(), index, hop.weight(), hop.onlink()));
        }
        return new Route(route.type(), route.destination(), route.source(), route.tos(), route.table(), route.metric(),
                route.scope(), Route.RTPROT_VIPD, route.preferredSource(), route.metrics(), hops);
    }

    private static Rule form(Rule rule) {
        return new Rule(rule.ipv6(), rule.priority(), rule.not(), rule.from(), rule.to(), rule.iif(), rule.oif(),
                rule.mark(), rule.tos(), rule.ipProtocol(), rule.sourcePorts(), rule.destinationPorts(), rule.action(),
                rule.table(), rule.suppressPrefixLength(), Route.RTPROT_VIPD);
    }
}
