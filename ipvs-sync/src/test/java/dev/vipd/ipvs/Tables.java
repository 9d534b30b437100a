package dev.vipd.ipvs;

import dev.vipd.ipvs.ServiceKey.Protocol;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** Short ways to write tables, and random ones. */
public final class Tables {
    private static final String[] SCHEDULERS = {"rr", "wrr", "wlc", "sh"};

    private Tables() {}

    public static ServiceKey key(int port) {
        return ServiceKey.of(Protocol.TCP, InetAddress.ofLiteral("192.0.2.100"), port);
    }

    public static Endpoint at(int host) {
        return new Endpoint(InetAddress.ofLiteral("192.0.2." + host), 80);
    }

    public static Service service(int port) {
        return new Service(key(port), "wlc", 0, 0, -1, "");
    }

    public static Destination destination(int host, int weight) {
        return new Destination(at(host), ForwardingMethod.DR.kernelValue(), weight, 0, 0, Destination.Tunnel.IPIP);
    }

    public static IpvsTable.Entry entry(int port, Destination... destinations) {
        return IpvsTable.Entry.of(service(port), List.of(destinations));
    }

    public static IpvsTable table(IpvsTable.Entry... entries) {
        return new IpvsTable(List.of(entries));
    }

    public static RealServer real(int host, int weight) {
        return RealServer.of(at(host).address(), 80, weight, ForwardingMethod.DR);
    }

    public static VirtualServer server(String name, int port, RealServer... reals) {
        return new VirtualServer(
                name, List.of(key(port)), Scheduling.of("wlc", false), List.of(), List.of(reals));
    }

    public static VirtualServer withSorry(VirtualServer base, RealServer... sorry) {
        return new VirtualServer(
                base.name(), base.keys(), base.scheduling(), List.of(sorry), base.realServers());
    }

    /** All servers with their configured weights. */
    public static DesiredTable desired(VirtualServer... servers) {
        return DesiredTable.of(Arrays.asList(servers), ServiceShares::whole);
    }

    /** This very table, its services named for their ports. */
    public static DesiredTable desired(IpvsTable table) {
        return new DesiredTable(
                table, table.keys().stream().collect(Collectors.toMap(key -> key, key -> "s" + key.port())),
                Map.of());
    }

    /** Up to {@code services} services with up to five destinations each, drawn from few, so that tables overlap. */
    public static IpvsTable random(Random random, int services) {
        List<IpvsTable.Entry> entries = new ArrayList<>();
        for (int port = 1; port <= services; port++) {
            if (random.nextInt(4) == 0) {
                continue;
            }
            String scheduler = SCHEDULERS[random.nextInt(SCHEDULERS.length)];
            int timeoutSec = random.nextInt(3) == 0 ? 300 : 0;
            Service service = new Service(key(port), scheduler, timeoutSec == 0 ? 0 : 1, timeoutSec, -1, "");
            List<Destination> destinations = new ArrayList<>();
            for (int host = 1; host <= 5; host++) {
                if (random.nextBoolean()) {
                    int method = random.nextInt(4) == 0 ? 2 : 3;
                    int upper = random.nextInt(8) == 0 ? 100 : 0;
                    destinations.add(new Destination(
                            at(host), method, random.nextInt(3), upper, 0, Destination.Tunnel.IPIP));
                }
            }
            Collections.shuffle(destinations, random);
            entries.add(IpvsTable.Entry.of(service, destinations));
        }
        Collections.shuffle(entries, random);
        return new IpvsTable(entries);
    }
}
