package dev.vipd.vrrp.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.netlink.script.RunAs;
import dev.vipd.netlink.script.ScriptResult;
import dev.vipd.vrrp.TrackScriptConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With real processes. Times are only ever waited for with a bound far beyond what they take. */
class ScriptRunnerTest {
    private static final Optional<RunAs> SELF =
            Optional.of(new RunAs(System.getProperty("user.name"), Optional.empty()));
    private static final long MS = 1_000_000;
    private static final long NEVER = 3_600_000_000_000L;

    private final BlockingQueue<ScriptResult> results = new LinkedBlockingQueue<>();

    @TempDir
    Path folder;

    private ScriptRunner runner(long intervalNs, long timeoutNs, String... command) {
        TrackScriptConfig config = new TrackScriptConfig(
                "chk", List.of(command), intervalNs, timeoutNs, 1, 1, TrackScriptConfig.Init.WAIT, SELF);
        return new ScriptRunner(config, results::add);
    }

    private ScriptResult next() throws InterruptedException {
        ScriptResult result = results.poll(60, TimeUnit.SECONDS);
        assertNotNull(result, "no result within a minute");
        return result;
    }

    private ScriptResult once(long timeoutNs, String... command) throws InterruptedException {
        try (ScriptRunner _ = runner(NEVER, timeoutNs, command)) {
            return next();
        }
    }

    /** The process whose number the script wrote into the file. */
    private static ProcessHandle processIn(Path file) throws IOException {
        return ProcessHandle.of(Long.parseLong(Files.readString(file).strip())).orElse(null);
    }

    private static void awaitEnd(ProcessHandle process) throws Exception {
        if (process != null) {
            process.onExit().get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void theExitStatusIsTheResult() throws Exception {
        assertEquals(new ScriptResult.Success(), once(NEVER, "/bin/true"));
        assertEquals(new ScriptResult.Failure(3), once(NEVER, "/bin/sh", "-c", "exit 3"));
        assertEquals(new ScriptResult.Failure(128 + 9), once(NEVER, "/bin/sh", "-c", "kill -9 $$"));
    }

    @Test
    void whatCanNotBeStartedIsSaidSo() throws Exception {
        ScriptResult missing = once(NEVER, folder.resolve("missing").toString());
        assertTrue(assertInstanceOf(ScriptResult.NotStarted.class, missing).why().contains("No such file"));
        Path noProgram = Files.writeString(folder.resolve("plain"), "text");
        ScriptResult refused = once(NEVER, noProgram.toString());
        assertTrue(assertInstanceOf(ScriptResult.NotStarted.class, refused).why().contains("Permission denied"));
    }

    @Test
    void thereIsNoShellAndNoInput() throws Exception {
        Path out = folder.resolve("out");
        once(NEVER, "/bin/sh", "-c", "cat; printf %s \"$1\" > " + out, "sh", "$HOME;*");
        assertEquals("$HOME;*", Files.readString(out));
    }

    @Test
    void theTimeoutEndsARunAndWhatItStarted() throws Exception {
        Path pids = folder.resolve("pids");
        Path child = folder.resolve("child");
        String script = "echo $$ > " + pids + "; sleep 3600 & echo $! > " + child + "; wait";
        assertEquals(new ScriptResult.TimedOut(), once(1000 * MS, "/bin/sh", "-c", script));
        awaitEnd(processIn(pids));
        awaitEnd(processIn(child));
    }

    @Test
    void aRunThatIgnoresTermIsKilled() throws Exception {
        Path pid = folder.resolve("pid");
        String script = "trap '' TERM; echo $$ > " + pid + "; while :; do sleep 0.1; done";
        assertEquals(new ScriptResult.TimedOut(), once(1000 * MS, "/bin/sh", "-c", script));
        awaitEnd(processIn(pid));
    }

    @Test
    void itRunsAgainAndNeverTwiceAtATime() throws Exception {
        Path lock = folder.resolve("lock");
        String script = "mkdir " + lock + " || exit 7; sleep 0.05; rmdir " + lock;
        try (ScriptRunner _ = runner(MS, NEVER, "/bin/sh", "-c", script)) { // longer than its interval
            for (int i = 0; i < 4; i++) {
                assertEquals(new ScriptResult.Success(), next());
            }
        }
    }

    @Test
    void theNextStartIsOneIntervalAfterTheLast() throws Exception {
        long startNs = System.nanoTime();
        try (ScriptRunner _ = runner(200 * MS, NEVER, "/bin/true")) {
            for (int i = 0; i < 4; i++) {
                next();
            }
        }
        assertTrue(System.nanoTime() - startNs >= 3 * 200 * MS);
    }

    @Test
    void closingEndsARunUnderWay() throws Exception {
        Path pid = folder.resolve("pid");
        Path started = folder.resolve("started");
        Process fifo = new ProcessBuilder("mkfifo", started.toString()).start();
        assertEquals(0, fifo.waitFor());
        ScriptRunner runner = runner(
                NEVER, NEVER, "/bin/sh", "-c", "echo $$ > " + pid + "; echo > " + started + "; sleep 3600");
        Files.readString(started); // comes back when the script has come that far
        runner.close();
        ProcessHandle process = processIn(pid);
        if (process != null) {
            CompletableFuture<ProcessHandle> end = process.onExit();
            end.get(60, TimeUnit.SECONDS);
            assertFalse(process.isAlive());
        }
        assertTrue(results.isEmpty(), "a run that was cut off says nothing about the service");
    }
}
