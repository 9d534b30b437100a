package dev.vipd.director;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waiting for the threads of the other parts; never for ever. */
final class Await {
    private static final long ANSWER_SECONDS_MAX = 10;
    private static final long SYNC_SECONDS_MAX = 2;

    private Await() {}

    /**
     * An answer. What was not begun in time never is.
     *
     * @throws IOException when there is none
     */
    static <T> T answer(String thread, CompletableFuture<T> answer) throws IOException, InterruptedException {
        try {
            return answer.get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException("the " + thread + " thread does not answer", e);
        } catch (CancellationException e) {
            throw new IOException("the " + thread + " thread has ended", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        }
    }

    /** The end of a sync. One that is late is no reason to have no VIP: the reconciler goes on trying. */
    static void sync(CompletableFuture<Void> synced) throws InterruptedException {
        try {
            synced.get(SYNC_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            // as said
        } catch (ExecutionException e) {
            throw new AssertionError("never completed with an exception", e);
        }
    }
}
