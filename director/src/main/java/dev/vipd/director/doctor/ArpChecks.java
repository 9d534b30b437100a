package dev.vipd.director.doctor;

import dev.vipd.director.doctor.Scene.Question;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The ARP problem: who answers on the wire for a VIP. While this host holds it, nobody else may; else the peer alone. A
 * real server of DR or TUN has the VIP too, and must be taught to keep quiet.
 */
final class ArpChecks {
    private static final String ARP = "arp";
    private static final String STOLEN = "clients that learn this MAC go past the director, to one server alone, and"
            + " get no answer once it fails";

    private final Scene scene;
    private final Facts.Wire wire;
    private final Set<InetAddress> peers;
    private final List<Diagnosis> all = new ArrayList<>();
    private final List<String> quiet = new ArrayList<>();

    private ArpChecks(Scene scene, Facts facts) {
        this.scene = scene;
        this.wire = facts.wire();
        this.peers = LoopChecks.peers(scene, facts);
    }

    static List<Diagnosis> all(Scene scene, Facts facts) {
        ArpChecks checks = new ArpChecks(scene, facts);
        for (Question question : scene.questions()) {
            Set<String> answers = facts.wire().answers().get(question.vip());
            if (answers != null) {
                checks.judge(question, answers);
            }
        }
        if (!checks.quiet.isEmpty()) {
            checks.all.add(Diagnosis.ok(ARP, "only who holds it answers for " + Networks.few(checks.quiet)));
        }
        facts.wire().trouble().stream().distinct().forEach(why -> checks.all.add(Diagnosis.unknown(
                ARP, "who answers for VIPs could not be asked: " + why,
                "a real server that answers ARP for a VIP takes its traffic away",
                why.contains("EPERM") ? "run it as root" : "see to that, and run it again")));
        return checks.all;
    }

    private void judge(Question question, Set<String> answers) {
        boolean held = !scene.holders(question.vip()).isEmpty();
        Vip vip = scene.vips().stream().filter(v -> v.address().equals(question.vip())).findFirst().orElseThrow();
        Set<String> strangers = new LinkedHashSet<>();
        boolean served = false;
        for (String mac : answers) {
            Optional<InetAddress> server = owner(mac);
            boolean director = server.filter(peers::contains).isPresent();
            if (server.isPresent() && !(director && !held)) {
                served = true;
                all.add(server(vip, question, mac, server.get(), held));
            } else {
                strangers.add(mac);
            }
        }
        if (strangers.size() > (held ? 0 : 1)) {
            all.add(Diagnosis.error(ARP, (held
                            ? vip.text() + " is held here, and another host answers for it"
                            : "several hosts answer for " + vip.text())
                            + " on " + question.interfaceName() + ": " + Networks.few(strangers),
                    vip.where(), "which of them a client reaches is chance",
                    "vipd status on both directors: two may be MASTER; else find who has this MAC in the switch"));
        } else if (!held && !served && strangers.isEmpty()) {
            all.add(Diagnosis.warn(ARP, "nobody answers for " + vip.text() + " on " + question.interfaceName(),
                    vip.where(), "no director holds it, so clients get no answer",
                    "vipd run; or vipd status here and on the peer tells why none is MASTER"));
        } else if (!served) {
            quiet.add(vip.text());
        }
    }

    private Diagnosis server(Vip vip, Question question, String mac, InetAddress server, boolean held) {
        String name = Networks.text(server);
        return Diagnosis.error(ARP, "real server " + name + " (" + mac + ") answers for " + vip.text() + " on "
                        + question.interfaceName() + (held ? ", which is held here" : ""),
                vip.where(), STOLEN,
                Networks.six(server)
                        ? "on " + name + ": vipd realserver apply " + vip.text() + "; the VIP belongs on lo"
                        : "on " + name + ": vipd realserver apply " + vip.text() + ", or arp_ignore=1 and"
                                + " arp_announce=2 of net.ipv4.conf.all and the VIP on lo");
    }

    private Optional<InetAddress> owner(String mac) {
        return wire.servers().entrySet().stream()
                .filter(server -> server.getValue().contains(mac))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
