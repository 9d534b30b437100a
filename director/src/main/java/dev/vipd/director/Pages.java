package dev.vipd.director;

import dev.vipd.director.json.Json;
import dev.vipd.director.metrics.Exposition;
import dev.vipd.director.metrics.HttpServer;
import dev.vipd.director.metrics.IpvsMetrics;
import dev.vipd.director.metrics.ServiceMetrics;
import dev.vipd.ipvs.kernel.IpvsTotals;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;

/** What the daemon shows by HTTP. */
final class Pages {
    private static final String METRICS_TYPE = "text/plain; version=0.0.4";

    /** However often it is asked, a large table is not read more often than this. */
    private static final long TABLE_AGE_NS_MAX = 1_000_000_000L;

    private Pages() {}

    /** @throws IOException when the address can't be had */
    static HttpServer serve(InetSocketAddress address, Director director) throws IOException {
        Map<String, HttpServer.Page> pages = Map.of(
                "/metrics", () -> metrics(director.status(TABLE_AGE_NS_MAX)),
                "/status", () -> Json.pretty(StatusJson.of(director.status(TABLE_AGE_NS_MAX))) + "\n",
                "/health", () -> {
                    director.answer();
                    return "ok\n";
                });
        return new HttpServer(address, pages, Map.of(
                "/metrics", METRICS_TYPE, "/status", "application/json", "/health", "text/plain"));
    }

    private static String metrics(StatusSnapshot status) {
        return Exposition.of(status.instances(), status.trackers(), status.strayPackets(),
                status.loop(), status.hooks(), new ServiceMetrics(status.services().summaries(),
                        status.services().members(), status.checksByService(), status.services().past(),
                        status.startLags()),
                new IpvsMetrics(status.observed(), IpvsTotals.read(), status.services().desired().names(),
                        status.syncs()));
    }
}
