package dev.vipd.director.verify;

import dev.vipd.director.verify.Signal.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Finds the times with no MASTER and with two. */
final class Gaps {
    private Gaps() {}

    /**
     * A stretch of time in which something holds, surely or possibly.
     *
     * @param lowerNs for so long, without a break, surely
     * @param upperNs for no longer than this
     * @param begin   the line that began it
     * @param end     the line that ended it; the last one known when it did not end
     */
    record Span(long fromNs, long toNs, long lowerNs, long upperNs, Source begin, Source end) {
        Span withLower(long newLowerNs) {
            return new Span(fromNs, toNs, newLowerNs, upperNs, begin, end);
        }
    }

    /** A stretch in which no value changes. */
    private record Slice(long fromNs, long toNs, List<Value> values) {
        long count(Value atLeast) {
            return values.stream().filter(v -> v.compareTo(atLeast) >= 0).count();
        }
    }

    /** No director is certainly MASTER; surely so where none possibly is. */
    static List<Span> blackouts(List<Signal> serves, long fromNs, long toNs) {
        return spans(serves, fromNs, toNs,
                slice -> slice.count(Value.YES) == 0, slice -> slice.count(Value.MAYBE) == 0);
    }

    /** Two directors possibly own the instance; surely so where both certainly do. */
    static List<Span> overlaps(List<Signal> owns, long fromNs, long toNs) {
        return spans(owns, fromNs, toNs, slice -> slice.count(Value.MAYBE) > 1, slice -> slice.count(Value.YES) > 1);
    }

    /** One director owns the instance and the kernel of a dead one may still hold its addresses. */
    static List<Span> leftOvers(List<Signal> owns, long fromNs, long toNs) {
        return spans(owns, fromNs, toNs,
                slice -> slice.count(Value.GHOST) > 1 && slice.count(Value.MAYBE) == 1, slice -> false);
    }

    private static List<Span> spans(
            List<Signal> signals, long fromNs, long toNs, Predicate<Slice> possibly, Predicate<Slice> surely) {
        List<Span> spans = new ArrayList<>();
        List<Slice> open = new ArrayList<>();
        for (Slice slice : slices(signals, fromNs, toNs)) {
            if (possibly.test(slice)) {
                open.add(slice);
            } else if (!open.isEmpty()) {
                spans.add(span(signals, open, surely));
                open.clear();
            }
        }
        if (!open.isEmpty()) {
            spans.add(span(signals, open, surely));
        }
        return spans;
    }

    private static Span span(List<Signal> signals, List<Slice> slices, Predicate<Slice> surely) {
        long fromNs = slices.getFirst().fromNs();
        long toNs = slices.getLast().toNs();
        long longest = 0;
        long sure = 0;
        for (Slice slice : slices) {
            sure = surely.test(slice) ? sure + slice.toNs() - slice.fromNs() : 0;
            longest = Math.max(longest, sure);
        }
        return new Span(fromNs, toNs, longest, toNs - fromNs, cause(signals, fromNs), cause(signals, toNs));
    }

    /** The line of the latest step at or before a time. */
    private static Source cause(List<Signal> signals, long ns) {
        Signal.Step latest = signals.getFirst().at(ns);
        for (Signal signal : signals) {
            Signal.Step step = signal.at(ns);
            latest = step.atNs() > latest.atNs() ? step : latest;
        }
        return latest.cause();
    }

    private static List<Slice> slices(List<Signal> signals, long fromNs, long toNs) {
        TreeSet<Long> times = new TreeSet<>();
        times.add(fromNs);
        times.add(toNs);
        for (Signal signal : signals) {
            signal.steps().stream().map(Signal.Step::atNs).filter(t -> t > fromNs && t < toNs).forEach(times::add);
        }
        List<Slice> slices = new ArrayList<>();
        Long from = null;
        for (Long to : times) {
            if (from != null) {
                long at = from;
                slices.add(new Slice(from, to, signals.stream().map(s -> s.at(at).value()).toList()));
            }
            from = to;
        }
        return slices;
    }
}
