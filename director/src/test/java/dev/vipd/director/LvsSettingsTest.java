package dev.vipd.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.director.config.LvsConfig;
import dev.vipd.director.config.VipdConfig;
import dev.vipd.director.events.EventLog;
import dev.vipd.ipvs.IpvsSettings;
import dev.vipd.ipvs.SyncDaemon;
import dev.vipd.ipvs.SyncDaemon.Role;
import dev.vipd.ipvs.Timeouts;
import dev.vipd.ipvs.kernel.IpvsSysctls;
import dev.vipd.ipvs.sync.IpvsMemory;
import dev.vipd.ipvs.sync.OnStop;
import dev.vipd.ipvs.sync.Reconciler;
import dev.vipd.vrrp.StateReason;
import dev.vipd.vrrp.VrrpReport;
import dev.vipd.vrrp.VrrpState;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LvsSettingsTest {
    private static final SyncDaemon MASTER = new SyncDaemon(Role.MASTER, "eth0", 51, 0, Optional.empty(), 0, 0);
    private static final SyncDaemon BACKUP = MASTER.as(Role.BACKUP);

    private static LvsConfig lvs(Optional<String> instance) {
        return new LvsConfig(
                new Timeouts(60, 0, 0), Map.of("drop_entry", "1"), false,
                Optional.of(new LvsConfig.SyncConfig(MASTER, instance)), List.of());
    }

    private static VipdConfig config(LvsConfig lvs) {
        VipdConfig none = Samples.config(List.of(), List.of());
        return new VipdConfig(none.global(), none.trackers(), none.syncGroups(), none.statics(), none.instances(),
                none.services(), none.hooks(), none.files(), lvs);
    }

    private static Optional<List<SyncDaemon>> daemons(Optional<String> instance, Map<String, VrrpState> states) {
        return LvsSettings.of(lvs(instance), states).daemons();
    }

    @Test
    void daemonFollowsTheStateOfItsInstance() {
        Optional<String> one = Optional.of("VI_1");
        assertEquals(Optional.of(List.of(BACKUP)), daemons(one, Map.of()));
        assertEquals(Optional.of(List.of(BACKUP)), daemons(one, Map.of("VI_2", VrrpState.MASTER)));
        assertEquals(Optional.of(List.of(MASTER)), daemons(one, Map.of("VI_1", VrrpState.MASTER)));
        assertEquals(Optional.of(List.of(BACKUP)), daemons(one, Map.of("VI_1", VrrpState.FAULT)));
        assertEquals(Optional.of(List.of(MASTER, BACKUP)), daemons(Optional.empty(), Map.of()));
    }

    @Test
    void withoutADaemonNoneIsOurs() {
        assertEquals(IpvsSettings.NONE, LvsSettings.of(LvsConfig.NONE, Map.of()));
        IpvsSettings some = LvsSettings.of(lvs(Optional.empty()), Map.of());
        assertEquals(new Timeouts(60, 0, 0), some.timeouts());
        assertEquals(Map.of("drop_entry", "1"), some.sysctls());
    }

    @Test
    void ipvsIsNeededForMoreThanServices() {
        assertFalse(LvsSettings.needsIpvs(config(LvsConfig.NONE)));
        assertTrue(LvsSettings.needsIpvs(config(lvs(Optional.empty()))));
        assertTrue(LvsSettings.needsIpvs(Samples.config(List.of(), List.of(Snapshots.WEB))));
        assertTrue(LvsSettings.needsIpvs(config(new LvsConfig(
                Timeouts.UNCHANGED, Map.of(), true, Optional.empty(), List.of()))), "lvs_flush");
    }

    @Test
    void aStartThatFailedPutsNothingBack() throws Exception {
        List<IpvsMemory.Contents> stored = new ArrayList<>();
        IpvsMemory memory = new IpvsMemory() {
            @Override
            public Contents load() {
                return new Contents(Map.of(), Map.of("sysctl.nosuch", new IpvsMemory.Change("1", "3")));
            }

            @Override
            public boolean store(Contents contents) {
                return stored.add(contents);
            }
        };
        try (EventLog log = EventLog.open("n", new ByteArrayOutputStream())) {
            Reconciler reconciler = Reconciler.start(
                    new DryRunIpvs(Optional.empty()), new IpvsEvents(log, true, cause -> {}),
                    new Reconciler.Setup(TimeUnit.HOURS.toNanos(1), IpvsSysctls.NONE, memory, false));
            LvsSettings settings = new LvsSettings();
            settings.keepBy(reconciler);
            settings.stop().get();
            assertEquals(List.of(), stored);
            settings.use(LvsConfig.NONE, "start").get();
            assertEquals(List.of(IpvsMemory.Contents.EMPTY), stored, "a configuration that wants nothing does");
            reconciler.close(OnStop.KEEP);
        }
    }

    private static VrrpReport state(VrrpState to) {
        StateReason why = new StateReason(StateReason.Cause.STARTUP, Optional.empty());
        return new VrrpReport.StateChanged(VrrpState.BACKUP, to, why, 100, 0);
    }

    @Test
    void reconcilerHearsOfEachChange() throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        try (EventLog log = EventLog.open("n", new ByteArrayOutputStream())) {
            log.subscribe(event -> told.add(event.text()));
            Reconciler reconciler = Reconciler.start(
                    new DryRunIpvs(Optional.empty()), new IpvsEvents(log, true, cause -> told.add("" + cause)),
                    new Reconciler.Setup(TimeUnit.HOURS.toNanos(1), IpvsSysctls.NONE, IpvsMemory.NONE, false));
            LvsSettings settings = new LvsSettings();
            settings.keepBy(reconciler);
            settings.use(new LvsConfig(Timeouts.UNCHANGED, Map.of(), false,
                    Optional.of(new LvsConfig.SyncConfig(MASTER, Optional.of("VI_1"))), List.of()), "start");
            assertEquals("dry run: sync_daemon.backup is now eth0 id 51, was off", told.take());
            settings.report(Samples.instance("VI_2", 52, 100), state(VrrpState.MASTER));
            settings.report(Samples.instance("VI_1", 51, 100), state(VrrpState.MASTER));
            assertEquals("dry run: sync_daemon.backup is now off, was eth0 id 51", told.take());
            assertEquals("dry run: sync_daemon.master is now eth0 id 51, was off", told.take());
            settings.stop().get();
            assertEquals("dry run: sync_daemon.master is now off, was eth0 id 51", told.take());
            assertEquals("dry run: sync_daemon.backup is now eth0 id 51, was off", told.take());
            settings.report(Samples.instance("VI_1", 51, 100), state(VrrpState.INIT));
            settings.use(LvsConfig.NONE, "config").get();
            assertEquals("dry run: sync_daemon.backup is now off, was eth0 id 51", told.take());
            reconciler.close(OnStop.KEEP);
        }
    }
}
