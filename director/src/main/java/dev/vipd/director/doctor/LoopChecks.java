package dev.vipd.director.doctor;

import dev.vipd.director.config.LvsConfig.SyncConfig;
import dev.vipd.director.doctor.Scene.Backend;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Directors that are real servers too. With DR and TUN a packet of the MASTER looks on the BACKUP's host as if a client
 * had sent it; the table there, which is the same, spreads it anew, back to the MASTER perhaps. The kernel's answer is
 * backup_only: while the backup sync daemon runs, the table is not looked at.
 */
final class LoopChecks {
    private static final String LOOP = "loop";
    private static final String BACKUP_ONLY = "backup_only";

    private LoopChecks() {}

    static List<Diagnosis> all(Scene scene, Facts facts) {
        List<Diagnosis> all = new ArrayList<>();
        boolean backupOnly = backupOnly(scene, facts);
        Optional<SyncConfig> sync = scene.config().lvs().syncDaemon();
        if (backupOnly && sync.isPresent() && sync.get().instance().isEmpty()) {
            all.add(Diagnosis.error(LOOP, "backup_only is on, and the sync daemon of role BACKUP always runs",
                    "lvs_sync_daemon", "while that runs this director forwards nothing, as MASTER neither",
                    "name an instance in lvs_sync_daemon, so that its role follows it; or backup_only: false"));
        }
        Set<InetAddress> peers = peers(scene, facts);
        List<Backend> loops = scene.config().instances().isEmpty() ? List.of() : scene.backends().stream()
                .filter(Backend::routed)
                .filter(backend -> scene.local(backend.server().address())
                        || peers.contains(backend.server().address()))
                .toList();
        boolean follows = sync.flatMap(SyncConfig::instance).isPresent();
        if (!loops.isEmpty()) {
            all.add(backupOnly && follows
                    ? Diagnosis.ok(LOOP, "directors are real servers too, and backup_only keeps the BACKUP from"
                            + " spreading what the MASTER sends it")
                    : loop(scene, loops, backupOnly));
        }
        for (Vip vip : scene.vips()) {
            boolean served = loops.stream().anyMatch(loop -> vip.services().contains(loop.service().name()));
            boolean wanted = vip.configured().flatMap(address -> address.options().device()).equals(Optional.of("lo"));
            if (scene.onLoopback(vip.address()) && !served && !wanted) {
                all.add(Diagnosis.warn(LOOP, vip.text() + " is on lo here, as on a real server", vip.where(),
                        "this host takes packets for it also while another one is MASTER",
                        "vipd realserver undo " + vip.text() + ", or ip addr del " + vip.text() + "/"
                                + Networks.bits(vip.address()) + " dev lo"));
            }
        }
        return all;
    }

    private static Diagnosis loop(Scene scene, List<Backend> loops, boolean backupOnly) {
        List<String> which = loops.stream()
                .map(loop -> loop.at() + (scene.local(loop.server().address()) ? " (this host)" : " (the peer)"))
                .toList();
        return Diagnosis.error(LOOP,
                "a director is a real server too: " + Networks.few(which) + ", by "
                        + loops.getFirst().server().method(),
                ForwardingChecks.where(loops),
                "what the MASTER sends to the BACKUP's host is spread again by the table there, and goes round between"
                        + " the two: such connections hang",
                (backupOnly ? "" : "global: lvs_sysctls: { backup_only: true }, and ")
                        + "an lvs_sync_daemon that follows the instance, on both directors; or leave them out of"
                        + " real_servers");
    }

    /** As configured, which is set when vipd starts, or as it is. */
    private static boolean backupOnly(Scene scene, Facts facts) {
        String configured = scene.config().lvs().sysctls().get(BACKUP_ONLY);
        return configured != null
                ? !List.of("0", "false").contains(configured.strip())
                : Scene.number(facts.sysctls(), "ipv4/vs/" + BACKUP_ONLY).orElse(0) != 0;
    }

    /** The other directors, where the configuration tells of them, or vipd hears them. */
    static Set<InetAddress> peers(Scene scene, Facts facts) {
        Set<InetAddress> peers = new LinkedHashSet<>(facts.masters());
        peers.removeIf(scene::local);
        scene.config().instances().forEach(instance -> peers.addAll(instance.transport().peerAddresses()));
        return peers;
    }
}
