package dev.vipd.director.verify;

import dev.vipd.director.events.EventId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts the lines of all logs on one time line, the wall clock of the first director.
 *
 * <p>Each boot of a kernel has its own monotonic clock. Two clocks are paired by adverts: sent at {@code a} and
 * received at {@code b} by the other, {@code b + offset >= a}; with adverts in both directions the offset lies between
 * two bounds. The width between them is how much later than {@link #timeNs} a line may really have been written.
 */
final class Clocks {
    /** Two directors whose boot ids begin alike are on one kernel only if their clocks differ alike from wall time. */
    private static final long SAME_KERNEL_NS = 5_000_000_000L;
    /** A receiver's wall clock may be this far behind when an advert is looked for by its hash. */
    private static final long PAIR_SLACK_NS = 1_000_000_000L;
    private static final long UNBOUNDED = Long.MAX_VALUE / 4;

    /** How the offset of a clock is known. */
    enum Basis { REFERENCE, SAME_KERNEL, ADVERTS, WALL }

    /**
     * One monotonic clock, or the wall clock of a node that has no other.
     *
     * @param name     {@code lb1/5f3c}
     * @param loNs     time line = clock + at least this
     * @param hiNs     time line = clock + at most this
     * @param pairs    adverts that bound the offset
     */
    record Offset(String name, long loNs, long hiNs, Basis basis, int pairs) {
        long widthNs() {
            return hiNs - loNs;
        }
    }

    private final long errorNs;
    private final Map<String, Offset> offsets = new LinkedHashMap<>();
    private final Map<String, String> kernel = new LinkedHashMap<>();

    private record Advert(String hash, long monoNs, long wallNs) {}

    private static final class Group {
        final List<LogEntry.Vipd> entries = new ArrayList<>();
        long wallOffsetNs;

        List<Advert> adverts(EventId id) {
            return entries.stream().filter(e -> e.event().is(id)).filter(e -> e.event().get("hash").isPresent())
                    .map(e -> new Advert(e.event().value("hash") + e.inst(), e.event().monoNs(), e.wallNs())).toList();
        }
    }

    /** @param errorNs how far apart wall clocks may be where nothing better is known */
    Clocks(List<NodeLog> logs, long errorNs) {
        this.errorNs = errorNs;
        Map<String, Group> groups = groups(logs);
        groups.forEach((name, group) -> {
            if (offsets.isEmpty()) {
                offsets.put(name, new Offset(name, group.wallOffsetNs, group.wallOffsetNs, Basis.REFERENCE, 0));
            }
        });
        boolean progress = true;
        while (progress) {
            progress = false;
            for (Map.Entry<String, Group> group : groups.entrySet()) {
                if (!offsets.containsKey(group.getKey())) {
                    progress |= byAdverts(groups, group.getKey(), true);
                }
            }
        }
        for (String name : groups.keySet()) {
            if (!offsets.containsKey(name)) {
                byAdverts(groups, name, false);
            }
        }
        for (NodeLog log : logs) {
            if (!log.isVipd()) {
                boolean first = offsets.isEmpty();
                long error = first ? 0 : errorNs;
                long coarse = log.keepalived().mapToLong(k -> k.line().resolutionNs()).max().orElse(0);
                offsets.put(log.node(), new Offset(
                        log.node(), -error, error + coarse, first ? Basis.REFERENCE : Basis.WALL, 0));
            }
        }
    }

    private Map<String, Group> groups(List<NodeLog> logs) {
        Map<String, Group> own = new LinkedHashMap<>();
        for (NodeLog log : logs) {
            log.vipd().forEach(e -> own.computeIfAbsent(key(log.node(), e), k -> new Group()).entries.add(e));
        }
        own.values().forEach(group -> {
            long[] offsetsNs = group.entries.stream().mapToLong(e -> e.wallNs() - e.event().monoNs()).toArray();
            Arrays.sort(offsetsNs);
            group.wallOffsetNs = offsetsNs[offsetsNs.length / 2];
        });
        Map<String, Group> groups = new LinkedHashMap<>();
        own.forEach((name, group) -> {
            String boot = name.substring(name.lastIndexOf('/'));
            String same = groups.keySet().stream().filter(other -> other.endsWith(boot))
                    .filter(other -> Math.abs(groups.get(other).wallOffsetNs - group.wallOffsetNs) <= SAME_KERNEL_NS)
                    .findFirst().orElse(name);
            kernel.put(name, same);
            groups.computeIfAbsent(same, k -> group);
            if (!same.equals(name)) {
                groups.get(same).entries.addAll(group.entries);
            }
        });
        return groups;
    }

    private static String key(String node, LogEntry.Vipd entry) {
        return node + "/" + entry.event().boot();
    }

    /** Bounds one clock by those that are known; with {@code bothSides} only if adverts went both ways. */
    private boolean byAdverts(Map<String, Group> groups, String name, boolean bothSides) {
        Group group = groups.get(name);
        long lo = -UNBOUNDED;
        long hi = UNBOUNDED;
        int pairs = 0;
        for (Offset known : List.copyOf(offsets.values())) {
            Group other = groups.get(known.name());
            for (long[] pair : pairs(other.adverts(EventId.VRRP_ADVERT_TX), group.adverts(EventId.VRRP_ADVERT_RX))) {
                lo = Math.max(lo, pair[0] + known.loNs() - pair[1]);
                pairs++;
            }
            for (long[] pair : pairs(group.adverts(EventId.VRRP_ADVERT_TX), other.adverts(EventId.VRRP_ADVERT_RX))) {
                hi = Math.min(hi, pair[1] + known.hiNs() - pair[0]);
                pairs++;
            }
        }
        boolean both = lo > -UNBOUNDED && hi < UNBOUNDED;
        if (bothSides && !both) {
            return false;
        }
        offsets.put(name, offset(name, group.wallOffsetNs, lo, hi, both ? pairs : 0));
        return true;
    }

    private Offset offset(String name, long wallNs, long lo, long hi, int pairs) {
        if (pairs > 0 && lo > hi) {
            // the clocks drifted apart between the two adverts, or a stamp came late: both bounds were true once
            return new Offset(name, hi, lo, Basis.ADVERTS, pairs);
        }
        if (pairs > 0 && hi - lo <= 2 * errorNs) {
            return new Offset(name, lo, hi, Basis.ADVERTS, pairs);
        }
        long wallLo = Math.max(lo, wallNs - errorNs);
        long wallHi = Math.min(hi, wallNs + errorNs);
        if (wallLo <= wallHi) {
            return new Offset(name, wallLo, wallHi, Basis.WALL, 0);
        }
        // adverts contradict the wall clocks
        if (pairs > 0) {
            return new Offset(name, lo, hi, Basis.ADVERTS, pairs);
        }
        return lo > wallNs ? new Offset(name, lo, lo + 2 * errorNs, Basis.WALL, 0)
                : new Offset(name, hi - 2 * errorNs, hi, Basis.WALL, 0);
    }

    /**
     * Send and receive time of each advert received, with the latest one like it sent before. Of one director's adverts
     * only the first of a term is logged, so several may look alike: then wall clocks must choose, roughly.
     */
    private static List<long[]> pairs(List<Advert> sent, List<Advert> received) {
        List<long[]> pairs = new ArrayList<>();
        for (Advert rx : received) {
            List<Advert> alike = sent.stream().filter(tx -> tx.hash().equals(rx.hash())).toList();
            Optional<Advert> match = alike.size() == 1 ? Optional.of(alike.getFirst()) : alike.stream()
                    .filter(tx -> tx.wallNs() <= rx.wallNs() + PAIR_SLACK_NS).reduce((first, last) -> last);
            match.ifPresent(tx -> pairs.add(new long[] {tx.monoNs(), rx.monoNs()}));
        }
        return pairs;
    }

    /** The earliest time at which a line can have been written. */
    long timeNs(String node, LogEntry entry) {
        return switch (entry) {
            case LogEntry.Vipd vipd -> vipd.event().monoNs() + offset(node, vipd).loNs();
            case LogEntry.Keepalived keepalived -> keepalived.wallNs() + offsets.get(node).loNs();
        };
    }

    /** The likeliest time, for people to read. */
    long shownNs(String node, LogEntry entry) {
        return switch (entry) {
            case LogEntry.Vipd vipd -> timeNs(node, entry) + offset(node, vipd).widthNs() / 2;
            case LogEntry.Keepalived keepalived -> keepalived.wallNs();
        };
    }

    /** How much later than {@link #timeNs} the lines of this node may have been written, at most. */
    long widthNs(NodeLog log) {
        if (!log.isVipd()) {
            return offsets.get(log.node()).widthNs();
        }
        return log.vipd().mapToLong(e -> offset(log.node(), e).widthNs()).max().orElse(0);
    }

    private Offset offset(String node, LogEntry.Vipd entry) {
        return offsets.get(kernel.get(key(node, entry)));
    }

    /** Every node's clocks and what they rest on. */
    List<Offset> describe() {
        List<Offset> all = new ArrayList<>();
        kernel.forEach((name, of) -> {
            Offset offset = offsets.get(of);
            all.add(name.equals(of) ? offset : new Offset(
                    name, offset.loNs(), offset.hiNs(), Basis.SAME_KERNEL, 0));
        });
        offsets.values().stream().filter(o -> !kernel.containsKey(o.name())).forEach(all::add);
        return all;
    }
}
