package dev.vipd.director.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vipd.director.verify.KeepalivedLine.Kind;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeepalivedLineTest {
    private static Optional<KeepalivedLine> parse(String line) {
        return KeepalivedLine.parse(line, ZoneOffset.UTC, 2026);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            Nov 21 03:50:11 host Keepalived_vrrp[123]: (VI_1) Entering MASTER STATE;2026-11-21T03:50:11Z;1000000000
            Nov  1 03:50:11.123 host Keepalived_vrrp: (VI_1) Entering MASTER STATE;2026-11-01T03:50:11.123Z;1000000
            Sat Nov 21 03:50:11 2025: (VI_1) Entering MASTER STATE;2025-11-21T03:50:11Z;1000000000
            2026-11-21T03:50:11.123456Z (VI_1) Entering MASTER STATE;2026-11-21T03:50:11.123456Z;0
            2026-11-21T03:50:11Z Sat Nov 21 03:50:10 2026: (VI_1) Entering MASTER STATE;2026-11-21T03:50:11Z;1000000000
            2026-11-21T03:50:11+0100 lb Keepalived[9]: (VI_1) Entering MASTER STATE;2026-11-21T02:50:11Z;1000000000
            2026-11-21 03:50:11,5 (VI_1) Entering MASTER STATE;2026-11-21T03:50:11.5Z;100000000
            """)
    void prefixes(String line, Instant time, long resolutionNs) {
        KeepalivedLine parsed = parse(line).orElseThrow();
        assertEquals(time, Instant.ofEpochSecond(0, parsed.wallNs()));
        assertEquals(resolutionNs, parsed.resolutionNs());
        assertEquals("VI_1", parsed.inst());
        assertEquals(Kind.MASTER, parsed.kind());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            (VI_1) Entering BACKUP STATE (init);VI_1;BACKUP
            (VI_1) Entering FAULT STATE;VI_1;FAULT
            (VI_1): entering FAULT state (interface eth0 down);VI_1;FAULT
            (VI_1) setting VIPs.;VI_1;SET_VIPS
            (VI_1) removing VIPs.;VI_1;REMOVE_VIPS
            (VI_1) sent 0 priority;VI_1;REMOVE_VIPS
            (VI_1) Receive advertisement timeout;VI_1;OTHER
            Starting Keepalived v2.2.7 (01/16,2022);'';START
            Stopped Keepalived v2.2.7 (01/16,2022);'';STOP
            VRRP child process(812) died: Respawning;'';DIED
            Sending gratuitous ARP on eth0 for 192.0.2.1;'';OTHER
            """)
    void messages(String message, String inst, Kind kind) {
        KeepalivedLine parsed = parse("Sat Nov 21 03:50:11 2026: " + message).orElseThrow();
        assertEquals(inst, parsed.inst());
        assertEquals(kind, parsed.kind());
        assertEquals(message, parsed.message());
    }

    @Test
    void othersAreForeign() {
        assertEquals(Optional.empty(), parse("Nov 21 03:50:11 host kernel: eth0: link up"));
        assertEquals(Optional.empty(), parse("2026-11-21T03:50:11.123456Z hello"));
        assertEquals(Optional.empty(), parse("(VI_1) Entering MASTER STATE"));
        assertEquals(Optional.empty(), parse("Nox 21 03:50:11 host Keepalived: x"));
        assertEquals(Optional.empty(), parse("2026-13-21T03:50:11Z (VI_1) Entering MASTER STATE"));
    }

    @Test
    void aZoneFillsInForTimesThatHaveNone() {
        long utc = parse("Sat Nov 21 03:50:11 2026: (A) x").orElseThrow().wallNs();
        long berlin = KeepalivedLine.parse("Sat Nov 21 03:50:11 2026: (A) x", ZoneId.of("Europe/Berlin"), 0)
                .orElseThrow().wallNs();
        assertEquals(3_600_000_000_000L, utc - berlin);
    }

    @Test
    void neverThrows() {
        Random random = new Random(7);
        String[] lines = {"Nov 21 03:50:11.123 host Keepalived_vrrp[123]: (VI_1) Entering MASTER STATE",
            "2026-11-21T03:50:11.123456+01:00 Sat Nov 21 03:50:10 2026: (VI_1) removing VIPs."};
        int parsed = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder damaged = new StringBuilder(lines[i % 2]);
            for (int n = random.nextInt(3); n >= 0; n--) {
                int at = random.nextInt(damaged.length());
                damaged.setCharAt(at, "0123456789:+-TZ ()".charAt(random.nextInt(18)));
            }
            parsed += parse(damaged.toString()).isPresent() ? 1 : 0;
        }
        assertEquals(true, parsed > 1_000 && parsed < 20_000);
    }
}
