package dev.vipd.healthcheck.dialogue;

import dev.vipd.healthcheck.HttpRequest;
import dev.vipd.healthcheck.HttpRequest.BodyRule;
import dev.vipd.healthcheck.HttpRequest.Header;
import dev.vipd.healthcheck.HttpRequest.StatusRange;
import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.healthcheck.ProbeConfig.HttpVersion;
import dev.vipd.healthcheck.Route;
import dev.vipd.healthcheck.TlsConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** Configurations of http checks for tests. */
final class Requests {
    static final Route ROUTE = route("192.0.2.1", 80);
    static final List<StatusRange> GOOD = List.of(new StatusRange(200, 299));

    private Requests() {}

    static Route route(String address, int port) {
        return Route.to(new InetSocketAddress(InetAddress.ofLiteral(address), port));
    }

    static HttpRequest get(String path) {
        return request("GET", path, "", 0);
    }

    static HttpRequest request(String method, String path, String body, int redirectsMax, Header... headers) {
        return new HttpRequest(
                method, path, Optional.empty(), List.of(headers), body, GOOD, List.of(), redirectsMax);
    }

    static HttpRequest with(BodyRule... rules) {
        return new HttpRequest("GET", "/", Optional.empty(), List.of(), "", GOOD, List.of(rules), 0);
    }

    static ProbeConfig.Http http(boolean keepAlive, HttpRequest... requests) {
        return http(HttpVersion.HTTP_1_1, keepAlive, requests);
    }

    static ProbeConfig.Http http(HttpVersion version, boolean keepAlive, HttpRequest... requests) {
        return new ProbeConfig.Http(ROUTE, Optional.empty(), version, keepAlive, List.of(requests));
    }

    static ProbeConfig.Http https(HttpRequest... requests) {
        TlsConfig tls = new TlsConfig(Optional.empty(), false, Optional.empty(), Optional.empty(), 0);
        return new ProbeConfig.Http(ROUTE, Optional.of(tls), HttpVersion.HTTP_1_1, false, List.of(requests));
    }
}
