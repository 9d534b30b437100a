package dev.vipd.director.config;

import dev.vipd.vrrp.TransportConfig;
import dev.vipd.vrrp.VirtualAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What only one instance of the file may have. */
final class Claims {
    private final Map<String, List<Router>> routers = new HashMap<>();
    private final Map<String, String> addresses = new HashMap<>();
    private final Map<String, String> macvlans = new HashMap<>();

    private record Router(String instance, List<InetAddress> peers) {
        /** Two may share a VRID if no peer of one is a peer of the other: their adverts never meet. */
        boolean meets(List<InetAddress> others) {
            return peers.isEmpty() || others.isEmpty() || peers.stream().anyMatch(others::contains);
        }
    }

    /** The VRID, for each interface and family. */
    void virtualRouter(String instance, Value vrid, String device, int id, boolean ipv6, TransportConfig transport) {
        String key = device + " " + id + " " + ipv6;
        List<Router> same = routers.computeIfAbsent(key, k -> new ArrayList<>());
        List<InetAddress> peers = transport.peerAddresses();
        same.stream().filter(other -> other.meets(peers)).findFirst().ifPresent(other -> vrid.error(id
                + " is already used on " + device + (ipv6 ? " for IPv6" : "") + " by " + other.instance()
                + "; give each instance of an interface its own"));
        same.add(new Router(instance, peers));
    }

    /** A VIP; a link-local one for each interface. */
    void address(String instance, Value item, VirtualAddress vip, String device) {
        InetAddress address = vip.address();
        String key = address.getHostAddress()
                + (address.isLinkLocalAddress() ? " " + vip.options().device().orElse(device) : "");
        String other = addresses.putIfAbsent(key, instance);
        if (other != null) {
            item.error(address.getHostAddress() + (other.equals(instance)
                    ? " is listed twice; keep one of them"
                    : " is already a VIP of " + other + "; an address belongs to one instance"));
        }
    }

    /** The name of a macvlan. */
    void macvlan(String instance, Value at, String name) {
        String other = macvlans.putIfAbsent(name, instance);
        if (other != null) {
            at.error(name + " is already the macvlan of " + other + "; give a name of its own, such as use_vmac: vrrp."
                    + instance.substring(0, Math.min(instance.length(), 10)));
        }
    }
}
