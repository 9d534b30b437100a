package dev.vipd.vrrp.io;

import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.TrackerReading;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Virtual servers whose quorum is followed, as the director tells of them. On the loop's thread only. */
final class ServiceTrackers {
    private final TrackerBoard board;
    /** Of all services: one may be followed only after a reload. */
    private final Map<String, ServiceState> services = new HashMap<>();
    private Set<String> followed = Set.of();

    ServiceTrackers(TrackerBoard board) {
        this.board = board;
    }

    /** Makes these the ones that are followed. */
    void follow(Set<String> names) {
        followed = names;
        board.retain(TrackerId.Kind.SERVICE, names::contains);
        for (String name : names) {
            board.start(id(name), TrackerReading.WAIT, "not checked yet");
            tell(name);
        }
    }

    /** Takes whether a service has its quorum. */
    void is(ServiceState service) {
        services.put(service.name(), service);
        if (followed.contains(service.name())) {
            tell(service.name());
        }
    }

    private void tell(String name) {
        ServiceState told = services.get(name);
        if (told != null) {
            board.is(id(name), TrackerReading.of(told.up()), told.why());
        }
    }

    private static TrackerId id(String name) {
        return new TrackerId(TrackerId.Kind.SERVICE, name);
    }
}
