package dev.vipd.director.hooks;

import dev.vipd.director.json.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Something that hooks are told.
 *
 * @param kind     whether {@code name} is an instance, a sync group or a virtual server
 * @param priority effective priority; 0 of what has none
 * @param from     state before, may be empty
 * @param why      reason as in {@code vrrp.state}, may be empty
 * @param wallMs   wall clock, milliseconds since 1970-01-01T00:00:00Z
 */
public record HookEvent(
        Kind kind, String name, HookState state, int priority, String from, String why, long wallMs) {
    private static final int FORMAT = 1;

    /** Of whom it is told. */
    public enum Kind {
        INSTANCE,
        GROUP,
        SERVICE
    }

    /** The arguments that keepalived gives a {@code notify} script. */
    List<String> arguments() {
        return List.of(kind.name(), name, state.name(), String.valueOf(priority));
    }

    /** The line that keepalived writes into {@code notify_fifo}. */
    String fifoLine() {
        return kind + " \"" + name + "\" " + state + " " + priority + "\n";
    }

    /** What a webhook gets. */
    String json(String node) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("format", FORMAT);
        body.put("node", node);
        body.put("time", Instant.ofEpochMilli(wallMs).toString());
        body.put("type", kind);
        body.put("name", name);
        body.put("state", state);
        body.put("priority", priority);
        if (kind == Kind.INSTANCE) {
            body.put("from", from);
        }
        if (kind != Kind.GROUP) {
            body.put("why", why);
        }
        return Json.compact(body);
    }
}
