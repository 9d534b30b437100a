package dev.vipd.director;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.director.events.Event;
import dev.vipd.director.events.EventLog;
import dev.vipd.ipvs.Drift;
import dev.vipd.ipvs.Endpoint;
import dev.vipd.ipvs.ServiceKey;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What people read of drift. */
class IpvsEventsTest {
    private static final ServiceKey WEB = Samples.kernelService("web", 80).key();
    private static final Optional<Endpoint> RS2 = Optional.of(new Endpoint(Samples.ip("192.0.2.12"), 80));

    private static String text(Optional<Endpoint> server, String found, String want, Drift.Loss lost) {
        List<Event> events = new ArrayList<>();
        try (EventLog log = EventLog.open("n", new ByteArrayOutputStream())) {
            log.subscribe(events::add);
            new IpvsEvents(log, false, cause -> {}).onDrift("web", new Drift(WEB, server, found, want, lost));
        }
        return events.getFirst().text();
    }

    @Test
    void itSaysWhoLostWhat() {
        assertEquals("VS web lost 192.0.2.12:80 (DR weight=1), it had 12 connections: somebody removed it",
                text(RS2, Drift.ABSENT, "DR weight=1", new Drift.Loss(1, 12)));
        assertEquals("VS web lost 192.0.2.12:80 (DR weight=1): somebody removed it",
                text(RS2, Drift.ABSENT, "DR weight=1", new Drift.Loss(1, 0)));
        assertEquals("VS web lost its service tcp:192.0.2.100:80 with its 3 real servers, they had 1 connection:"
                        + " somebody removed it",
                text(Optional.empty(), Drift.ABSENT, "wlc", new Drift.Loss(3, 1)));
        assertEquals("VS web lost its service tcp:192.0.2.100:80 with its 1 real server: somebody removed it",
                text(Optional.empty(), Drift.ABSENT, "wlc", new Drift.Loss(1, 0)));
    }

    @Test
    void itSaysWhoWasChangedOrAdded() {
        assertEquals("VS web got a stranger, 192.0.2.12:80 (DR weight=5): somebody added it",
                text(RS2, "DR weight=5", Drift.ABSENT, Drift.Loss.NONE));
        assertEquals("VS web has 192.0.2.12:80 changed by somebody: found DR weight=5, want DR weight=1",
                text(RS2, "DR weight=5", "DR weight=1", Drift.Loss.NONE));
        assertEquals("VS web was changed (tcp:192.0.2.100:80) by somebody: found rr, want wlc",
                text(Optional.empty(), "rr", "wlc", Drift.Loss.NONE));
    }
}
