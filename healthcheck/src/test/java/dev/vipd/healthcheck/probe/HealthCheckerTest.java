package dev.vipd.healthcheck.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckOutcome;
import dev.vipd.healthcheck.CheckTiming;
import dev.vipd.healthcheck.HealthState;
import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.healthcheck.Verdict;
import dev.vipd.netlink.script.RunAs;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole of it over loopback, in real but short time. */
class HealthCheckerTest {
    private static final long LOOP_MS = 20;

    private final BlockingQueue<String> verdicts = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> results = new LinkedBlockingQueue<>();
    private final Set<String> threads = ConcurrentHashMap.newKeySet();
    private final HealthListener listener = new HealthListener() {
        @Override
        public void onResult(CheckConfig check, CheckOutcome outcome) {
            threads.add(Thread.currentThread().getName());
            results.add(outcome.text());
        }

        @Override
        public void onVerdict(CheckConfig check, Verdict verdict, CheckOutcome because, long atNs) {
            verdicts.add(check.kind() + " " + verdict.state() + ": " + verdict.reason());
        }
    };

    private static CheckConfig tcp(int port) {
        return Checks.tcp(port, Checks.timing(LOOP_MS, 1000));
    }

    private static CheckStatus only(HealthChecker checker) throws Exception {
        List<CheckStatus> all = checker.snapshot().get(5, TimeUnit.SECONDS);
        assertEquals(1, all.size());
        return all.getFirst();
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
        try (HealthChecker checker = HealthChecker.start(Checks.up(tcp(port)), listener)) {
            assertEquals("passed", next(results));
            long beforeNs = System.nanoTime();
            server.close();
            assertEquals("tcp DOWN: connect refused", next(verdicts));
            CheckStatus status = only(checker);
            assertEquals(HealthState.DOWN, status.verdict().state());
            assertTrue(status.sinceNs() - beforeNs >= 0 && System.nanoTime() - status.sinceNs() >= 0);
            assertTrue(status.stats().passed() > 0 && status.stats().failed() > 0);
            assertEquals("connect refused", status.history().getFirst().reason());
            try (ServerSocket _ = listen(port)) {
                assertEquals("tcp UP: passed", next(verdicts));
            }
        }
    }

    @Test
    void anUnchangedCheckKeepsItsStateOverAReload() throws Exception {
        int port;
        try (ServerSocket free = listen(0)) {
            port = free.getLocalPort();
        }
        try (ServerSocket server = listen(0);
                HealthChecker checker = HealthChecker.start(Checks.up(tcp(port)), listener)) {
            assertEquals("tcp DOWN: connect refused", next(verdicts));
            long sinceNs = only(checker).sinceNs();
            Map<CheckConfig, HealthState> both = Checks.up(tcp(port), tcp(server.getLocalPort()));
            checker.reconfigure(both).get(5, TimeUnit.SECONDS);
            checker.reconfigure(Checks.up(tcp(port))).get(5, TimeUnit.SECONDS);
            assertEquals(HealthState.DOWN, only(checker).verdict().state());
            assertEquals(sinceNs, only(checker).sinceNs());
            checker.reconfigure(Map.of()).get(5, TimeUnit.SECONDS);
            assertEquals(List.of(), checker.snapshot().get(5, TimeUnit.SECONDS));
        }
        assertTrue(verdicts.isEmpty(), "neither by the reload nor by the removal: " + verdicts);
    }

    @Test
    void aCheckThatCanNotBeMadeChangesNothing() throws Exception {
        CheckConfig impossible = Checks.tcp(1, Checks.timing(0, 1000));
        try (ServerSocket server = listen(0);
                HealthChecker checker = HealthChecker.start(Checks.up(tcp(server.getLocalPort())), listener)) {
            assertEquals("passed", next(results));
            assertThrows(IllegalArgumentException.class, () -> checker.reconfigure(Checks.up(impossible)));
            assertEquals(tcp(server.getLocalPort()), only(checker).check());
        }
    }

    @Test
    void checksGoOnWhateverTheListenerThrows() throws Exception {
        HealthListener throwing = new HealthListener() {
            @Override
            public void onResult(CheckConfig check, CheckOutcome outcome) {
                throw new IllegalStateException("a result");
            }

            @Override
            public void onVerdict(CheckConfig check, Verdict verdict, CheckOutcome because, long atNs) {
                verdicts.add(verdict.reason());
                throw new IllegalStateException("a verdict");
            }
        };
        try (ServerSocket mute = listen(0)) {
            CheckConfig timesOut = new CheckConfig(
                    new ProbeConfig.Tcp(Checks.route(mute.getLocalPort()),
                            Optional.of(new ProbeConfig.Exchange("hello", Optional.of("there")))),
                    Checks.timing(LOOP_MS, 50));
            long beforeNs = System.nanoTime();
            try (HealthChecker checker = HealthChecker.start(Checks.up(timesOut), throwing)) {
                assertEquals("first byte timed out after 50ms", next(verdicts));
                while (only(checker).stats().failed() < 3) {
                    assertTrue(System.nanoTime() - beforeNs < 20_000_000_000L, "the check has ended");
                }
            }
        }
    }

    @Test
    void aNewCheckBeginsInTheStateThatItIsGiven() throws Exception {
        CheckConfig rare = Checks.tcp(1, Checks.timing(3_600_000, 1000));
        CheckConfig later = new CheckConfig(rare.probe(), new CheckTiming(
                rare.timing().delayLoopNs(), 1, 0, 1, 1, 1, rare.timing().delayLoopNs(), false));
        try (HealthChecker checker = HealthChecker.start(Map.of(later, HealthState.DOWN), listener)) {
            assertEquals(HealthState.DOWN, only(checker).verdict().state());
        }
    }

    @Test
    void manyChecksShareTheCheckThreadsAndAllAreProbed() throws Exception {
        try (ServerSocket server = listen(0)) {
            Map<CheckConfig, HealthState> checks = new HashMap<>();
            for (int i = 0; i < 200; i++) {
                checks.put(Checks.tcp(server.getLocalPort(), Checks.timing(60_000 + i, 5000)), HealthState.UP);
            }
            try (HealthChecker checker = HealthChecker.start(checks, listener)) {
                for (int i = 0; i < 200; i++) {
                    assertEquals("passed", next(results));
                }
                long begun = checker.startLags().counts().stream().mapToLong(Long::longValue).sum();
                assertEquals(200, begun);
            }
        }
        assertTrue(Set.of("check-0", "check-1").containsAll(threads), threads.toString());
    }

    @Test
    void closesInBoundedTimeWithProbesUnderWayAndIsSilentAfterwards() throws Exception {
        try (ServerSocket mute = listen(0)) {
            CheckConfig waits = new CheckConfig(
                    new ProbeConfig.Tcp(Checks.route(mute.getLocalPort()),
                            Optional.of(new ProbeConfig.Exchange("hello", Optional.empty()))),
                    Checks.timing(LOOP_MS, 60_000));
            HealthChecker checker = HealthChecker.start(Checks.up(waits), listener);
            mute.accept().getInputStream().read(); // the probe is under way
            long beforeNs = System.nanoTime();
            checker.close();
            long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beforeNs);
            assertTrue(tookMs < 2500, "took " + tookMs + " ms");
            assertTrue(results.isEmpty(), results.toString());
            checker.close();
            assertThrows(IllegalStateException.class, () -> checker.reconfigure(Map.of()));
        }
    }

    @Test
    void aScriptThatIgnoresItsEndDoesNotOutliveTheChecker(@TempDir Path folder) throws Exception {
        Path pidFile = folder.resolve("pid");
        String script = "trap '' TERM; echo $$ > " + pidFile + "; while :; do sleep 0.1; done";
        RunAs self = new RunAs(
                String.valueOf(Files.getAttribute(Path.of("/proc/self"), "unix:uid")),
                Optional.of(String.valueOf(Files.getAttribute(Path.of("/proc/self"), "unix:gid"))));
        CheckConfig stubborn = new CheckConfig(
                new ProbeConfig.Script(List.of("/bin/sh", "-c", script), Optional.of(self), false),
                Checks.timing(60_000, 500));
        long pid;
        try (HealthChecker _ = HealthChecker.start(Checks.up(stubborn), listener)) {
            assertEquals("script timed out after 500ms", next(results));
            pid = Long.parseLong(Files.readString(pidFile).strip());
        }
        Optional<ProcessHandle> left = ProcessHandle.of(pid); // killed, and perhaps not quite gone yet
        if (left.isPresent()) {
            left.get().onExit().get(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void closesInBoundedTimeEvenWhenAListenerHangs() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        HealthListener stuck = new HealthListener() {
            @Override
            public void onResult(CheckConfig check, CheckOutcome outcome) {
                hanging.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }

            @Override
            public void onVerdict(CheckConfig check, Verdict verdict, CheckOutcome because, long atNs) {}
        };
        HealthChecker checker = HealthChecker.start(Checks.up(tcp(1)), stuck);
        assertTrue(hanging.await(10, TimeUnit.SECONDS));
        long beforeNs = System.nanoTime();
        checker.close();
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beforeNs);
        release.countDown();
        assertTrue(tookMs < 3000, "took " + tookMs + " ms");
    }
}
