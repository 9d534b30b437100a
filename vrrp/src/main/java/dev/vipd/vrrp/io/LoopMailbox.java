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

    private static final int TASKS_MAX = 1024;
    private static final int TASKS_PER_CYCLE_MAX = 64;

    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>(TASKS_MAX);
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
        if (closed) {
            answer.completeExceptionally(new IllegalStateException("the vrrp thread has ended"));
            return answer;
        }
        post(() -> {
            try {
                answer.complete(question.answer());
            } catch (IOException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    /** Runs the task on the loop; drops it once the loop has ended. */
    void post(Runnable task) {
        try {
            if (!closed) {
                tasks.put(task);
                wake.signal();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs what waits, but not so much that timers would have to. The loop's thread only. */
    void runSome() {
        wake.clear();
        for (int i = 0; i < TASKS_PER_CYCLE_MAX; i++) {
            Runnable task = tasks.poll();
            if (task == null) {
                return;
            }
            task.run();
        }
        wake.signal(); // there may be more
    }

    /** Nothing is run from now on; whoever waits for room gets it. */
    @Override
    public void close() {
        closed = true;
        wake.close();
        tasks.clear();
    }
}
