package dev.vipd.director.events;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Holds the lines of events back until {@link #flush()}, so that thousands of them are few write calls. Unlike the
 * appenders of logback it goes on after a failed write: a disk that was full gets its log back once there is room.
 */
final class LineAppender extends AppenderBase<ILoggingEvent> {
    /** Lines that are held back at most. */
    private static final int HELD_BYTES_MAX = 32 * 1024;

    private final EventEncoder encoder;
    private final OutputStream out;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private int heldEvents;
    private int lostEvents;
    private boolean cut;
    private volatile long lastSeqTaken;

    LineAppender(EventEncoder encoder, OutputStream out) {
        this.encoder = encoder;
        this.out = out;
        setName("lines");
    }

    /** {@code seq} of the last event that was taken; 0 at first. */
    long lastSeqTaken() {
        return lastSeqTaken;
    }

    /** logback holds this appender's lock. */
    @Override
    protected void append(ILoggingEvent logged) {
        held.writeBytes(encoder.encode(logged));
        Event event = EventEncoder.event(logged);
        if (event != null) {
            heldEvents++;
            lastSeqTaken = event.seq();
        }
        if (event == null || held.size() >= HELD_BYTES_MAX) {
            write(); // nobody flushes after a library
        }
    }

    /** Writes what is held back. Returns how many events could not be written since it was last called. */
    synchronized int flush() {
        write();
        int lost = lostEvents;
        lostEvents = 0;
        return lost;
    }

    private void write() {
        if (held.size() == 0) {
            return;
        }
        try {
            if (cut) {
                // a failed write may have left half a line
                out.write('\n');
                cut = false;
            }
            out.write(held.toByteArray());
            out.flush();
        } catch (IOException e) {
            cut = true;
            lostEvents += heldEvents;
        }
        held.reset();
        heldEvents = 0;
    }
}
