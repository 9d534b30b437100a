package dev.vipd.director;

import dev.vipd.director.config.VipdConfig;
import dev.vipd.director.control.ControlClient.Response;
import dev.vipd.vrrp.SyncGroupConfig;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VrrpReport;
import dev.vipd.vrrp.io.VrrpLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What operators do with instances: {@code vipd failover} and {@code vipd maintenance}. */
final class Operators {
    private static final long NS_PER_MS = 1_000_000;

    private final Maintenance maintenance;
    private final VrrpLoop vrrp;
    private final boolean dryRun;

    /** @throws IOException as {@link Maintenance#load} */
    Operators(Path stateDir, VrrpLoop vrrp, boolean dryRun) throws IOException {
        maintenance = Maintenance.load(stateDir);
        this.vrrp = vrrp;
        this.dryRun = dryRun;
    }

    /** Tells the loop which instances are out, before they start or as soon as that has changed. */
    void apply(VipdConfig config) {
        for (VirtualRouterConfig instance : config.instances()) {
            String name = instance.name();
            vrrp.maintenance(name, maintenance.covers(name) || mate(name, config).isPresent());
        }
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
            return new Response(false, "this is a dry run: nothing is handed over or kept\n");
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
