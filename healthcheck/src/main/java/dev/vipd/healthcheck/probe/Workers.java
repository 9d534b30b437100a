package dev.vipd.healthcheck.probe;

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

    private Workers(String name) {
        pool = new ThreadPoolExecutor(
                THREADS_MAX, THREADS_MAX, IDLE_S, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name(name, 0).daemon().factory());
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
}
