package dev.vipd.vrrp.sim;

import java.util.Arrays;

/** Simulated time: tasks run in order of their time, and in order of scheduling where that is equal. */
final class Scheduler {
    // a binary heap in arrays: half of the simulator's time would go into a queue of objects
    private long[] atNs = new long[256];
    private long[] order = new long[256];
    private Runnable[] task = new Runnable[256];
    private int size;
    private final long stepsMax;
    private long nowNs;
    private long scheduled;
    private long steps;

    /** @param stepsMax more of them mean that something never rests */
    Scheduler(long stepsMax) {
        this.stepsMax = stepsMax;
    }

    long nowNs() {
        return nowNs;
    }

    long steps() {
        return steps;
    }

    void after(long delayNs, Runnable what) {
        at(nowNs + Math.max(0, delayNs), what);
    }

    void at(long timeNs, Runnable what) {
        if (size == atNs.length) {
            atNs = Arrays.copyOf(atNs, 2 * size);
            order = Arrays.copyOf(order, 2 * size);
            task = Arrays.copyOf(task, 2 * size);
        }
        long number = scheduled++;
        int hole = size++;
        while (hole > 0 && before(timeNs, number, hole - 1 >>> 1)) {
            move(hole - 1 >>> 1, hole);
            hole = hole - 1 >>> 1;
        }
        put(hole, timeNs, number, what);
    }

    void run(long forNs) {
        long untilNs = nowNs + forNs;
        while (size > 0 && atNs[0] <= untilNs) {
            if (++steps > stepsMax) {
                throw new Violation("rests now and then", "more than " + stepsMax + " steps");
            }
            nowNs = atNs[0];
            removeFirst().run();
        }
        nowNs = untilNs;
    }

    private Runnable removeFirst() {
        Runnable first = task[0];
        int last = --size;
        int hole = 0;
        for (int child = 1; child < last; child = 2 * hole + 1) {
            if (child + 1 < last && before(atNs[child + 1], order[child + 1], child)) {
                child++;
            }
            if (before(atNs[last], order[last], child)) {
                break;
            }
            move(child, hole);
            hole = child;
        }
        move(last, hole);
        task[last] = null;
        return first;
    }

    private boolean before(long timeNs, long number, int other) {
        return timeNs < atNs[other] || timeNs == atNs[other] && number < order[other];
    }

    private void move(int from, int to) {
        put(to, atNs[from], order[from], task[from]);
    }

    private void put(int at, long timeNs, long number, Runnable what) {
        atNs[at] = timeNs;
        order[at] = number;
        task[at] = what;
    }
}
