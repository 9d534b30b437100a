package dev.vipd.healthcheck.probe;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads for what blocks, beside the check threads: in the whole process 32 for scripts and as many for files, so that
 * a file system that hangs stops no script. What comes when all are busy waits for its turn; a check waits once at
 * most, so the queue is no longer than there are checks. Idle threads end.
 *
 * <p>They are not virtual: a system call on a path blocks the thread below too, of which there are as many as
 * processors for the whole process, and 32 are few enough. Any thread.
 */
final class Workers {
    /** How much of a kind is done at once. */
    static final int THREADS_MAX = 32;

    static final Workers SCRIPTS = new Workers("check-script-");
    static final Workers FILES = new Workers("check-file-");

    private static final long IDLE_S = 10;

    private final ThreadPoolExecutor pool;
    private final Set<Runnable> running = ConcurrentHashMap.newKeySet();

    private Workers(String name) {
        pool = new ThreadPoolExecutor(
                THREADS_MAX, THREADS_MAX, IDLE_S, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name(name, 0).daemon().factory()) {
            @Override
            protected void beforeExecute(Thread thread, Runnable job) {
                running.add(job);
            }

            @Override
            protected void afterExecute(Runnable job, Throwable thrown) {
                running.remove(job);
            }
        };
        pool.allowCoreThreadTimeOut(true);
    }

    /** Does it as soon as there is a free thread. */
    void begin(FutureTask<?> job) {
        pool.execute(job);
    }

    /** Does not do it, unless it was begun. */
    void withdraw(FutureTask<?> job) {
        if (pool.remove(job)) {
            job.cancel(false);
        }
    }

    /**
     * Interrupts what is under way, also what nobody waits for any more, such as a script that was told to end, and
     * waits until it has ended.
     */
    void endAll(long waitMs) throws InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        for (Runnable job : running) {
            if (job instanceof FutureTask<?> task) {
                task.cancel(true);
            }
        }
        while (!running.isEmpty() && deadlineNs - System.nanoTime() > 0) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }
}
