package dev.vipd.vrrp.io;

import dev.vipd.netlink.script.Nft;
import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.io.IOException;
import java.net.Inet6Address;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A table of our own, {@code inet vipd}, given to the program {@code nft} as a whole. For {@code no_accept} it drops
 * what is sent to the VIPs. It does not depend on who is master: without the address there is nothing to drop. It comes
 * after IPVS in the input hook, so that virtual servers work on such VIPs, and never drops neighbour discovery (RFC
 * 9568, 6.1, Accept_Mode). The program runs beside the loop, one after another.
 */
final class Firewall {
    private static final String NONE = "";
    private static final String TABLE = "vipd";

    private final VrrpListener listener;
    private final boolean dryRun;
    private String rules = NONE;
    private CompletableFuture<Void> running = CompletableFuture.completedFuture(null);

    Firewall(VrrpListener listener, boolean dryRun) {
        this.listener = listener;
        this.dryRun = dryRun;
    }

    /** @throws IOException when an instance needs the program and it is not there */
    static void require(List<VirtualRouterConfig> instances) throws IOException {
        for (VirtualRouterConfig instance : instances) {
            if (!instance.holding().accept() && !instance.owner() && !Nft.isThere()) {
                throw new IOException("vrrp_instances." + instance.name() + ".no_accept: " + Nft.NEEDED
                        + ", or use accept");
            }
        }
    }

    /** Makes the rules what these instances need. */
    void update(List<VirtualRouterConfig> instances) {
        String wanted = rules(instances);
        if (wanted.equals(rules) || !Nft.isThere()) { // see require: then there is only what is nice to have
            return;
        }
        rules = wanted;
        if (dryRun) {
            listener.dryRun("give nft:\n" + wanted);
        } else {
            run(Nft.without(TABLE) + wanted, why -> listener.hostTrouble("give nft the rules of table inet vipd", why));
        }
    }

    /** Removes the table that a killed process left, if it is not wanted. A host without nftables has none. */
    void removeLeftovers() {
        if (rules.equals(NONE) && !dryRun && Nft.isThere()) {
            run(Nft.without(TABLE), _ -> {});
        }
    }

    /** Removes the rules and waits for it. */
    void close() {
        update(List.of());
        running.orTimeout(Nft.TIMEOUT_SEC, TimeUnit.SECONDS).exceptionally(_ -> null).join();
    }

    /** The table for these instances; empty when none needs one. */
    static String rules(List<VirtualRouterConfig> instances) {
        List<VirtualAddress> closed = instances.stream()
                .filter(instance -> !instance.holding().accept() && !instance.owner())
                .flatMap(Devices::addresses)
                .toList();
        String macvlans = instances.stream()
                .filter(instance -> !instance.ipv6())
                .flatMap(instance -> instance.holding().vmac().stream())
                .map(vmac -> '"' + vmac.name() + '"')
                .collect(Collectors.joining(", "));
        String chains = (closed.isEmpty() ? "" : noAccept(closed)) + (macvlans.isEmpty() ? "" : noIgmp(macvlans));
        return chains.isEmpty() ? NONE : "table inet vipd {\n" + chains + "}\n";
    }

    private static String noAccept(List<VirtualAddress> closed) {
        return """
                    chain no_accept {
                        type filter hook input priority 110; policy accept;
                        icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
                """
                + dropped("ip", closed, false)
                + dropped("ip6", closed, true)
                + "    }\n";
    }

    /** From a backup it would draw frames for the virtual MAC here; 224.0.0.18 is flooded without (RFC 4541, 2.1.2). */
    private static String noIgmp(String macvlans) {
        return """
                    chain no_igmp {
                        type filter hook output priority 0; policy accept;
                        oifname { %s } ip protocol igmp counter drop
                    }
                """.formatted(macvlans);
    }

    private static String dropped(String family, List<VirtualAddress> addresses, boolean ipv6) {
        String set = addresses.stream()
                .filter(address -> address.address() instanceof Inet6Address == ipv6)
                .map(address -> address.address().getHostAddress())
                .distinct()
                .collect(Collectors.joining(", "));
        return set.isEmpty() ? "" : "        " + family + " daddr { " + set + " } counter drop\n";
    }

    private void run(String script, Consumer<String> trouble) {
        running = running.thenRunAsync(() -> {
            try {
                Nft.run(script);
            } catch (IOException e) {
                trouble.accept(e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, task -> Thread.ofVirtual().name("nft").start(task));
    }
}
