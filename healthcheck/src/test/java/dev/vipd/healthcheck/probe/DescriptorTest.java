package dev.vipd.healthcheck.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckOutcome;
import dev.vipd.healthcheck.CheckTiming;
import dev.vipd.healthcheck.HealthState;
import dev.vipd.healthcheck.HttpRequest;
import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.healthcheck.ProbeConfig.HttpVersion;
import dev.vipd.healthcheck.Route;
import dev.vipd.healthcheck.TlsConfig;
import dev.vipd.healthcheck.Verdict;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Whatever a probe waits for when it is given up: no descriptor is left behind. */
class DescriptorTest {
    private static final TlsConfig TLS =
            new TlsConfig(Optional.empty(), false, Optional.empty(), Optional.empty(), 0);
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(10);

    private final BlockingQueue<String> results = new LinkedBlockingQueue<>();
    private final HealthListener listener = new HealthListener() {
        @Override
        public void onResult(CheckConfig check, CheckOutcome outcome) {
            results.add(check.kind() + ": " + outcome.text());
        }

        @Override
        public void onVerdict(CheckConfig check, Verdict verdict, CheckOutcome because, long atNs) {}
    };

    /** The sockets that this process has open, those of servers among them, by inode. */
    private static Set<String> sockets() throws IOException {
        Set<String> open = new HashSet<>();
        try (DirectoryStream<Path> links = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path link : links) {
                try {
                    String target = Files.readSymbolicLink(link).toString();
                    if (target.startsWith("socket:")) {
                        open.add(target);
                    }
                } catch (IOException e) {
                    // closed since
                }
            }
        }
        return open;
    }

    /** Those opened since; a socket of an earlier test may close meanwhile, so a mere count would not do. */
    private static Set<String> openedSince(Set<String> before) throws IOException {
        Set<String> opened = sockets();
        opened.removeAll(before);
        return opened;
    }

    private static void assertNoneOpenedSince(Set<String> before) throws IOException {
        long untilNs = System.nanoTime() + LIMIT_NS;
        while (!openedSince(before).isEmpty() && System.nanoTime() - untilNs < 0) {
            Thread.onSpinWait();
        }
        assertEquals(Set.of(), openedSince(before));
    }

    private static HttpRequest get() {
        return new HttpRequest("GET", "/", Optional.empty(), List.of(), "",
                List.of(new HttpRequest.StatusRange(200, 299)), List.of(), 0);
    }

    private static ProbeConfig http(Route route, boolean tls, HttpVersion version) {
        return new ProbeConfig.Http(
                route, tls ? Optional.of(TLS) : Optional.empty(), version, true, List.of(get()));
    }

    /** A probe of each kind that waits for its server, in each of its phases where that server is mute. */
    private static List<ProbeConfig> of(Route mute, Route greeting, Route datagrams) {
        return List.of(
                http(mute, false, HttpVersion.HTTP_1_1),
                http(mute, true, HttpVersion.HTTP_1_1),
                http(mute, false, HttpVersion.HTTP_2),
                http(mute, true, HttpVersion.HTTP_2),
                new ProbeConfig.Smtp(mute, "vipd", Optional.of(TLS)),
                new ProbeConfig.Smtp(greeting, "vipd", Optional.of(TLS)),
                new ProbeConfig.Grpc(mute, Optional.empty(), "", Optional.empty()),
                new ProbeConfig.Dns(mute, true, "example.org", 1, List.of(0), List.of()),
                new ProbeConfig.Dns(datagrams, false, "example.org", 1, List.of(0), List.of()),
                new ProbeConfig.Udp(datagrams, "", true, "", 0, 255));
    }

    private static Map<CheckConfig, HealthState> checks(List<ProbeConfig> probes, CheckTiming timing) {
        Map<CheckConfig, HealthState> all = new HashMap<>();
        probes.forEach(probe -> all.put(new CheckConfig(probe, timing), HealthState.UP));
        return all;
    }

    /** Runs checks of servers that do not answer, and compares the sockets before and after. */
    private void leavesNone(long timeoutMs, int resultsWanted) throws Exception {
        try (TestServer mute = new TestServer(TestServer::hang);
                TestServer greeting = new TestServer(TestServer.sends("220 a\r\n250-a\r\n250 STARTTLS\r\n"));
                DatagramSocket datagrams = new DatagramSocket(0, TestServer.LOOPBACK);
                HealthChecker checker = HealthChecker.start(Map.of(), listener)) {
            Route udp = Route.to(new InetSocketAddress(TestServer.LOOPBACK, datagrams.getLocalPort()));
            Set<String> before = sockets();
            List<ProbeConfig> probes = of(mute.route(), greeting.route(), udp);
            checker.reconfigure(checks(probes, Checks.timing(50, timeoutMs))).get(10, TimeUnit.SECONDS);
            long untilNs = System.nanoTime() + LIMIT_NS;
            while (mute.connections() < 7 || greeting.connections() < 1) {
                assertTrue(System.nanoTime() - untilNs < 0, "not all probes are under way");
            }
            // a timeout may have closed them by now
            assertTrue(resultsWanted > 0 || !openedSince(before).isEmpty(), "none is open");
            for (int i = 0; i < resultsWanted; i++) {
                assertNotNull(results.poll(10, TimeUnit.SECONDS));
            }
            checker.reconfigure(Map.of()).get(10, TimeUnit.SECONDS);
            assertNoneOpenedSince(before);
        }
    }

    @Test
    void aReloadMeanwhileLeavesNone() throws Exception {
        leavesNone(60_000, 0);
    }

    @Test
    void aTimeoutLeavesNone() throws Exception {
        leavesNone(100, 10);
    }
}
