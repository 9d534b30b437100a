package dev.vipd.director.verify;

import dev.vipd.director.verify.Signal.Value;
import java.util.List;

/** The end of the time that is judged: what follows the last orderly stop is no blackout. */
final class Window {
    private Window() {}

    /** A process from its first line to its last. */
    record Life(String node, long fromNs, long toNs, boolean stopped) {}

    /**
     * Takes away the last blackout when it is the last director's orderly stop.
     *
     * @return the end of the window
     */
    static long withoutLastStop(List<Ownership> owners, List<Gaps.Span> blackouts, List<Life> lives, long endNs) {
        if (blackouts.isEmpty() || blackouts.getLast().toNs() < endNs) {
            return endNs;
        }
        long fromNs = blackouts.getLast().fromNs();
        List<String> stopping = servingUntil(owners, fromNs).stream().map(Ownership::node).toList();
        boolean all = lives.stream().filter(life -> life.toNs() > fromNs && life.fromNs() < endNs)
                .allMatch(life -> life.stopped() && stopping.contains(life.node()));
        if (!all || stopping.isEmpty()) {
            return endNs;
        }
        blackouts.removeLast();
        return fromNs;
    }

    /**
     * A last blackout that began where a log ends without a stop, and that nobody ended. Within one heartbeat's period
     * the logs were just taken at that time, and the window ends there. Otherwise the process may be dead and not
     * replaced, or its log cut off earlier than the others: there is no lower bound.
     *
     * @return the end of the window
     */
    static long withoutOpenEnd(List<Ownership> owners, List<Gaps.Span> blackouts, long endNs) {
        if (blackouts.isEmpty() || blackouts.getLast().toNs() < endNs) {
            return endNs;
        }
        Gaps.Span last = blackouts.getLast();
        boolean cut = servingUntil(owners, last.fromNs()).stream()
                .anyMatch(owner -> owner.ended() == Ownership.End.OPEN && owner.endNs() <= last.fromNs());
        if (!cut) {
            return endNs;
        }
        blackouts.removeLast();
        if (last.upperNs() <= Heartbeat.DUE_NS) {
            return last.fromNs();
        }
        blackouts.add(last.withLower(0));
        return endNs;
    }

    private static List<Ownership> servingUntil(List<Ownership> owners, long ns) {
        return owners.stream().filter(owner -> owner.serves().at(ns - 1).value() == Value.YES).toList();
    }
}
