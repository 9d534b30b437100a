package dev.vipd.director.verify;

import dev.vipd.director.events.ParsedEvent;

/** One line of a log that says something. */
sealed interface LogEntry {
    Source source();

    /** Wall clock, nanoseconds since 1970. */
    long wallNs();

    /** A line of vipd's event log. */
    record Vipd(Source source, ParsedEvent event) implements LogEntry {
        @Override
        public long wallNs() {
            return event.wallMicros() * 1_000;
        }

        String inst() {
            return event.value("inst");
        }
    }

    /** A line of keepalived's log. */
    record Keepalived(Source source, KeepalivedLine line) implements LogEntry {
        @Override
        public long wallNs() {
            return line.wallNs();
        }
    }
}
