package dev.vipd.ipvs.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.ipvs.DesiredTable;
import dev.vipd.ipvs.Tables;
import dev.vipd.ipvs.sync.Mailbox.Work;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class MailboxTest {
    private static final long INTERVAL_NS = 1_000_000_000_000L;
    private static final DesiredTable ONE = Tables.desired(Tables.server("web", 80, Tables.real(1, 1)));
    private static final DesiredTable TWO = Tables.desired(Tables.server("web", 80, Tables.real(2, 1)));

    private long nowNs = Long.MAX_VALUE - 1; // about to overflow, as System.nanoTime() may
    private final Mailbox mailbox = new Mailbox(INTERVAL_NS, () -> nowNs);

    /** A take that would have to wait does not begin to in an interrupted thread. */
    private void assertNothingToDo() {
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, mailbox::take);
    }

    private Work.Sync takeSync() throws InterruptedException {
        return assertInstanceOf(Work.Sync.class, mailbox.take());
    }

    private void assertSync(DesiredTable desired, String why) throws InterruptedException {
        Work.Sync sync = takeSync();
        assertEquals(desired, sync.desired());
        assertEquals(why, sync.why());
        assertFalse(sync.done().isDone(), "that is the thread's to say");
    }

    @Test
    void whoeverWaitsForASyncWaitsForTheOneThatCoversIt() throws Exception {
        var one = mailbox.submit(ONE, "config");
        var two = mailbox.submit(TWO, "check");
        Work.Sync sync = assertInstanceOf(Work.Sync.class, mailbox.take());
        var three = mailbox.submit(ONE, "check");
        sync.done().complete(null);
        assertTrue(one.isDone() && two.isDone());
        assertFalse(three.isDone());
        mailbox.stop(OnStop.KEEP);
        assertTrue(three.isDone(), "nobody waits for what will not come");
        assertTrue(mailbox.submit(TWO, "check").isDone());
    }

    @Test
    void latestDesiredTableWins() throws Exception {
        mailbox.submit(ONE, "config");
        mailbox.submit(TWO, "check");
        assertSync(TWO, "check");
    }

    @Test
    void resyncComesWhenTheIntervalIsOver() throws Exception {
        mailbox.submit(ONE, "config");
        mailbox.take();
        nowNs += INTERVAL_NS - 1;
        assertNothingToDo();
        nowNs++;
        assertSync(ONE, "retry");
        assertNothingToDo();
    }

    @Test
    void resyncComesInItsTimeHoweverOftenATableIsSubmitted() throws Exception {
        mailbox.submit(ONE, "start");
        assertTrue(takeSync().resync(), "the first");
        nowNs += INTERVAL_NS - 1;
        mailbox.submit(TWO, "check");
        assertFalse(takeSync().resync());
        mailbox.submit(ONE, "check");
        nowNs++;
        assertTrue(takeSync().resync(), "due, and a submitted one too");
        mailbox.submit(TWO, "check");
        mailbox.requestSync();
        assertTrue(takeSync().resync(), "asked for");
        mailbox.submit(ONE, "check");
        assertFalse(takeSync().resync());
        assertNothingToDo();
    }

    @Test
    void syncOnRequestIsOne() throws Exception {
        mailbox.submit(ONE, "config");
        mailbox.take();
        mailbox.requestSync();
        mailbox.requestSync();
        assertSync(ONE, "retry");
        assertNothingToDo();
    }

    @Test
    void nothingIsSyncedBeforeTheFirstDesiredTable() throws Exception {
        nowNs += INTERVAL_NS;
        mailbox.requestSync();
        assertNothingToDo();
    }

    @Test
    void observationIsSharedAndComesFirst() throws Exception {
        mailbox.submit(ONE, "config");
        assertSame(mailbox.observe(), mailbox.observe());
        assertInstanceOf(Work.Observe.class, mailbox.take());
        assertInstanceOf(Work.Sync.class, mailbox.take());
    }

    @Test
    void observersKeepNoSyncWaiting() throws Exception {
        mailbox.observe();
        assertInstanceOf(Work.Observe.class, mailbox.take());
        mailbox.observe(); // somebody else, during that one
        mailbox.submit(ONE, "check");
        assertSync(ONE, "check");
        mailbox.submit(TWO, "check");
        assertInstanceOf(Work.Observe.class, mailbox.take(), "nor the other way round");
        assertSync(TWO, "check");
    }

    @Test
    void aLookIsSharedAtTheServicesOfAllWhoWishIt() throws Exception {
        var first = mailbox.look(Set.of(Tables.key(80)));
        assertSame(first, mailbox.look(Set.of(Tables.key(81))));
        Work.Look look = assertInstanceOf(Work.Look.class, mailbox.take());
        assertSame(first, look.result());
        assertEquals(Set.of(Tables.key(80), Tables.key(81)), look.keys());
        mailbox.look(Set.of(Tables.key(81)));
        mailbox.submit(ONE, "check");
        assertSync(ONE, "check");
        assertEquals(Set.of(Tables.key(81)), assertInstanceOf(Work.Look.class, mailbox.take()).keys());
        assertNothingToDo();
    }

    @Test
    void endComesBeforeAllAndNobodyIsLeftWaiting() throws Exception {
        mailbox.submit(ONE, "config");
        var before = mailbox.observe();
        var look = mailbox.look(Set.of(Tables.key(80)));
        mailbox.stop(OnStop.REMOVE);
        mailbox.stop(OnStop.KEEP);
        assertEquals(new Work.Stop(OnStop.REMOVE), mailbox.take());
        assertEquals(Optional.empty(), before.getNow(null));
        assertEquals(Optional.empty(), look.getNow(null));
        assertTrue(mailbox.observe().isDone() && mailbox.look(Set.of()).isDone());
    }
}
