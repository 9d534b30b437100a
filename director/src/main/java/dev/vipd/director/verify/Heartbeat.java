package dev.vipd.director.verify;

import dev.vipd.director.events.EventId;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code daemon.heartbeat}: {@code states=VI_1:MASTER,VI_2:BACKUP owned=192.0.2.1/24}. */
final class Heartbeat {
    /** How often a director writes one. */
    static final long PERIOD_NS = 1_000_000_000L;
    /** The next one is due by then, late by a fifth of a period at most. */
    static final long DUE_NS = PERIOD_NS + PERIOD_NS / 5;
    /** Two are missing: the process was not running, whatever it says later. */
    static final long SILENCE_NS = 2 * PERIOD_NS;

    private Heartbeat() {}

    static boolean is(LogEntry.Vipd entry) {
        return entry.event().is(EventId.DAEMON_HEARTBEAT);
    }

    /** State by instance; empty when the line is no heartbeat. */
    static Map<String, String> states(LogEntry.Vipd entry) {
        Map<String, String> states = new LinkedHashMap<>();
        if (is(entry)) {
            for (String pair : entry.event().value("states").split(",")) {
                int colon = pair.lastIndexOf(':');
                if (colon > 0) {
                    states.put(pair.substring(0, colon), pair.substring(colon + 1));
                }
            }
        }
        return states;
    }

    static Optional<String> state(LogEntry.Vipd entry, String inst) {
        return Optional.ofNullable(states(entry).get(inst));
    }

    /** The addresses held, as {@code vip=} has them. */
    static Set<String> owned(LogEntry.Vipd entry) {
        String owned = entry.event().value("owned");
        return owned.equals("-") ? Set.of() : Arrays.stream(owned.split(",")).collect(
                Collectors.toUnmodifiableSet());
    }
}
