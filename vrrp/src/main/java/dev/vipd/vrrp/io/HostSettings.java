package dev.vipd.vrrp.io;

import dev.vipd.netlink.sys.Sysctls;
import dev.vipd.vrrp.HoldingConfig;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Settings of the host's interfaces that instances need: changed while they are configured, put back when none needs
 * them any more. Not thread-safe.
 */
final class HostSettings {
    private final Sysctls sysctls = new Sysctls();
    private final VrrpListener listener;
    private final boolean dryRun;
    private final Set<String> set = new HashSet<>();

    HostSettings(VrrpListener listener, boolean dryRun) {
        this.listener = listener;
        this.dryRun = dryRun;
    }

    /** Sets what these instances need on interfaces that are there, and puts back what they no longer do. */
    void update(List<VirtualRouterConfig> instances, List<String> interfaceNames) {
        if (dryRun) {
            return;
        }
        Map<String, String> wanted = wanted(instances, interfaceNames);
        for (String key : Set.copyOf(set)) {
            if (!wanted.containsKey(key)) {
                sysctls.restore(key);
                set.remove(key);
            }
        }
        wanted.forEach((key, value) -> {
            if (set.add(key)) {
                try {
                    sysctls.set(key, value);
                } catch (IOException e) {
                    listener.hostTrouble("change a setting of the kernel", e.getMessage());
                }
            }
        });
    }

    /** Sets it on an interface of our own, which nobody misses afterwards; a kernel without such a setting is fine. */
    void write(String key, String value) throws IOException {
        if (sysctls.get(key).isPresent()) {
            sysctls.set(key, value);
        }
    }

    /** Puts everything back. */
    void restore() {
        sysctls.restoreAll();
        set.clear();
    }

    /**
     * With a macvlan on it, an interface must answer ARP only for its own addresses, and take a packet from where it
     * would not send to: the kernel uses the higher of {@code all} and the interface for rp_filter, so that
     * {@code all} has to be 0 and every interface keeps what it had by {@code all}.
     */
    private Map<String, String> wanted(List<VirtualRouterConfig> instances, List<String> interfaceNames) {
        Map<String, String> wanted = new LinkedHashMap<>();
        boolean vmacs = false;
        for (VirtualRouterConfig instance : instances) {
            HoldingConfig holding = instance.holding();
            if (!interfaceNames.contains(instance.interfaceName())) {
                continue;
            }
            String conf = "ipv4/conf/" + instance.interfaceName() + "/";
            if (holding.promoteSecondaries()) {
                wanted.put(conf + "promote_secondaries", "1");
            }
            if (holding.vmac().isPresent() && !instance.ipv6()) {
                vmacs = true;
                wanted.put(conf + "arp_ignore", "1");
                wanted.put(conf + "arp_filter", "1");
            }
        }
        if (vmacs) {
            wanted.putAll(looseReturnPath(interfaceNames));
        }
        return wanted;
    }

    private Map<String, String> looseReturnPath(List<String> interfaceNames) {
        Map<String, String> wanted = new LinkedHashMap<>();
        String all = "ipv4/conf/all/rp_filter";
        try {
            Optional<String> before = sysctls.get(all);
            if (before.isEmpty() || before.get().equals("0")) {
                set.stream().filter(key -> key.endsWith("/rp_filter")).forEach(key -> wanted.put(key, ""));
                return wanted; // done earlier, or not needed
            }
            List<String> names = new ArrayList<>(interfaceNames);
            names.add("default");
            for (String name : names) {
                String key = "ipv4/conf/" + name + "/rp_filter";
                String own = sysctls.get(key).orElse(before.get());
                wanted.put(key, own.compareTo(before.get()) < 0 ? before.get() : own);
            }
            wanted.put(all, "0");
        } catch (IOException e) {
            listener.hostTrouble("read rp_filter", e.getMessage());
        }
        return wanted;
    }
}
