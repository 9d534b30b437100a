package dev.vipd.vrrp.io;

import dev.vipd.vrrp.VirtualAddress;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.io.IOException;
import java.net.Inet6Address;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
    private static final List<String> PLACES = List.of("/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft", "/bin/nft");
    private static final int TIMEOUT_SEC = 10;
    /** Ours goes whether it is there or not. */
    private static final String DELETE = "table inet vipd\ndelete table inet vipd\n";

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
            if (!instance.holding().accept() && !instance.owner() && program().isEmpty()) {
                throw new IOException("vrrp_instances." + instance.name() + ".no_accept: needs the program nft, which"
                        + " is not in /usr/sbin; install nftables, or use accept");
            }
        }
    }

    /** Makes the rules what these instances need. */
    void update(List<VirtualRouterConfig> instances) {
        String wanted = rules(instances);
        if (wanted.equals(rules) || program().isEmpty()) { // see require: then there is only what is nice to have
            return;
        }
        rules = wanted;
        if (dryRun) {
            listener.dryRun("give nft:\n" + wanted);
        } else {
            run(DELETE + wanted, why -> listener.hostTrouble("give nft the rules of table inet vipd", why));
        }
    }

    /** Removes the table that a killed process left, if it is not wanted. A host without nftables has none. */
    void removeLeftovers() {
        if (rules.equals(NONE) && !dryRun && program().isPresent()) {
            run(DELETE, _ -> {});
        }
    }

    /** Removes the rules and waits for it. */
    void close() {
        update(List.of());
        running.orTimeout(TIMEOUT_SEC, TimeUnit.SECONDS).exceptionally(_ -> null).join();
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

    private static Optional<Path> program() {
        return PLACES.stream().map(Path::of).filter(Files::isExecutable).findFirst();
    }

    private void run(String script, Consumer<String> trouble) {
        running = running.thenRunAsync(() -> {
            try {
                runNow(script);
            } catch (IOException e) {
                trouble.accept(e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, task -> Thread.ofVirtual().name("nft").start(task));
    }

    private static void runNow(String script) throws IOException, InterruptedException {
        Path program = program().orElseThrow(() -> new IOException("the program is not there any more"));
        Process process = new ProcessBuilder(program.toString(), "-f", "-").redirectErrorStream(true).start();
        try (var in = process.getOutputStream()) {
            in.write(script.getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (!process.waitFor(TIMEOUT_SEC, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("it did not end within " + TIMEOUT_SEC + " s");
        }
        if (process.exitValue() != 0) {
            throw new IOException(said);
        }
    }
}
