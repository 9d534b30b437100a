package dev.vipd.director.verify;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code vipd verify} was asked. The methods that take words from a command line throw IllegalArgumentException
 * with a message for its user.
 *
 * @param files        logs by node, in the order given
 * @param maxBlackoutNs longest time without a MASTER
 * @param maxOverlapNs longest time with two
 * @param clockErrorNs how far apart the wall clocks of two hosts may be, where adverts don't tell
 * @param expected     instance to the director that is MASTER at the end
 * @param zone         of times in keepalived's logs that have none
 */
public record VerifyOptions(
        Map<String, List<String>> files,
        long maxBlackoutNs,
        long maxOverlapNs,
        long clockErrorNs,
        Map<String, String> expected,
        ZoneId zone) {

    /** No logs yet. */
    public static final VerifyOptions DEFAULT =
            new VerifyOptions(Map.of(), 5_000_000_000L, 50_000_000L, 10_000_000L, Map.of(), ZoneOffset.UTC);

    /** @param words {@code NODE=LOG}; a node may have several logs */
    public VerifyOptions withLogs(List<String> words) {
        Map<String, List<String>> logs = new LinkedHashMap<>();
        for (String word : words) {
            Map.Entry<String, String> log = pair("a log", word);
            logs.computeIfAbsent(log.getKey(), node -> new ArrayList<>()).add(log.getValue());
        }
        if (logs.isEmpty()) {
            throw new IllegalArgumentException("no log is given: name them as NODE=LOG");
        }
        return new VerifyOptions(logs, maxBlackoutNs, maxOverlapNs, clockErrorNs, expected, zone);
    }

    /** After the logs. @param words {@code INSTANCE=NODE} */
    public VerifyOptions withExpected(List<String> words) {
        Map<String, String> masters = new LinkedHashMap<>();
        for (String word : words) {
            Map.Entry<String, String> master = pair("--expect", word);
            if (!files.containsKey(master.getValue())) {
                throw new IllegalArgumentException(
                        "--expect names " + master.getValue() + ", of which no log is given");
            }
            masters.put(master.getKey(), master.getValue());
        }
        return new VerifyOptions(files, maxBlackoutNs, maxOverlapNs, clockErrorNs, masters, zone);
    }

    /** Limits that are not given stay as they are. */
    public VerifyOptions withLimits(
            Optional<String> maxBlackout, Optional<String> maxOverlap, Optional<String> clockError) {
        return new VerifyOptions(
                files,
                maxBlackout.map(text -> duration("--max-blackout", text)).orElse(maxBlackoutNs),
                maxOverlap.map(text -> duration("--max-overlap", text)).orElse(maxOverlapNs),
                clockError.map(text -> duration("--clock-error", text)).orElse(clockErrorNs),
                expected,
                zone);
    }

    public VerifyOptions withZone(Optional<String> name) {
        return new VerifyOptions(
                files, maxBlackoutNs, maxOverlapNs, clockErrorNs, expected, name.map(VerifyOptions::zone).orElse(zone));
    }

    private static long duration(String option, String text) {
        return Times.parse(text).orElseThrow(() ->
                new IllegalArgumentException(option + ": not a time: " + text + " (1500ms, 1.5s)"));
    }

    private static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("--zone: not a time zone: " + text, e);
        }
    }

    private static Map.Entry<String, String> pair(String what, String text) {
        int equals = text.indexOf('=');
        if (equals <= 0 || equals == text.length() - 1) {
            throw new IllegalArgumentException(what + ": expected NAME=VALUE, got " + text);
        }
        return Map.entry(text.substring(0, equals), text.substring(equals + 1));
    }
}
