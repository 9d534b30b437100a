package dev.vipd.vrrp.io;

import dev.vipd.netlink.sys.EventFd;
import dev.vipd.netlink.sys.Fd;
import dev.vipd.netlink.sys.SysException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/** What other threads want done on the loop's thread. Bounded: whoever posts waits for room. */
final class LoopMailbox implements AutoCloseable {
    /** Answered on the loop's thread. */
    interface Question<T> {
        T answer() throws IOException;
    }

    private record Task(CompletableFuture<?> answer, Runnable run) {}

    private static final int TASKS_MAX = 1024;
    private static final int TASKS_PER_CYCLE_MAX = 64;

    private final LinkedBlockingQueue<Task> tasks = new LinkedBlockingQueue<>(TASKS_MAX);
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
            Task task = tasks.poll();
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
                tasks.put(task);
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
        for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
            task.answer().completeExceptionally(ended());
        }
    }

    private static IllegalStateException ended() {
        return new IllegalStateException("the vrrp thread has ended");
    }
}
