package dev.vipd.director.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventFormatTest {
    private static final long WALL = 1_795_233_011_123_456L;
    private static final EventFormat FORMAT = new EventFormat("lb1", "5f3c");

    @Test
    void writesTheDocumentedLine() {
        Event event = new Event(WALL, 83_011_204_519_999L, 417, Level.INFO, EventId.VRRP_STATE,
                Event.fields("inst", "VI_1", "from", "BACKUP", "to", "MASTER", "why", "master_down"),
                "(VI_1) Entering MASTER STATE");
        assertEquals("2026-11-21T03:50:11.123456Z INFO  vrrp.state node=lb1 boot=5f3c seq=417 mono=83011.204519"
                + " inst=VI_1 from=BACKUP to=MASTER why=master_down | (VI_1) Entering MASTER STATE",
                FORMAT.line(event));
    }

    @Test
    void quotesWhatWouldBreakTheLine() {
        Event event = new Event(0, 1_000, 1, Level.ERROR, EventId.CONFIG_REJECTED,
                Event.fields("file", "a b", "findings", "", "x", "say \"hi\"\\\n\u0001|=", "bare", "é:/@,-"),
                "one\ntwo");
        assertEquals("1970-01-01T00:00:00.000000Z ERROR config.rejected node=lb1 boot=5f3c seq=1 mono=0.000001"
                + " file=\"a b\" findings=\"\" x=\"say \\\"hi\\\"\\\\\\n\\u0001|=\" bare=é:/@,- | one two",
                FORMAT.line(event));
    }

    @Test
    void libraryLinesHaveNoSeq() {
        assertEquals("2026-11-21T03:50:11.123456Z WARN  log.other node=lb1 boot=5f3c mono=2.000000"
                + " logger=io.netty.util | no \"natives\" | here",
                FORMAT.otherLine(WALL, 2_000_000_000L, Level.WARN, "io.netty.util", "no \"natives\" | here"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void roundTrip(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            List<Event.Field> fields = new ArrayList<>();
            for (int n = random.nextInt(5); n > 0; n--) {
                fields.add(new Event.Field("k" + random.nextInt(100) + "_x", nasty(random)));
            }
            String text = nasty(random).replaceAll("[\\p{Cc}\\u2028\\u2029\\p{Cs}]", "");
            EventId id = EventId.values()[random.nextInt(EventId.LOG_OTHER.ordinal())];
            Level level = Level.values()[random.nextInt(3)];
            long wall = random.nextLong(4_000_000_000_000_000L);
            long mono = random.nextLong(1_000_000_000_000L) * 1_000;
            Event event = new Event(wall, mono, 1 + random.nextInt(1 << 30), level, id, fields, text);
            EventFormat format = new EventFormat("n" + nasty(random), "5f3c");
            String line = format.line(event);

            assertFalse(line.contains("\n"), line);
            String prefix = random.nextBoolean() ? "" : "Nov 21 03:50:11 lb1 vipd[12]: ";
            byte[] utf8 = (prefix + line).getBytes(StandardCharsets.UTF_8);
            assertEquals(Optional.of(new ParsedEvent(wall, level, id.id(), format.node(), "5f3c", event.seq(), mono,
                    fields, text)), EventParser.event(new String(utf8, StandardCharsets.UTF_8)), line);
        }
    }

    private static String nasty(Random random) {
        String[] parts = {"a", "VI_1", " ", "\"", "\\", "=", "|", " | ", "\n", "\r", "\t", "\u0000", "\u0085", "\u2028",
            "ü", "漢", "\uD83D\uDE00", "\uD83D", "\uDE00", "seq=1", "2026-11-21T03:50:11.123456Z INFO  a.b "};
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(6); n > 0; n--) {
            text.append(parts[random.nextInt(parts.length)]);
        }
        return text.toString();
    }

    @Test
    void everyCutOfALineIsTruncatedOrAShorterEventAndNeverThrows() {
        String line = FORMAT.line(new Event(WALL, 5_000, 9, Level.WARN, EventId.DAEMON_STOP,
                Event.fields("why", "a \"b\" \n", "clean", true), "text"));
        int parsed = 0;
        for (int end = 0; end < line.length(); end++) {
            LogLine cut = EventParser.parse(line.substring(0, end));
            if (end >= 29) {
                assertFalse(cut instanceof LogLine.Foreign, line.substring(0, end));
            }
            parsed += cut instanceof ParsedEvent ? 1 : 0;
        }
        // only where a value or the text could have ended there
        assertEquals(13, parsed);
    }

    @Test
    void tellsForeignFromTruncated() {
        assertInstanceOf(LogLine.Foreign.class, EventParser.parse(""));
        assertInstanceOf(LogLine.Foreign.class, EventParser.parse("Nov 21 03:50:11 lb1 kernel: eth0: link up"));
        assertInstanceOf(LogLine.Foreign.class, EventParser.parse("2026-11-21T03:50:11.123456Z something else"));
        String head = "2026-11-21T03:50:11.123456Z INFO  daemon.stop node=lb1 boot=5f3c ";
        for (String bad : List.of("", "seq=1", "seq=x mono=1.000000", "seq=1 mono=1", "mono=1.000000 seq=1",
                "seq=1 mono=1.000000 why=\"a", "seq=1 mono=1.000000 why=\"\\x\"", "seq=1 mono=1.000000 why=\"\\u12\"",
                "seq=1 mono=1.000000 why", "seq=1 mono=1.000000 why=", "seq=1 mono=1.000000 why=\"a\"b")) {
            assertInstanceOf(LogLine.Truncated.class, EventParser.parse(head + bad), bad);
        }
        String noDay = head.replace("11-21", "13-41") + "seq=1 mono=1.000000";
        assertInstanceOf(LogLine.Truncated.class, EventParser.parse(noDay));
    }

    @Test
    void readsTheSecondOfTwoLinesThatRanTogether() {
        String first = "2026-11-21T03:50:11.123456Z INFO  daemon.stop node=lb1 boot=5f3c seq=1 mono=1.000000 why=sig";
        String second = "2026-11-21T03:50:12.123456Z INFO  daemon.ready node=lb1 boot=5f3c seq=2 mono=2.000000";
        assertEquals(2, EventParser.event(first + second).orElseThrow().seq());
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void neverThrowsOnDamagedLines(long seed) {
        Random random = new Random(seed);
        String line = FORMAT.line(new Event(WALL, 5_000, 9, Level.WARN, EventId.DAEMON_STOP,
                Event.fields("why", "a \"b\" \n\u0001", "clean", true), "text"));
        int events = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder damaged = new StringBuilder(line);
            for (int n = random.nextInt(4); n >= 0; n--) {
                int at = random.nextInt(damaged.length());
                switch (random.nextInt(3)) {
                    case 0 -> damaged.setCharAt(at, (char) random.nextInt(0x180));
                    case 1 -> damaged.deleteCharAt(at);
                    default -> damaged.insert(at, "\"\\=| \uD83D9".charAt(random.nextInt(7)));
                }
            }
            events += EventParser.event(damaged.toString()).isPresent() ? 1 : 0;
        }
        assertFalse(events == 0 || events == 20_000);
    }

    @Test
    void refusesKeysThatWouldBreakTheLine() {
        assertThrows(IllegalArgumentException.class, () -> Event.fields("Upper", 1));
        assertThrows(IllegalArgumentException.class, () -> Event.fields("", 1));
        assertThrows(IllegalArgumentException.class, () -> Event.fields("key"));
    }

    @Test
    void theDocumentListsExactlyTheseEvents() throws IOException {
        Pattern row = Pattern.compile("^\\| (`[a-z_.]+`(?:, `[a-z_.]+`)*) \\| `([a-z_ ]+)` \\|.*");
        Set<String> documented = new HashSet<>();
        for (String line : Files.readAllLines(Path.of("..", "docs", "events.md"))) {
            Matcher match = row.matcher(line);
            if (match.matches()) {
                for (String id : match.group(1).replace("`", "").split(", ")) {
                    documented.add(id + " " + match.group(2));
                }
            }
        }
        Set<String> known = new HashSet<>();
        for (EventId id : EventId.values()) {
            known.add(id + " " + String.join(" ", id.keys()));
        }
        assertEquals(documented, known);
    }
}
