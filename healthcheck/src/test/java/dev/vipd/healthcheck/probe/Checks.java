package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckConfig.StatusRange;
import dev.vipd.healthcheck.CheckTiming;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Configurations for tests. */
final class Checks {
    static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private Checks() {}

    /** Probes every {@code loopMs}, at once after the start, without retries. */
    static CheckTiming timing(long loopMs, long timeoutMs) {
        return new CheckTiming(
                TimeUnit.MILLISECONDS.toNanos(loopMs),
                TimeUnit.MILLISECONDS.toNanos(timeoutMs),
                0,
                TimeUnit.MILLISECONDS.toNanos(10),
                1,
                1,
                0,
                false);
    }

    static CheckConfig.Tcp tcp(int port, CheckTiming timing) {
        return new CheckConfig.Tcp(new InetSocketAddress(LOOPBACK, port), timing);
    }

    static CheckConfig.Http http(int port, CheckTiming timing) {
        return new CheckConfig.Http(
                new InetSocketAddress(LOOPBACK, port),
                timing,
                "/health",
                Optional.empty(),
                List.of(new StatusRange(200, 299)));
    }
}
