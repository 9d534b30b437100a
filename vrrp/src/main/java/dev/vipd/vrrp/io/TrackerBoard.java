package dev.vipd.vrrp.io;

import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.TrackerReading;
import dev.vipd.vrrp.TrackerState;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** What each tracker says now; every kind writes here. On the loop's thread only. */
final class TrackerBoard {
    private final VrrpListener listener;
    private final BiConsumer<TrackerId, TrackerReading> onChange;
    private final Map<TrackerId, TrackerStatus> known = new LinkedHashMap<>();

    /** @param onChange told when a tracker that was known says something else */
    TrackerBoard(VrrpListener listener, BiConsumer<TrackerId, TrackerReading> onChange) {
        this.listener = listener;
        this.onChange = onChange;
    }

    /** Takes what a tracker says. The first word of one that is fine is not worth an event. */
    void is(TrackerId id, TrackerReading reading, String why) {
        TrackerStatus before = known.get(id);
        if (before != null && before.reading().equals(reading)) {
            known.put(id, new TrackerStatus(id, reading, before.sinceNs(), why)); // first down, then gone, say
            return;
        }
        known.put(id, new TrackerStatus(id, reading, System.nanoTime(), why));
        if (before != null || reading.state() == TrackerState.DOWN) {
            listener.tracker(id.kind().wireName(), id.name(), reading.state() == TrackerState.UP, why);
        }
        if (before != null) {
            onChange.accept(id, reading);
        }
    }

    /** Takes up a tracker that has not been asked yet; does nothing where it is known. */
    void start(TrackerId id, TrackerReading reading, String why) {
        known.putIfAbsent(id, new TrackerStatus(id, reading, System.nanoTime(), why));
    }

    boolean knows(TrackerId id) {
        return known.containsKey(id);
    }

    /** Forgets all of a kind but these. */
    void retain(TrackerId.Kind kind, Predicate<String> names) {
        known.keySet().removeIf(id -> id.kind() == kind && !names.test(id.name()));
    }

    Map<TrackerId, TrackerReading> readings() {
        Map<TrackerId, TrackerReading> readings = new HashMap<>();
        known.forEach((id, status) -> readings.put(id, status.reading()));
        return readings;
    }

    List<TrackerStatus> status() {
        return List.copyOf(known.values());
    }
}
