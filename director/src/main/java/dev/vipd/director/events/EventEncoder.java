package dev.vipd.director.events;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;

/** logback's records as lines: an {@link Event} as itself, any other as {@code log.other}. */
final class EventEncoder extends EncoderBase<ILoggingEvent> {
    private static final byte[] NOTHING = {};

    private final EventFormat format;

    EventEncoder(EventFormat format) {
        this.format = format;
    }

    @Override
    public byte[] encode(ILoggingEvent logged) {
        Event event = event(logged);
        String line = event == null ? other(logged) : format.line(event);
        return (line + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The event that a record carries, or null. */
    static Event event(ILoggingEvent logged) {
        Object[] arguments = logged.getArgumentArray();
        return arguments != null && arguments.length == 1 && arguments[0] instanceof Event event ? event : null;
    }

    private String other(ILoggingEvent logged) {
        String message = String.valueOf(logged.getFormattedMessage());
        IThrowableProxy cause = logged.getThrowableProxy();
        if (cause != null) {
            message += " (" + cause.getClassName() + ": " + cause.getMessage() + ")";
        }
        long wallMicros = logged.getTimeStamp() * 1000;
        return format.otherLine(wallMicros, System.nanoTime(), level(logged), logged.getLoggerName(), message);
    }

    private static Level level(ILoggingEvent logged) {
        if (logged.getLevel().isGreaterOrEqual(ch.qos.logback.classic.Level.ERROR)) {
            return Level.ERROR;
        }
        return logged.getLevel().isGreaterOrEqual(ch.qos.logback.classic.Level.WARN) ? Level.WARN : Level.INFO;
    }

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }
}
