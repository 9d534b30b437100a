package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckOutcome;
import dev.vipd.healthcheck.CheckTracker;
import dev.vipd.healthcheck.HealthTransition;
import dev.vipd.healthcheck.ServerHealth;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One real server, pinned to one loop: runs the probes of its checks when they are due and reports. After the
 * constructor all methods but {@link #status()} belong to the loop.
 */
final class CheckedServer {
    private final String id;
    private final EventLoop loop;
    private final Prober prober;
    private final HealthListener listener;
    private final LongSupplier clock;
    private final ServerHealth health;
    private final Map<CheckConfig, Runner> runners = new HashMap<>();
    private volatile ServerStatus status;

    CheckedServer(
            ServerChecks server,
            EventLoop loop,
            Prober prober,
            HealthListener listener,
            LongSupplier clock,
            long seed) {
        this.id = server.id();
        this.loop = loop;
        this.prober = prober;
        this.listener = listener;
        this.clock = clock;
        this.health = new ServerHealth(server.checks(), seed ^ id.hashCode(), clock.getAsLong());
        publish();
    }

    EventLoop loop() {
        return loop;
    }

    /** As of the last outcome; from any thread. */
    ServerStatus status() {
        return status;
    }

    void start() {
        startMissing();
    }

    /** Stops what is gone, starts what is new, leaves alone what stays. */
    void reconfigure(List<CheckConfig> checks) {
        Optional<HealthTransition> transition = health.reconfigure(checks, clock.getAsLong());
        List<CheckConfig> wanted = health.checks();
        runners.values().removeIf(runner -> {
            boolean gone = !wanted.contains(runner.check);
            if (gone) {
                runner.stop();
            }
            return gone;
        });
        startMissing();
        publish();
        transition.ifPresent(change -> listener.onTransition(id, change));
    }

    /** Stops all; nothing is reported from here on. */
    void stop() {
        runners.values().forEach(Runner::stop);
        runners.clear();
    }

    private void startMissing() {
        for (CheckConfig check : health.checks()) {
            runners.computeIfAbsent(check, Runner::new);
        }
    }

    private void publish() {
        List<CheckStatus> checks = health.checks().stream()
                .map(check -> {
                    CheckTracker tracker = health.tracker(check);
                    return new CheckStatus(
                            check,
                            tracker.state(),
                            tracker.sinceNs(),
                            tracker.lastOutcome(),
                            tracker.consecutivePasses(),
                            tracker.consecutiveFailures());
                })
                .toList();
        status = new ServerStatus(id, health.state(), health.sinceNs(), health.reason(), checks);
    }

    /** The timer and the probe of one check. */
    private final class Runner {
        private final CheckConfig check;
        private Future<?> timer;
        private Prober.Probe probe;

        Runner(CheckConfig check) {
            this.check = check;
            schedule();
        }

        private void schedule() {
            long delayNs = health.tracker(check).nextProbeNs() - clock.getAsLong();
            timer = loop.schedule(this::run, delayNs, TimeUnit.NANOSECONDS);
        }

        private void run() {
            probe = prober.probe(check, loop, this::onOutcome);
        }

        private void onOutcome(CheckOutcome outcome) {
            Optional<CheckOutcome> before = health.tracker(check).lastOutcome();
            Optional<HealthTransition> transition = health.on(check, outcome, clock.getAsLong());
            // before the listener is told: what it throws must not end the check
            schedule();
            publish();
            if (before.isEmpty() || !before.get().saysSameAs(outcome)) {
                listener.onResult(id, check, outcome);
            }
            transition.ifPresent(change -> listener.onTransition(id, change));
        }

        void stop() {
            timer.cancel(false);
            if (probe != null) {
                probe.cancel();
            }
        }
    }
}
