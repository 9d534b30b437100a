package dev.vipd.director.verify;

import java.util.List;
import java.util.stream.Stream;

/**
 * Everything one director's logs say, in file order.
 *
 * @param node the name given on the command line
 */
record NodeLog(String node, List<FileCount> files, List<LogEntry> entries) {

    NodeLog {
        files = List.copyOf(files);
        entries = List.copyOf(entries);
    }

    /** What the lines of one file were. */
    record FileCount(String file, int lines, int understood, int foreign, int truncated) {}

    /** A log of vipd's; otherwise one of keepalived's. */
    boolean isVipd() {
        return entries.stream().anyMatch(LogEntry.Vipd.class::isInstance);
    }

    Stream<LogEntry.Vipd> vipd() {
        return entries.stream().filter(LogEntry.Vipd.class::isInstance).map(LogEntry.Vipd.class::cast);
    }

    Stream<LogEntry.Keepalived> keepalived() {
        return entries.stream().filter(LogEntry.Keepalived.class::isInstance).map(LogEntry.Keepalived.class::cast);
    }
}
