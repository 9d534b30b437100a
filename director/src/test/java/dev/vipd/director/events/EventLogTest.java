package dev.vipd.director.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class EventLogTest {
    private static final EventFormat FORMAT = new EventFormat("lb1", "5f3c");

    private final List<Event> written = Collections.synchronizedList(new ArrayList<>());

    private EventLog log(EventSink sink, int bound) {
        AtomicLong clock = new AtomicLong();
        return new EventLog(FORMAT, sink, () -> clock.addAndGet(10), clock::get, bound);
    }

    private List<Long> seqs() {
        return written.stream().map(Event::seq).toList();
    }

    @Test
    void stampsAtTheCallAndWritesInOrder() {
        try (EventLog log = log(written::add, 16)) {
            log.emit(Level.INFO, EventId.DAEMON_START, "start", "log", 1, "pid", 7);
            log.emit(Level.WARN, EventId.DAEMON_STALL, "");
        }
        assertEquals(List.of(
                new Event(10, 10, 1, Level.INFO, EventId.DAEMON_START, Event.fields("log", 1, "pid", 7), "start"),
                new Event(20, 20, 2, Level.WARN, EventId.DAEMON_STALL, List.of(), "")), written);
    }

    @Test
    void fourThreadsLeaveNoHoleAndNoDisorder() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        try (EventLog log = log(written::add, EventLog.QUEUE_BOUND)) {
            for (int t = 0; t < 4; t++) {
                int number = t;
                threads.add(Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 5_000; i++) {
                        log.emit(Level.INFO, EventId.CHECK_RESULT, "", "vs", number, "rs", i);
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        assertEquals(LongStream.rangeClosed(1, 20_000).boxed().toList(), seqs());
    }

    @Test
    void anOverflowShowsAsAHoleAndIsReported() throws InterruptedException {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch reported = new CountDownLatch(1);
        EventSink slow = event -> {
            stuck.countDown();
            await(go);
            written.add(event);
            if (event.id() == EventId.LOG_OVERFLOW) {
                reported.countDown();
            }
            return true;
        };
        try (EventLog log = log(slow, 4)) {
            assertTrue(log.emit(Level.INFO, EventId.DAEMON_READY, ""));
            await(stuck);
            int taken = 1;
            for (int i = 0; i < 10; i++) {
                taken += log.emit(Level.INFO, EventId.DAEMON_READY, "") ? 1 : 0;
            }
            assertEquals(4, taken);
            go.countDown();
            await(reported);
        }
        assertEquals(List.of(1L, 2L, 3L, 4L, 12L), seqs());
        assertEquals("7", written.getLast().get("dropped").orElseThrow());
        assertEquals(Level.WARN, written.getLast().level());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void closeGivesUpOnABlockedPipe() {
        CountDownLatch never = new CountDownLatch(1);
        EventLog log = log(event -> {
            await(never);
            return true;
        }, 4);
        log.emit(Level.INFO, EventId.DAEMON_READY, "");
        assertTimeoutPreemptively(Duration.ofSeconds(5), log::close);
        assertFalse(log.emit(Level.INFO, EventId.DAEMON_READY, ""));
        never.countDown();
    }

    @Test
    void subscribersSeeWhatIsWrittenAndMayFail() {
        List<Long> seen = new ArrayList<>();
        try (EventLog log = log(written::add, 16)) {
            log.subscribe(event -> {
                throw new IllegalStateException("mine");
            });
            log.subscribe(event -> seen.add(event.seq()));
            log.emit(Level.INFO, EventId.DAEMON_READY, "");
            log.emit(Level.INFO, EventId.DAEMON_READY, "");
        }
        assertEquals(List.of(1L, 2L), seen);
    }

    @Test
    void logbackWritesEventsAndOtherRecordsAndSurvivesAFullDisk() throws IOException {
        class Disk extends OutputStream {
            final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            volatile boolean full;

            @Override
            public void write(int b) {
                bytes.write(b);
            }

            @Override
            public synchronized void write(byte[] b, int off, int len) throws IOException {
                bytes.write(b, off, full ? len / 2 : len);
                if (full) {
                    throw new IOException("No space left on device");
                }
            }
        }
        Disk disk = new Disk();
        LogbackSink sink = LogbackSink.install(FORMAT, disk);
        assertTrue(sink.write(event(1)));
        assertEquals(0, disk.bytes.size(), "it is held back");
        assertEquals(0, sink.flush());
        disk.full = true;
        assertTrue(sink.write(event(2)));
        assertEquals(1, sink.flush());
        assertEquals(0, sink.flush(), "it is told once");
        disk.full = false;
        assertTrue(sink.write(event(3)));
        assertEquals(0, sink.flush());
        LoggerFactory.getLogger("io.netty.x").warn("odd {}", "thing", new IllegalStateException("why"));
        LoggerFactory.getLogger("io.netty.x").info("not for here");
        ((ch.qos.logback.classic.LoggerContext) LoggerFactory.getILoggerFactory()).getLogger("ROOT")
                .detachAndStopAllAppenders();

        String text = disk.bytes.toString(StandardCharsets.UTF_8);
        List<String> lines = text.lines().toList();
        assertEquals(4, lines.size(), text);
        assertEquals(FORMAT.line(event(1)), lines.get(0));
        assertEquals(FORMAT.line(event(3)), lines.get(2));
        ParsedEvent library = EventParser.event(lines.get(3)).orElseThrow();
        assertEquals("log.other", library.id());
        assertEquals("io.netty.x", library.value("logger"));
        assertEquals("odd thing (java.lang.IllegalStateException: why)", library.text());
        assertEquals(0, library.seq());
    }

    private static Event event(long seq) {
        return new Event(
                seq, seq * 1_000, seq, Level.INFO, EventId.DAEMON_READY, Event.fields("instances", 1), "ready");
    }
}
