package dev.vipd.director;

import dev.vipd.director.control.ControlClient.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** What is to be done on the director's thread. Bounded: whoever posts waits for room. */
final class DirectorMailbox {
    private static final int TASKS_MAX = 10_000; // one for each client that waits, and a few wake-ups
    private static final long ANSWER_SECONDS_MAX = 10; // to a client

    /** Something to do. */
    interface Task {
        void run() throws InterruptedException;
    }

    /** What a client asked for. */
    interface Command {
        Response run() throws InterruptedException;
    }

    private final LinkedBlockingQueue<Task> tasks = new LinkedBlockingQueue<>(TASKS_MAX);

    /** Waits for a task and runs it, or until it is so late by System.nanoTime(). The director's thread only. */
    void runUntil(long dueNs) throws InterruptedException {
        Task task = tasks.poll(dueNs - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (task != null) {
            task.run();
        }
    }

    /** Ends a wait. Never blocks: with a full box nobody waits. */
    void wake() {
        tasks.offer(() -> {});
    }

    /** What {@code supplier} says on the director's thread; fails when that throws. Not begun once it is cancelled. */
    <T> CompletableFuture<T> call(Supplier<T> supplier) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        post(() -> {
            if (answer.isDone()) {
                return;
            }
            try {
                answer.complete(supplier.get());
            } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
                throw e;
            }
        });
        return answer;
    }

    void post(Task task) {
        try {
            tasks.put(task);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs a command of a client on the director's thread. One that was not begun in time never is. */
    Response ask(Command command) throws InterruptedException {
        CompletableFuture<Response> answer = new CompletableFuture<>();
        AtomicBoolean taken = new AtomicBoolean();
        post(() -> {
            if (taken.compareAndSet(false, true)) {
                try {
                    answer.complete(command.run());
                } catch (InterruptedException | RuntimeException | Error e) {
                    answer.completeExceptionally(e);
                    throw e;
                }
            }
        });
        try {
            return answer.get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return new Response(false, "vipd failed and stops: " + e.getCause() + "\n");
        } catch (TimeoutException e) {
            String what = taken.compareAndSet(false, true)
                    ? "vipd is busy: the command was not begun within " + ANSWER_SECONDS_MAX + " s and is dropped\n"
                    : "vipd is still at it after " + ANSWER_SECONDS_MAX + " s: its log tells how it ends\n";
            return new Response(false, what);
        }
    }
}
