package dev.vipd.ipvs;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Services and their destinations: the kernel's table, or what it must become. Immutable. The order of rows is kept for
 * display and for the order of changes; equality ignores it, as the kernel lists rows in an order of its own.
 */
public final class IpvsTable {
    /** No service at all. */
    public static final IpvsTable EMPTY = new IpvsTable(List.of());

    private final Map<ServiceKey, Entry> entries;

    /**
     * One service with its destinations.
     *
     * @param service      the service
     * @param destinations by identity, in order
     */
    public record Entry(Service service, Map<Endpoint, Destination> destinations) {
        public Entry {
            destinations = Collections.unmodifiableMap(new LinkedHashMap<>(destinations));
        }

        // a table that was made whole keeps the entries that were desired: no row of the same entry needs a look
        @Override
        public boolean equals(Object other) {
            return this == other
                    || other instanceof Entry that
                    && service.equals(that.service)
                    && destinations.equals(that.destinations);
        }

        @Override
        public int hashCode() {
            return service.hashCode();
        }

        /** @throws IllegalArgumentException when two destinations have one identity */
        public static Entry of(Service service, List<Destination> destinations) {
            Map<Endpoint, Destination> map = LinkedHashMap.newLinkedHashMap(destinations.size());
            for (Destination destination : destinations) {
                if (map.put(destination.at(), destination) != null) {
                    throw new IllegalArgumentException("twice in " + service.key() + ": " + destination.at());
                }
            }
            return new Entry(service, map);
        }
    }

    private IpvsTable(Map<ServiceKey, Entry> entries) {
        this.entries = Collections.unmodifiableMap(entries);
    }

    /** @throws IllegalArgumentException when two services have one identity */
    public IpvsTable(List<Entry> entries) {
        Map<ServiceKey, Entry> map = LinkedHashMap.newLinkedHashMap(entries.size());
        for (Entry entry : entries) {
            if (map.put(entry.service.key(), entry) != null) {
                throw new IllegalArgumentException("twice: " + entry.service.key());
            }
        }
        this(map);
    }

    /** All rows in order. */
    public Collection<Entry> entries() {
        return entries.values();
    }

    public Set<ServiceKey> keys() {
        return entries.keySet();
    }

    public Optional<Entry> entry(ServiceKey key) {
        return Optional.ofNullable(entries.get(key));
    }

    /** The part of this table whose services are among {@code keys}. */
    public IpvsTable only(Set<ServiceKey> keys) {
        return new IpvsTable(
                entries.values().stream().filter(entry -> keys.contains(entry.service.key())).toList());
    }

    /** This table with these entries in the places of those with the same keys; all others stay the same objects. */
    public IpvsTable replacing(List<Entry> changed) {
        Map<ServiceKey, Entry> all = new LinkedHashMap<>(entries);
        changed.forEach(entry -> all.put(entry.service.key(), entry));
        return new IpvsTable(all);
    }

    /**
     * This table after {@code ops}. Lenient where the kernel is strict: an edit of what is absent adds it, a removal of
     * what is absent does nothing, a destination of an absent service is ignored.
     */
    public IpvsTable with(List<IpvsOp> ops) {
        Map<ServiceKey, Entry> changed = new LinkedHashMap<>(entries);
        Map<ServiceKey, Map<Endpoint, Destination>> copies = new HashMap<>(); // one a service, however much changes
        for (IpvsOp op : ops) {
            ServiceKey key = op.key();
            Entry old = changed.get(key);
            switch (op) {
                case IpvsOp.AddService add -> {
                    copies.remove(key);
                    changed.put(key, new Entry(add.service(), Map.of()));
                }
                case IpvsOp.EditService edit ->
                    changed.put(key, new Entry(edit.service(), old == null ? Map.of() : old.destinations));
                case IpvsOp.DeleteService _ -> {
                    copies.remove(key);
                    changed.remove(key);
                }
                case IpvsOp.AddDestination add ->
                    copy(old, copies).ifPresent(rows -> rows.put(add.destination().at(), add.destination()));
                case IpvsOp.EditDestination edit ->
                    copy(old, copies).ifPresent(rows -> rows.put(edit.destination().at(), edit.destination()));
                case IpvsOp.DeleteDestination delete ->
                    copy(old, copies).ifPresent(rows -> rows.remove(delete.at()));
            }
        }
        copies.forEach((key, rows) -> changed.computeIfPresent(key, (_, old) -> new Entry(old.service, rows)));
        return new IpvsTable(changed);
    }

    private static Optional<Map<Endpoint, Destination>> copy(
            Entry old, Map<ServiceKey, Map<Endpoint, Destination>> copies) {
        return Optional.ofNullable(old).map(entry ->
                copies.computeIfAbsent(entry.service.key(), _ -> new LinkedHashMap<>(entry.destinations)));
    }

    /** Whether the row that {@code op} is about is as it leaves it. */
    public boolean shows(IpvsOp op) {
        Optional<Service> service = entry(op.key()).map(Entry::service);
        Map<Endpoint, Destination> rows = entry(op.key()).map(Entry::destinations).orElse(Map.of());
        return switch (op) {
            case IpvsOp.AddService add -> service.equals(Optional.of(add.service()));
            case IpvsOp.EditService edit -> service.equals(Optional.of(edit.service()));
            case IpvsOp.DeleteService _ -> service.isEmpty();
            case IpvsOp.AddDestination add -> add.destination().equals(rows.get(add.destination().at()));
            case IpvsOp.EditDestination edit -> edit.destination().equals(rows.get(edit.destination().at()));
            case IpvsOp.DeleteDestination delete -> !rows.containsKey(delete.at());
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IpvsTable table && entries.equals(table.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        for (Entry entry : entries.values()) {
            lines.add(entry.service.key() + " " + entry.service.describe());
            entry.destinations.values().forEach(d -> lines.add("  -> " + d.at() + " " + d.describe()));
        }
        return String.join("\n", lines);
    }
}
