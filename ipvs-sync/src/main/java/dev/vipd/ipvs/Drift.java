package dev.vipd.ipvs;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One row of the kernel's table that is not as we left it: somebody else changed it.
 *
 * @param service     the service
 * @param destination its destination; empty when the service itself differs. A service that is gone is one row: that
 *                    its destinations are gone with it is not reported again.
 * @param found       what the kernel has, {@link #ABSENT} for nothing
 * @param want        what we left there, {@link #ABSENT} for nothing
 * @param lost        what went with a row that is gone
 */
public record Drift(ServiceKey service, Optional<Endpoint> destination, String found, String want, Loss lost) {
    /** In place of a row's settings: it is not there. */
    public static final String ABSENT = "absent";

    /**
     * What went with a row.
     *
     * @param destinations how many
     * @param connections  of them, in any state, when the table was last looked at before
     */
    public record Loss(int destinations, long connections) {
        /** Nothing: the row is there. */
        public static final Loss NONE = new Loss(0, 0);
    }

    /**
     * Compares the services of {@code left}; others are foreign.
     *
     * @param left     our services as our last acknowledged request left them
     * @param observed what is there now
     * @param before   an earlier look at the table, for the connections
     */
    public static List<Drift> between(IpvsTable left, IpvsTable observed, Observation before) {
        List<Drift> all = new ArrayList<>();
        for (IpvsTable.Entry want : left.entries()) {
            ServiceKey key = want.service().key();
            Optional<IpvsTable.Entry> found = observed.entry(key);
            if (found.isEmpty()) {
                Loss lost = loss(key, want.destinations().keySet(), before);
                all.add(new Drift(key, Optional.empty(), ABSENT, want.service().describe(), lost));
            } else if (!want.equals(found.get())) {
                compare(want, found.get(), before, all);
            }
        }
        return List.copyOf(all);
    }

    private static void compare(
            IpvsTable.Entry want, IpvsTable.Entry found, Observation before, List<Drift> all) {
        ServiceKey key = want.service().key();
        if (!want.service().equals(found.service())) {
            all.add(new Drift(
                    key, Optional.empty(), found.service().describe(), want.service().describe(), Loss.NONE));
        }
        Set<Endpoint> either = new LinkedHashSet<>(want.destinations().keySet());
        either.addAll(found.destinations().keySet());
        for (Endpoint at : either) {
            Optional<Destination> left = Optional.ofNullable(want.destinations().get(at));
            Optional<Destination> now = Optional.ofNullable(found.destinations().get(at));
            if (!left.equals(now)) {
                Loss lost = now.isPresent() ? Loss.NONE : loss(key, Set.of(at), before);
                all.add(new Drift(key, Optional.of(at), describe(now), describe(left), lost));
            }
        }
    }

    private static Loss loss(ServiceKey key, Set<Endpoint> gone, Observation before) {
        long connections = gone.stream()
                .map(at -> before.of(key, at))
                .mapToLong(load -> load.active() + load.inactive())
                .sum();
        return new Loss(gone.size(), connections);
    }

    private static String describe(Optional<Destination> destination) {
        return destination.map(Destination::describe).orElse(ABSENT);
    }
}
