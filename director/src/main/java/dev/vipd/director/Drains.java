package dev.vipd.director;

import dev.vipd.director.ServerOrders.Server;
import dev.vipd.director.config.ServiceConfig;
import dev.vipd.ipvs.Destination;
import dev.vipd.ipvs.Endpoint;
import dev.vipd.ipvs.IpvsTable;
import dev.vipd.ipvs.Observation.Load;
import dev.vipd.ipvs.RealServer;
import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.VirtualServer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Real servers on their way out of the table: those that an operator drains, and those that have left the configuration
 * of a service that stays. They have weight 0, and are at the end when nothing in the kernel names them any more or
 * their time is over. Configuration, orders and the kernel's counts come in; who is at the end goes out.
 *
 * <p>What counts are all entries of the kernel's connection table: active, inactive (a connection of TCP that is
 * closed on one side only is one of those, and still carries data) and persistence templates (whose clients come back
 * to this server, weight 0 or not). Not thread-safe.
 */
final class Drains {
    /** Between two looks at the connections. */
    static final long LOOK_INTERVAL_NS = 1_000_000_000L;

    private final Map<Server, Drain> drains = new LinkedHashMap<>();
    private Map<String, ServiceConfig> services = Map.of();
    private long nextLookNs;
    /** Of before the last configuration, until {@link #forgetLeft}. */
    private final Map<Server, Drain> leftDrains = new LinkedHashMap<>();
    private final Map<String, ServiceConfig> leftServices = new HashMap<>();

    /** Why a drain ended by itself. */
    enum Why {
        NO_CONNECTIONS,
        DRAIN_TIMEOUT;

        /** As in the log. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The end of a drain: the server is to be taken out of the table.
     *
     * @param leaving it is not configured any more, as against drained by an operator
     * @param left    connections that are lost by it
     * @param tookNs  since it began
     */
    record Ended(Server server, boolean leaving, long left, long tookNs, Why why) {}

    /**
     * A drain under way.
     *
     * @param leaving    it is not configured any more, as against drained by an operator
     * @param left       connections when last looked at; empty: that is still to come
     * @param deadlineNs when it ends whatever is left; empty: never
     */
    record Progress(Server server, boolean leaving, long sinceNs, OptionalLong left, OptionalLong deadlineNs) {}

    private record Drain(VirtualServer service, RealServer real, Progress progress) {
        /** As last looked at. */
        Drain with(long left) {
            return new Drain(service, real, new Progress(progress.server, progress.leaving, progress.sinceNs,
                    OptionalLong.of(left), progress.deadlineNs));
        }

        Endpoint at(ServiceKey key) {
            return Destination.of(real, key).at();
        }
    }

    /**
     * Takes another configuration. What is under way goes on, within the time that the new one gives it. Of a service
     * with {@code drain_timeout} that keeps its name and a key, servers that left and are in the table are drained; one
     * that comes back is not, nor are those of a service that has left or gives them no time. What left and comes back
     * before {@link #forgetLeft} goes on: the new configuration could not be carried out.
     *
     * @param ordered those that an operator drains, configured or not
     * @param before  the table as it was wanted until now
     */
    void configure(List<ServiceConfig> wanted, Set<Server> ordered, IpvsTable before, long nowNs) {
        leftDrains.putAll(drains);
        leftServices.putAll(services);
        List<Drain> all = new ArrayList<>();
        for (ServiceConfig config : wanted) {
            for (RealServer real : config.server().realServers()) {
                if (ordered.contains(id(config, real))) {
                    all.add(drain(config, real, false, nowNs));
                }
            }
            if (config.drainTimeoutNs() > 0) {
                gone(config, before).forEach(real -> all.add(drain(config, real, true, nowNs)));
            }
        }
        if (drains.isEmpty()) {
            nextLookNs = nowNs + LOOK_INTERVAL_NS;
        }
        drains.clear();
        all.forEach(drain -> drains.put(drain.progress.server, drain));
        services = wanted.stream().collect(Collectors.toMap(config -> config.server().name(), it -> it));
    }

    /** The last configuration holds. */
    void forgetLeft() {
        leftDrains.clear();
        leftServices.clear();
    }

    private static Server id(ServiceConfig config, RealServer real) {
        return new Server(config.server().name(), HealthBoard.memberId(real));
    }

    private Drain drain(ServiceConfig config, RealServer real, boolean leaving, long nowNs) {
        Server server = id(config, real);
        Drain known = drains.getOrDefault(server, leftDrains.get(server));
        long sinceNs = known == null ? nowNs : known.progress.sinceNs;
        OptionalLong left = known == null ? OptionalLong.empty() : known.progress.left;
        OptionalLong deadlineNs = config.drainTimeoutNs() == 0
                ? OptionalLong.empty()
                : OptionalLong.of(sinceNs + config.drainTimeoutNs());
        return new Drain(config.server(), real, new Progress(server, leaving, sinceNs, left, deadlineNs));
    }

    /** Servers that this service had, which are in the table and are not its servers any more. */
    private Collection<RealServer> gone(ServiceConfig config, IpvsTable before) {
        String name = config.server().name();
        ServiceConfig old = services.getOrDefault(name, leftServices.get(name));
        if (old == null) {
            return List.of();
        }
        Map<String, RealServer> candidates = new LinkedHashMap<>();
        Stream.concat(old.server().realServers().stream(), leaving(leftDrains.values(), name))
                .forEach(real -> candidates.put(HealthBoard.memberId(real), real));
        config.server().realServers().forEach(real -> candidates.remove(HealthBoard.memberId(real)));
        if (candidates.isEmpty()) {
            return List.of();
        }
        List<ServiceKey> keys = config.server().keys();
        Set<Endpoint> taken = new HashSet<>(); // by a server that is written in another way
        config.server().realServers().forEach(real -> keys.forEach(key -> taken.add(Destination.of(real, key).at())));
        candidates.values().removeIf(real ->
                keys.stream().map(key -> Destination.of(real, key).at()).anyMatch(taken::contains)
                        || keys.stream().noneMatch(key -> isIn(before, key, real)));
        return candidates.values();
    }

    private static boolean isIn(IpvsTable table, ServiceKey key, RealServer real) {
        Endpoint at = Destination.of(real, key).at();
        return table.entry(key).filter(entry -> entry.destinations().containsKey(at)).isPresent();
    }

    /** Notes what an operator wants of a configured server: to drain it, or not any more. */
    void order(Server server, boolean wanted, long nowNs) {
        if (!wanted) {
            drains.remove(server);
            return;
        }
        ServiceConfig config = services.get(server.service());
        Stream<RealServer> reals = config == null ? Stream.of() : config.server().realServers().stream();
        reals.filter(real -> HealthBoard.memberId(real).equals(server.address())).findFirst().ifPresent(real -> {
            if (drains.isEmpty()) {
                nextLookNs = nowNs + LOOK_INTERVAL_NS;
            }
            drains.put(server, drain(config, real, false, nowNs));
        });
    }

    /** The services to look at now, after which {@link #on} is to hear of them; none when it is not yet time. */
    Set<ServiceKey> toLookAt(long nowNs) {
        if (drains.isEmpty() || nextLookNs - nowNs > 0) {
            return Set.of();
        }
        nextLookNs = nowNs + LOOK_INTERVAL_NS;
        return drains.values().stream().flatMap(drain -> drain.service.keys().stream()).collect(Collectors.toSet());
    }

    /**
     * What a look saw.
     *
     * @param rows    the destinations of services, of those that were to be looked at; none when they can't be read
     * @param askedNs not later than the look
     */
    record Seen(Map<ServiceKey, Map<Destination, Load>> rows, long askedNs) {
        /** There was no look. */
        static final Seen NOTHING = new Seen(Map.of(), 0);
    }

    /**
     * Notes what was seen and that time went by.
     *
     * @return who is at the end, and forgotten here
     */
    List<Ended> on(Seen look, long nowNs) {
        Map<ServiceKey, Map<Destination, Load>> seen = look.rows;
        List<Ended> ended = new ArrayList<>();
        for (Drain drain : List.copyOf(drains.values())) {
            boolean looked = seen.keySet().containsAll(drain.service.keys())
                    && drain.progress.sinceNs - look.askedNs <= 0; // one that was ended and began again is another
            Drain now = looked ? drain.with(connections(drain, seen)) : drain;
            Progress progress = now.progress;
            drains.put(progress.server, now);
            long tookNs = nowNs - progress.sinceNs;
            if (looked && progress.left.getAsLong() == 0 && takesNone(drain, seen)) {
                ended.add(new Ended(progress.server, progress.leaving, 0, tookNs, Why.NO_CONNECTIONS));
            } else if (progress.deadlineNs.isPresent() && progress.deadlineNs.getAsLong() - nowNs <= 0) {
                ended.add(new Ended(progress.server, progress.leaving, progress.left.orElse(0), tookNs,
                        Why.DRAIN_TIMEOUT));
            }
        }
        ended.forEach(end -> drains.remove(end.server));
        return ended;
    }

    private static long connections(Drain drain, Map<ServiceKey, Map<Destination, Load>> seen) {
        return drain.service.keys().stream()
                .flatMap(key -> rows(drain, key, seen))
                .map(Map.Entry::getValue)
                .mapToLong(load -> load.active() + load.inactive() + load.persistent())
                .sum();
    }

    /** Its rows are there with weight 0. One that is still to be made, or is another, says nothing of connections. */
    private static boolean takesNone(Drain drain, Map<ServiceKey, Map<Destination, Load>> seen) {
        return drain.service.keys().stream().allMatch(key -> rows(drain, key, seen).findAny().isPresent()
                && rows(drain, key, seen).allMatch(row -> row.getKey().weight() == 0));
    }

    private static Stream<Map.Entry<Destination, Load>> rows(
            Drain drain, ServiceKey key, Map<ServiceKey, Map<Destination, Load>> seen) {
        Endpoint at = drain.at(key);
        return seen.get(key).entrySet().stream().filter(row -> row.getKey().at().equals(at));
    }

    /** When the next look is due, or a time is over; empty: nothing is under way. */
    OptionalLong nextDeadlineNs() {
        if (drains.isEmpty()) {
            return OptionalLong.empty();
        }
        long nextNs = nextLookNs;
        for (Drain drain : drains.values()) {
            long endNs = drain.progress.deadlineNs.orElse(nextNs);
            nextNs = endNs - nextNs < 0 ? endNs : nextNs;
        }
        return OptionalLong.of(nextNs);
    }

    /** Those of a service that are not configured any more. */
    List<RealServer> leaving(String service) {
        return leaving(drains.values(), service).toList();
    }

    private static Stream<RealServer> leaving(Collection<Drain> drains, String service) {
        return drains.stream()
                .filter(drain -> drain.progress.leaving && drain.service.name().equals(service))
                .map(Drain::real);
    }

    /** {@code drain_timeout} of a service; 0 when it has none. */
    long timeoutNs(String service) {
        return services.containsKey(service) ? services.get(service).drainTimeoutNs() : 0;
    }

    /** All that is under way. */
    Map<Server, Progress> progress() {
        Map<Server, Progress> all = new LinkedHashMap<>();
        drains.forEach((server, drain) -> all.put(server, drain.progress));
        return all;
    }
}
