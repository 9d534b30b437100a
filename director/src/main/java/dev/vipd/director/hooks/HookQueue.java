package dev.vipd.director.hooks;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is to be run for one instance, sync group or virtual server: one after the other, in the order of the events.
 * Bounded: what waits while a newer state comes is left out, so that no more than the jobs of one state, of a lower
 * priority heard and of a conflict can wait. It has a thread while there is something to do.
 */
final class HookQueue {
    /** One thing to run for one event. */
    interface Job {
        HookEvent event();

        /** Key of the configuration. */
        String hook();

        /** What is run, for the log. */
        String what();

        /** Runs it to its end; an interrupt ends it. */
        HookLog.Outcome run(Turn turn) throws InterruptedException;
    }

    /** For a job that repeats something. */
    interface Turn {
        /** Waits, unless something else waits for the turn to end. @return false when something does */
        boolean pause(long ms) throws InterruptedException;
    }

    private final HookLog log;
    private final Executor threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Job> waiting = new ArrayDeque<>();
    /** It works, or waits for a thread to do so. */
    private boolean busy;
    private Thread worker;

    /** @param threads where it works; must not run what it is given at once */
    HookQueue(HookLog log, Executor threads) {
        this.log = log;
        this.threads = threads;
    }

    /** Adds the jobs of one event; one at least. */
    void add(List<? extends Job> jobs) {
        List<Job> overtaken = new ArrayList<>();
        lock.lock();
        try {
            HookState newer = jobs.getFirst().event().state();
            for (Iterator<Job> i = waiting.iterator(); i.hasNext(); ) {
                Job job = i.next();
                if (job.event().state().overtakenBy(newer)) {
                    overtaken.add(job);
                    i.remove();
                }
            }
            waiting.addAll(jobs);
            changed.signalAll();
            if (!busy) {
                threads.execute(this::work);
                busy = true;
            }
        } finally {
            lock.unlock();
        }
        overtaken.forEach(job -> log.skipped(job.event(), job.hook()));
    }

    /**
     * Waits until nothing is left to do.
     *
     * @param deadlineNs on the clock of {@code System.nanoTime()}; then what runs is ended and what waits is left out
     */
    void finish(long deadlineNs) throws InterruptedException {
        lock.lock();
        try {
            while (busy && deadlineNs - System.nanoTime() > 0) {
                changed.awaitNanos(deadlineNs - System.nanoTime());
            }
            if (busy) {
                waiting.forEach(job -> log.skipped(job.event(), job.hook()));
                waiting.clear();
            }
            if (worker != null) {
                worker.interrupt();
                changed.await(1, TimeUnit.SECONDS); // the end of it belongs into the log
            }
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        for (Job job = next(); job != null; job = next()) {
            long begunNs = log.run(job.event(), job.hook(), job.what());
            HookLog.Outcome outcome;
            try {
                outcome = job.run(this::pause);
            } catch (InterruptedException e) {
                outcome = new HookLog.Outcome(false, "ended: vipd stops", "");
            } catch (RuntimeException e) {
                outcome = new HookLog.Outcome(false, "failed: " + e, "");
            }
            log.ended(job.event(), job.hook(), begunNs, outcome);
        }
    }

    private Job next() {
        lock.lock();
        try {
            Job job = waiting.poll();
            worker = job == null ? null : Thread.currentThread();
            if (job == null) {
                busy = false;
                changed.signalAll();
            }
            return job;
        } finally {
            lock.unlock();
        }
    }

    private boolean pause(long ms) throws InterruptedException {
        long leftNs = TimeUnit.MILLISECONDS.toNanos(ms);
        lock.lock();
        try {
            while (waiting.isEmpty() && leftNs > 0) {
                leftNs = changed.awaitNanos(leftNs);
            }
            return waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }
}
