package dev.vipd.director;

import dev.vipd.director.events.EventId;
import dev.vipd.director.events.EventLog;
import dev.vipd.director.events.Level;
import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckOutcome;
import dev.vipd.healthcheck.Verdict;
import dev.vipd.healthcheck.pool.PoolConfig;
import dev.vipd.healthcheck.probe.HealthListener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * What the health checks tell, on the check threads: results as events, verdicts into a queue that is worked off on the
 * director's thread. A check makes at most one verdict a probe, so the queue is bounded by how long that thread is
 * busy.
 */
final class HealthEvents implements HealthListener {
    private static final long NS_PER_MS = 1_000_000;

    private final EventLog log;
    private final Runnable onNews;
    private final Queue<News> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile Map<CheckConfig, List<Listed>> listed = Map.of();

    /** A verdict that waits. */
    record News(CheckConfig check, Verdict verdict, long atNs) {}

    private record Listed(String service, String server) {}

    /** @param onNews called when there is something in the queue that was empty; any thread, must not block */
    HealthEvents(EventLog log, Runnable onNews) {
        this.log = log;
        this.onNews = onNews;
    }

    /** Takes another configuration: whose servers a check is told of. */
    void configure(List<PoolConfig> pools) {
        Map<CheckConfig, List<Listed>> all = new HashMap<>();
        for (PoolConfig pool : pools) {
            Stream.concat(pool.members().stream(), pool.sorryServers().stream()).forEach(member ->
                    member.checks().forEach(check -> all.computeIfAbsent(check, _ -> new ArrayList<>(1))
                            .add(new Listed(pool.name(), member.id()))));
        }
        listed = all;
    }

    /** Takes the oldest verdict; null when there is none. The director's thread only. */
    News next() {
        News news = queue.poll();
        if (news == null && told.getAndSet(false)) {
            news = queue.poll(); // one that came before it was known that another call is due
        }
        return news;
    }

    @Override
    public void onResult(CheckConfig check, CheckOutcome outcome) {
        long ms = switch (outcome) {
            case CheckOutcome.Passed passed -> passed.durationNs() / NS_PER_MS;
            case CheckOutcome.Failed failed -> failed.durationNs() / NS_PER_MS;
            case CheckOutcome.LocalFault _ -> 0;
        };
        boolean ok = outcome instanceof CheckOutcome.Passed;
        String name = check.kind().toUpperCase(Locale.ROOT) + "_CHECK";
        for (Listed at : listed.getOrDefault(check, List.of())) {
            log.emit(ok ? Level.INFO : Level.WARN, EventId.CHECK_RESULT,
                    name + " on service " + at.server() + (ok ? " success." : " failed: " + outcome.text()),
                    "vs", at.service(), "rs", at.server(), "check", check.kind(), "target", check.probe().target(),
                    "ok", ok, "why", outcome.text(), "ms", ms);
        }
    }

    @Override
    public void onVerdict(CheckConfig check, Verdict verdict, CheckOutcome because, long atNs) {
        queue.add(new News(check, verdict, atNs));
        if (told.compareAndSet(false, true)) {
            onNews.run();
        }
    }
}
