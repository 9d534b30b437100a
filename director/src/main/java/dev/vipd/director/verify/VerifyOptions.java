package dev.vipd.director.verify;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code vipd verify} was asked.
 *
 * @param files        by node, in the order given
 * @param maxBlackoutNs longest time without a MASTER
 * @param maxOverlapNs longest time with two
 * @param clockErrorNs how far apart the wall clocks of two hosts may be, where adverts don't tell
 * @param expected     instance to the director that is MASTER at the end
 * @param zone         of times in keepalived's logs that have none
 */
record VerifyOptions(
        Map<String, List<String>> files,
        long maxBlackoutNs,
        long maxOverlapNs,
        long clockErrorNs,
        Map<String, String> expected,
        ZoneId zone,
        boolean json,
        boolean help) {

    static final String USAGE = """
            usage: vipd verify NODE=LOG... [options]

            Proves from the directors' event logs that a failover kept its limits. Logs of keepalived are read too.
            A NODE may be given more than once, for a log in several files: the oldest first.

              --max-blackout TIME   longest time without a MASTER          (default 5s)
              --max-overlap TIME    longest time with two                  (default 50ms)
              --expect INST=NODE    at the end, NODE is MASTER of INST; may be repeated
              --clock-error TIME    how far apart two hosts' wall clocks may be, where adverts don't tell (default 10ms)
              --zone ZONE           time zone of keepalived's lines that have none (default UTC)
              --json                the report as JSON
              --help

            exit: 0 proved, 1 violated, 2 inconclusive (missing evidence, or a log that can't be read), 64 usage
            """;

    /** A command line that can't be understood. */
    static final class UsageException extends Exception {
        private static final long serialVersionUID = 1;

        UsageException(String message) {
            super(message);
        }
    }

    static VerifyOptions parse(List<String> args) throws UsageException {
        Map<String, List<String>> files = new LinkedHashMap<>();
        Map<String, String> expected = new LinkedHashMap<>();
        long maxBlackoutNs = 5_000_000_000L;
        long maxOverlapNs = 50_000_000L;
        long clockErrorNs = 10_000_000L;
        ZoneId zone = ZoneOffset.UTC;
        boolean json = false;
        boolean help = false;
        Iterator<String> rest = args.iterator();
        while (rest.hasNext()) {
            String arg = rest.next();
            switch (arg) {
                case "--max-blackout" -> maxBlackoutNs = duration(arg, rest);
                case "--max-overlap" -> maxOverlapNs = duration(arg, rest);
                case "--clock-error" -> clockErrorNs = duration(arg, rest);
                case "--expect" -> pair(arg, value(arg, rest), expected);
                case "--zone" -> zone = zone(value(arg, rest));
                case "--json" -> json = true;
                case "--help", "-h" -> help = true;
                default -> {
                    if (arg.startsWith("-")) {
                        throw new UsageException("unknown option " + arg);
                    }
                    Map<String, String> file = new LinkedHashMap<>();
                    pair("a log", arg, file);
                    file.forEach((node, path) -> files.computeIfAbsent(node, n -> new ArrayList<>()).add(path));
                }
            }
        }
        if (!help && files.isEmpty()) {
            throw new UsageException("no log given");
        }
        for (String node : expected.values()) {
            if (!help && !files.containsKey(node)) {
                throw new UsageException("--expect names " + node + ", of which no log is given");
            }
        }
        return new VerifyOptions(
                files, maxBlackoutNs, maxOverlapNs, clockErrorNs, expected, zone, json, help);
    }

    private static String value(String option, Iterator<String> rest) throws UsageException {
        if (!rest.hasNext()) {
            throw new UsageException(option + " needs a value");
        }
        return rest.next();
    }

    private static long duration(String option, Iterator<String> rest) throws UsageException {
        String text = value(option, rest);
        return Times.parse(text).orElseThrow(
                () -> new UsageException(option + ": not a time: " + text + " (1500ms, 1.5s)"));
    }

    private static ZoneId zone(String text) throws UsageException {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            throw new UsageException("--zone: not a time zone: " + text);
        }
    }

    private static void pair(String what, String text, Map<String, String> into) throws UsageException {
        int equals = text.indexOf('=');
        if (equals <= 0 || equals == text.length() - 1) {
            throw new UsageException(what + ": expected NAME=VALUE, got " + text);
        }
        into.put(text.substring(0, equals), text.substring(equals + 1));
    }
}
