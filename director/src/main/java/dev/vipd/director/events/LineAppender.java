package dev.vipd.director.events;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes each record with one write call. Unlike logback's own appenders it goes on after a failed write: a disk that
 * was full gets its log back once there is room.
 */
final class LineAppender extends AppenderBase<ILoggingEvent> {
    private final EventEncoder encoder;
    private final OutputStream out;
    private boolean cut;
    private volatile long lastSeqWritten;

    LineAppender(EventEncoder encoder, OutputStream out) {
        this.encoder = encoder;
        this.out = out;
        setName("lines");
    }

    /** {@code seq} of the last event that was written whole; 0 at first. */
    long lastSeqWritten() {
        return lastSeqWritten;
    }

    /** logback holds this appender's lock. */
    @Override
    protected void append(ILoggingEvent logged) {
        byte[] line = encoder.encode(logged);
        try {
            if (cut) {
                // a failed write may have left half a line
                out.write('\n');
                cut = false;
            }
            out.write(line);
            out.flush();
        } catch (IOException e) {
            cut = true;
            return;
        }
        Event event = EventEncoder.event(logged);
        if (event != null) {
            lastSeqWritten = event.seq();
        }
    }
}
