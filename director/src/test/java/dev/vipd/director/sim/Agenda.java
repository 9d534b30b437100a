package dev.vipd.director.sim;

import java.util.PriorityQueue;

/** Simulated time: tasks run in order of their time, and in order of scheduling where that is equal. */
final class Agenda {
    private record Task(long atNs, long number, Runnable what) {}

    private final PriorityQueue<Task> tasks = new PriorityQueue<>((a, b) ->
            a.atNs == b.atNs ? Long.compare(a.number, b.number) : Long.compare(a.atNs - b.atNs, 0));
    /** Overflows in the first minutes, as System.nanoTime() may. */
    private long nowNs = Long.MAX_VALUE - 200_000_000_000L;
    private long scheduled;

    long nowNs() {
        return nowNs;
    }

    void after(long delayNs, Runnable what) {
        at(nowNs + Math.max(0, delayNs), what);
    }

    void at(long atNs, Runnable what) {
        tasks.add(new Task(atNs - nowNs > 0 ? atNs : nowNs, scheduled++, what));
    }

    void run(long forNs) {
        long untilNs = nowNs + forNs;
        while (!tasks.isEmpty() && tasks.peek().atNs - untilNs <= 0) {
            Task task = tasks.remove();
            nowNs = task.atNs;
            task.what.run();
        }
        nowNs = untilNs;
    }
}
