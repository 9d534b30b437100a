package dev.vipd.director;

import dev.vipd.ipvs.ServiceKey;
import dev.vipd.ipvs.sync.Reconciler;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Tells the drains of the connections in the kernel: while one is under way, and of its services only. The reconciler's
 * thread reads them; the director's never waits for it.
 */
final class DrainWatch {
    private final Drains drains;
    private final Runnable onNews;
    private final AtomicReference<Drains.Seen> seen = new AtomicReference<>(Drains.Seen.NOTHING);
    private CompletableFuture<Void> looking = CompletableFuture.completedFuture(null);

    /** @param onNews called when {@link #act} has something to do; any thread, must not block */
    DrainWatch(Drains drains, Runnable onNews) {
        this.drains = drains;
        this.onNews = onNews;
    }

    /** Takes in what was seen, and what time brought, and looks again when it is time. The director's thread only. */
    List<Drains.Ended> act(Reconciler reconciler) {
        long nowNs = System.nanoTime();
        List<Drains.Ended> ended = drains.on(seen.getAndSet(Drains.Seen.NOTHING), nowNs);
        Set<ServiceKey> keys = drains.toLookAt(nowNs);
        if (!keys.isEmpty() && reconciler != null && looking.isDone()) { // one at a time, however long one takes
            looking = reconciler.look(keys).thenAccept(rows -> {
                seen.set(new Drains.Seen(rows.orElse(Map.of()), nowNs));
                onNews.run();
            });
        }
        return ended;
    }
}
