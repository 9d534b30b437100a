package dev.vipd.healthcheck.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckOutcome;
import dev.vipd.healthcheck.HealthState;
import dev.vipd.healthcheck.HealthTransition;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The whole of it over loopback, in real but short time. */
class HealthCheckerTest {
    private static final long LOOP_MS = 20;

    private final BlockingQueue<String> transitions = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> results = new LinkedBlockingQueue<>();
    private final Set<String> threads = ConcurrentHashMap.newKeySet();
    private final HealthListener listener = new HealthListener() {
        @Override
        public void onResult(String id, CheckConfig check, CheckOutcome outcome) {
            threads.add(Thread.currentThread().getName());
            results.add(id + " " + outcome.text());
        }

        @Override
        public void onTransition(String id, HealthTransition transition) {
            transitions.add(id + " " + transition.to() + ": " + transition.reason());
        }
    };

    private static CheckConfig tcp(int port) {
        return Checks.tcp(port, Checks.timing(LOOP_MS, 1000));
    }

    private static String next(BlockingQueue<String> queue) throws InterruptedException {
        return queue.poll(10, TimeUnit.SECONDS);
    }

    private static ServerSocket listen(int port) throws Exception {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(Checks.LOOPBACK, port), 500);
        return socket;
    }

    @Test
    void followsAServerDownAndUp() throws Exception {
        ServerSocket server = listen(0);
        int port = server.getLocalPort();
        List<ServerChecks> servers = List.of(new ServerChecks("rs1", List.of(tcp(port))));
        try (HealthChecker checker = HealthChecker.start(servers, listener)) {
            assertEquals("rs1 passed", next(results));
            long beforeNs = System.nanoTime();
            server.close();
            assertEquals("rs1 DOWN: tcp: connect refused", next(transitions));
            ServerStatus status = checker.snapshot().getFirst();
            assertEquals(HealthState.DOWN, status.state());
            assertTrue(status.sinceNs() - beforeNs >= 0 && System.nanoTime() - status.sinceNs() >= 0);
            try (ServerSocket _ = listen(port)) {
                assertEquals("rs1 UP: tcp: passed", next(transitions));
            }
        }
    }

    @Test
    void aReloadDoesNotBringAFailedServerBack() throws Exception {
        int port;
        try (ServerSocket free = listen(0)) {
            port = free.getLocalPort();
        }
        try (ServerSocket server = listen(0);
                HealthChecker checker =
                        HealthChecker.start(List.of(new ServerChecks("rs1", List.of(tcp(port)))), listener)) {
            assertEquals("rs1 DOWN: tcp: connect refused", next(transitions));
            CheckConfig slower = Checks.tcp(port, Checks.timing(LOOP_MS + 1, 1000));
            checker.reconfigure(List.of(
                            new ServerChecks("rs2", List.of(tcp(server.getLocalPort()))),
                            new ServerChecks("rs1", List.of(slower))))
                    .get(5, TimeUnit.SECONDS);
            List<ServerStatus> snapshot = checker.snapshot();
            assertEquals(List.of("rs2", "rs1"), snapshot.stream().map(ServerStatus::id).toList());
            assertEquals(HealthState.UP, snapshot.getFirst().state());
            assertEquals(HealthState.DOWN, snapshot.getLast().state());
            assertEquals(List.of(slower), snapshot.getLast().checks().stream().map(CheckStatus::check).toList());
            checker.reconfigure(List.of()).get(5, TimeUnit.SECONDS);
            assertEquals(List.of(), checker.snapshot());
        }
        assertTrue(transitions.isEmpty(), "neither by the reload nor by the removal: " + transitions);
    }

    @Test
    void aRefusedReloadChangesNothing() {
        try (HealthChecker checker = HealthChecker.start(List.of(new ServerChecks("rs1", List.of())), listener)) {
            ServerChecks twin = new ServerChecks("rs2", List.of());
            assertThrows(IllegalArgumentException.class, () -> checker.reconfigure(List.of(twin, twin)));
            assertEquals(List.of("rs1"), checker.snapshot().stream().map(ServerStatus::id).toList());
            assertEquals(HealthState.UP, checker.snapshot().getFirst().state());
        }
    }

    @Test
    void manyServersShareTheCheckThreadsAndAllAreProbed() throws Exception {
        try (ServerSocket server = listen(0)) {
            List<ServerChecks> servers = new ArrayList<>();
            CheckConfig rare = Checks.tcp(server.getLocalPort(), Checks.timing(60_000, 5000));
            for (int i = 0; i < 200; i++) {
                servers.add(new ServerChecks("rs" + i, List.of(rare)));
            }
            try (HealthChecker _ = HealthChecker.start(servers, listener)) {
                for (int i = 0; i < 200; i++) {
                    assertTrue(next(results).endsWith(" passed"));
                }
            }
        }
        assertTrue(Set.of("check-0", "check-1").containsAll(threads), threads.toString());
    }

    @Test
    void closesInBoundedTimeWithProbesUnderWayAndIsSilentAfterwards() throws Exception {
        try (ServerSocket mute = listen(0)) {
            CheckConfig http = Checks.http(mute.getLocalPort(), Checks.timing(LOOP_MS, 60_000));
            HealthChecker checker = HealthChecker.start(List.of(new ServerChecks("rs1", List.of(http))), listener);
            mute.accept().getInputStream().read(); // the probe is under way
            long beforeNs = System.nanoTime();
            checker.close();
            long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beforeNs);
            assertTrue(tookMs < 2500, "took " + tookMs + " ms");
            assertTrue(results.isEmpty(), results.toString());
            checker.close();
            assertThrows(IllegalStateException.class, () -> checker.reconfigure(List.of()));
        }
    }

    @Test
    void closesInBoundedTimeEvenWhenAListenerHangs() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        HealthListener stuck = new HealthListener() {
            @Override
            public void onResult(String id, CheckConfig check, CheckOutcome outcome) {
                hanging.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }

            @Override
            public void onTransition(String id, HealthTransition transition) {}
        };
        HealthChecker checker = HealthChecker.start(List.of(new ServerChecks("rs1", List.of(tcp(1)))), stuck);
        assertTrue(hanging.await(10, TimeUnit.SECONDS));
        long beforeNs = System.nanoTime();
        checker.close();
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beforeNs);
        release.countDown();
        assertTrue(tookMs < 3000, "took " + tookMs + " ms");
    }
}
