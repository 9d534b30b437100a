package dev.vipd.director.events;

import dev.vipd.netlink.sys.EventFd;
import dev.vipd.netlink.sys.Poller;
import dev.vipd.netlink.sys.SysException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The event log of one process. {@link #emit} stamps an event and hands it over without a lock and without I/O, so
 * that the VRRP thread may call it; one thread, {@code event-log}, writes.
 *
 * <p>The queue is bounded. An event that finds it full is dropped: its {@code seq} is used up, so that the hole shows,
 * and a {@code log.overflow} says later how many there were. Lines that could not be written count as dropped too.
 */
public final class EventLog implements AutoCloseable {
    /** Events that may wait for the writer; about 30 MB at worst. */
    public static final int QUEUE_BOUND = 65_536;

    private static final long HOLD_NS_MAX = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long HOLD_STEP_NS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final long IDLE_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long CLOSE_MS_MAX = 2_000;

    private final EventFormat format;
    private final EventSink sink;
    private final LongSupplier wallMicros;
    private final LongSupplier monoNs;
    private final int bound;
    private final List<Consumer<Event>> subscribers = new CopyOnWriteArrayList<>();

    private final AtomicLong lastSeq = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    /** Handed over and not yet written. */
    private final AtomicInteger queued = new AtomicInteger();
    /** Callers between taking a seq and having handed it over or dropped it. */
    private final AtomicInteger inFlight = new AtomicInteger();
    private final ConcurrentLinkedQueue<Event> handOver = new ConcurrentLinkedQueue<>();
    private final Thread writer;
    /** The writer sleeps. It is woken by the kernel: a lock for that could be held while the writer gets no CPU. */
    private final AtomicBoolean asleep = new AtomicBoolean();
    private final EventFd wake;
    private final Poller poller;
    private volatile boolean closing;

    // the writer's own
    private final PriorityQueue<Event> pending = new PriorityQueue<>(Comparator.comparingLong(Event::seq));
    private long nextSeq = 1;
    private long holdingSinceNs;
    private boolean holding;
    private long reportNotBeforeNs;

    /** Opens the log of this process on {@code out}, by logback; other loggers' records (WARN and up) go there too. */
    public static EventLog open(String node, OutputStream out) {
        EventFormat format = new EventFormat(node, BootId.read());
        return new EventLog(
                format, LogbackSink.install(format, out), EventLog::wallMicrosNow, System::nanoTime, QUEUE_BOUND);
    }

    EventLog(EventFormat format, EventSink sink, LongSupplier wallMicros, LongSupplier monoNs, int bound) {
        this.format = format;
        this.sink = sink;
        this.wallMicros = wallMicros;
        this.monoNs = monoNs;
        this.bound = bound;
        try {
            wake = new EventFd();
        } catch (SysException e) {
            throw new UncheckedIOException(e);
        }
        poller = new Poller(List.of(wake.fd()));
        reportNotBeforeNs = System.nanoTime();
        writer = Thread.ofPlatform().name("event-log").daemon(true).unstarted(this::run);
        writer.start();
    }

    private static long wallMicrosNow() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
    }

    /** How this log writes; for subscribers that pass lines on. */
    public EventFormat format() {
        return format;
    }

    /**
     * Stamps and hands over one event. From any thread; never blocks.
     *
     * @param keyValues key, value, key, value, …
     * @return false when it was dropped
     */
    public boolean emit(Level level, EventId id, String text, Object... keyValues) {
        return emit(wallMicros.getAsLong(), monoNs.getAsLong(), level, id, text, keyValues);
    }

    /**
     * As {@link #emit}, for what happened a moment ago.
     *
     * @param atNs when, on CLOCK_MONOTONIC
     */
    public boolean emitAt(long atNs, Level level, EventId id, String text, Object... keyValues) {
        long agoNs = monoNs.getAsLong() - atNs;
        return emit(wallMicros.getAsLong() - agoNs / 1000, atNs, level, id, text, keyValues);
    }

    private boolean emit(long wall, long mono, Level level, EventId id, String text, Object... keyValues) {
        List<Event.Field> fields = Event.fields(keyValues);
        if (closing) {
            return false;
        }
        boolean taken;
        inFlight.incrementAndGet();
        try {
            long seq = lastSeq.incrementAndGet();
            Event event = new Event(wall, mono, seq, level, id, fields, text);
            taken = queued.incrementAndGet() <= bound;
            if (taken) {
                handOver.add(event);
            } else {
                queued.decrementAndGet();
                dropped.incrementAndGet();
            }
        } finally {
            inFlight.decrementAndGet();
        }
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            wake.signal();
        }
        return taken;
    }

    /**
     * Calls {@code subscriber} on the writer thread for each event that is written, in order. It must not block; what
     * it throws is ignored. Closing the result ends the subscription.
     */
    public Subscription subscribe(Consumer<Event> subscriber) {
        subscribers.add(subscriber);
        return () -> subscribers.remove(subscriber);
    }

    /** The end of a subscription. */
    @FunctionalInterface
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    /** Writes what is queued, for two seconds at most, then gives up: a blocked pipe must not keep a process alive. */
    @Override
    public void close() {
        closing = true;
        wake.signal();
        try {
            writer.join(CLOSE_MS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (true) {
            boolean last = closing && inFlight.get() == 0;
            collect();
            boolean wrote = writeInOrder();
            if (last && queued.get() == 0) {
                wake.close();
                return;
            }
            reportDropped();
            if (!wrote) {
                idle();
            }
        }
    }

    private void collect() {
        for (Event event = handOver.poll(); event != null; event = handOver.poll()) {
            pending.add(event);
        }
    }

    private boolean writeInOrder() {
        boolean wrote = false;
        for (Event head = pending.peek(); head != null && (head.seq() <= nextSeq || mayPass(head));
                head = pending.peek()) {
            pending.poll();
            holding = false;
            write(head);
            nextSeq = Math.max(nextSeq, head.seq() + 1);
            wrote = true;
        }
        if (wrote) {
            lost(sink.flush());
        }
        return wrote;
    }

    /** Whether the events between {@code nextSeq} and {@code head} will not come: they were dropped. */
    private boolean mayPass(Event head) {
        if (inFlight.get() == 0) {
            // whoever took a smaller seq is done: its event is in the queue now or was dropped
            collect();
            return pending.peek() == head;
        }
        long nowNs = System.nanoTime();
        if (!holding) {
            holding = true;
            holdingSinceNs = nowNs;
        }
        return nowNs - holdingSinceNs > HOLD_NS_MAX;
    }

    private void write(Event event) {
        lost(sink.write(event) ? 0 : 1);
        queued.decrementAndGet();
        for (Consumer<Event> subscriber : subscribers) {
            try {
                subscriber.accept(event);
            } catch (RuntimeException e) {
                // a subscriber's fault is its own; the log goes on
                continue;
            }
        }
    }

    private void lost(int events) {
        if (events > 0) {
            dropped.addAndGet(events);
            // no report a line while the disk stays full
            reportNotBeforeNs = System.nanoTime() + IDLE_NS;
        }
    }

    private void reportDropped() {
        if (dropped.get() == 0 || queued.get() > bound / 2 || System.nanoTime() - reportNotBeforeNs < 0) {
            return;
        }
        long count = dropped.getAndSet(0);
        if (!emit(Level.WARN, EventId.LOG_OVERFLOW, count + " log lines lost", "dropped", count)) {
            dropped.addAndGet(count);
        }
    }

    private void idle() {
        asleep.set(true);
        if (handOver.isEmpty() && !(closing && queued.get() == 0)) {
            try {
                poller.poll(pending.isEmpty() ? IDLE_NS : HOLD_STEP_NS);
            } catch (SysException e) {
                throw new UncheckedIOException(e);
            }
        }
        asleep.set(false);
        wake.clear();
    }
}
