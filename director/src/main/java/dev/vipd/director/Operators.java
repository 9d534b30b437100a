package dev.vipd.director;

import dev.vipd.director.control.ControlClient.Response;
import dev.vipd.vrrp.VirtualRouterConfig;
import dev.vipd.vrrp.VrrpReport;
import dev.vipd.vrrp.io.VrrpLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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

    /** Tells the loop which of these are out, before they start or as soon as that has changed. */
    void apply(List<VirtualRouterConfig> instances) {
        for (VirtualRouterConfig instance : instances) {
            vrrp.maintenance(instance.name(), maintenance.covers(instance.name()));
        }
    }

    /** Takes an instance out or back; all of them when no name is given. */
    Response maintenance(String command, List<VirtualRouterConfig> instances) {
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
                String name = known(words[2], instances);
                if (!on && maintenance.all()) {
                    throw new IOException("the whole node is in maintenance; end that with: vipd maintenance off");
                }
                maintenance.set(name, on);
            }
        } catch (IOException e) {
            return new Response(false, e.getMessage() + "\n");
        }
        apply(instances);
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
                    .orElseGet(() -> new Response(false, name + ": no peer took over, so it stays MASTER here; see"
                            + " whether the peer runs (vipd status there), or take this one out all the same: vipd"
                            + " maintenance on " + name + "\n"));
        } catch (IOException e) {
            return new Response(false, e.getMessage() + "\n");
        }
    }

    private static String known(String name, List<VirtualRouterConfig> instances) throws IOException {
        if (instances.stream().noneMatch(instance -> instance.name().equals(name))) {
            throw new IOException("there is no instance " + name + "; there are "
                    + instances.stream().map(VirtualRouterConfig::name).collect(Collectors.joining(", ")));
        }
        return name;
    }
}
