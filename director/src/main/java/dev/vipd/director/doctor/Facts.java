package dev.vipd.director.doctor;

import dev.vipd.ipvs.IpvsTable;
import dev.vipd.ipvs.SyncDaemon;
import dev.vipd.netlink.route.InterfaceAddress;
import dev.vipd.netlink.route.Link;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What was read of this host and heard on the wire.
 *
 * @param sysctls under /proc/sys/net by their path there: {@code ipv4/conf/eth0/rp_filter}; what is missing could not
 *                be read
 * @param modules of the kernel
 * @param network interfaces, addresses, ways
 * @param kernel  IPVS in it
 * @param wire    who answers for which address
 * @param sync    what was heard of sync daemons
 * @param daemon  whether a vipd runs here
 * @param masters addresses of those that it hears as MASTER
 */
public record Facts(
        Map<String, String> sysctls,
        Modules modules,
        Network network,
        Kernel kernel,
        Wire wire,
        Sync sync,
        boolean daemon,
        Set<InetAddress> masters) {
    public Facts {
        sysctls = Map.copyOf(sysctls);
        masters = Set.copyOf(masters);
    }

    /**
     * Modules of the kernel, and programs.
     *
     * @param there    loaded, built in, or in a file that can be loaded
     * @param complete whether the list of files could be read: only then what is not there is missing
     * @param nft      whether the program nft is installed
     */
    public record Modules(Set<String> there, boolean complete, boolean nft) {
        public Modules {
            there = Set.copyOf(there);
        }
    }

    /**
     * The network of this host.
     *
     * @param ways    to each real server; none for one that can't be reached
     * @param beyond  to a far address of IPv4, as clients have; empty without such a route
     */
    public record Network(
            List<Link> links, List<InterfaceAddress> addresses, Map<InetAddress, Way> ways, Optional<Way> beyond) {
        public Network {
            links = List.copyOf(links);
            addresses = List.copyOf(addresses);
            ways = Map.copyOf(ways);
        }
    }

    /**
     * How the kernel would send to an address.
     *
     * @param interfaceName out of which interface
     * @param via           the gateway; empty: it is on the link
     * @param local         whether the address is this host's own
     * @param mtu           bytes of the largest packet
     */
    public record Way(String interfaceName, Optional<InetAddress> via, boolean local, int mtu) {}

    /**
     * IPVS.
     *
     * @param trouble  why it can't be asked; empty: it was
     * @param refused  whether only a privilege is missing
     */
    public record Kernel(Optional<String> trouble, boolean refused, IpvsTable table, List<SyncDaemon> daemons) {
        public Kernel {
            daemons = List.copyOf(daemons);
        }
    }

    /**
     * Who answered for the addresses that {@link Scene#questions} has, by MAC address as text, this host's own left
     * out.
     *
     * @param answers for each VIP that could be asked for
     * @param servers MAC addresses of real servers on the link
     * @param trouble why something could not be asked
     */
    public record Wire(
            Map<InetAddress, Set<String>> answers, Map<InetAddress, Set<String>> servers, List<String> trouble) {
        public static final Wire SILENT = new Wire(Map.of(), Map.of(), List.of());

        public Wire {
            answers = Map.copyOf(answers);
            servers = Map.copyOf(servers);
            trouble = List.copyOf(trouble);
        }
    }

    /**
     * What came in over the group of the sync daemons.
     *
     * @param seconds how long was listened; 0: not at all
     * @param trouble why it could not be listened; empty: it was
     */
    public record Sync(int seconds, Optional<String> trouble, List<Heard> heard) {
        public static final Sync NONE = new Sync(0, Optional.empty(), List.of());

        public Sync {
            heard = List.copyOf(heard);
        }
    }

    /** A message of another host's sync daemon. */
    public record Heard(InetAddress from, SyncMessage message) {}
}
