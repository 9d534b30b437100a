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

class InvariantsTest {
    private final List<String> lines = new ArrayList<>();
    private long seq;

    private void at(long ms, EventId id, Object... keyValues) {
        Event event = new Event(ms * 1_000, ms * 1_000_000, ++seq, Level.INFO, id, Event.fields(keyValues), "");
        lines.add(new EventFormat("lb1", "5f3c").line(event));
    }

    private void start(String version) {
        at(0, EventId.DAEMON_START, "log", version);
    }

    private void state(long ms, String from, String to) {
        at(ms, EventId.VRRP_STATE, "inst", "VI_1", "from", from, "to", to, "prio", 100);
    }

    private List<String> findings() {
        String text = String.join("\n", lines) + "\n";
        NodeLog log = LogReader.read(
                Map.of("lb1", List.of(new LogReader.Text("a", text))), ZoneOffset.UTC).getFirst();
        return ProcessRun.split(log).stream().flatMap(run -> Invariants.of(run).stream())
                .map(f -> f.severity() + " " + f).toList();
    }

    @Test
    void aNormalLifeHasNone() {
        start("1");
        state(1, "INIT", "BACKUP");
        state(2, "BACKUP", "MASTER");
        at(3, EventId.VRRP_VIP_ADD, "inst", "VI_1", "vip", "192.0.2.1/24");
        state(2000, "MASTER", "FAULT");
        state(3000, "FAULT", "BACKUP");
        at(4000, EventId.DAEMON_STOP, "why", "SIGTERM");
        assertEquals(List.of(), findings());
    }

    @Test
    void unknownVersion() {
        start("2");
        assertEquals(List.of("INCONCLUSIVE log version 2 is not known, only 1 (a:1)"), findings());
    }

    @Test
    void illegalEdgeAndAStateNeverEntered() {
        start("1");
        state(1, "INIT", "BACKUP");
        state(2, "FAULT", "MASTER");
        assertEquals(List.of(
                "VIOLATED VI_1: lb1 went from FAULT to MASTER, which no director may (a:3)",
                "VIOLATED VI_1: lb1 left FAULT without having entered it (a:2, a:3)"), findings());
    }

    @Test
    void aStateNeverEnteredMayBeALostLine() {
        start("1");
        state(1, "INIT", "BACKUP");
        seq++;
        state(2, "FAULT", "BACKUP");
        assertEquals(List.of("NOTE lb1: 1 line lost between seq 2 and 4 (a:2, a:3)"), findings());
    }

    @Test
    void aMasterWithoutAnAddress() {
        start("1");
        state(1, "INIT", "BACKUP");
        state(2, "BACKUP", "MASTER");
        at(1002, EventId.DAEMON_HEARTBEAT, "states", "VI_1:MASTER", "owned", "-");
        assertEquals(
                List.of("VIOLATED VI_1: lb1 was MASTER, but the kernel never confirmed an address (a:3)"), findings());
    }

    @Test
    void aPriorityZeroThatIsIgnored() {
        start("1");
        state(1, "INIT", "BACKUP");
        at(100, EventId.VRRP_ADVERT_RX, "inst", "VI_1", "src", "10.0.0.2", "prio", 0, "int_cs", 100);
        at(1000, EventId.DAEMON_HEARTBEAT, "states", "VI_1:BACKUP", "owned", "-");
        assertEquals(List.of(), findings());
        at(2000, EventId.DAEMON_HEARTBEAT, "states", "VI_1:BACKUP", "owned", "-");
        assertEquals(List.of(
                "VIOLATED VI_1: lb1 heard priority 0 and did not take over within 1100 ms (a:3, a:5)"), findings());
    }

    @Test
    void anotherMasterIsAnAnswerToPriorityZero() {
        start("1");
        state(1, "INIT", "BACKUP");
        at(100, EventId.VRRP_ADVERT_RX, "inst", "VI_1", "src", "10.0.0.2", "prio", 0, "int_cs", 100);
        at(700, EventId.VRRP_ADVERT_RX, "inst", "VI_1", "src", "10.0.0.3", "prio", 90, "int_cs", 100);
        at(2000, EventId.DAEMON_HEARTBEAT, "states", "VI_1:BACKUP", "owned", "-");
        assertEquals(List.of(), findings());
    }
}
