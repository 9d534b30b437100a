package dev.vipd.vrrp.io;

import dev.vipd.vrrp.FaultReason;
import dev.vipd.vrrp.VrrpEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A static item that can't be held keeps the instances of its track group from taking part. Not thread-safe. */
final class StaticFaults {
    private Map<String, Set<FaultReason>> told = Map.of();

    /** Tells the instances what has changed. @param now by the name of an instance */
    void tell(Map<String, Set<FaultReason>> now, List<Instance> instances, long nowNs) {
        if (now.equals(told)) {
            return;
        }
        for (Instance instance : instances) {
            Set<FaultReason> before = of(told, instance);
            Set<FaultReason> wanted = of(now, instance);
            before.stream()
                    .filter(fault -> !wanted.contains(fault))
                    .forEach(fault -> instance.on(new VrrpEvent.FaultCleared(fault), nowNs));
            wanted.stream()
                    .filter(fault -> !before.contains(fault))
                    .forEach(fault -> instance.on(new VrrpEvent.FaultRaised(fault), nowNs));
        }
        told = now;
    }

    /** Tells an instance that comes later what the others know. */
    void tellNew(Instance instance, long nowNs) {
        of(told, instance).forEach(fault -> instance.on(new VrrpEvent.FaultRaised(fault), nowNs));
    }

    private static Set<FaultReason> of(Map<String, Set<FaultReason>> faults, Instance instance) {
        return faults.getOrDefault(instance.config().name(), Set.of());
    }
}
