package dev.vipd.vrrp.sim;

import java.util.PriorityQueue;

/** Simulated time: tasks run in order of their time, and in order of scheduling where that is equal. */
final class Scheduler {
    private static final int STEPS_MAX = 2_000_000;

    private record Entry(long atNs, long order, Runnable task) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            return atNs == other.atNs ? Long.compare(order, other.order) : Long.compare(atNs, other.atNs);
        }
    }

    private final PriorityQueue<Entry> queue = new PriorityQueue<>();
    private final Runnable afterEach;
    private long nowNs;
    private long scheduled;
    private int steps;

    /**
     * @param afterEach runs after each task: the place for invariants
     */
    Scheduler(Runnable afterEach) {
        this.afterEach = afterEach;
    }

    long nowNs() {
        return nowNs;
    }

    void after(long delayNs, Runnable task) {
        queue.add(new Entry(nowNs + Math.max(0, delayNs), scheduled++, task));
    }

    void run(long forNs) {
        long untilNs = nowNs + forNs;
        while (!queue.isEmpty() && queue.peek().atNs <= untilNs) {
            if (++steps > STEPS_MAX) {
                throw new AssertionError("more than " + STEPS_MAX + " steps: something never rests");
            }
            Entry next = queue.remove();
            nowNs = next.atNs;
            next.task.run();
            afterEach.run();
        }
        nowNs = untilNs;
    }
}
