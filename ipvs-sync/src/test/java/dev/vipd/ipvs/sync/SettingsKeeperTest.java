package dev.vipd.ipvs.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.ipvs.IpvsSettings;
import dev.vipd.ipvs.SyncDaemon;
import dev.vipd.ipvs.SyncDaemon.Role;
import dev.vipd.ipvs.Timeouts;
import dev.vipd.ipvs.sync.IpvsMemory.Change;
import dev.vipd.netlink.sys.Errno;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class SettingsKeeperTest {
    private static final SyncDaemon MASTER = new SyncDaemon(Role.MASTER, "eth0", 51, 0, Optional.empty(), 0, 0);
    private static final SyncDaemon BACKUP = MASTER.as(Role.BACKUP);

    private final FakeIpvsKernel kernel = new FakeIpvsKernel();
    private final FakeSysctls sysctls = new FakeSysctls(
            Map.of("drop_entry", "0", "conn_reuse_mode", "1", "sync_threshold", "3 50"));
    private final Transcript told = new Transcript();
    private final FakeMemory memory = new FakeMemory();
    private SettingsKeeper keeper = restarted();

    /** As a new process: it knows only what was kept. */
    private SettingsKeeper restarted() {
        return new SettingsKeeper(kernel, sysctls, told, new Ledger(memory));
    }

    private void assertTold(String... lines) {
        assertEquals(List.of(lines), told.take());
    }

    private static IpvsSettings sysctl(String name, String value) {
        return new IpvsSettings(Timeouts.UNCHANGED, Optional.empty(), Map.of(name, value));
    }

    private static IpvsSettings timeouts(int tcp, int tcpFin, int udp) {
        return new IpvsSettings(new Timeouts(tcp, tcpFin, udp), Optional.empty(), Map.of());
    }

    private static IpvsSettings daemons(SyncDaemon... daemons) {
        return new IpvsSettings(Timeouts.UNCHANGED, Optional.of(List.of(daemons)), Map.of());
    }

    @Test
    void whatIsWantedIsSetOnceAndPutBack() {
        IpvsSettings wanted = new IpvsSettings(
                new Timeouts(60, 0, 30), Optional.of(List.of(MASTER)),
                Map.of("drop_entry", "1", "sync_threshold", "5\t100", "conn_reuse_mode", "1"));
        keeper.use(wanted, "start");
        assertTold(
                "setting sysctl.drop_entry 0 -> 1 start",
                "setting sysctl.sync_threshold 3 50 -> 5 100 start",
                "setting timeouts tcp=900 tcpfin=120 udp=300 -> tcp=60 tcpfin=120 udp=30 start",
                "setting sync_daemon.master off -> eth0 id 51 start");
        keeper.check();
        keeper.use(wanted, "config");
        assertTold();
        keeper.putBack();
        assertTold(
                "setting sysctl.drop_entry 1 -> 0 stop",
                "setting sysctl.sync_threshold 5 100 -> 3 50 stop",
                "setting timeouts tcp=60 tcpfin=120 udp=30 -> tcp=900 tcpfin=120 udp=300 stop",
                "setting sync_daemon.master eth0 id 51 -> off stop");
        assertEquals(IpvsMemory.Contents.EMPTY, memory.now());
    }

    @Test
    void whatLeavesTheConfigurationIsPutBack() throws Exception {
        keeper.use(timeouts(60, 0, 30), "start");
        keeper.use(timeouts(60, 20, 0), "config");
        assertTold(
                "setting timeouts tcp=900 tcpfin=120 udp=300 -> tcp=60 tcpfin=120 udp=30 start",
                "setting timeouts tcp=60 tcpfin=120 udp=30 -> tcp=60 tcpfin=20 udp=300 config");
        keeper.use(sysctl("drop_entry", "3"), "config");
        assertTold(
                "setting sysctl.drop_entry 0 -> 3 config",
                "setting timeouts tcp=60 tcpfin=20 udp=300 -> tcp=900 tcpfin=120 udp=300 config");
        assertEquals(Map.of("sysctl.drop_entry", new Change("0", "3")), memory.now().settings());
        assertEquals(new Timeouts(900, 120, 300), kernel.timeouts());
    }

    @Test
    void whatSomebodyElseChangedIsDriftAndRepaired() throws Exception {
        keeper.use(new IpvsSettings(
                new Timeouts(60, 0, 0), Optional.of(List.of(MASTER)), Map.of("drop_entry", "1")), "start");
        told.take();
        sysctls.put("drop_entry", "3");
        kernel.setTimeouts(new Timeouts(70, 0, 0));
        kernel.ends(Role.MASTER);
        kernel.runs(BACKUP);
        keeper.check();
        assertTold(
                "setting sysctl.drop_entry 3 -> 1 drift",
                "setting timeouts tcp=70 tcpfin=120 udp=300 -> tcp=60 tcpfin=120 udp=300 drift",
                "setting sync_daemon.backup eth0 id 51 -> off drift",
                "setting sync_daemon.master off -> eth0 id 51 drift");
        keeper.putBack();
        assertEquals("0", sysctls.now("drop_entry"), "not what was found as drift");
        assertEquals(900, kernel.timeouts().tcpSec());
    }

    @Test
    void defenceThatTheKernelTurnsOnAndOffIsNoDrift() {
        keeper.use(sysctl("drop_entry", "1"), "start");
        told.take();
        sysctls.put("drop_entry", "2"); // memory is short
        keeper.check();
        keeper.use(sysctl("drop_entry", "2"), "config");
        assertTold();
        assertEquals("2", sysctls.now("drop_entry"));
        keeper.putBack();
        assertTold("setting sysctl.drop_entry 1 -> 0 stop");
    }

    @Test
    void whatSomebodyElseHasSetInTheEndStays() throws Exception {
        keeper.use(new IpvsSettings(new Timeouts(60, 0, 0), Optional.empty(), Map.of("drop_entry", "1")), "start");
        sysctls.put("drop_entry", "3");
        kernel.setTimeouts(new Timeouts(70, 0, 0));
        told.take();
        keeper.putBack();
        assertTold();
        assertEquals("3", sysctls.now("drop_entry"));
        assertEquals(70, kernel.timeouts().tcpSec());
        assertEquals(IpvsMemory.Contents.EMPTY, memory.now());
    }

    @Test
    void whatWasThereBeforeIsKnownOverAKill() {
        keeper.use(new IpvsSettings(
                new Timeouts(60, 0, 0), Optional.of(List.of(MASTER)), Map.of("drop_entry", "1")), "start");
        keeper = restarted();
        told.take();
        keeper.use(sysctl("drop_entry", "3"), "start");
        assertTold(
                "setting sysctl.drop_entry 1 -> 3 start",
                "setting timeouts tcp=60 tcpfin=120 udp=300 -> tcp=900 tcpfin=120 udp=300 start",
                "setting sync_daemon.master eth0 id 51 -> off start");
        keeper = restarted();
        keeper.putBack();
        assertEquals("0", sysctls.now("drop_entry"));
        assertEquals(IpvsMemory.Contents.EMPTY, memory.now());
    }

    @Test
    void itIsWrittenDownBeforeItIsDoneAndOnce() {
        AtomicBoolean known = new AtomicBoolean();
        kernel.settingFaults(request -> {
            known.set(memory.now().settings().containsKey("timeouts.tcp"));
            return 0;
        });
        keeper.use(new IpvsSettings(
                new Timeouts(60, 0, 30), Optional.empty(), Map.of("drop_entry", "1", "conn_reuse_mode", "0")), "start");
        assertEquals(true, known.get());
        assertEquals(1, memory.takeStores());
        keeper.check();
        assertEquals(0, memory.takeStores());
    }

    @Test
    void refusalsAreToldOnceAndSayWhat() {
        keeper.use(new IpvsSettings(
                Timeouts.UNCHANGED, Optional.empty(), Map.of("drop_entry", "4", "nosuch", "1")), "start");
        assertTold(
                "setting failed sysctl.nosuch 1: this kernel has no net.ipv4.vs.nosuch",
                "setting failed sysctl.drop_entry 4: set net/ipv4/vs/drop_entry to 4: Invalid argument");
        keeper.check();
        assertTold();
        keeper.use(sysctl("drop_entry", "3"), "config");
        assertTold("setting sysctl.drop_entry 0 -> 3 config");
        keeper.use(sysctl("drop_entry", "4"), "config");
        assertTold("setting failed sysctl.drop_entry 4: set net/ipv4/vs/drop_entry to 4: Invalid argument");
        assertEquals(Map.of("sysctl.drop_entry", new Change("0", "3")), memory.now().settings());
        keeper.putBack();
        assertEquals("0", sysctls.now("drop_entry"));
    }

    @Test
    void refusalIsToldAgainToWhoAsksAgain() {
        keeper.use(sysctl("nosuch", "1"), "start");
        keeper.use(sysctl("nosuch", "1"), "vrrp");
        keeper.use(IpvsSettings.NONE, "config");
        assertTold("setting failed sysctl.nosuch 1: this kernel has no net.ipv4.vs.nosuch");
        keeper.use(sysctl("nosuch", "1"), "config");
        assertTold("setting failed sysctl.nosuch 1: this kernel has no net.ipv4.vs.nosuch");
    }

    @Test
    void moduleThatWasLoadedAgainGetsItAgain() {
        keeper.use(new IpvsSettings(
                Timeouts.UNCHANGED, Optional.of(List.of(MASTER)), Map.of("drop_entry", "1")), "start");
        told.take();
        kernel.unavailable(Optional.of("no module"));
        sysctls.clear();
        kernel.ends(Role.MASTER);
        keeper.check();
        assertTold(); // the look at the table says it
        kernel.unavailable(Optional.empty());
        sysctls.put("drop_entry", "0");
        keeper.check();
        assertTold(
                "setting sysctl.drop_entry 0 -> 1 drift", "setting sync_daemon.master off -> eth0 id 51 drift");
    }

    @Test
    void daemonFollowsItsRole() {
        keeper.use(daemons(BACKUP), "start");
        keeper.use(daemons(MASTER), "vrrp");
        keeper.use(daemons(MASTER, BACKUP), "config");
        assertTold(
                "setting sync_daemon.backup off -> eth0 id 51 start",
                "setting sync_daemon.backup eth0 id 51 -> off vrrp",
                "setting sync_daemon.master off -> eth0 id 51 vrrp",
                "setting sync_daemon.backup off -> eth0 id 51 config");
        keeper.use(IpvsSettings.NONE, "config");
        assertEquals(
                List.of("start BACKUP", "stop BACKUP", "start MASTER", "start BACKUP", "stop MASTER", "stop BACKUP"),
                kernel.takeSettings());
    }

    @Test
    void daemonWithOtherValuesIsStartedAnew() throws Exception {
        SyncDaemon full = new SyncDaemon(
                Role.MASTER, "eth0", 51, 1472, Optional.of(InetAddress.ofLiteral("224.0.0.81")), 8848, 1);
        kernel.runs(full);
        keeper.use(daemons(MASTER), "start");
        assertEquals(List.of(), kernel.takeSettings(), "it is as wanted, whoever started it");
        SyncDaemon other = new SyncDaemon(Role.MASTER, "eth1", 52, 0, Optional.empty(), 0, 0);
        keeper.use(daemons(other), "config");
        assertTold("setting sync_daemon.master eth0 id 51 maxlen 1472 group 224.0.0.81 port 8848 ttl 1"
                + " -> eth1 id 52 config");
        assertEquals(List.of(other), kernel.daemons());
    }

    @Test
    void valueThatTheKernelCorrectsIsNotAskedForAgainAndAgain() {
        SyncDaemon small = new SyncDaemon(Role.BACKUP, "eth0", 51, 100, Optional.empty(), 0, 0);
        keeper.use(daemons(small), "start");
        keeper.check();
        assertEquals(List.of("start BACKUP"), kernel.takeSettings());
        kernel.ends(Role.BACKUP);
        kernel.runs(BACKUP); // somebody's, of another length
        keeper.check();
        assertEquals(List.of("stop BACKUP", "start BACKUP"), kernel.takeSettings());
    }

    @Test
    void daemonThatOthersStartedStaysInTheEnd() throws Exception {
        kernel.runs(MASTER);
        keeper.use(daemons(MASTER), "start");
        keeper.putBack();
        assertTold();
        assertEquals(List.of(MASTER), kernel.daemons());
    }

    @Test
    void racesOverADaemonAreLookedAtAgain() throws Exception {
        kernel.settingFaults(request -> {
            if (request.equals("start MASTER")) {
                kernel.settingFaults(any -> 0);
                kernel.runs(MASTER); // and ours meets EEXIST
            }
            return 0;
        });
        keeper.use(daemons(MASTER), "start");
        assertTold();
        assertEquals(List.of(MASTER), kernel.daemons());
        kernel.settingFaults(request -> {
            if (request.equals("stop MASTER")) {
                kernel.ends(Role.MASTER); // and ours meets ESRCH
            }
            return 0;
        });
        keeper.use(daemons(), "config");
        assertTold();
        kernel.settingFaults(request -> request.startsWith("start") ? Errno.EEXIST : 0);
        keeper.use(daemons(MASTER), "config");
        assertTold("setting failed sync_daemon.master eth0 id 51: start MASTER: EEXIST: exists already");
    }

    /** The kernel ends a thread that has not run yet by EINTR, to which netlink sends no answer. */
    @Test
    void daemonThatIsGoneWithoutAnAnswerIsGone() throws Exception {
        keeper.use(daemons(BACKUP), "start");
        assertTold("setting sync_daemon.backup off -> eth0 id 51 start");
        kernel.settingFaults(request -> {
            if (request.equals("stop BACKUP")) {
                kernel.ends(Role.BACKUP);
                return Errno.ETIMEDOUT;
            }
            return 0;
        });
        keeper.putBack();
        assertTold("setting sync_daemon.backup eth0 id 51 -> off stop");
        assertEquals(List.of(), kernel.daemons());
    }

    @Test
    void refusedDaemonIsExplained() {
        kernel.settingFaults(request -> request.startsWith("start") ? Errno.ENODEV : 0);
        keeper.use(daemons(MASTER), "start");
        keeper.check();
        assertTold("setting failed sync_daemon.master eth0 id 51: there is no interface eth0");
        kernel.settingFaults(request -> request.startsWith("start") ? Errno.EADDRNOTAVAIL : 0);
        keeper.check();
        assertTold("setting failed sync_daemon.master eth0 id 51: interface eth0 has no address to send from, or is"
                + " down");
        kernel.settingFaults(request -> 0);
        keeper.check();
        assertTold("setting sync_daemon.master off -> eth0 id 51 retry");
    }

    @Test
    void questionWithoutAnAnswerLeavesAllAsItIs() {
        kernel.settingFaults(request -> request.equals("get timeouts") ? Errno.ETIMEDOUT : 0);
        keeper.use(sysctl("drop_entry", "1"), "start");
        keeper.check();
        assertTold("setting failed timeouts tcp=0 tcpfin=0 udp=0: get timeouts: ETIMEDOUT: timed out");
        kernel.settingFaults(request -> request.equals("get daemons") ? Errno.ENOBUFS : 0);
        keeper.use(daemons(MASTER), "config");
        assertTold("setting failed sync_daemon.master eth0 id 51: get daemons: ENOBUFS: no buffer space");
        kernel.settingFaults(request -> 0);
        keeper.check();
        assertTold("setting sync_daemon.master off -> eth0 id 51 retry");
    }
}
