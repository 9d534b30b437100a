package dev.vipd.healthcheck.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckOutcome;
import dev.vipd.healthcheck.HealthState;
import dev.vipd.healthcheck.HealthTransition;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The schedule of one server's checks, with a clock of its own and a network that answers as told. */
class CheckedServerTest {
    private static final CheckConfig TCP = Checks.tcp(80, Checks.timing(1000, 500));
    private static final CheckConfig HTTP = Checks.http(80, Checks.timing(1000, 500));
    private static final CheckOutcome PASSED = new CheckOutcome.Passed(0);
    private static final CheckOutcome REFUSED = new CheckOutcome.Failed("connect refused", 0);

    private final MockTicker ticker = Ticker.newMockTicker();
    private final EmbeddedChannel channel = EmbeddedChannel.builder().ticker(ticker).build();
    private final Network network = new Network();
    private final List<String> log = new ArrayList<>();
    private final HealthListener listener = new HealthListener() {
        @Override
        public void onResult(String id, CheckConfig check, CheckOutcome outcome) {
            log.add(id + " " + check.kind() + ": " + outcome.text());
        }

        @Override
        public void onTransition(String id, HealthTransition transition) {
            log.add(id + " " + transition.to() + ": " + transition.reason());
        }
    };

    /** Holds every probe until the test ends it. */
    private static final class Network implements Prober {
        final Map<CheckConfig, Consumer<CheckOutcome>> open = new HashMap<>();
        final List<CheckConfig> started = new ArrayList<>();

        @Override
        public Probe probe(CheckConfig check, EventLoop loop, Consumer<CheckOutcome> done) {
            started.add(check);
            open.put(check, done);
            return () -> open.remove(check, done);
        }

        void answer(CheckConfig check, CheckOutcome outcome) {
            open.remove(check).accept(outcome);
        }
    }

    private CheckedServer start(CheckConfig... checks) {
        return start(listener, checks);
    }

    private CheckedServer start(HealthListener to, CheckConfig... checks) {
        CheckedServer server = new CheckedServer(
                new ServerChecks("rs1", List.of(checks)), channel.eventLoop(), network, to, ticker::nanoTime, 1);
        server.start();
        pass(0);
        return server;
    }

    private void pass(long ms) {
        for (long i = 0; i < ms; i++) {
            ticker.advanceMillis(1);
            channel.runScheduledPendingTasks();
        }
        channel.runScheduledPendingTasks();
    }

    @Test
    void probesAtOnceAndThenOncePerDelayLoopAndNeverTwiceAtATime() {
        start(TCP);
        assertEquals(1, network.started.size());
        pass(5000);
        assertEquals(1, network.started.size(), "the first is still under way");
        network.answer(TCP, PASSED);
        for (int i = 2; i < 10; i++) {
            pass(1000 - nowMs() % 1000 - 1);
            assertEquals(i - 1, network.started.size());
            pass(1 + 100);
            assertEquals(i, network.started.size());
            network.answer(TCP, PASSED);
        }
    }

    private long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(ticker.nanoTime());
    }

    @Test
    void tellsResultsOnlyWhenTheyChangeAndTransitionsAfterThem() {
        start(TCP, HTTP);
        for (CheckOutcome outcome : List.of(
                PASSED,
                PASSED,
                REFUSED,
                REFUSED,
                new CheckOutcome.Failed("connect timed out after 1s", 0),
                new CheckOutcome.LocalFault("no route"),
                PASSED)) {
            network.answer(TCP, outcome);
            pass(1100);
        }
        assertEquals(
                List.of(
                        "rs1 tcp: passed",
                        "rs1 tcp: connect refused",
                        "rs1 DOWN: tcp: connect refused",
                        "rs1 tcp: connect timed out after 1s",
                        "rs1 tcp: local fault: no route",
                        "rs1 tcp: passed",
                        "rs1 UP: tcp: passed"),
                log);
    }

    @Test
    void aReloadLeavesWhatStaysAndStopsWhatGoes() {
        CheckedServer server = start(TCP, HTTP);
        network.answer(TCP, REFUSED);
        pass(300);
        CheckConfig other = Checks.tcp(81, Checks.timing(1000, 500));
        server.reconfigure(List.of(Checks.tcp(80, Checks.timing(1000, 500)), other));
        pass(1);
        assertEquals(List.of(TCP, HTTP, other), network.started, "the kept check is not probed out of turn");
        assertEquals(List.of(other), List.copyOf(network.open.keySet()), "the probe of the removed check is cancelled");
        ServerStatus status = server.status();
        assertEquals(HealthState.DOWN, status.state());
        assertEquals(0, status.sinceNs());
        assertEquals(1, status.checks().getFirst().consecutiveFailures());
        network.answer(other, PASSED);
        pass(799);
        assertEquals(TCP, network.started.getLast(), "the kept check keeps its place in time");
    }

    @Test
    void aProbeUnderWayOutlivesAReloadThatKeepsItsCheck() {
        CheckedServer server = start(TCP, HTTP);
        server.reconfigure(List.of(TCP));
        network.answer(TCP, REFUSED);
        assertEquals(List.of("rs1 tcp: connect refused", "rs1 DOWN: tcp: connect refused"), log);
    }

    @Test
    void stoppedItProbesAndTellsNothingMore() {
        CheckedServer server = start(TCP, HTTP);
        network.answer(TCP, PASSED);
        server.stop();
        pass(5000);
        assertEquals(2, network.started.size());
        assertTrue(network.open.isEmpty());
        assertEquals(1, log.size());
    }

    @Test
    void aListenerThatThrowsDoesNotEndTheCheck() {
        HealthListener broken = new HealthListener() {
            @Override
            public void onResult(String id, CheckConfig check, CheckOutcome outcome) {
                throw new IllegalStateException("broken listener");
            }

            @Override
            public void onTransition(String id, HealthTransition transition) {}
        };
        CheckedServer server = start(broken, TCP);
        assertThrows(IllegalStateException.class, () -> network.answer(TCP, REFUSED));
        assertEquals(HealthState.DOWN, server.status().state());
        pass(1100);
        assertEquals(2, network.started.size());
    }

    @Test
    void theStatusShowsEachCheck() {
        CheckedServer server = start(TCP, HTTP);
        assertTrue(server.status().checks().getFirst().last().isEmpty());
        pass(20);
        network.answer(HTTP, new CheckOutcome.Failed("status 503, want 200-299", 20_000_000));
        ServerStatus status = server.status();
        assertEquals("http: status 503, want 200-299", status.reason().orElseThrow());
        assertEquals(20_000_000, status.sinceNs());
        CheckStatus http = status.checks().get(1);
        assertEquals(HTTP, http.check());
        assertEquals(HealthState.DOWN, http.state());
        assertEquals(new CheckOutcome.Failed("status 503, want 200-299", 20_000_000), http.last().orElseThrow());
    }
}
