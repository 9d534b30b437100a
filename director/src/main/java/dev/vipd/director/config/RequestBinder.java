package dev.vipd.director.config;

import dev.vipd.healthcheck.HttpRequest;
import dev.vipd.healthcheck.HttpRequest.BodyRule;
import dev.vipd.healthcheck.HttpRequest.Header;
import dev.vipd.healthcheck.HttpRequest.StatusRange;
import dev.vipd.healthcheck.dialogue.BodyRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One request of an {@code http} or {@code https} check: the check's own keys, or one of its {@code urls}. */
final class RequestBinder {
    /** What stands in each of {@code urls} instead of beside them. */
    static final List<String> KEYS = List.of("path", "method", "headers", "body", "status", "regex", "regex_no_match",
            "digest", "json", "redirects");

    private static final List<StatusRange> DEFAULT_STATUS = List.of(new StatusRange(200, 299));
    private static final String STATUS_EXPECTED = "a status 100..599 or a range such as 200-299";
    private static final String BODY_EXPECTED = "what to send, at most " + CheckTexts.MAX + " bytes";
    private static final String DIGEST_EXPECTED =
            "32 hexadecimal digits of MD5 as keepalived --genhash prints them, or sha1: or sha256: and their digits";
    private static final String POINTER_EXPECTED = "a JSON pointer such as /status/db";
    private static final int REDIRECTS_MAX = 10;
    private static final int STATUS_MAX = 599;
    private static final int STATUS_MIN = 100;

    private static final Map<String, String> METHODS = Stream.of(
                    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
            .collect(Collectors.toMap(Function.identity(), Function.identity(), (a, _) -> a, LinkedHashMap::new));
    private static final Map<String, String> DIGESTS = Map.of("md5", "MD5", "sha1", "SHA-1", "sha256", "SHA-256");
    private static final Map<String, Integer> DIGITS = Map.of("MD5", 32, "SHA-1", 40, "SHA-256", 64);
    private static final Pattern HEX = Pattern.compile("[0-9a-f]+");
    // RFC 9110, 5.6.2: token; 5.5: field values, without the obsolete bytes above ASCII.
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}");
    private static final Pattern FIELD_VALUE = Pattern.compile("[\\x20-\\x7e\\t]{1," + CheckTexts.MAX + "}");
    private static final Map<String, String> OWN_HEADERS = Map.of(
            "host", "is virtualhost here", "content-length", "follows from body", "connection", "is keep_alive here",
            "transfer-encoding", "follows from body");

    private RequestBinder() {}

    static HttpRequest bind(Block b) {
        Optional<String> path = b.value("path").flatMap(RequestBinder::path);
        String method = b.choice("method", METHODS).orElse("GET");
        Optional<String> virtualHost = virtualHost(b);
        List<Header> headers = b.value("headers").flatMap(v -> v.block("{ Accept: application/json }"))
                .map(RequestBinder::headers).orElse(List.of());
        Optional<String> body = b.value("body").flatMap(v -> CheckTexts.text(v, BODY_EXPECTED));
        Optional<List<StatusRange>> statuses = b.value("status").map(RequestBinder::statuses);
        List<BodyRule> rules = new ArrayList<>();
        b.value("regex").ifPresent(v -> regexes(v, true, rules));
        b.value("regex_no_match").ifPresent(v -> regexes(v, false, rules));
        b.value("digest").flatMap(RequestBinder::digest).ifPresent(rules::add);
        b.value("json").ifPresent(v -> json(v, rules));
        int redirects = b.integer("redirects", 0, REDIRECTS_MAX).orElse(0);
        if (method.equals("HEAD")) {
            b.given("regex", "regex_no_match", "digest", "json").ifPresent(v ->
                    v.error("looks at a body, and the answer to HEAD has none; remove it, or give another method"));
        }
        if (method.equals("GET") || method.equals("HEAD")) {
            b.given("body").ifPresent(v ->
                    v.error("a " + method + " request carries no body; give method: POST, or remove it"));
        }
        return new HttpRequest(method, path.orElse("/"), virtualHost, headers, body.orElse(""),
                statuses.orElse(DEFAULT_STATUS), rules, redirects);
    }

    /** {@code virtualhost}; it may also stand around the check. */
    static Optional<String> virtualHost(Block b) {
        return b.value("virtualhost").flatMap(v -> CheckTexts.visible(v, "a host name"));
    }

    private static Optional<String> path(Value value) {
        return CheckTexts.visible(value, "a path such as /health").filter(path -> {
            boolean good = path.startsWith("/") && path.indexOf('#') < 0;
            if (!good) {
                value.error(Spelling.quote(path) + " can't be requested; give a path that begins with '/' and has no"
                        + " '#', such as /health");
            }
            return good;
        });
    }

    private static List<Header> headers(Block b) {
        List<Header> headers = new ArrayList<>();
        b.all().forEach((name, value) -> {
            String own = OWN_HEADERS.get(name.toLowerCase(Locale.ROOT));
            if (!TOKEN.matcher(name).matches()) {
                value.error(Spelling.quote(name) + " can't be the name of a header; give one such as Accept");
            } else if (own != null) {
                value.error(name + " " + own + "; remove it");
            }
            value.text("the header's value").ifPresent(text -> {
                if (!FIELD_VALUE.matcher(text).matches() || !text.equals(text.strip())) {
                    value.error(Spelling.quote(text) + " can't stand in a header; give ASCII without line ends and"
                            + " without blanks around it, at most " + CheckTexts.MAX + " characters");
                }
                headers.add(new Header(name, text));
            });
        });
        return headers;
    }

    private static List<StatusRange> statuses(Value value) {
        List<StatusRange> ranges = new ArrayList<>();
        for (Value item : value.oneOrMore(STATUS_EXPECTED)) {
            item.text(STATUS_EXPECTED).ifPresent(text -> {
                String[] ends = text.split("-", 2);
                int first = Addresses.number(ends[0], STATUS_MAX);
                int last = ends.length == 1 ? first : Addresses.number(ends[1], STATUS_MAX);
                if (first < STATUS_MIN || last < first) {
                    item.error(Spelling.quote(text) + " is not " + STATUS_EXPECTED);
                }
                ranges.add(new StatusRange(first, last));
            });
        }
        return ranges;
    }

    private static void regexes(Value value, boolean wanted, List<BodyRule> rules) {
        for (Value item : value.oneOrMore("a regular expression")) {
            CheckTexts.regex(item).ifPresent(pattern -> rules.add(new BodyRule.Regex(pattern, wanted)));
        }
    }

    private static Optional<BodyRule> digest(Value value) {
        return value.text(DIGEST_EXPECTED).flatMap(text -> {
            int colon = text.indexOf(':');
            String algorithm = colon < 0 ? "MD5" : DIGESTS.get(text.substring(0, colon).toLowerCase(Locale.ROOT));
            String hex = text.substring(colon + 1).toLowerCase(Locale.ROOT);
            if (algorithm == null || hex.length() != DIGITS.get(algorithm) || !HEX.matcher(hex).matches()) {
                value.error(Spelling.quote(text) + " is not " + DIGEST_EXPECTED);
                return Optional.empty();
            }
            return Optional.of(new BodyRule.Digest(algorithm, hex));
        });
    }

    /** A block of pointers with values, where nothing stands for any; or a list of pointers. */
    private static void json(Value value, List<BodyRule> rules) {
        if (value.isScalar() || value.isList()) {
            for (Value item : value.oneOrMore(POINTER_EXPECTED)) {
                item.text(POINTER_EXPECTED).ifPresent(pointer -> rules.add(rule(item, pointer, Optional.empty())));
            }
            return;
        }
        value.block("{ /status: ok }").ifPresent(b -> {
            if (b.isEmpty()) {
                b.error("is empty; give " + POINTER_EXPECTED);
            }
            b.all().forEach((pointer, wanted) -> {
                boolean any = wanted.isNull() && !wanted.isWord("null");
                Optional<String> text = any ? Optional.empty()
                        : wanted.isWord("null") ? Optional.of("null") : CheckTexts.text(wanted, "a value");
                rules.add(rule(wanted, pointer, text));
            });
        });
    }

    private static BodyRule rule(Value at, String pointer, Optional<String> wanted) {
        BodyRule rule = new BodyRule.Json(pointer, wanted);
        BodyRules.problem(rule).ifPresent(why ->
                at.error(Spelling.quote(pointer) + ": " + why + "; give " + POINTER_EXPECTED));
        return rule;
    }
}
