package dev.vipd.director;

import dev.vipd.director.config.Spelling;
import dev.vipd.director.config.VipdConfig;
import dev.vipd.director.control.ControlClient.Response;
import dev.vipd.healthcheck.pool.Admin;
import dev.vipd.vrrp.SyncGroupConfig;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VrrpReport;
import dev.vipd.vrrp.io.VrrpLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * What operators do: {@code vipd failover} and {@code vipd maintenance} with instances, {@code drain}, {@code disable},
 * {@code enable} and {@code weight} with real servers.
 */
final class Operators {
    private static final long NS_PER_MS = 1_000_000;
    private static final String DRY_RUN = "this is a dry run: nothing is handed over or kept\n";

    private final Maintenance maintenance;
    private final ServerOrders orders;
    private final VrrpLoop vrrp;
    private final boolean dryRun;

    /** @throws IOException as {@link OperatorFile#load} */
    Operators(Path stateDir, VrrpLoop vrrp, boolean dryRun) throws IOException {
        OperatorFile kept = OperatorFile.load(stateDir);
        OperatorFile file = dryRun ? kept.unwritten() : kept;
        maintenance = new Maintenance(file);
        orders = new ServerOrders(file);
        this.vrrp = vrrp;
        this.dryRun = dryRun;
    }

    /** Tells the loop which instances are out. */
    void apply(VipdConfig config) {
        config.instances().forEach(it -> vrrp.maintenance(it.name(), isOut(it.name(), config)));
    }

    /**
     * Tells it who is out by a configuration that is still to come, so that none of them starts. Nobody is taken back:
     * by the sync groups of now that could be one who is to stay out. {@link #apply} does so afterwards.
     */
    void takeOut(VipdConfig wanted) {
        wanted.instances().stream()
                .filter(it -> isOut(it.name(), wanted))
                .forEach(it -> vrrp.maintenance(it.name(), true));
    }

    private boolean isOut(String name, VipdConfig config) {
        return maintenance.covers(name) || mate(name, config).isPresent();
    }

    /** Another member of its sync group that is out: they go together. */
    private Optional<String> mate(String name, VipdConfig config) {
        return config.syncGroups().stream()
                .map(SyncGroupConfig::members)
                .filter(members -> members.contains(name))
                .flatMap(List::stream)
                .filter(member -> !member.equals(name) && maintenance.covers(member))
                .findFirst();
    }

    /** Takes an instance out or back; all of them when no name is given. */
    Response maintenance(String command, VipdConfig config) {
        String[] words = command.split(" ");
        boolean on = words.length > 1 && words[1].equals("on");
        if (words.length < 2 || words.length > 3 || !on && !words[1].equals("off")) {
            return new Response(false, "give: maintenance on|off [INSTANCE]\n");
        }
        if (dryRun) {
            return new Response(false, DRY_RUN);
        }
        try {
            if (words.length == 2) {
                maintenance.setAll(on);
            } else {
                set(words[2], on, config);
            }
        } catch (IOException e) {
            return new Response(false, e.getMessage() + "\n");
        }
        apply(config);
        String what = words.length == 2 ? "this node" : words[2];
        return new Response(true, on
                ? what + " is in maintenance, over reload, restart and reboot, until: vipd maintenance off"
                        + (words.length == 2 ? "" : " " + words[2]) + "\n"
                : what + " takes part again\n");
    }

    /** What is wanted of single real servers. */
    ServerOrders orders() {
        return orders;
    }

    /** Carries out {@code drain|disable|enable SERVICE SERVER} or {@code weight SERVICE SERVER N|default}. */
    Response server(String command, Services services) {
        String[] words = command.split(" ");
        if (words.length != (words[0].equals("weight") ? 4 : 3)) {
            return new Response(false, "give: drain|disable|enable SERVICE SERVER, or"
                    + " weight SERVICE SERVER N|default\n");
        }
        if (dryRun) {
            return new Response(false, DRY_RUN);
        }
        List<String> addresses = services.addresses(words[1]);
        Optional<String> known = ServerNames.find(words[2], addresses);
        ServerOrders.Server server = new ServerOrders.Server(words[1], known.orElse(words[2]));
        Admin before = orders.of(server);
        if (known.isEmpty() && (before.equals(Admin.ENABLED) || !words[0].equals("enable"))) {
            return new Response(false, addresses.isEmpty()
                    ? ServerNames.noService(words[1], services.names())
                    : ServerNames.noServer(words[1], words[2], addresses));
        }
        Optional<Admin> wanted = wanted(words, before);
        if (wanted.isEmpty()) {
            return new Response(false, Spelling.quote(words[3]) + " is no weight; give 0..2147483647, or default\n");
        }
        try {
            orders.set(server, wanted.get());
        } catch (IOException e) {
            return new Response(false, e.getMessage() + "\n");
        }
        services.order(server, wanted.get());
        return new Response(true, said(server, wanted.get(), services.drainTimeoutNs(server.service())));
    }

    /**
     * How far a drain is, for {@code vipd drain --wait}: the mode of its order in the first word, and more while it is
     * under way.
     */
    Response drained(String command, Services services) {
        String[] words = command.split(" ");
        if (words.length != 3) {
            return new Response(false, "give: drained SERVICE SERVER\n");
        }
        List<String> addresses = services.addresses(words[1]);
        Optional<String> known = ServerNames.find(words[2], addresses);
        ServerOrders.Server server = new ServerOrders.Server(words[1], known.orElse(words[2]));
        String more = services.drain(server)
                .map(drain -> DrainText.left(drain, System.nanoTime()))
                .map(text -> text.isEmpty() ? " not counted yet" : " " + text)
                .orElse("");
        return new Response(true, orders.of(server).mode() + more + "\n");
    }

    private static Optional<Admin> wanted(String[] words, Admin before) {
        return switch (words[0]) {
            case "drain" -> Optional.of(before.mode() == Admin.Mode.DRAINED
                    ? before
                    : before.withMode(Admin.Mode.DRAIN));
            case "disable" -> Optional.of(before.withMode(Admin.Mode.DISABLED));
            case "enable" -> Optional.of(before.withMode(Admin.Mode.ENABLED));
            default -> words[3].equals("default")
                    ? Optional.of(new Admin(before.mode(), OptionalInt.empty()))
                    : Optional.of(ServerOrders.weight(words[3]))
                            .filter(OptionalInt::isPresent)
                            .map(weight -> new Admin(before.mode(), weight));
        };
    }

    private static String said(ServerOrders.Server server, Admin admin, long drainTimeoutNs) {
        String mode = switch (admin.mode()) {
            case ENABLED -> "its health decides";
            case DRAIN -> "it gets no new connections, and is out of the table when those that it has are over"
                    + (drainTimeoutNs == 0 ? "" : ", or after " + DrainText.span(drainTimeoutNs))
                    + "; over reload, restart and reboot, until: vipd enable "
                    + server.service() + " " + server.address();
            case DRAINED -> "it is drained to the end and out of the table, over reload, restart and reboot, until:"
                    + " vipd enable " + server.service() + " " + server.address();
            case DISABLED -> "it is out of the table, over reload, restart and reboot, until: vipd enable "
                    + server.service() + " " + server.address();
        };
        String weight = admin.weight().isEmpty() ? "" : "; its weight is " + admin.weight().getAsInt()
                + " until: vipd weight " + server.service() + " " + server.address() + " default";
        return server + ": " + mode + weight + "\n";
    }

    /** Has the peer take over. Any thread. */
    Response failover(String name) throws InterruptedException {
        if (dryRun) {
            return new Response(false, "this is a dry run: nothing is handed over\n");
        }
        try {
            VrrpReport.HandoverEnded end = Await.answer("vrrp", vrrp.failover(name));
            return end.successor()
                    .map(peer -> new Response(true, name + ": " + peer.getHostAddress() + " took over after "
                            + end.tookNs() / NS_PER_MS + " ms\n"))
                    .orElseGet(() -> end.tookNs() == 0 ? new Response(true, name + ": let go at once, since handover is"
                            + " off for it; a peer takes over when it misses the adverts\n")
                            : new Response(false, name + ": no peer took over, so it stays MASTER here; see"
                            + " whether the peer runs (vipd status there), or take this one out all the same: vipd"
                            + " maintenance on " + name + "\n"));
        } catch (IOException e) {
            return new Response(false, e.getMessage() + "\n");
        }
    }

    /** One that left the configuration while it was out can be brought back, but not taken out. */
    private void set(String name, boolean on, VipdConfig config) throws IOException {
        boolean configured = config.instances().stream().anyMatch(instance -> instance.name().equals(name));
        if (!configured && (on || !maintenance.covers(name))) {
            throw new IOException("there is no instance " + name + "; there are " + config.instances().stream()
                    .map(VirtualRouterConfig::name)
                    .collect(Collectors.joining(", ")));
        }
        if (!on && maintenance.all()) {
            throw new IOException("the whole node is in maintenance; end that with: vipd maintenance off");
        }
        Optional<String> mate = mate(name, config);
        if (!on && !maintenance.covers(name) && mate.isPresent()) {
            throw new IOException(name + " is out with " + mate.get() + " of its sync group; end that with: vipd"
                    + " maintenance off " + mate.get());
        }
        maintenance.set(name, on);
    }
}
