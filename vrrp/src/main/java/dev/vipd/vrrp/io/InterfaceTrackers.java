package dev.vipd.vrrp.io;

import dev.vipd.netlink.route.Link;
import dev.vipd.vrrp.InterfaceDelay;
import dev.vipd.vrrp.TrackerId;
import dev.vipd.vrrp.track.InterfaceTracker;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Interfaces that are followed, the instances' own among them. On the loop's thread only. */
final class InterfaceTrackers {
    private final TrackerBoard board;
    private final Map<String, InterfaceTracker> trackers = new HashMap<>();
    private List<InterfaceDelay> delays = List.of();
    private OptionalLong nextNs = OptionalLong.empty();

    InterfaceTrackers(TrackerBoard board) {
        this.board = board;
    }

    void configure(List<InterfaceDelay> newDelays) {
        delays = newDelays;
        trackers.forEach((name, tracker) -> tracker.reconfigure(delay(name)));
    }

    /** Looks at these as the kernel last told of them. */
    void update(Interfaces interfaces, Set<String> names, long nowNs) {
        trackers.keySet().retainAll(names);
        board.retain(TrackerId.Kind.INTERFACE, names::contains);
        for (String name : names) {
            Optional<Link> link = interfaces.link(name);
            boolean usable = link.filter(Link::usable).isPresent();
            String condition = link.map(Link::condition).orElse("does not exist");
            trackers.computeIfAbsent(name, fresh -> new InterfaceTracker(delay(name), usable, condition))
                    .is(usable, condition, nowNs);
            tell(name);
        }
        noteNext();
    }

    OptionalLong nextDeadlineNs() {
        return nextNs;
    }

    void actOnTimers(long nowNs) {
        if (nextNs.isEmpty() || nowNs - nextNs.getAsLong() < 0) {
            return;
        }
        trackers.forEach((name, tracker) -> {
            if (tracker.deadline(nowNs)) {
                tell(name);
            }
        });
        noteNext();
    }

    /** Once for each change: it is asked for in every cycle of the loop. */
    private void noteNext() {
        nextNs = trackers.values().stream()
                .flatMapToLong(tracker -> tracker.nextDeadlineNs().stream())
                .reduce((a, b) -> a - b < 0 ? a : b);
    }

    private void tell(String name) {
        InterfaceTracker tracker = trackers.get(name);
        board.is(TrackerId.networkInterface(name), tracker.reading(), tracker.why());
    }

    private InterfaceDelay delay(String name) {
        return delays.stream()
                .filter(delay -> delay.interfaceName().equals(name))
                .findFirst()
                .orElse(new InterfaceDelay(name, 0, 0));
    }
}
