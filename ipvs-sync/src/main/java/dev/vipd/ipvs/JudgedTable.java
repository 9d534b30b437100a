package dev.vipd.ipvs;

import dev.vipd.ipvs.Judgement.Kind;
import dev.vipd.ipvs.Observation.DestinationId;
import dev.vipd.ipvs.Observation.Load;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The kernel's table, and what each row of it is to us; and the rows that should be there and are not.
 *
 * @param services        in ipvsadm's order: by firewall mark (none is the lowest), family, protocol, address, port
 * @param foreignServices as {@link Observation#foreignServices()}
 */
public record JudgedTable(List<ServiceRow> services, int foreignServices) {
    private static final Endpoint ANY = new Endpoint(InetAddress.ofLiteral("0.0.0.0"), 0);

    /** Destinations are sorted as services are. */
    private static final Comparator<Endpoint> BY_ENDPOINT = Comparator
            .comparingInt((Endpoint at) -> at.address().getAddress().length)
            .thenComparing(at -> at.address().getAddress(), Arrays::compareUnsigned)
            .thenComparingInt(Endpoint::port);

    private static final Comparator<ServiceKey> BY_KEY = Comparator
            .comparingLong(JudgedTable::mark)
            .thenComparing(ServiceKey::ipv6)
            .thenComparingInt(JudgedTable::protocol)
            .thenComparing(JudgedTable::endpoint, BY_ENDPOINT);

    private static final String ABSENT = "absent";

    public JudgedTable {
        services = List.copyOf(services);
    }

    /**
     * A service.
     *
     * @param service      as the kernel has it; as it should, when it is missing
     * @param name         of its virtual server; empty: it is nobody's of ours
     * @param traffic      its statistics; nothing when it is missing
     * @param destinations in order
     */
    public record ServiceRow(
            Service service,
            Optional<String> name,
            Traffic traffic,
            Judgement judgement,
            List<DestinationRow> destinations) {
        public ServiceRow {
            destinations = List.copyOf(destinations);
        }

        /** Whether it is in the kernel. */
        public boolean present() {
            return judgement.kind() != Kind.MISSING;
        }
    }

    /**
     * One of its destinations.
     *
     * @param destination as the kernel has it; as it should, when it is missing
     * @param load        what it carries; nothing when it is missing
     */
    public record DestinationRow(Destination destination, Load load, Judgement judgement) {
        /** Whether it is in the kernel. */
        public boolean present() {
            return judgement.kind() != Kind.MISSING;
        }
    }

    /**
     * Judges every row.
     *
     * @param drains destinations that are wanted with weight 0 so that they end gently, rather than for good
     */
    public static JudgedTable of(DesiredTable desired, Observation observed, Set<DestinationId> drains) {
        Set<ServiceKey> keys = new LinkedHashSet<>(desired.table().keys());
        keys.addAll(observed.table().keys());
        List<ServiceRow> rows = keys.stream()
                .sorted(BY_KEY)
                .map(key -> service(key, desired, observed, drains))
                .toList();
        return new JudgedTable(rows, observed.foreignServices());
    }

    /** The same rows, when nobody is there who could judge them. */
    public static JudgedTable unjudged(Observation observed) {
        Judgement unknown = Judgement.of(Kind.UNKNOWN);
        List<ServiceRow> rows = observed.table().entries().stream()
                .sorted(Comparator.comparing(entry -> entry.service().key(), BY_KEY))
                .map(entry -> alike(entry, observed, unknown))
                .toList();
        return new JudgedTable(rows, observed.foreignServices());
    }

    private static ServiceRow service(
            ServiceKey key, DesiredTable desired, Observation observed, Set<DestinationId> drains) {
        Optional<IpvsTable.Entry> want = desired.table().entry(key);
        Optional<IpvsTable.Entry> found = observed.table().entry(key);
        if (want.isEmpty()) {
            return alike(found.orElseThrow(), observed, Judgement.of(Kind.FOREIGN));
        }
        Map<Endpoint, Destination> wanted = want.get().destinations();
        Map<Endpoint, Destination> there = found.map(IpvsTable.Entry::destinations).orElse(Map.of());
        Set<Endpoint> either = new LinkedHashSet<>(wanted.keySet());
        either.addAll(there.keySet());
        List<DestinationRow> rows = new ArrayList<>(either.size());
        for (Endpoint at : either.stream().sorted(BY_ENDPOINT).toList()) {
            DestinationId id = new DestinationId(key, at);
            rows.add(destination(Optional.ofNullable(wanted.get(at)), Optional.ofNullable(there.get(at)),
                    observed.of(key, at), drains.contains(id)));
        }
        Service wantedService = want.get().service();
        Judgement judgement = found.map(entry -> judge(wantedService, entry.service(), desired.fallbacks().get(key)))
                .orElse(Judgement.of(Kind.MISSING));
        return new ServiceRow(found.orElse(want.get()).service(), Optional.ofNullable(desired.names().get(key)),
                observed.of(key), judgement, rows);
    }

    /** @param fallback scheduler; null for none */
    private static Judgement judge(Service want, Service found, String fallback) {
        if (found.equals(want)) {
            return Judgement.of(Kind.OURS);
        }
        if (fallback != null && found.equals(want.withScheduler(fallback))) {
            return Judgement.fallback(want.scheduler());
        }
        return Judgement.drifted(found.describe(), want.describe());
    }

    /** At least one of {@code want} and {@code found} is there. */
    private static DestinationRow destination(
            Optional<Destination> want, Optional<Destination> found, Load load, boolean drains) {
        if (found.isEmpty()) {
            return new DestinationRow(want.orElseThrow(), Load.NONE, Judgement.of(Kind.MISSING));
        }
        if (!found.equals(want)) {
            String wanted = want.map(Destination::describe).orElse(ABSENT);
            return new DestinationRow(found.get(), load, Judgement.drifted(found.get().describe(), wanted));
        }
        boolean ending = drains && found.get().weight() == 0;
        boolean busy = load.active() + load.inactive() > 0;
        Kind kind = !ending ? Kind.OURS : busy ? Kind.DRAINING : Kind.DRAINED;
        return new DestinationRow(found.get(), load, Judgement.of(kind));
    }

    /** All of a service is of one kind. */
    private static ServiceRow alike(IpvsTable.Entry entry, Observation observed, Judgement judgement) {
        ServiceKey key = entry.service().key();
        List<DestinationRow> rows = entry.destinations().values().stream()
                .sorted(Comparator.comparing(Destination::at, BY_ENDPOINT))
                .map(it -> new DestinationRow(it, observed.of(key, it.at()), judgement))
                .toList();
        return new ServiceRow(entry.service(), Optional.empty(), observed.of(key), judgement, rows);
    }

    private static long mark(ServiceKey key) {
        return key instanceof ServiceKey.Mark mark ? mark.mark() : 0;
    }

    private static int protocol(ServiceKey key) {
        return key instanceof ServiceKey.At at ? at.protocol().number() : 0;
    }

    private static Endpoint endpoint(ServiceKey key) {
        return switch (key) {
            case ServiceKey.At at -> new Endpoint(at.address(), at.port());
            case ServiceKey.Mark _ -> ANY;
        };
    }
}
