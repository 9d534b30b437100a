package dev.vipd.healthcheck.dialogue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vipd.healthcheck.HttpRequest;
import dev.vipd.healthcheck.HttpRequest.Header;
import dev.vipd.healthcheck.HttpRequest.StatusRange;
import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.healthcheck.ProbeConfig.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the probes of one check send over HTTP/1, made once. Immutable. */
final class HttpScript {
    /** Methods whose requests say that they have no body (RFC 9110, section 8.6). */
    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

    /**
     * One request, ready to be sent.
     *
     * @param keeps whether it leaves the connection open
     * @param rules for the response's body
     */
    record Asked(HttpRequest request, Step.Send send, boolean toHead, boolean keeps, BodyRules rules) {
        boolean wants(int status) {
            List<StatusRange> statuses = request.statuses();
            for (int i = 0; i < statuses.size(); i++) {
                if (statuses.get(i).contains(status)) {
                    return true;
                }
            }
            return false;
        }

        String wanted() {
            return request.statuses().stream().map(StatusRange::toString).collect(Collectors.joining(","));
        }
    }

    private final ProbeConfig.Http config;
    private final String scheme;
    private final String host;
    private final List<Asked> asked = new ArrayList<>();

    HttpScript(ProbeConfig.Http config) {
        this.config = config;
        this.scheme = config.tls().isPresent() ? "https" : "http";
        this.host = withoutZone(config.route().text());
        for (int i = 0; i < config.requests().size(); i++) {
            HttpRequest request = config.requests().get(i);
            boolean keeps = config.keepAlive() || i + 1 < config.requests().size();
            asked.add(asked(request, keeps, BodyRules.of(request.bodyRules())));
        }
    }

    /** The zone of a link-local address means something on this host alone (RFC 6874, section 4). */
    static String withoutZone(String address) {
        int from = address.indexOf('%');
        int to = address.indexOf(']');
        return from < 0 ? address : address.substring(0, from) + (to < 0 ? "" : address.substring(to));
    }

    /** {@code http} or {@code https}. */
    String scheme() {
        return scheme;
    }

    /** Host where the requests name none: the target's address and port. */
    String host() {
        return host;
    }

    int size() {
        return asked.size();
    }

    Asked get(int index) {
        return asked.get(index);
    }

    /** The request that a redirect asks for (RFC 9110, section 15.4); the server stays the same. */
    Asked redirected(Asked from, int status, RedirectTarget target) {
        HttpRequest old = from.request();
        boolean rewritten = status == 303 && !old.method().equals("HEAD")
                || (status == 301 || status == 302) && old.method().equals("POST");
        List<Header> headers = old.headers().stream()
                .filter(header -> target.host().isEmpty() || !header.name().equalsIgnoreCase("Host"))
                .filter(header -> !rewritten || !header.name().regionMatches(true, 0, "Content-", 0, 8))
                .toList();
        HttpRequest request = new HttpRequest(
                rewritten ? "GET" : old.method(), target.path(), target.host().or(old::virtualHost), headers,
                rewritten ? "" : old.body(), old.statuses(), old.bodyRules(), old.redirectsMax());
        return asked(request, from.keeps(), from.rules());
    }

    RedirectTarget.Resolved resolve(Asked from, String location) {
        return RedirectTarget.resolve(location, scheme, from.request().path());
    }

    private Asked asked(HttpRequest request, boolean keeps, BodyRules rules) {
        boolean old = config.version() == HttpVersion.HTTP_1_0;
        byte[] body = request.body().getBytes(UTF_8);
        StringBuilder text = new StringBuilder()
                .append(request.method()).append(' ').append(request.path()).append(old ? " HTTP/1.0" : " HTTP/1.1")
                .append("\r\n");
        add(text, request, "Host", request.virtualHost().orElse(host));
        add(text, request, "User-Agent", "vipd");
        add(text, request, "Accept", "*/*");
        if (!keeps || old) {
            add(text, request, "Connection", keeps ? "keep-alive" : "close");
        }
        if (body.length > 0 || WITH_BODY.contains(request.method())) {
            add(text, request, "Content-Length", "" + body.length);
        }
        for (Header header : request.headers()) {
            text.append(header.name()).append(": ").append(header.value()).append("\r\n");
        }
        byte[] bytes = text.append("\r\n").append(request.body()).toString().getBytes(UTF_8);
        boolean kept = configured(request, "Connection")
                .map(header -> header.value().strip().equalsIgnoreCase("keep-alive"))
                .orElse(keeps);
        return new Asked(request, new Step.Send(bytes), request.method().equals("HEAD"), kept, rules);
    }

    private static void add(StringBuilder text, HttpRequest request, String name, String value) {
        if (configured(request, name).isEmpty()) {
            text.append(name).append(": ").append(value).append("\r\n");
        }
    }

    private static Optional<Header> configured(HttpRequest request, String name) {
        return request.headers().stream().filter(header -> header.name().equalsIgnoreCase(name)).findFirst();
    }
}
