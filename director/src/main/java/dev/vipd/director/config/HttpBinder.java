package dev.vipd.director.config;

import dev.vipd.director.config.CheckBinder.Maker;
import dev.vipd.healthcheck.HttpRequest;
import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.healthcheck.ProbeConfig.HttpVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code http}, {@code https} and {@code grpc}. */
final class HttpBinder {
    private static final Map<String, HttpVersion> VERSIONS = versions();
    private static final String URLS_EXPECTED = "a list of requests such as [ { path: /health }, { path: /login } ]";
    private static final int URLS_MAX = 100;

    private final TlsBinder tls;
    private final Shared<List<HttpRequest>> shared = new Shared<>();

    HttpBinder(TlsBinder tls) {
        this.tls = tls;
    }

    private static Map<String, HttpVersion> versions() {
        Map<String, HttpVersion> versions = new LinkedHashMap<>();
        for (HttpVersion version : HttpVersion.values()) {
            versions.put(version.toString(), version);
        }
        return versions;
    }

    Maker http(Block b) {
        b.refuse(TlsBinder.KEYS, "is for TLS; name the check https, or remove the key");
        return bind(b, Optional.empty());
    }

    Maker https(Block b) {
        return bind(b, Optional.of(tls.bind(b)));
    }

    private Maker bind(Block b, Optional<TlsBinder.Template> secured) {
        List<HttpRequest> requests = requests(b);
        HttpVersion version = b.choice("http_protocol", VERSIONS).orElse(HttpVersion.HTTP_1_1);
        boolean keepAlive = b.bool("keep_alive").orElse(false);
        if (keepAlive && version == HttpVersion.HTTP_1_0) {
            b.given("keep_alive").ifPresent(v ->
                    v.error("HTTP/1.0 ends the connection with each answer; remove it, or give http_protocol: 1.1"));
        }
        TargetBinder target = new TargetBinder(b, true);
        Map<Optional<String>, List<HttpRequest>> byHost = new LinkedHashMap<>();
        return (realServer, virtualHost) -> {
            List<HttpRequest> hosted = byHost.computeIfAbsent(virtualHost, host -> hosted(requests, host));
            Optional<String> name = hosted.isEmpty() ? Optional.empty() : hosted.getFirst().virtualHost();
            return new ProbeConfig.Http(
                    target.to(realServer), secured.map(t -> t.named(name)), version, keepAlive, hosted);
        };
    }

    private List<HttpRequest> requests(Block b) {
        Optional<Value> urls = b.value("urls");
        if (urls.isEmpty()) {
            return List.of(RequestBinder.bind(b));
        }
        b.given(RequestBinder.KEYS.toArray(String[]::new)).ifPresent(v ->
                v.error("stands beside urls; put it into each of them"));
        Optional<String> virtualHost = RequestBinder.bind(b).virtualHost();
        List<Value> items = urls.get().list(URLS_EXPECTED);
        if (urls.get().isEmptyList() || items.size() > URLS_MAX) {
            urls.get().error("holds " + items.size() + " requests; give 1.." + URLS_MAX);
        }
        List<HttpRequest> requests = new ArrayList<>();
        for (Value item : items) {
            item.block("{ path: /health }").ifPresent(block -> {
                requests.add(RequestBinder.bind(block));
                block.finish();
            });
        }
        return hosted(requests, virtualHost);
    }

    /** The requests with the Host header that those get that name none. */
    private List<HttpRequest> hosted(List<HttpRequest> requests, Optional<String> virtualHost) {
        return shared.one(virtualHost.isEmpty() ? List.copyOf(requests) : requests.stream()
                .map(r -> r.virtualHost().isPresent() ? r : new HttpRequest(r.method(), r.path(), virtualHost,
                        r.headers(), r.body(), r.statuses(), r.bodyRules(), r.redirectsMax()))
                .toList());
    }

    Maker grpc(Block b) {
        String service = b.value("service").flatMap(v -> CheckTexts.visible(v, "a service such as helloworld.Greeter"))
                .orElse("");
        Optional<String> authority = RequestBinder.virtualHost(b);
        Optional<TlsBinder.Template> secured = b.value("tls").flatMap(tls::under);
        TargetBinder target = new TargetBinder(b, true);
        return (realServer, virtualHost) -> {
            Optional<String> host = authority.or(() -> virtualHost);
            return new ProbeConfig.Grpc(target.to(realServer), secured.map(t -> t.named(host)), service, host);
        };
    }
}
