package dev.vipd.director.doctor.io;

import dev.vipd.director.config.LvsConfig.SyncConfig;
import dev.vipd.director.config.VipdConfig;
import dev.vipd.director.control.ControlClient;
import dev.vipd.director.doctor.Facts;
import dev.vipd.director.doctor.Facts.Way;
import dev.vipd.director.doctor.Scene;
import dev.vipd.ipvs.IpvsTable;
import dev.vipd.ipvs.kernel.IpvsClient;
import dev.vipd.ipvs.kernel.IpvsUnavailableException;
import dev.vipd.netlink.NetlinkException;
import dev.vipd.netlink.route.InterfaceAddress;
import dev.vipd.netlink.route.Link;
import dev.vipd.netlink.route.NextHop;
import dev.vipd.netlink.route.Route;
import dev.vipd.netlink.route.RouteClient;
import dev.vipd.netlink.sys.Errno;
import dev.vipd.netlink.sys.SysException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads the facts. Changes nothing; on the wire it asks who has the VIPs and the real servers, and listens. */
public final class Gatherer {
    private static final Path SYSCTLS = Path.of("/proc/sys/net");
    /** Any address that is not near: the route to it is only looked up. */
    private static final InetAddress FAR = InetAddress.ofLiteral("1.1.1.1");
    private static final int SYNC_SECONDS = 3;
    private static final List<String> OF_INTERFACES = List.of("forwarding", "rp_filter", "send_redirects");

    private static final Pattern MASTER =
            Pattern.compile("\"master\":\\s*\\{\\s*\"address\":\\s*\"([0-9a-f.:]+)(?:%[^\"]*)?\"");

    private Gatherer() {}

    /**
     * Takes three seconds where a sync daemon is configured, else one.
     *
     * @param socket of the daemon, which need not run
     * @throws IOException when the kernel does not tell of its interfaces
     */
    public static Facts gather(VipdConfig config, Path socket) throws IOException, InterruptedException {
        Scene scene = new Scene(config, network(config));
        FutureTask<Facts.Sync> sync = new FutureTask<>(() -> sync(scene));
        Thread.ofVirtual().name("sync-listener").start(sync);
        Facts.Wire wire = WireAsker.ask(scene);
        Facts.Kernel kernel = kernel();
        Optional<String> status = status(socket);
        try {
            return new Facts(
                    sysctls(scene.interfaces()), ModuleFiles.read(Path.of("/")), scene.network(), kernel, wire,
                    sync.get(), status.isPresent(), status.map(Gatherer::masters).orElse(Set.of()));
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e);
        }
    }

    private static Facts.Sync sync(Scene scene) {
        Set<InetAddress> own = scene.network().addresses().stream()
                .map(InterfaceAddress::address)
                .collect(Collectors.toSet());
        return scene.config().lvs().syncDaemon()
                .map(SyncConfig::daemon)
                .map(daemon -> SyncListener.listen(daemon, own, SYNC_SECONDS))
                .orElse(Facts.Sync.NONE);
    }

    private static Facts.Network network(VipdConfig config) throws IOException {
        try (RouteClient client = RouteClient.open()) {
            List<Link> links = client.links();
            List<InterfaceAddress> addresses = client.addresses();
            Facts.Network near = new Facts.Network(links, addresses, Map.of(), Optional.empty());
            Map<InetAddress, Way> ways = new LinkedHashMap<>();
            for (InetAddress to : new Scene(config, near).destinations()) {
                way(client, to, links).ifPresent(way -> ways.put(to, way));
            }
            return new Facts.Network(links, addresses, ways, way(client, FAR, links));
        } catch (NetlinkException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static Optional<Way> way(RouteClient client, InetAddress to, List<Link> links) throws NetlinkException {
        Optional<Route> route = client.lookup(to);
        Optional<NextHop> hop = route.flatMap(found -> found.nextHops().stream().findFirst());
        if (hop.isEmpty()) {
            return Optional.empty();
        }
        return links.stream()
                .filter(link -> link.index() == hop.get().interfaceIndex())
                .findFirst()
                .map(link -> new Way(
                        link.name(), hop.get().via(), route.get().type() == Route.Type.LOCAL,
                        route.get().metrics().getOrDefault(Route.RTAX_MTU, link.mtu())));
    }

    private static Facts.Kernel kernel() {
        try (IpvsClient client = IpvsClient.open()) {
            return new Facts.Kernel(Optional.empty(), false, client.dump().table(), client.daemons());
        } catch (IpvsUnavailableException e) {
            boolean refused = e.getCause() instanceof NetlinkException cause && cause.errno() == Errno.EPERM;
            return unread(e.getMessage(), refused);
        } catch (NetlinkException e) {
            return unread(e.getMessage(), e.errno() == Errno.EPERM);
        } catch (SysException e) {
            return unread(e.getMessage(), false);
        }
    }

    private static Facts.Kernel unread(String why, boolean refused) {
        return new Facts.Kernel(Optional.of(why), refused, IpvsTable.EMPTY, List.of());
    }

    private static Map<String, String> sysctls(Set<String> interfaces) {
        List<String> paths = new ArrayList<>(
                List.of("ipv4/ip_forward", "ipv6/conf/all/forwarding", "ipv4/vs/backup_only"));
        for (String setting : OF_INTERFACES) {
            paths.add("ipv4/conf/all/" + setting);
            interfaces.forEach(name -> paths.add("ipv4/conf/" + name + "/" + setting));
        }
        Map<String, String> all = new HashMap<>();
        for (String path : paths) {
            try {
                all.put(path, Files.readString(SYSCTLS.resolve(path)).strip());
            } catch (IOException e) {
                // it is missing in the map, and the check that needs it says so
            }
        }
        return all;
    }

    /** What the daemon says of itself, if it runs. */
    private static Optional<String> status(Path socket) {
        try {
            return Optional.of(ControlClient.ask(socket, "status json"))
                    .filter(ControlClient.Response::ok)
                    .map(ControlClient.Response::text);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Addresses of the masters in a {@code status json}. */
    static Set<InetAddress> masters(String status) {
        Set<InetAddress> masters = new HashSet<>();
        Matcher matcher = MASTER.matcher(status);
        while (matcher.find()) {
            try {
                masters.add(InetAddress.ofLiteral(matcher.group(1)));
            } catch (IllegalArgumentException e) {
                // no address: somebody else listens on that socket
            }
        }
        return masters;
    }
}
