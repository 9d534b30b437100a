package dev.vipd.director.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.director.config.LvsConfig;
import dev.vipd.director.config.LvsConfig.SyncConfig;
import dev.vipd.director.doctor.Facts.Heard;
import dev.vipd.ipvs.SyncDaemon;
import dev.vipd.ipvs.SyncDaemon.Role;
import dev.vipd.ipvs.Timeouts;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What two directors may do to one another, and real servers to both. */
class PairTest {
    private static final String PEER = Host.DR.replace("version: 3,", "version: 3, unicast_peer: [ 10.9.0.2 ],");

    private final Host host = new Host();

    private static LvsConfig lvs(Map<String, String> sysctls, String instance) {
        SyncDaemon daemon = new SyncDaemon(Role.MASTER, "eth0", 51, 0, Optional.empty(), 0, 0);
        return new LvsConfig(Timeouts.UNCHANGED, sysctls, false,
                Optional.of(new SyncConfig(daemon, Optional.of(instance).filter(name -> !name.isEmpty()))), List.of());
    }

    private static SyncDaemon running(Role role, int id) {
        return new SyncDaemon(role, "eth0", id, 1472, Optional.of(Host.ip("224.0.0.81")), 8848, 1);
    }

    private static Facts.Sync heard(Heard... heard) {
        return new Facts.Sync(3, Optional.empty(), List.of(heard));
    }

    @Test
    void aDirectorThatIsARealServerToo() {
        String line = "ERROR loop: a director is a real server too: 10.9.0.1 (this host), by DR";
        String own = Host.DR.replace("10.9.0.11", "10.9.0.1");
        Diagnosis found = host.holdsVip().answer("10.9.0.50").finds(own, line);
        assertTrue(found.mend().startsWith("global: lvs_sysctls: { backup_only: true }"), found.mend());
        host.sysctls.put("ipv4/vs/backup_only", "1");
        found = host.finds(own, line); // it does nothing without the backup sync daemon
        assertTrue(found.mend().startsWith("an lvs_sync_daemon"), found.mend());
        host.lvs = lvs(Map.of(), "VI_1");
        host.daemons.add(running(Role.MASTER, 51));
        host.finds(own, "OK loop: directors are real servers too, and backup_only keeps the BACKUP from spreading what"
                + " the MASTER sends it");
        host.lvs = lvs(Map.of("backup_only", "0"), "VI_1");
        host.finds(own, line);
        host.lvs = LvsConfig.NONE;
        host.isWell(own.replace(Host.INSTANCE, "")); // alone
        assertTrue(host.look(own.replace("lb_kind: DR", "lb_kind: NAT")).stream()
                .noneMatch(other -> other.check().equals("loop")), "NAT does not loop");
    }

    @Test
    void aPeerThatIsARealServerToo() {
        host.way("10.9.0.2", "eth0").finds(PEER.replace("10.9.0.11", "10.9.0.2"),
                "ERROR loop: a director is a real server too: 10.9.0.2 (the peer), by DR");
        host.answer("10.9.0.50", "02:00:00:00:00:02").isWell(PEER);
        host.masters.addAll(List.of(Host.ip("10.9.0.12"), Host.ip("10.9.0.1")));
        host.finds(Host.DR, "ERROR loop: a director is a real server too: 10.9.0.12 (the peer), by DR");
    }

    @Test
    void backupOnlyWithBothRoles() {
        host.lvs = lvs(Map.of("backup_only", "1"), "");
        host.finds(Host.DR, "ERROR loop: backup_only is on, and the sync daemon of role BACKUP always runs");
    }

    @Test
    void theVipOnLo() {
        host.address("lo", "10.9.0.50/32").answer("10.9.0.50", "02:00:00:00:00:02");
        assertTrue(host.finds(Host.DR, "WARN loop: 10.9.0.50 is on lo here, as on a real server").mend()
                .endsWith("ip addr del 10.9.0.50/32 dev lo"));
    }

    @Test
    void aSyncDaemonThatDoesNotRun() {
        host.lvs = lvs(Map.of(), "VI_1");
        String backup = "sync: sync daemon BACKUP on eth0 id 51 does not run";
        host.finds(Host.DR, "ERROR " + backup);
        host.daemon = false;
        host.finds(Host.DR, "WARN " + backup);
        host.daemon = true;
        host.holdsVip();
        host.daemons.add(running(Role.BACKUP, 51));
        host.finds(Host.DR, "ERROR sync: sync daemon MASTER on eth0 id 51 does not run; what runs is BACKUP on eth0 id"
                + " 51 maxlen 1472 group 224.0.0.81 port 8848 ttl 1");
        host.daemons.add(running(Role.MASTER, 51));
        host.finds(Host.DR, "OK sync: sync daemon runs as MASTER on eth0 id 51");
        host.lvs = new LvsConfig(Timeouts.UNCHANGED, Map.of(), false, Optional.of(new SyncConfig(
                new SyncDaemon(Role.MASTER, "eth7", 51, 0, Optional.empty(), 0, 0), Optional.empty())), List.of());
        assertEquals("interface: in lvs_sync_daemon, one of lo, eth0",
                host.finds(Host.DR, "ERROR sync: there is no interface eth7").mend());
    }

    @Test
    void whatIsHeardOfThePeersDaemon() {
        host.lvs = lvs(Map.of(), "VI_1");
        host.daemons.add(running(Role.BACKUP, 51));
        assertTrue(host.finds(PEER, "UNKNOWN sync: what the peer's sync daemon sends was not heard: nobody listened")
                .mend().startsWith("tcpdump -Xni eth0 udp port 8848: "));
        host.sync = heard();
        host.finds(PEER, "UNKNOWN sync: no message of a sync daemon was heard in 3 s");
        Heard other = new Heard(Host.ip("10.9.0.2"), new SyncMessage(52, 1));
        Heard right = new Heard(Host.ip("10.9.0.2"), new SyncMessage(51, 1));
        host.sync = heard(other);
        host.finds(PEER, "ERROR sync: only other ids than 51 are heard: 10.9.0.2 id 52");
        host.finds(Host.DR, "WARN sync: only other ids than 51 are heard: 10.9.0.2 id 52");
        host.sync = heard(other, right);
        host.finds(PEER, "OK sync: messages of id 51 come from 10.9.0.2");
        host.holdsVip();
        host.finds(PEER, "ERROR sync: 10.9.0.2 sends as MASTER of id 51, as this host should");
        host.sync = new Facts.Sync(0, Optional.of("no permission"), List.of());
        host.finds(PEER, "UNKNOWN sync: what the peer's sync daemon sends was not heard: no permission");
    }

    @Test
    void aRealServerThatAnswersArp() {
        host.answer("10.9.0.50", Host.RS1_MAC, "02:00:00:00:00:02");
        String line = "ERROR arp: real server 10.9.0.11 (" + Host.RS1_MAC + ") answers for 10.9.0.50 on eth0";
        Diagnosis found = host.finds(Host.DR, line);
        assertTrue(found.mend().startsWith("on 10.9.0.11: vipd realserver apply 10.9.0.50"), found.mend());
        assertEquals("instance VI_1, virtual server web", found.where());
        host.holdsVip().answer("10.9.0.50", Host.RS1_MAC);
        host.finds(Host.DR, line + ", which is held here");
    }

    @Test
    void othersThatAnswerArp() {
        host.answer("10.9.0.50", "02:00:00:00:00:02", "02:00:00:00:00:03");
        assertEquals(1, host.look(Host.DR).stream()
                .filter(found -> found.what().startsWith("several hosts answer for 10.9.0.50 on eth0: 02:")).count());
        host.holdsVip().answer("10.9.0.50", "02:00:00:00:00:02");
        host.finds(Host.DR, "ERROR arp: 10.9.0.50 is held here, and another host answers for it on eth0:"
                + " 02:00:00:00:00:02");
    }

    /** Two hosts that are directors and real servers: the MAC of the MASTER is that of a real server. */
    @Test
    void aPeerMayAnswerWhileItHoldsTheVip() {
        String yaml = PEER.replace("10.9.0.11", "10.9.0.2");
        host.servers.put(Host.ip("10.9.0.2"), Set.of("02:00:00:00:00:02"));
        host.way("10.9.0.2", "eth0").answer("10.9.0.50", "02:00:00:00:00:02");
        host.finds(yaml, "OK arp: only who holds it answers for 10.9.0.50");
        host.holdsVip();
        host.finds(yaml, "ERROR arp: real server 10.9.0.2 (02:00:00:00:00:02) answers for 10.9.0.50 on eth0, which is"
                + " held here");
    }

    @Test
    void nobodyAnswersArp() {
        host.answer("10.9.0.50");
        host.finds(Host.DR, "WARN arp: nobody answers for 10.9.0.50 on eth0");
        host.answers.clear();
        host.trouble.add("ask for neighbours on eth0: EPERM: operation not permitted");
        host.finds(Host.DR, "UNKNOWN arp: who answers for VIPs could not be asked: ask for neighbours on eth0: EPERM:"
                + " operation not permitted");
    }

    @Test
    void headsOfSyncMessages() {
        assertEquals(Optional.of(new SyncMessage(51, 1)), message("0033000800010000"));
        assertEquals(Optional.of(new SyncMessage(255, 1)), message("00ff000a000100000000"));
        assertEquals(Optional.of(new SyncMessage(7, 0)), message("010700080000abcd"));
        assertEquals(Optional.empty(), message("0033000800020000"), "another version");
        assertEquals(Optional.empty(), message("0033000900010000"), "another size");
        assertEquals(Optional.empty(), message("00330004"), "too short");
    }

    private static Optional<SyncMessage> message(String hex) {
        return SyncMessage.decode(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }

    @Test
    void anyBytesAreNoTrouble() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = new byte[random.nextInt(20)];
            random.nextBytes(bytes);
            assertTrue(SyncMessage.decode(ByteBuffer.wrap(bytes)).map(m -> m.id() < 256).orElse(true));
        }
    }
}
