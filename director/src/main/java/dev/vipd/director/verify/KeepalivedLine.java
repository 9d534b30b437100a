package dev.vipd.director.verify;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.Month;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of keepalived's log, with one of these in front: {@code Nov 21 03:50:11 host tag[pid]:} (syslog, journald), an
 * ISO time with or without {@code host tag[pid]:}, keepalived's own {@code Sat Nov 21 03:50:11 2026:}, or an ISO time
 * and then keepalived's own (a timestamper's output); then the first time counts.
 *
 * @param wallNs       nanoseconds since 1970
 * @param resolutionNs the true time lies in {@code [wallNs, wallNs + resolutionNs)}
 * @param inst         the instance in brackets; empty for lines about the process
 */
record KeepalivedLine(long wallNs, long resolutionNs, String inst, Kind kind, String message) {

    /** What the line says, as far as ownership goes. */
    enum Kind { START, STOP, DIED, MASTER, BACKUP, FAULT, SET_VIPS, REMOVE_VIPS, OTHER }

    private static final Pattern ISO = Pattern.compile(
            "(\\d{4}-\\d{2}-\\d{2})[T ](\\d{2}:\\d{2}:\\d{2})(?:[.,](\\d{1,9}))?(Z|[+-]\\d{2}:?\\d{2})? ");
    private static final Pattern SYSLOG = Pattern.compile(
            "([A-Z][a-z]{2}) {1,2}(\\d{1,2}) (\\d{2}):(\\d{2}):(\\d{2})(?:\\.(\\d{1,9}))? ");
    private static final Pattern CONSOLE = Pattern.compile(
            "[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\\d{1,2}) (\\d{2}):(\\d{2}):(\\d{2}) (\\d{4}): ");
    private static final Pattern TAG = Pattern.compile("(?:\\S+ )?([A-Za-z_][\\w.-]*)(?:\\[\\d+\\])?: ");
    private static final Pattern INSTANCE = Pattern.compile("\\(([^()\\s]+)\\):? (.*)");

    /** The line, or empty when it is none of keepalived's. {@code zone} and {@code year} fill in what it leaves out. */
    static Optional<KeepalivedLine> parse(String line, ZoneId zone, int year) {
        try {
            Matcher iso = ISO.matcher(line);
            if (iso.lookingAt()) {
                return message(line.substring(iso.end()), isoNs(iso, zone), resolution(iso.group(3)));
            }
            Matcher console = CONSOLE.matcher(line);
            if (console.lookingAt()) {
                long wallNs = ns(Integer.parseInt(console.group(6)), console, 1, "", zone);
                return message(line, wallNs, resolution(null));
            }
            Matcher syslog = SYSLOG.matcher(line);
            if (syslog.lookingAt()) {
                long wallNs = ns(year, syslog, 1, syslog.group(6), zone);
                return message(line.substring(syslog.end()), wallNs, resolution(syslog.group(6)));
            }
            return Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<KeepalivedLine> message(String rest, long wallNs, long resolutionNs) {
        Matcher console = CONSOLE.matcher(rest);
        Matcher tag = TAG.matcher(rest);
        boolean own = console.lookingAt();
        String message = own ? rest.substring(console.end()) : rest;
        if (!own && !rest.startsWith("(") && tag.lookingAt()
                && tag.group(1).toLowerCase(Locale.ROOT).startsWith("keepalived")) {
            own = true;
            message = rest.substring(tag.end());
        }
        Matcher instance = INSTANCE.matcher(message);
        if (instance.matches()) {
            String text = instance.group(2);
            return Optional.of(
                    new KeepalivedLine(wallNs, resolutionNs, instance.group(1), instanceKind(text), message));
        }
        Kind kind = processKind(message);
        return kind == Kind.OTHER && !own
                ? Optional.empty()
                : Optional.of(new KeepalivedLine(wallNs, resolutionNs, "", kind, message));
    }

    private static Kind instanceKind(String text) {
        if (text.startsWith("Entering MASTER STATE")) {
            return Kind.MASTER;
        }
        if (text.startsWith("Entering BACKUP STATE")) {
            return Kind.BACKUP;
        }
        if (text.startsWith("Entering FAULT STATE") || text.startsWith("entering FAULT state")) {
            return Kind.FAULT;
        }
        if (text.startsWith("setting VIPs")) {
            return Kind.SET_VIPS;
        }
        // "sent 0 priority" is what a master says on its way out
        return text.startsWith("removing VIPs") || text.startsWith("sent 0 priority") ? Kind.REMOVE_VIPS : Kind.OTHER;
    }

    private static Kind processKind(String message) {
        if (message.startsWith("Starting Keepalived") || message.startsWith("Starting VRRP child process")) {
            return Kind.START;
        }
        if (message.startsWith("VRRP child process(") || message.matches(".*vrrp.* exited due to signal.*")) {
            return Kind.DIED;
        }
        return message.equals("Stopped") || message.startsWith("Stopped Keepalived") ? Kind.STOP : Kind.OTHER;
    }

    private static long isoNs(Matcher iso, ZoneId zone) {
        LocalDateTime time = LocalDateTime.parse(iso.group(1) + "T" + iso.group(2));
        String offset = iso.group(4);
        ZoneId of = offset == null ? zone : ZoneOffset.of(offset.equals("Z") ? "Z" : offset);
        return secondsToNs(OffsetDateTime.from(time.atZone(of)).toEpochSecond(), iso.group(3));
    }

    private static long ns(int year, Matcher parts, int first, String fraction, ZoneId zone) {
        int month = 0;
        for (Month m : Month.values()) {
            month = m.name().startsWith(parts.group(first).toUpperCase(Locale.ROOT)) ? m.getValue() : month;
        }
        LocalDateTime time = LocalDateTime.of(year, month, Integer.parseInt(parts.group(first + 1)),
                Integer.parseInt(parts.group(first + 2)), Integer.parseInt(parts.group(first + 3)),
                Integer.parseInt(parts.group(first + 4)));
        return secondsToNs(time.atZone(zone).toEpochSecond(), fraction);
    }

    private static long secondsToNs(long seconds, String fraction) {
        String digits = fraction == null ? "" : fraction;
        return seconds * 1_000_000_000 + Long.parseLong((digits + "000000000").substring(0, 9));
    }

    private static long resolution(String fraction) {
        long ns = 1_000_000_000;
        for (int i = 0; fraction != null && i < fraction.length(); i++) {
            ns /= 10;
        }
        // a microsecond is exact enough: it is what vipd's own log has
        return ns <= 1_000 ? 0 : ns;
    }
}
