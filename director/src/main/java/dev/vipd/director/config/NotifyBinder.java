package dev.vipd.director.config;

import dev.vipd.netlink.script.RunAs;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who is told what happens: {@code notify_*}, {@code notify_fifo}, {@code webhook}, and whom scripts run as. The block
 * {@code global} comes first: its {@code script_user} is the default of what follows.
 */
final class NotifyBinder {
    private static final String SCRIPT = "a command such as \"/etc/vipd/notify.sh\"";
    private static final String SCRIPT_BLOCK = "{ script: /etc/vipd/notify.sh, user: nobody, timeout: 30s }";
    private static final String USER = "a user, or a user and a group, such as \"keepalived_script\"";
    private static final String URL = "an URL such as https://example.org/vipd";
    private static final long TIMEOUT_MAX_NS = 1000 * Durations.SECOND;
    private static final int RETRIES_MAX = 10;

    private final List<FifoConfig> fifos = new ArrayList<>();
    private final Map<String, NotifyConfig> instances = new HashMap<>();
    private final Map<String, NotifyConfig> groups = new HashMap<>();
    private final Map<String, NotifyConfig> services = new HashMap<>();
    private final Map<Run, HostFiles.Script> scripts = new LinkedHashMap<>();
    private Optional<WebhookConfig> webhook = Optional.empty();
    private Optional<RunAs> scriptUser = Optional.empty();

    /** What is run as whom: named at many places it is looked at once. */
    private record Run(List<String> command, Optional<RunAs> runAs) {}

    /** Takes its keys out of {@code global}. */
    void global(Block b) {
        scriptUser = b.value("script_user").flatMap(NotifyBinder::runAs);
        for (String key : List.of("notify_fifo", "vrrp_notify_fifo")) {
            Optional<Value> readerAt = b.value(key + "_script");
            Optional<HookScript> reader = readerAt.flatMap(this::script);
            b.value(key).flatMap(value -> fifo(value, reader)).ifPresent(fifos::add);
            if (!b.has(key)) {
                readerAt.ifPresent(at -> at.error("reads the pipe " + key + ", which is not given; give that too"));
            }
        }
        webhook = b.value("webhook").flatMap(NotifyBinder::webhook);
    }

    /** Takes its keys out of the block of an instance. */
    void instance(String name, Block b) {
        instances.put(name, notify(b));
    }

    /** Takes its keys out of the block of a sync group. */
    void group(String name, Block b) {
        groups.put(name, notify(b));
    }

    /** Takes its keys out of the block of a virtual server. */
    void service(String name, Block b) {
        Map<Hook, HookScript> given = new EnumMap<>(Hook.class);
        for (Hook hook : Hook.values()) {
            if (hook.ofService()) {
                b.value(hook.key()).flatMap(this::script).ifPresent(script -> given.put(hook, script));
            }
        }
        if (!given.isEmpty()) {
            services.put(name, new NotifyConfig(given, false, Optional.empty()));
        }
    }

    /** Notes that a command is run, named by {@code at}. */
    void runs(Value at, List<String> command, Optional<RunAs> runAs) {
        scripts.computeIfAbsent(new Run(command, runAs), _ ->
                new HostFiles.Script(HostFiles.Place.of(at), command, runAs));
    }

    /** All that were noted. */
    List<HostFiles.Script> scripts() {
        return List.copyOf(scripts.values());
    }

    /** What {@code user} of a script says, or else {@code script_user}. */
    Optional<RunAs> user(Block script) {
        return script.value("user").flatMap(NotifyBinder::runAs).or(() -> scriptUser);
    }

    /** All that was bound. */
    HooksConfig hooks() {
        instances.values().removeIf(NotifyConfig.NONE::equals);
        groups.values().removeIf(NotifyConfig.NONE::equals);
        return new HooksConfig(fifos, webhook, instances, groups, services);
    }

    private NotifyConfig notify(Block b) {
        Map<Hook, HookScript> scripts = new EnumMap<>(Hook.class);
        boolean deleted = false;
        for (Hook hook : Hook.values()) {
            if (hook.ofService()) {
                continue;
            }
            Optional<Value> value = b.value(hook.key());
            if (hook == Hook.NOTIFY_DELETED && value.isPresent()) {
                deleted = true;
                boolean bare = value.get().isScalar() && !value.get().isNull()
                        && value.get().text(SCRIPT).equals(Optional.of("true"));
                if (bare) {
                    continue; // the bare keyword of keepalived
                }
            }
            value.flatMap(this::script).ifPresent(script -> scripts.put(hook, script));
        }
        return new NotifyConfig(scripts, deleted, b.value("webhook").flatMap(NotifyBinder::webhook));
    }

    /** A command, or a block with one. */
    private Optional<HookScript> script(Value value) {
        if (value.isScalar() || value.isList()) {
            return ScriptBinder.command(value)
                    .map(words -> script(value, words, scriptUser, HookScript.DEFAULT_TIMEOUT_NS));
        }
        return value.block(SCRIPT_BLOCK).flatMap(b -> {
            Optional<Value> at = b.required("script", SCRIPT);
            Optional<List<String>> command = at.flatMap(ScriptBinder::command);
            Optional<RunAs> user = user(b);
            Optional<Long> timeout = b.duration("timeout", 10 * Durations.MS, TIMEOUT_MAX_NS);
            b.finish();
            return command.map(words ->
                    script(at.get(), words, user, timeout.orElse(HookScript.DEFAULT_TIMEOUT_NS)));
        });
    }

    private HookScript script(Value at, List<String> command, Optional<RunAs> runAs, long timeoutNs) {
        runs(at, command, runAs);
        return new HookScript(command, runAs, timeoutNs);
    }

    private Optional<FifoConfig> fifo(Value value, Optional<HookScript> reader) {
        if (value.isScalar()) {
            return path(value).map(path -> new FifoConfig(path, scriptUser, reader));
        }
        return value.block("{ path: /run/vipd/notify.fifo, user: nobody }").flatMap(b -> {
            Optional<String> path = b.required("path", "an absolute path").flatMap(NotifyBinder::path);
            Optional<RunAs> owner = user(b);
            b.finish();
            return path.map(text -> new FifoConfig(text, owner, reader));
        });
    }

    static Optional<String> path(Value value) {
        String expected = "an absolute path";
        return value.text(expected).filter(text -> {
            boolean good = text.startsWith("/") && !text.endsWith("/")
                    && text.chars().noneMatch(Character::isISOControl);
            if (!good) {
                value.error(Spelling.quote(text) + " is none; give " + expected);
            }
            return good;
        });
    }

    private static Optional<RunAs> runAs(Value value) {
        Optional<String> text = value.text(USER);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        String[] words = text.get().strip().split("\\s+");
        if (words.length > 2 || words[0].isEmpty()) {
            value.error(Spelling.quote(text.get()) + " is not " + USER);
            return Optional.empty();
        }
        return Optional.of(new RunAs(words[0], words.length == 2 ? Optional.of(words[1]) : Optional.empty()));
    }

    /** An URL, or a block with one. */
    private static Optional<WebhookConfig> webhook(Value value) {
        if (value.isScalar()) {
            return url(value).map(url -> new WebhookConfig(
                    url, WebhookConfig.DEFAULT_TIMEOUT_NS, WebhookConfig.DEFAULT_RETRIES));
        }
        return value.block("{ url: https://example.org/vipd, timeout: 5s, retries: 3 }").flatMap(b -> {
            Optional<URI> url = b.required("url", URL).flatMap(NotifyBinder::url);
            Optional<Long> timeout = b.duration("timeout", 10 * Durations.MS, Durations.MINUTE);
            Optional<Integer> retries = b.integer("retries", 0, RETRIES_MAX);
            b.finish();
            return url.map(known -> new WebhookConfig(known, timeout.orElse(WebhookConfig.DEFAULT_TIMEOUT_NS),
                    retries.orElse(WebhookConfig.DEFAULT_RETRIES)));
        });
    }

    private static Optional<URI> url(Value value) {
        return value.text(URL).flatMap(text -> {
            try {
                URI uri = new URI(text);
                if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                    return Optional.of(uri);
                }
            } catch (URISyntaxException e) {
                // said below
            }
            value.error(Spelling.quote(text) + " is not an URL of http or https; give " + URL);
            return Optional.empty();
        });
    }
}
