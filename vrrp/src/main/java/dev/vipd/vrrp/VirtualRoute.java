package dev.vipd.vrrp;

import dev.vipd.netlink.route.Route;
import java.util.List;

/**
 * One of {@code virtual_routes}.
 *
 * @param route   its next hops have no interface index
 * @param devices {@code dev} of each next hop, in their order; an empty name where none is given
 * @param noTrack {@code no_track}: it is not put back when somebody else deletes it
 */
public record VirtualRoute(Route route, List<String> devices, boolean noTrack) implements Holding {
    public VirtualRoute {
        devices = List.copyOf(devices);
    }

    @Override
    public Object identity() {
        return route.key();
    }

    @Override
    public String toString() {
        return route.toString();
    }
}
