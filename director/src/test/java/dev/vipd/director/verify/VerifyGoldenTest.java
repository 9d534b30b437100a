package dev.vipd.director.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.director.cli.Cli;
import dev.vipd.director.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole runs of the command over logs in {@code src/test/resources/verify}. */
class VerifyGoldenTest {
    private static final Path LOGS = Path.of("src", "test", "resources", "verify");

    record Outcome(int exit, String out, String err) {
        String last() {
            return out.lines().toList().getLast();
        }

        void has(String line) {
            assertTrue(out.lines().anyMatch(l -> l.replaceAll(" +", " ").contains(line)), line + "\nin\n" + out);
        }
    }

    private static Outcome verify(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> words = new ArrayList<>(List.of("verify"));
        words.addAll(List.of(args));
        int exit = new Cli(Main.commands()).run(words, new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Outcome(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static Outcome golden(String scenario, String options) {
        List<String> args = new ArrayList<>();
        args.add("lb1=" + LOGS.resolve(scenario).resolve("lb1.log"));
        args.add("lb2=" + LOGS.resolve(scenario).resolve("lb2.log"));
        if (!options.isEmpty()) {
            args.addAll(List.of(options.split(" ")));
        }
        return verify(args.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            sigterm;            ''                      ;0; no MASTER 03:50:10.400000 .. 03:50:11.010300 610.300 ms
            sigterm;            --max-blackout 610ms    ;1; no MASTER 03:50:10.400000 .. 03:50:11.010300 610.300 ms
            sigterm;            --max-blackout 0.6103   ;0; two MASTERs never
            sigterm;            --expect VI_1=lb2       ;0; DOWN connect_refused kernel after 2.100 ms
            sigterm;            --expect VI_1=lb1       ;1; lb1 was expected to be MASTER at the end and is INIT
            sigterm;            --expect VI_2=lb1       ;2; inconclusive VI_2: expected, but named in no log
            truncated;          ''                      ;0; vipd 24 lines 23 events 0 foreign 1 truncated
            foreign;            ''                      ;0; no MASTER 03:50:10.400000 .. 03:50:11.010300 610.300 ms
            foreign;            ''                      ;0; vipd 37 lines 29 events 8 foreign 0 truncated
            lost;               ''                      ;0; note lb2: 3 lines lost between seq 15 and 19
            lost;               --max-blackout 600ms    ;2; no MASTER, perhaps, for 0.300 ms to 610.400 ms
            lost_heartbeat;     --max-blackout 611ms    ;0; note lb2: 1 line lost between seq 9 and 11
            sigkill;            ''                      ;0; .. 03:50:13.661000 2461.000 ms to 3661.000 ms
            sigkill;            --max-blackout 3s       ;2; no MASTER, perhaps, for 2461.000 ms to 3661.000 ms
            sigkill;            --max-blackout 2s       ;1; no MASTER for 2461.000 ms to 3661.000 ms
            sigkill;            ''                      ;0; left over 03:50:13.660000 .. 03:50:19.500000 up to 5840
            sigkill;            --expect VI_1=lb1       ;2; the log of lb1 does not tell its state at the end
            sigkill_restart;    --expect VI_1=lb2       ;0; left over 03:50:13.660000 .. 03:50:16.300000 up to 2640
            sigstop;            ''                      ;1; VI_1: two MASTERs for 2797.500 ms, limit 50.000 ms
            sigstop;            --max-overlap 3s        ;0; no MASTER 03:50:10.000000 .. 03:50:13.411000 up to
            sigstop;            --max-overlap 3s        ;0; silent for 6200.300 ms
            preempt;            ''                      ;0; lb2/a07e paired by 2 adverts, within 0.700 ms
            preempt;            --expect VI_1=lb1       ;0; 03:50:12.001000 .. 03:50:12.002400 0.700 ms to 1.400 ms
            preempt;            --max-overlap 1ms       ;2; two MASTERs, perhaps, for 0.700 ms to 1.400 ms
            keepalived;         --clock-error 0         ;0; no MASTER 03:50:10.400500 .. 03:50:11.010500 610.000 ms
            keepalived;         --expect VI_1=lb2       ;0; lb2: its clock is paired by wall time
            keepalived;         --max-blackout 610ms    ;2; no MASTER, perhaps, for 600.000 ms to 620.000 ms
            keepalived_console; --clock-error 0         ;0; 03:50:10.000000 .. 03:50:12.000000 up to 2000.000 ms
            keepalived_console; --max-blackout 1500ms   ;2; no MASTER, perhaps, for 0.000 ms to 2010.000 ms
            mixed;              --clock-error 0         ;0; no MASTER 03:50:10.400000 .. 03:50:11.010500 610.500 ms
            mixed;              --expect VI_1=lb1       ;0; two MASTERs 03:50:17.610000 .. 03:50:17.620700 up to
            """)
    void scenario(String name, String options, int exit, String line) {
        Outcome outcome = golden(name, options);
        outcome.has(line);
        assertEquals(exit, outcome.exit(), outcome.out());
        String[] verdicts = {"PROVED", "VIOLATED: ", "INCONCLUSIVE: "};
        assertTrue(outcome.last().startsWith(verdicts[exit]), outcome.last());
    }

    @Test
    void theLastLineNamesEachReasonWithItsEvidence() {
        assertEquals("VIOLATED: VI_1: two MASTERs for 2797.500 ms, limit 50.000 ms"
                + " (src/test/resources/verify/sigstop/lb2.log:18, src/test/resources/verify/sigstop/lb2.log:26)",
                golden("sigstop", "").last());
    }

    @Test
    void theDocumentShowsARealReport() throws IOException {
        String out = golden("sigkill_restart", "--max-blackout 4s").out().replace(LOGS + "/sigkill_restart/", "");
        String shown = out.replaceAll(" +", " ").strip();
        String document = Files.readString(Path.of("..", "docs", "verify.md")).replaceAll(" +", " ");
        for (String line : shown.split("\n")) {
            assertTrue(document.contains(line), line + "\nin\n" + out);
        }
    }

    @Test
    void jsonSaysTheSame() {
        Outcome outcome = golden("sigkill", "--json --max-blackout 3s");
        assertEquals(2, outcome.exit());
        for (String part : List.of("\"verdict\":\"inconclusive\"", "\"exit\":2", "\"lower_ns\":2461000000",
                "\"upper_ns\":3661000000", "\"longest_blackout_ns\":3661000000",
                "\"evidence\":[\"src/test/resources/verify/sigkill/lb1.log:19\"")) {
            assertTrue(outcome.out().contains(part), part + "\nin\n" + outcome.out());
        }
    }

    @Test
    void missingEvidenceIsNeverAPass(@TempDir Path dir) throws IOException {
        String lb1 = "lb1=" + LOGS.resolve("sigterm").resolve("lb1.log");
        Outcome missing = verify(lb1, "lb2=" + dir.resolve("none.log"));
        assertEquals(2, missing.exit());
        assertEquals("vipd verify: " + dir.resolve("none.log") + ": no such file\n", missing.err());

        assertEquals(2, verify(lb1).exit());
        Path empty = Files.writeString(dir.resolve("empty.log"), "");
        assertEquals(2, verify(lb1, "lb2=" + empty).exit());
        Path other = Files.writeString(dir.resolve("other.log"), "Nov 21 03:50:00 lb2 sshd[1]: hello\n");
        Outcome foreign = verify(lb1, "lb2=" + other);
        assertEquals(2, foreign.exit());
        assertTrue(foreign.last().startsWith("INCONCLUSIVE: no line of " + other + " is an event"), foreign.last());
        assertEquals(2, verify("lb1=" + empty, "lb2=" + empty).exit());
    }

    @Test
    void usageErrorsAreOneClearLine() {
        for (List<String> args : List.of(
                List.<String>of(), List.of("lb1.log"), List.of("--bogus"), List.of("a=b", "--zone"),
                List.of("a=b", "--max-blackout", "soon"), List.of("a=b", "--expect", "VI_1=c"),
                List.of("a=b", "--zone", "Nowhere/X"))) {
            Outcome outcome = verify(args.toArray(String[]::new));
            assertEquals(64, outcome.exit(), args.toString());
            assertEquals(1, outcome.err().lines().count(), outcome.err());
            assertEquals("", outcome.out());
        }
        assertEquals(0, verify("--help").exit());
        assertTrue(verify("--help").out().startsWith("Usage: vipd verify NODE=LOG..."));
    }
}
