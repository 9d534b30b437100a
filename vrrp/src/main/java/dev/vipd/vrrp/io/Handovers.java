package dev.vipd.vrrp.io;

import dev.vipd.vrrp.FaultReason;
import dev.vipd.vrrp.HandoverGoal;
import dev.vipd.vrrp.VrrpEvent;
import dev.vipd.vrrp.VrrpReport;
import dev.vipd.vrrp.VrrpState;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Has instances go when somebody wants them to. The members of a sync group go together: their successors only take
 * over together. On the loop's thread only.
 */
final class Handovers {
    private final Supplier<List<Instance>> instances;
    private final InstanceGroups groups;
    private final Set<String> inMaintenance = new HashSet<>();

    /** @param instances those that there are, at any time */
    Handovers(Supplier<List<Instance>> instances, InstanceGroups groups) {
        this.instances = instances;
        this.groups = groups;
    }

    /** Tells a new instance, before its start. */
    void begin(Instance instance, long nowNs) {
        if (inMaintenance.contains(instance.config().name())) {
            instance.on(new VrrpEvent.FaultRaised(FaultReason.MAINTENANCE), nowNs);
        }
    }

    /** Takes an instance out, after a master has handed over, or lets it take part again; also one that comes later. */
    void maintenance(String name, boolean on) {
        Set<String> names = groups.with(name);
        boolean changed = on ? inMaintenance.addAll(names) : inMaintenance.removeAll(names);
        if (!changed) {
            return;
        }
        long nowNs = System.nanoTime();
        for (Instance instance : named(names)) {
            if (on) {
                instance.handOver(HandoverGoal.MAINTENANCE, nowNs);
            } else {
                instance.on(new VrrpEvent.FaultCleared(FaultReason.MAINTENANCE), nowNs);
            }
        }
    }

    /**
     * Has a master hand over to its peer.
     *
     * @return completes with how it ended
     * @throws IOException when it is not one, with a message that says what to do
     */
    CompletableFuture<VrrpReport.HandoverEnded> failover(String name) throws IOException {
        Instance instance = named(Set.of(name)).stream()
                .findFirst()
                .orElseThrow(() -> new IOException("there is no instance " + name + "; vipd status lists them"));
        if (instance.router().state() != VrrpState.MASTER) {
            throw new IOException(name + " is " + instance.router().state() + " here, so it has nothing to hand over;"
                    + " ask the node that is MASTER");
        }
        long nowNs = System.nanoTime();
        CompletableFuture<VrrpReport.HandoverEnded> end = instance.handOver(HandoverGoal.FAILOVER, nowNs);
        named(groups.with(name)).stream()
                .filter(mate -> mate != instance)
                .forEach(mate -> mate.handOver(HandoverGoal.FAILOVER, nowNs));
        return end;
    }

    /** Has every master hand over, all at the same time; the others stop at once. */
    void stop() {
        long nowNs = System.nanoTime();
        instances.get().forEach(instance -> instance.handOver(HandoverGoal.STOP, nowNs));
    }

    /** Whether every instance has stopped. */
    boolean stopped() {
        return instances.get().stream().allMatch(instance -> instance.router().state() == VrrpState.INIT);
    }

    private List<Instance> named(Set<String> names) {
        return instances.get().stream()
                .filter(instance -> names.contains(instance.config().name()))
                .toList();
    }
}
