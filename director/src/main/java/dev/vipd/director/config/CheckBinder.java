package dev.vipd.director.config;

import dev.vipd.healthcheck.CheckConfig;
import dev.vipd.healthcheck.CheckConfig.StatusRange;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code checks}: a list of blocks with one key each, the kind of the check. */
final class CheckBinder {
    private static final List<StatusRange> DEFAULT_STATUS = List.of(new StatusRange(200, 299));
    private static final String STATUS_EXPECTED = "a status 100..599 or a range such as 200-299";
    // What a request line and a header can carry as they are (RFC 9112, 3.2; RFC 9110, 5.5).
    private static final Pattern VISIBLE_ASCII = Pattern.compile("[\\x21-\\x7e]{1,1024}");

    private CheckBinder() {}

    /** @param realServer empty when its address is wrong: the checks are still examined */
    static List<CheckConfig> bind(Block b, Optional<InetSocketAddress> realServer, Timing outer) {
        List<CheckConfig> checks = new ArrayList<>();
        for (Value item : b.list("checks", "a list of checks such as { tcp: {} }")) {
            item.block("{ tcp: {} }").ifPresent(block -> {
                Optional<Value> tcp = block.value("tcp");
                Optional<Value> http = block.value("http");
                tcp.flatMap(v -> tcp(v, realServer, outer)).ifPresent(checks::add);
                http.flatMap(v -> http(v, realServer, outer)).ifPresent(checks::add);
                block.finish();
                if (tcp.isPresent() && http.isPresent()) {
                    block.error("holds two kinds of check; give each its own item of the list");
                } else if (block.isEmpty()) {
                    block.error("is empty; give a check such as { tcp: {} }");
                }
            });
        }
        return checks;
    }

    private static Optional<CheckConfig> tcp(Value value, Optional<InetSocketAddress> realServer, Timing outer) {
        return value.blockOrNothing("{ connect_timeout: 1s }").flatMap(b -> {
            Timing timing = outer.within(b);
            Optional<InetSocketAddress> target = target(b, realServer);
            b.finish();
            return target.map(to -> new CheckConfig.Tcp(to, timing.resolve(Timing.TCP_DELAY_BEFORE_RETRY_NS)));
        });
    }

    private static Optional<CheckConfig> http(Value value, Optional<InetSocketAddress> realServer, Timing outer) {
        return value.blockOrNothing("{ path: /health }").flatMap(b -> {
            Optional<String> path = b.value("path").flatMap(CheckBinder::path);
            Optional<List<StatusRange>> statuses = b.value("status").map(CheckBinder::statuses);
            Optional<String> virtualHost = b.value("virtualhost").flatMap(v -> visible(v, "a host name"));
            Timing timing = outer.within(b);
            Optional<InetSocketAddress> target = target(b, realServer);
            b.finish();
            return target.map(to -> new CheckConfig.Http(to, timing.resolve(Timing.HTTP_DELAY_BEFORE_RETRY_NS),
                    path.orElse("/"), virtualHost, statuses.orElse(DEFAULT_STATUS)));
        });
    }

    private static Optional<InetSocketAddress> target(Block b, Optional<InetSocketAddress> realServer) {
        Optional<InetAddress> ip = b.value("connect_ip").flatMap(Value::ip);
        Optional<Integer> port = b.integer("connect_port", 1, 65535);
        if (realServer.isEmpty()) {
            return Optional.empty();
        }
        int effectivePort = port.orElse(realServer.get().getPort());
        if (effectivePort == 0 && !b.has("connect_port")) {
            b.error("has no port to connect to, since the real server's port is 0; give connect_port");
        }
        return Optional.of(new InetSocketAddress(ip.orElse(realServer.get().getAddress()), effectivePort));
    }

    private static Optional<String> path(Value value) {
        return visible(value, "a path such as /health").filter(path -> {
            boolean good = path.startsWith("/") && path.indexOf('#') < 0;
            if (!good) {
                value.error(Spelling.quote(path) + " can't be requested; give a path that begins with '/' and has no"
                        + " '#', such as /health");
            }
            return good;
        });
    }

    private static Optional<String> visible(Value value, String expected) {
        return value.text(expected).filter(text -> {
            boolean good = VISIBLE_ASCII.matcher(text).matches();
            if (!good) {
                value.error(Spelling.quote(text) + " holds a blank or a character outside ASCII, or is too long; give "
                        + expected);
            }
            return good;
        });
    }

    private static List<StatusRange> statuses(Value value) {
        List<StatusRange> ranges = new ArrayList<>();
        List<Value> items = value.isList() ? value.list(STATUS_EXPECTED) : List.of(value);
        if (items.isEmpty()) {
            value.error("is empty; give " + STATUS_EXPECTED);
        }
        for (Value item : items) {
            item.text(STATUS_EXPECTED).ifPresent(text -> {
                String[] ends = text.split("-", 2);
                int first = Addresses.number(ends[0], 599);
                int last = ends.length == 1 ? first : Addresses.number(ends[1], 599);
                if (first < 100 || last < first) {
                    item.error(Spelling.quote(text) + " is not " + STATUS_EXPECTED);
                }
                ranges.add(new StatusRange(first, last));
            });
        }
        return ranges;
    }
}
