package dev.vipd.director.doctor;

import dev.vipd.director.config.LvsConfig.SyncConfig;
import dev.vipd.ipvs.SyncDaemon;
import dev.vipd.ipvs.SyncDaemon.Role;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether the sync daemons of the two directors can understand one another. */
final class SyncChecks {
    private static final String SYNC = "sync";
    private static final int USUAL_PORT = 8848;
    private static final String WHERE = "lvs_sync_daemon";
    private static final String LOST = "connections break at the next failover, since the new MASTER doesn't know them";

    private final Scene scene;
    private final Facts facts;
    private final SyncConfig config;
    private final List<Diagnosis> all = new ArrayList<>();

    private SyncChecks(Scene scene, Facts facts, SyncConfig config) {
        this.scene = scene;
        this.facts = facts;
        this.config = config;
    }

    static List<Diagnosis> all(Scene scene, Facts facts) {
        return scene.config().lvs().syncDaemon()
                .map(config -> new SyncChecks(scene, facts, config).look())
                .orElse(List.of());
    }

    private List<Diagnosis> look() {
        if (scene.link(config.daemon().interfaceName()).isEmpty()) {
            all.add(Diagnosis.error(SYNC, "there is no interface " + config.daemon().interfaceName(), WHERE, LOST,
                    "interface: in lvs_sync_daemon, one of " + Networks.few(
                            scene.network().links().stream().map(link -> link.name()).toList())));
            return all;
        }
        if (facts.kernel().trouble().isEmpty()) {
            running();
        }
        heard();
        return all;
    }

    /** Roles that should run: of the instance that it follows, or both. */
    private List<Role> roles() {
        return config.instance().isEmpty() ? List.of(Role.MASTER, Role.BACKUP) : List.of(isMaster()
                ? Role.MASTER
                : Role.BACKUP);
    }

    private boolean isMaster() {
        return scene.config().instances().stream()
                .filter(instance -> config.instance().equals(Optional.of(instance.name())))
                .map(VirtualRouterConfig::addresses)
                .anyMatch(addresses -> !scene.holders(addresses.getFirst().address()).isEmpty());
    }

    private void running() {
        List<SyncDaemon> found = facts.kernel().daemons();
        boolean met = true;
        for (Role role : roles()) {
            SyncDaemon wanted = config.daemon().as(role);
            if (found.stream().noneMatch(wanted::isMetBy)) {
                met = false;
                all.add(notRunning(wanted, found));
            }
        }
        if (met) {
            all.add(Diagnosis.ok(SYNC, "sync daemon runs as " + roles().getFirst() + " on "
                    + config.daemon().describe()));
        }
    }

    private Diagnosis notRunning(SyncDaemon wanted, List<SyncDaemon> found) {
        String what = "sync daemon " + wanted.role() + " on " + wanted.describe() + " does not run"
                + (found.isEmpty() ? "" : "; what runs is " + Networks.few(
                        found.stream().map(daemon -> daemon.role() + " on " + daemon.describe()).toList()));
        return facts.daemon()
                ? Diagnosis.error(SYNC, what, WHERE, LOST, "vipd status tells why; vipd sets it right each"
                        + " resync_interval")
                : Diagnosis.warn(SYNC, what, WHERE, "vipd does not run here, and it starts them", "vipd run");
    }

    private void heard() {
        int id = config.daemon().id();
        if (facts.sync().trouble().isPresent() || facts.sync().seconds() == 0) {
            all.add(Diagnosis.unknown(SYNC, "what the peer's sync daemon sends was not heard: "
                            + facts.sync().trouble().orElse("nobody listened"),
                    "whether it uses id " + id + " is not known",
                    "tcpdump -Xni " + config.daemon().interfaceName() + " udp port "
                            + (config.daemon().port() == 0 ? USUAL_PORT : config.daemon().port())
                            + ": the second byte behind the UDP header is the id"));
            return;
        }
        List<String> same = from(true);
        List<String> others = from(false);
        boolean alone = roles().equals(List.of(Role.MASTER));
        if (!same.isEmpty() && alone) {
            all.add(Diagnosis.error(SYNC, Networks.few(same) + " sends as MASTER of id " + id
                            + ", as this host should", WHERE,
                    "two masters overwrite what each other knows, and both hold the VIP", "vipd status on both"));
        } else if (!same.isEmpty()) {
            all.add(Diagnosis.ok(SYNC, "messages of id " + id + " come from " + Networks.few(same)));
        } else if (!others.isEmpty()) {
            others(id, others);
        } else {
            all.add(Diagnosis.unknown(SYNC, "no message of a sync daemon was heard in " + facts.sync().seconds() + " s",
                    alone ? "this host is the MASTER, and only a MASTER sends"
                            : "a peer without connections is as silent as one with another id",
                    alone ? "run it on the BACKUP" : "run it again while clients connect"));
        }
    }

    private void others(int id, List<String> others) {
        Set<InetAddress> peers = LoopChecks.peers(scene, facts);
        boolean peer = facts.sync().heard().stream().anyMatch(heard -> peers.contains(heard.from()));
        String what = "only other ids than " + id + " are heard: " + Networks.few(others);
        String why = "a sync daemon takes messages of its own id alone: " + LOST;
        String mend = "give lvs_sync_daemon the same id on both directors; a pair of its own keeps another one";
        all.add(peer ? Diagnosis.error(SYNC, what, WHERE, why, mend) : Diagnosis.warn(SYNC, what, WHERE, why, mend));
    }

    /** Senders of our id, or of others. */
    private List<String> from(boolean ours) {
        int id = config.daemon().id();
        return facts.sync().heard().stream()
                .filter(heard -> heard.message().id() == id == ours)
                .map(heard -> Networks.text(heard.from()) + (ours ? "" : " id " + heard.message().id()))
                .distinct()
                .toList();
    }
}
