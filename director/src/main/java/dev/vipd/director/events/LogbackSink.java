package dev.vipd.director.events;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.io.OutputStream;
import org.slf4j.LoggerFactory;

/** Sends events through logback's logger {@code vipd.event} to one {@link LineAppender}. */
final class LogbackSink implements EventSink {
    private static final int OTHER_QUEUE_BOUND = 1_024;

    private final Logger logger;
    private final LineAppender appender;

    private LogbackSink(Logger logger, LineAppender appender) {
        this.logger = logger;
        this.appender = appender;
    }

    /** Makes {@code out} the only output of logback. Records of other loggers are dropped when their queue is full. */
    static LogbackSink install(EventFormat format, OutputStream out) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        LineAppender lines = new LineAppender(new EventEncoder(format), out);
        lines.setContext(context);
        lines.start();

        // a library may log on a thread of ours: that must not wait for the disk either
        AsyncAppender others = new AsyncAppender();
        others.setContext(context);
        others.setName("others");
        others.setQueueSize(OTHER_QUEUE_BOUND);
        others.setNeverBlock(true);
        others.addAppender(lines);
        others.start();

        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.setLevel(ch.qos.logback.classic.Level.WARN);
        root.addAppender(others);

        Logger events = context.getLogger("vipd.event");
        events.detachAndStopAllAppenders();
        events.setAdditive(false);
        events.setLevel(ch.qos.logback.classic.Level.INFO);
        events.addAppender(lines);
        return new LogbackSink(events, lines);
    }

    @Override
    public boolean write(Event event) {
        switch (event.level()) {
            case INFO -> logger.info(event.text(), event);
            case WARN -> logger.warn(event.text(), event);
            case ERROR -> logger.error(event.text(), event);
        }
        return appender.lastSeqTaken() == event.seq();
    }

    @Override
    public int flush() {
        return appender.flush();
    }
}
