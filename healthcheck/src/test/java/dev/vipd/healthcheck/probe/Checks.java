package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckTiming;
import dev.vipd.healthcheck.HealthState;
import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.healthcheck.Route;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
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

    static Route route(int port) {
        return Route.to(new InetSocketAddress(LOOPBACK, port));
    }

    static CheckConfig tcp(int port, CheckTiming timing) {
        return new CheckConfig(new ProbeConfig.Tcp(route(port), Optional.empty()), timing);
    }

    /** All of them beginning UP. */
    static Map<CheckConfig, HealthState> up(CheckConfig... checks) {
        Map<CheckConfig, HealthState> all = new LinkedHashMap<>();
        for (CheckConfig check : checks) {
            all.put(check, HealthState.UP);
        }
        return all;
    }
}
