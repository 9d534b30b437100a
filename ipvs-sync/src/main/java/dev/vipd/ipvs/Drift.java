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
 * @param found       what the kernel has, {@code absent} for nothing
 * @param want        what we left there, {@code absent} for nothing
 */
public record Drift(ServiceKey service, Optional<Endpoint> destination, String found, String want) {
    private static final String ABSENT = "absent";

    /**
     * Compares the services of {@code left}; others are foreign.
     *
     * @param left     our services as our last acknowledged request left them
     * @param observed what is there now
     */
    public static List<Drift> between(IpvsTable left, IpvsTable observed) {
        List<Drift> all = new ArrayList<>();
        for (IpvsTable.Entry want : left.entries()) {
            ServiceKey key = want.service().key();
            Optional<IpvsTable.Entry> found = observed.entry(key);
            if (found.isEmpty()) {
                all.add(new Drift(key, Optional.empty(), ABSENT, want.service().describe()));
            } else if (!want.equals(found.get())) {
                compare(want, found.get(), all);
            }
        }
        return List.copyOf(all);
    }

    private static void compare(IpvsTable.Entry want, IpvsTable.Entry found, List<Drift> all) {
        ServiceKey key = want.service().key();
        if (!want.service().equals(found.service())) {
            all.add(new Drift(key, Optional.empty(), found.service().describe(), want.service().describe()));
        }
        Set<Endpoint> either = new LinkedHashSet<>(want.destinations().keySet());
        either.addAll(found.destinations().keySet());
        for (Endpoint at : either) {
            Optional<Destination> left = Optional.ofNullable(want.destinations().get(at));
            Optional<Destination> now = Optional.ofNullable(found.destinations().get(at));
            if (!left.equals(now)) {
                all.add(new Drift(key, Optional.of(at), describe(now), describe(left)));
            }
        }
    }

    private static String describe(Optional<Destination> destination) {
        return destination.map(Destination::describe).orElse(ABSENT);
    }
}
