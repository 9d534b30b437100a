package dev.vipd.director;

import dev.vipd.director.events.EventId;
import dev.vipd.director.events.EventLog;
import dev.vipd.director.events.Level;
import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckOutcome;
import dev.vipd.healthcheck.HealthState;
import dev.vipd.healthcheck.HealthTransition;
import dev.vipd.healthcheck.probe.HealthListener;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/** What the health checks tell, as events; transitions go on to the director. Runs on the check threads. */
final class HealthEvents implements HealthListener {
    private static final long NS_PER_MS = 1_000_000;

    private final EventLog log;
    private final BiConsumer<String, HealthState> onTransition;
    private final Map<String, Long> lastMs = new ConcurrentHashMap<>();

    /** @param onTransition told a server's check id and its new state */
    HealthEvents(EventLog log, BiConsumer<String, HealthState> onTransition) {
        this.log = log;
        this.onTransition = onTransition;
    }

    /** Forgets servers that are not checked any more. */
    void keepOnly(Set<String> ids) {
        lastMs.keySet().retainAll(ids);
    }

    @Override
    public void onResult(String id, CheckConfig check, CheckOutcome outcome) {
        long ms = switch (outcome) {
            case CheckOutcome.Passed passed -> passed.durationNs() / NS_PER_MS;
            case CheckOutcome.Failed failed -> failed.durationNs() / NS_PER_MS;
            case CheckOutcome.LocalFault fault -> 0;
        };
        lastMs.put(id, ms);
        boolean ok = outcome instanceof CheckOutcome.Passed;
        String name = check.kind().toUpperCase(java.util.Locale.ROOT) + "_CHECK";
        log.emit(ok ? Level.INFO : Level.WARN, EventId.CHECK_RESULT,
                name + " on service " + server(id) + (ok ? " success." : " failed: " + outcome.text()),
                "vs", service(id), "rs", server(id), "check", check.kind(), "ok", ok, "why", outcome.text(), "ms", ms);
    }

    @Override
    public void onTransition(String id, HealthTransition transition) {
        boolean up = transition.to() == HealthState.UP;
        log.emit(up ? Level.INFO : Level.WARN, EventId.CHECK_STATE,
                "real server " + server(id) + " of " + service(id) + " is " + transition.to() + ": "
                        + transition.reason(),
                "vs", service(id), "rs", server(id), "from", transition.from(), "to", transition.to(),
                "why", transition.reason(), "ms", lastMs.getOrDefault(id, 0L));
        onTransition.accept(id, transition.to());
    }

    /** A check id is {@code service/address:port}; names of services have no slash before the last one. */
    private static String service(String id) {
        return id.substring(0, id.lastIndexOf('/'));
    }

    private static String server(String id) {
        return id.substring(id.lastIndexOf('/') + 1);
    }
}
