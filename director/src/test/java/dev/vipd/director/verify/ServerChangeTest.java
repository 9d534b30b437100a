package dev.vipd.director.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.director.events.Event;
import dev.vipd.director.events.EventFormat;
import dev.vipd.director.events.EventId;
import dev.vipd.director.events.Level;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ServerChangeTest {
    private final List<String> lines = new ArrayList<>();
    private long seq;

    private void at(long ms, EventId id, Object... keyValues) {
        Event event = new Event(ms * 1_000, ms * 1_000_000, ++seq, Level.INFO, id, Event.fields(keyValues), "");
        lines.add(new EventFormat("lb1", "5f3c").line(event));
    }

    private void state(long ms, String server, String to) {
        at(ms, EventId.CHECK_STATE, "vs", "web", "rs", server, "to", to, "why", "tcp: timed out");
    }

    private void op(long ms, String server, String op) {
        at(ms, EventId.IPVS_OP, "vs", "web", "rs", server, "op", op);
    }

    private List<ServerChange> changes() {
        String text = String.join("\n", lines) + "\n";
        NodeLog log = LogReader.read(
                Map.of("lb1", List.of(new LogReader.Text("a", text))), ZoneOffset.UTC).getFirst();
        return ProcessRun.split(log).stream().flatMap(run -> ServerChange.of(run).stream()).toList();
    }

    private List<String> followed() {
        return changes().stream()
                .map(change -> change.state().event().value("rs") + " " + change.state().event().value("to") + " "
                        + change.latencyNs().map(ns -> ns / 1_000_000 + "ms").orElse("none"))
                .toList();
    }

    @Test
    void aChangeIsFollowedByTheNextOperationThatCanBeItsOwn() {
        state(1, "a", "DOWN");
        state(2, "b", "DOWN");
        op(3, "b", "edit_dest");
        op(4, "a", "add_dest");
        op(5, "a", "del_dest");
        op(6, "a", "del_dest");
        state(7, "a", "UP");
        state(8, "a", "DOWN");
        state(9, "a", "UP");
        op(10, "a", "del_dest");
        op(11, "a", "edit_dest");
        assertEquals(
                List.of("a DOWN 4ms", "b DOWN 1ms", "a UP none", "a DOWN none", "a UP 2ms"), followed());
    }

    @Test
    @Timeout(20)
    void aWholeSiteThatFailsIsReadOnce() {
        int servers = 50_000;
        for (int i = 0; i < servers; i++) {
            state(1, "rs" + i, "DOWN"); // in panic: no operation follows
        }
        assertEquals(servers, changes().size());
    }
}
