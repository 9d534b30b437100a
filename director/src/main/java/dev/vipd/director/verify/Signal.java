package dev.vipd.director.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What is known over time about one director and one instance. A step holds until the next one; the first begins at
 * the beginning of time.
 */
record Signal(List<Step> steps) {

    Signal {
        steps = List.copyOf(steps);
    }

    /** How sure a log makes it. */
    enum Value {
        /** surely not */
        NO,
        /** the process is dead, but what it left behind in the kernel may still be there */
        GHOST,
        /** the logs don't tell */
        MAYBE,
        /** surely so */
        YES;

        /** What is known when it is one of two, and not known which. */
        Value or(Value other) {
            if (this == other) {
                return this;
            }
            return compareTo(MAYBE) < 0 && other.compareTo(MAYBE) < 0 ? GHOST : MAYBE;
        }
    }

    /** @param cause the line that made it so */
    record Step(long atNs, Value value, Source cause) {}

    static final long BEGINNING_NS = Long.MIN_VALUE / 4;

    /** The step that holds at a time. */
    Step at(long ns) {
        return steps.get(indexAt(ns));
    }

    private int indexAt(long ns) {
        int low = 0;
        int high = steps.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (steps.get(middle).atNs() <= ns) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** The same when each time may be up to {@code widthNs} later than the log says. */
    Signal smeared(long widthNs) {
        if (widthNs == 0) {
            return this;
        }
        TreeSet<Long> times = new TreeSet<>();
        for (Step step : steps) {
            times.add(step.atNs());
            times.add(step.atNs() + widthNs);
        }
        Builder smeared = new Builder(steps.getFirst().value(), steps.getFirst().cause());
        for (long time : times) {
            int first = indexAt(time - widthNs);
            int last = indexAt(time);
            Value value = steps.get(first).value();
            for (int i = first + 1; i <= last; i++) {
                value = value.or(steps.get(i).value());
            }
            smeared.set(time, value, steps.get(last).cause());
        }
        return smeared.build();
    }

    /** Collects steps in the order of time. */
    static final class Builder {
        private final List<Step> steps = new ArrayList<>();

        Builder(Value initial, Source cause) {
            steps.add(new Step(BEGINNING_NS, initial, cause));
        }

        Value value() {
            return steps.getLast().value();
        }

        /** From {@code atNs} on; a time before the last step's counts as that step's. */
        void set(long atNs, Value value, Source cause) {
            Step last = steps.getLast();
            long at = Math.max(atNs, last.atNs());
            if (last.value() == value) {
                return;
            }
            if (at == last.atNs() && steps.size() > 1) {
                steps.removeLast();
                if (steps.getLast().value() == value) {
                    return;
                }
            }
            steps.add(new Step(at, value, cause));
        }

        Signal build() {
            return new Signal(steps);
        }
    }
}
