package dev.vipd.director.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.director.events.Event;
import dev.vipd.director.events.EventFormat;
import dev.vipd.director.events.EventId;
import dev.vipd.director.events.Level;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random histories whose truth is known, to the millisecond. */
class VerifyPropertyTest {
    private static final int END_MS = 40_000;
    private static final String VIP = "192.0.2.1/24";

    static IntStream seeds() {
        return IntStream.range(0, 150);
    }

    /** One director: what it truly did, and its log. */
    private static final class Director {
        final boolean[] serves = new boolean[END_MS];
        final boolean[] owns = new boolean[END_MS];
        final List<String> lines = new ArrayList<>();
        private final EventFormat format;
        private final Random random;
        private String state = "INIT";
        private boolean held;
        private long seq;
        private int nextHeartbeatMs;

        Director(String node, Random random) {
            format = new EventFormat(node, "5f3c");
            this.random = random;
        }

        void live(int startMs, boolean mayCrash) {
            int nowMs = startMs;
            log(nowMs, EventId.DAEMON_START, "log", 1, "pid", 1);
            nextHeartbeatMs = nowMs + 1_000;
            nowMs = to(nowMs + 5, "BACKUP");
            while (nowMs < END_MS - 8_000) {
                nowMs = rest(nowMs, random.nextInt(300, 6_000));
                if (mayCrash && random.nextInt(5) == 0) {
                    int backMs = nowMs + random.nextInt(200, 4_000);
                    seq = 0;
                    state = "INIT";
                    held = false;
                    live(backMs, false);
                    return;
                }
                nowMs = state.equals("MASTER") ? leave(nowMs) : take(nowMs);
            }
            rest(nowMs, END_MS - 1 - nowMs);
            heartbeat(END_MS - 1);
        }

        private int take(int nowMs) {
            int then = to(nowMs, "MASTER");
            then = rest(then, random.nextInt(1, 20));
            log(then, EventId.VRRP_VIP_ADD, "inst", "VI_1", "vip", VIP, "dev", "eth0", "ack_us", 9);
            held = true;
            return then;
        }

        private int leave(int nowMs) {
            int then = to(nowMs, "BACKUP");
            then = rest(then, random.nextInt(1, 20));
            log(then, EventId.VRRP_VIP_DEL, "inst", "VI_1", "vip", VIP, "dev", "eth0", "ack_us", 9);
            held = false;
            return then;
        }

        private int to(int nowMs, String next) {
            log(nowMs, EventId.VRRP_STATE, "inst", "VI_1", "from", state, "to", next, "why", "test", "prio", 100);
            state = next;
            return nowMs;
        }

        private int rest(int nowMs, int forMs) {
            for (int ms = nowMs; ms < nowMs + forMs; ms++) {
                if (ms >= nextHeartbeatMs) {
                    heartbeat(ms);
                    nextHeartbeatMs = ms + 1_000;
                }
                serves[ms] = state.equals("MASTER") && held;
                owns[ms] = state.equals("MASTER") || held;
            }
            return nowMs + forMs;
        }

        private void heartbeat(int ms) {
            log(ms, EventId.DAEMON_HEARTBEAT, "states", "VI_1:" + state, "owned", held ? VIP : "-");
        }

        private void log(int ms, EventId id, Object... keyValues) {
            lines.add(format.line(new Event(
                    ms * 1_000L, ms * 1_000_000L, ++seq, Level.INFO, id, Event.fields(keyValues), "")));
        }
    }

    private static Report analyse(Director a, Director b) {
        return analyse(a, b, VerifyOptions.DEFAULT);
    }

    private static Report analyse(Director a, Director b, VerifyOptions options) {
        Map<String, List<LogReader.Text>> texts = new LinkedHashMap<>();
        texts.put("lb1", List.of(new LogReader.Text("a", String.join("\n", a.lines) + "\n")));
        texts.put("lb2", List.of(new LogReader.Text("b", String.join("\n", b.lines) + "\n")));
        return Analysis.of(LogReader.read(texts, ZoneOffset.UTC), options.withLogs(List.of("lb1=a", "lb2=b")));
    }

    private interface Truth {
        boolean at(int ms);
    }

    private static List<List<Long>> stretches(int fromMs, Truth truth) {
        List<List<Long>> stretches = new ArrayList<>();
        int sinceMs = -1;
        for (int ms = fromMs; ms < END_MS; ms++) {
            boolean holds = ms < END_MS - 1 && truth.at(ms);
            if (holds && sinceMs < 0) {
                sinceMs = ms;
            } else if (!holds && sinceMs >= 0) {
                stretches.add(List.of(sinceMs * 1_000_000L, ms * 1_000_000L));
                sinceMs = -1;
            }
        }
        return stretches;
    }

    private static int firstMaster(Director a, Director b) {
        return IntStream.range(0, END_MS).filter(ms -> a.serves[ms] || b.serves[ms]).findFirst().orElse(END_MS);
    }

    private static long longest(List<List<Long>> stretches) {
        return stretches.stream().mapToLong(s -> s.getLast() - s.getFirst()).max().orElse(0);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void findsExactlyTheBlackoutsAndOverlapsOfTheTruth(int seed) throws Exception {
        Random random = new Random(seed);
        Director a = new Director("lb1", random);
        Director b = new Director("lb2", random);
        a.live(random.nextInt(3_000), false);
        b.live(random.nextInt(3_000), false);
        Report.InstanceReport report = analyse(a, b).instances().getFirst();
        int fromMs = firstMaster(a, b);
        assertEquals(stretches(fromMs, ms -> !a.serves[ms] && !b.serves[ms]), exact(report.blackouts()));
        assertEquals(stretches(fromMs, ms -> a.owns[ms] && b.owns[ms]), exact(report.overlaps()));
    }

    private static List<List<Long>> exact(List<Gaps.Span> spans) {
        spans.forEach(span -> assertEquals(span.upperNs(), span.lowerNs()));
        return spans.stream().map(span -> List.of(span.fromNs(), span.toNs())).toList();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void neverProvesOrCondemnsAgainstTheTruth(int seed) throws Exception {
        Random random = new Random(seed);
        Director a = new Director("lb1", random);
        Director b = new Director("lb2", random);
        a.live(random.nextInt(3_000), true);
        b.live(random.nextInt(3_000), true);
        for (Director director : List.of(a, b)) {
            for (int n = random.nextInt(4); n > 0; n--) {
                // the first and last lines stay: a log cut off at its end can't be told from a crash
                director.lines.remove(1 + random.nextInt(director.lines.size() - 3));
            }
            if (random.nextInt(3) == 0) {
                int from = 1 + random.nextInt(director.lines.size() - 20);
                director.lines.subList(from, from + random.nextInt(2, 14)).clear();
            }
        }
        int fromMs = firstMaster(a, b);
        long blackout = longest(stretches(fromMs, ms -> !a.serves[ms] && !b.serves[ms]));
        long overlap = longest(stretches(fromMs, ms -> a.owns[ms] && b.owns[ms]));
        for (long limitMs : new long[] {100, 500, 1_000, 2_000, 4_000, 8_000}) {
            Report report = analyse(a, b, VerifyOptions.DEFAULT.withLimits(
                    Optional.of(limitMs + "ms"), Optional.of(limitMs + "ms"), Optional.empty()));
            boolean good = Math.max(blackout, overlap) <= limitMs * 1_000_000;
            String told = report.verdictLine() + ", in truth " + blackout + " and " + overlap;
            assertTrue(good || report.verdict() != Report.Verdict.PROVED, told);
            assertTrue(!good || report.verdict() != Report.Verdict.VIOLATED, told);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void neverThrowsOnDamagedLogs(int seed) throws Exception {
        Random random = new Random(seed);
        Director a = new Director("lb1", random);
        Director b = new Director("lb2", random);
        a.live(random.nextInt(3_000), true);
        b.live(random.nextInt(3_000), true);
        for (int n = 0; n < 40; n++) {
            List<String> lines = (random.nextBoolean() ? a : b).lines;
            int at = random.nextInt(lines.size());
            String line = lines.get(at);
            int cut = random.nextInt(line.length() + 1);
            switch (random.nextInt(4)) {
                case 0 -> lines.set(at, line.substring(0, cut));
                case 1 -> lines.set(at, line.substring(0, cut) + (char) random.nextInt(256) + line.substring(cut));
                case 2 -> lines.add(random.nextInt(lines.size()), line);
                default -> lines.set(at, line.replaceFirst("[0-9](?=[^0-9]*$)", "9"));
            }
        }
        Report report = analyse(a, b);
        assertTrue(TextReport.of(report).endsWith(report.verdictLine() + "\n"));
        assertTrue(JsonReport.of(report).startsWith("{\"verify\":1,"));
    }
}
