package dev.vipd.vrrp.io;

import dev.vipd.netlink.sys.EventFd;
import dev.vipd.netlink.sys.Fd;
import dev.vipd.netlink.sys.SysException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * What other threads want done on the loop's thread. Bounded: whoever posts waits for room. The loop itself waits for
 * nobody: a lock that it shared with a thread of usual priority could be held while that one gets no CPU.
 */
final class LoopMailbox implements AutoCloseable {
    /** Answered on the loop's thread. */
    interface Question<T> {
        T answer() throws IOException;
    }

    private record Task(CompletableFuture<?> answer, Runnable run) {}

    private static final int TASKS_MAX = 1024;
    private static final int TASKS_PER_CYCLE_MAX = 64;

    private final ConcurrentLinkedQueue<Task> tasks = new ConcurrentLinkedQueue<>();
    private final Semaphore room = new Semaphore(TASKS_MAX);
    private final EventFd wake = new EventFd();
    private volatile boolean closed;

    LoopMailbox() throws SysException {}

    /** Readable while something is to be run. */
    Fd fd() {
        return wake.fd();
    }

    /** Completes with the answer; exceptionally when there is none, or when the loop has ended. */
    <T> CompletableFuture<T> ask(Question<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        put(new Task(answer, () -> {
            try {
                answer.complete(question.answer());
            } catch (IOException e) {
                answer.completeExceptionally(e);
            } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
                throw e;
            }
        }));
        return answer;
    }

    /** Runs the task on the loop; drops it once the loop has ended. */
    void post(Runnable task) {
        put(new Task(new CompletableFuture<Void>(), task));
    }

    /** Runs what waits, but not so much that timers would have to. The loop's thread only. */
    void runSome() {
        wake.clear();
        for (int i = 0; i < TASKS_PER_CYCLE_MAX; i++) {
            Task task = take();
            if (task == null) {
                return;
            }
            if (!task.answer().isDone()) { // else whoever asked has given up
                task.run().run();
            }
        }
        wake.signal(); // there may be more
    }

    /** Nothing is run from now on; who waits for an answer or for room is told so. */
    @Override
    public void close() {
        closed = true;
        wake.close();
        refuseAll();
    }

    private void put(Task task) {
        try {
            if (!closed) {
                room.acquire();
                tasks.add(task);
                wake.signal();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            task.answer().completeExceptionally(e);
        }
        if (closed) {
            task.answer().completeExceptionally(ended());
            refuseAll();
        }
    }

    private void refuseAll() {
        for (Task task = take(); task != null; task = take()) {
            task.answer().completeExceptionally(ended());
        }
    }

    private Task take() {
        Task task = tasks.poll();
        if (task != null) {
            room.release();
        }
        return task;
    }

    private static IllegalStateException ended() {
        return new IllegalStateException("the vrrp thread has ended");
    }
}
