package dev.vipd.director;

import dev.vipd.director.json.Json;
import dev.vipd.director.metrics.Exposition;
import dev.vipd.director.metrics.HttpServer;
import dev.vipd.director.metrics.ServiceMetrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;

/** What the daemon shows by HTTP. */
final class Pages {
    private static final String METRICS_TYPE = "text/plain; version=0.0.4";

    private Pages() {}

    /** @throws IOException when the address can't be had */
    static HttpServer serve(InetSocketAddress address, Director director) throws IOException {
        Map<String, HttpServer.Page> pages = Map.of(
                "/metrics", () -> metrics(director.status()),
                "/status", () -> Json.pretty(StatusJson.of(director.status())) + "\n",
                "/health", () -> {
                    director.status(); // all parts answer
                    return "ok\n";
                });
        return new HttpServer(address, pages, Map.of(
                "/metrics", METRICS_TYPE, "/status", "application/json", "/health", "text/plain"));
    }

    private static String metrics(StatusSnapshot status) {
        return Exposition.of(status.instances(), status.trackers(), status.strayPackets(),
                status.loop(), status.hooks(), new ServiceMetrics(status.services().summaries(),
                        status.services().members(), status.checksByService(), status.services().past(),
                        status.startLags()));
    }
}
