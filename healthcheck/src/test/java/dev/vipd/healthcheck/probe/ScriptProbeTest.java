package dev.vipd.healthcheck.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vipd.healthcheck.Advice;
import dev.vipd.healthcheck.CheckOutcome;
import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.netlink.script.RunAs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code script}, with real processes of the account of the tests. */
class ScriptProbeTest {
    private static final long SHORT_MS = 1000;

    @TempDir
    Path folder;

    private static ScriptProbe shell(String script, boolean dynamic) throws Exception {
        RunAs self = new RunAs(
                String.valueOf(Files.getAttribute(Path.of("/proc/self"), "unix:uid")),
                Optional.of(String.valueOf(Files.getAttribute(Path.of("/proc/self"), "unix:gid"))));
        return new ScriptProbe(
                new ProbeConfig.Script(List.of("/bin/sh", "-c", script), Optional.of(self), dynamic));
    }

    @ParameterizedTest
    @CsvSource({
        "exit 0, false, passed", "exit 0, true, passed", "exit 1, false, exit 1", "exit 1, true, exit 1",
        "exit 2, true, 'passed, weight 0'", "exit 255, true, 'passed, weight 253'", "exit 2, false, exit 2",
        "echo no route to database; exit 3, false, exit 3: no route to database"
    })
    void theExitStatusDecides(String script, boolean dynamic, String outcome) throws Exception {
        assertEquals(outcome, ProbeTester.once(shell(script, dynamic)).text());
    }

    @Test
    void theLastLineIsMadeFitForALine() {
        assertEquals("exit 1: a[31mbc", ScriptProbe.reason(1, "a\u001b[31mb\t\u202ec\u0000"));
        assertEquals("exit 1: " + "x".repeat(100), ScriptProbe.reason(1, "x".repeat(150)));
        assertEquals("exit 1", ScriptProbe.reason(1, "\u0007"));
    }

    @Test
    void whatCanNotRunIsALocalFault() throws Exception {
        CheckOutcome outcome = ProbeTester.once(new ScriptProbe(new ProbeConfig.Script(
                List.of("/vipd-missing/check"), Optional.empty(), false)));
        assertInstanceOf(CheckOutcome.LocalFault.class, outcome);
        assertTrue(outcome.text().contains("No such file"), outcome.text());
    }

    /** Those of the process numbers in the file that are still there. */
    private List<ProcessHandle> processesOf(Path pids) throws Exception {
        List<ProcessHandle> left = new ArrayList<>();
        for (String pid : Files.readAllLines(pids)) {
            ProcessHandle.of(Long.parseLong(pid.strip())).ifPresent(left::add);
        }
        return left;
    }

    @Test
    void whatIgnoresTheEndOfItsTimeIsKilledWithItsChildren() throws Exception {
        Path pids = folder.resolve("pids");
        String script = "trap '' TERM; echo $$ > P; sleep 1000 & echo $! >> P; (sleep 1000; :) & echo $! >> P; wait"
                .replace("P", pids.toString());
        long timeoutMs = SHORT_MS;
        while (!Files.exists(pids) || Files.readAllLines(pids).size() < 3) { // until it came that far
            CheckOutcome outcome = ProbeTester.once(shell(script, false), timeoutMs);
            assertEquals("script timed out after " + timeoutMs / 1000 + "s", outcome.text());
            timeoutMs *= 3;
        }
        for (ProcessHandle left : processesOf(pids)) {
            left.onExit().join();
        }
    }

    @Test
    void aCheckThatIsGivenUpKillsItAtOnce() throws Exception {
        Path pid = folder.resolve("pid");
        String script = "trap '' TERM; echo $$ > " + pid + ".new; mv " + pid + ".new " + pid + "; sleep 1000";
        try (ProbeTester tester = new ProbeTester()) {
            ProbeRun[] run = new ProbeRun[1];
            ScriptProbe inner = shell(script, false);
            Thread.ofVirtual().start(() -> {
                try {
                    tester.run(started -> {
                        run[0] = started;
                        inner.start(started);
                    });
                } catch (Exception e) {
                    // given up: nothing is reported
                }
            });
            while (!Files.exists(pid)) {
                Thread.onSpinWait();
            }
            long startNs = System.nanoTime();
            tester.onLoop(() -> run[0].cancel());
            for (ProcessHandle left : processesOf(pid)) {
                left.onExit().join();
            }
            assertTrue(System.nanoTime() - startNs < 2_000_000_000L, "before the time that a terminated one gets");
        }
    }

    @Test
    void aFloodDoesNotHoldItUp() throws Exception {
        assertEquals("script timed out after 1s", ProbeTester.once(shell("exec yes", false), SHORT_MS).text());
        CheckOutcome outcome = ProbeTester.once(shell("yes | head -c 300000; echo; echo why; exit 1", false));
        assertEquals("exit 1: why", outcome.text());
    }

    @Test
    void aHundredAtOnceTakeTurns() throws Exception {
        // each says by its weight how many run
        String script = "touch D/$$; set -- D/*; n=$#; sleep 0.05; rm D/$$; exit $((n + 2))".replace("D", "" + folder);
        List<CheckOutcome> outcomes = new ArrayList<>();
        try (ProbeTester tester = new ProbeTester();
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<CheckOutcome> one = () -> tester.run(shell(script, true), 60_000);
            for (Future<CheckOutcome> outcome : callers.invokeAll(Collections.nCopies(100, one))) {
                outcomes.add(outcome.get());
            }
        }
        for (CheckOutcome outcome : outcomes) {
            Advice advice = ((CheckOutcome.Passed) outcome).advice();
            assertTrue(advice.value() >= 1 && advice.value() <= Workers.THREADS_MAX, outcome.text());
        }
    }

    @Test
    void aWaitForATurnIsNotHeldAgainstTheServer() throws Exception {
        Semaphore go = new Semaphore(0);
        List<FutureTask<?>> others = new ArrayList<>();
        for (int i = 0; i < Workers.THREADS_MAX; i++) {
            others.add(new FutureTask<>(go::acquireUninterruptibly, null));
            Workers.SCRIPTS.begin(others.getLast());
        }
        CheckOutcome outcome = ProbeTester.once(shell("exit 1", false), SHORT_MS);
        go.release(Workers.THREADS_MAX);
        for (FutureTask<?> other : others) {
            other.get();
        }
        assertEquals(
                new CheckOutcome.LocalFault("no turn for the script, others run for too long"), outcome);
    }
}
