package dev.vipd.vrrp.io;

import dev.vipd.vrrp.TrackRef;
import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.TrackerReading;
import dev.vipd.vrrp.TrackersConfig;
import dev.vipd.vrrp.VirtualRouterConfig;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Everything that instances follow. Each kind has a class of its own that writes to the {@link TrackerBoard}; what has
 * to wait for something is watched on another thread. On the loop's thread only.
 */
final class Trackers implements AutoCloseable {
    private final TrackerBoard board;
    private final ScriptTrackers scripts;
    private final InterfaceTrackers interfaces;
    private final ServiceTrackers services;
    private final WatchedTrackers watched;

    /**
     * @param loop     runs a task on the loop's thread
     * @param onChange told when a tracker says something else
     */
    Trackers(VrrpListener listener, Consumer<Runnable> loop, BiConsumer<TrackerId, TrackerReading> onChange) {
        board = new TrackerBoard(listener, onChange);
        scripts = new ScriptTrackers(board, listener, loop);
        interfaces = new InterfaceTrackers(board);
        services = new ServiceTrackers(board);
        watched = new WatchedTrackers(board, listener, loop);
    }

    /** Makes these the trackers. What is known of those that stay is kept. */
    void configure(TrackersConfig config) {
        scripts.configure(config.scripts());
        interfaces.configure(config.interfaceDelays());
        watched.configure(config);
    }

    /** Looks at the interfaces and services that these instances follow. */
    void update(Interfaces known, List<VirtualRouterConfig> configs, long nowNs) {
        Set<String> names = new LinkedHashSet<>();
        for (VirtualRouterConfig config : configs) {
            names.add(config.interfaceName());
            names.addAll(followed(config, TrackerId.Kind.INTERFACE));
        }
        interfaces.update(known, names, nowNs);
        services.follow(configs.stream()
                .flatMap(config -> followed(config, TrackerId.Kind.SERVICE).stream())
                .collect(Collectors.toCollection(LinkedHashSet::new)));
    }

    /** Takes whether a virtual server has its quorum. */
    void serviceIs(ServiceState service) {
        services.is(service);
    }

    OptionalLong nextDeadlineNs() {
        return interfaces.nextDeadlineNs();
    }

    void actOnTimers(long nowNs) {
        interfaces.actOnTimers(nowNs);
    }

    Map<TrackerId, TrackerReading> readings() {
        return board.readings();
    }

    List<TrackerStatus> status() {
        return board.status();
    }

    @Override
    public void close() {
        scripts.close();
        watched.close();
    }

    private static List<String> followed(VirtualRouterConfig config, TrackerId.Kind kind) {
        return Stream.concat(
                        config.tracking().tracks().stream().map(TrackRef::tracker),
                        config.election().claimRequires().stream())
                .filter(tracker -> tracker.kind() == kind)
                .map(TrackerId::name)
                .toList();
    }
}
