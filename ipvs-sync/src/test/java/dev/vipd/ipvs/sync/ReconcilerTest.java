package dev.vipd.ipvs.sync;

import static dev.vipd.ipvs.Tables.at;
import static dev.vipd.ipvs.Tables.desired;
import static dev.vipd.ipvs.Tables.destination;
import static dev.vipd.ipvs.Tables.entry;
import static dev.vipd.ipvs.Tables.key;
import static dev.vipd.ipvs.Tables.real;
import static dev.vipd.ipvs.Tables.server;
import static dev.vipd.ipvs.Tables.table;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.ipvs.DesiredTable;
import dev.vipd.ipvs.IpvsOp;
import dev.vipd.ipvs.IpvsSettings;
import dev.vipd.ipvs.IpvsTable;
import dev.vipd.ipvs.Timeouts;
import dev.vipd.ipvs.kernel.IpvsInfo;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ReconcilerTest {
    private static final long HOUR_NS = 3_600_000_000_000L;
    private static final DesiredTable WEB = desired(server("web", 80, real(1, 1)));

    private final FakeIpvsKernel kernel = new FakeIpvsKernel();
    private final Transcript told = new Transcript();
    private final FakeSysctls sysctls = new FakeSysctls(Map.of("drop_entry", "0"));

    private Reconciler start(long resyncIntervalNs) {
        return Reconciler.start(
                kernel, told, new Reconciler.Setup(resyncIntervalNs, sysctls, IpvsMemory.NONE, false));
    }

    private void awaitSync() throws InterruptedException {
        String line;
        do {
            line = told.await();
            assertTrue(line != null, "no sync was told");
        } while (!line.startsWith("sync "));
    }

    @Test
    void desiredTableReachesTheKernelAndStaysWhenKept() throws Exception {
        try (Reconciler reconciler = start(HOUR_NS)) {
            reconciler.submit(WEB, "start");
            awaitSync();
            assertEquals(WEB.table(), kernel.table());
            assertEquals(WEB.table(), reconciler.observeNow().orElseThrow().table());
        }
        assertEquals(WEB.table(), kernel.table());
        assertTrue(kernel.closed());
    }

    @Test
    void verdictReachesTheKernelWithoutADump() throws Exception {
        try (Reconciler reconciler = start(HOUR_NS)) {
            reconciler.submit(WEB, "start").get();
            assertEquals(1, kernel.takeDumps());
            DesiredTable changed = desired(server("web", 80, real(1, 1), real(2, 1)));
            reconciler.submit(changed, "check").get();
            assertEquals(0, kernel.takeDumps());
            assertEquals(changed.table(), kernel.table());
        }
    }

    @Test
    void driftIsRepairedWithoutBeingAsked() throws Exception {
        try (Reconciler reconciler = start(1_000_000)) {
            reconciler.submit(WEB, "start");
            awaitSync();
            kernel.set(IpvsTable.EMPTY);
            awaitSync();
            assertEquals(WEB.table(), kernel.table());
        }
    }

    @Test
    void driftIsRepairedOnRequest() throws Exception {
        try (Reconciler reconciler = start(HOUR_NS)) {
            reconciler.submit(WEB, "start");
            awaitSync();
            kernel.behindOurBack(new IpvsOp.DeleteDestination(key(80), at(1)));
            reconciler.requestSync();
            assertEquals("drift web 1 found absent want DR weight=1", told.await());
            awaitSync();
            assertEquals(WEB.table(), kernel.table());
        }
    }

    @Test
    void observationIsOfNow() throws Exception {
        try (Reconciler reconciler = start(HOUR_NS)) {
            assertEquals(Optional.empty(), reconciler.lastObserved());
            kernel.set(table(entry(8080, destination(1, 1))));
            assertEquals(kernel.table(), reconciler.observeNow().orElseThrow().table());
            kernel.unavailable(Optional.of("no module"));
            assertEquals(Optional.empty(), reconciler.observeNow());
            assertEquals("unavailable no module", told.await());
        }
    }

    /** A large table is not read for everybody who asks. */
    @Test
    void anObservationMayBeAsOldAsWasSaidButNotFromBeforeOurLastChange() throws Exception {
        try (Reconciler reconciler = start(HOUR_NS)) {
            assertEquals(Optional.empty(), reconciler.info());
            assertEquals(kernel.table(), reconciler.observed(HOUR_NS).orElseThrow().table());
            assertEquals(new IpvsInfo("1.2.1", 4096), reconciler.info().orElseThrow());
            assertEquals(1, kernel.takeDumps());
            kernel.set(table(entry(8080)));
            assertEquals(IpvsTable.EMPTY, reconciler.observed(HOUR_NS).orElseThrow().table());
            assertEquals(0, kernel.takeDumps());
            assertEquals(kernel.table(), reconciler.observed(0).orElseThrow().table());
            assertEquals(1, kernel.takeDumps());
            reconciler.submit(WEB, "start").get();
            assertEquals(kernel.table(), reconciler.observed(HOUR_NS).orElseThrow().table());
            assertEquals(2, kernel.takeDumps());
        }
    }

    @Test
    void syncsAreCounted() throws Exception {
        try (Reconciler reconciler = start(HOUR_NS)) {
            assertEquals(SyncStats.NONE, reconciler.stats());
            reconciler.submit(WEB, "start").get();
            SyncStats first = reconciler.stats();
            long tookNs = first.reconcileNs();
            assertEquals(new SyncStats(1, 2, 0, 0, 1, tookNs, tookNs), first);
            reconciler.submit(WEB, "config").get();
            assertEquals(new SyncStats(2, 2, 0, 0, 1, tookNs, tookNs), reconciler.stats(), "without a look");
            awaitSync();
            kernel.behindOurBack(new IpvsOp.DeleteDestination(key(80), at(1)));
            reconciler.requestSync();
            awaitSync();
            SyncStats third = reconciler.stats();
            assertEquals(new SyncStats(
                    3, 3, 0, 1, 2, tookNs + third.lastReconcileNs(), third.lastReconcileNs()), third);
        }
    }

    @Test
    void aLookReadsTheDestinationsOfThoseServicesAlone() throws Exception {
        kernel.set(table(entry(80, destination(1, 1)), entry(81, destination(2, 1))));
        try (Reconciler reconciler = start(HOUR_NS)) {
            var seen = reconciler.look(Set.of(key(80), key(82))).get().orElseThrow();
            assertEquals(Set.of(key(80), key(82)), seen.keySet());
            assertEquals(Set.of(destination(1, 1)), seen.get(key(80)).keySet());
            assertEquals(Map.of(), seen.get(key(82)), "there is none");
            assertEquals(0, kernel.takeDumps());
            kernel.unavailable(Optional.of("no module"));
            assertEquals(Optional.empty(), reconciler.look(Set.of(key(80))).get());
        }
    }

    @Test
    void kernelThatComesBackIsFilledAtTheNextInterval() throws Exception {
        kernel.unavailable(Optional.of("no module"));
        try (Reconciler reconciler = start(1_000_000)) {
            reconciler.submit(WEB, "start");
            assertEquals("unavailable no module", told.await());
            kernel.unavailable(Optional.empty());
            assertEquals("available", told.await());
            awaitSync();
            assertEquals(WEB.table(), kernel.table());
        }
    }

    @Test
    void whoSubmittedIsToldWhenTheSyncHasEndedHoweverItDid() throws Exception {
        try (Reconciler reconciler = start(HOUR_NS)) {
            reconciler.submit(WEB, "start").get();
            assertEquals(WEB.table(), kernel.table());
            kernel.unavailable(Optional.of("no module"));
            reconciler.submit(DesiredTable.EMPTY, "config").get();
            assertEquals(Optional.empty(), reconciler.lastObserved());
        }
    }

    @Test
    void whatBreaksTheThreadIsToldAndNobodyIsLeftWaiting() throws Exception {
        kernel.faults(op -> {
            throw new IllegalStateException("a bug");
        });
        try (Reconciler reconciler = start(HOUR_NS)) {
            reconciler.submit(WEB, "start").get();
            assertEquals("broken a bug", told.await());
            reconciler.submit(WEB, "config").get();
            assertEquals(Optional.empty(), reconciler.observeNow());
        }
        assertTrue(kernel.closed());
    }

    @Test
    void removalOnStopLeavesForeignServices() throws Exception {
        kernel.set(table(entry(8080)));
        Reconciler reconciler = start(HOUR_NS);
        reconciler.submit(WEB, "start");
        awaitSync();
        reconciler.close(OnStop.REMOVE);
        assertEquals(table(entry(8080)), kernel.table());
        assertTrue(kernel.closed());
        assertEquals(Optional.empty(), reconciler.observeNow(), "nobody waits for a thread that has ended");
    }

    private static final IpvsSettings DROP =
            new IpvsSettings(Timeouts.UNCHANGED, Optional.empty(), Map.of("drop_entry", "1"));

    @Test
    void settingsComeBeforeTheTableAndAreLookedAfter() throws Exception {
        try (Reconciler reconciler = start(1_000_000)) {
            reconciler.settings(DROP, "start").get();
            assertEquals("setting sysctl.drop_entry 0 -> 1 start", told.await());
            reconciler.submit(WEB, "start");
            awaitSync();
            sysctls.put("drop_entry", "0");
            assertEquals("setting sysctl.drop_entry 0 -> 1 drift", told.await());
        }
        assertEquals("1", sysctls.now("drop_entry"), "kept with the table");
    }

    @Test
    void settingsArePutBackWithTheTable() throws Exception {
        Reconciler reconciler = start(HOUR_NS);
        reconciler.settings(DROP, "start").get();
        reconciler.close(OnStop.REMOVE);
        assertEquals("0", sysctls.now("drop_entry"));
        assertTrue(reconciler.settings(DROP, "config").isDone(), "nobody waits for a thread that has ended");
    }
}
