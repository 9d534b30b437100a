package dev.vipd.netlink.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With real processes, as the account of the tests: only root can run them as another. */
class ScriptLauncherTest {
    private static final long NEVER = 3_600_000_000_000L;
    private static final long SOON = 100_000_000L;

    @TempDir
    Path folder;

    private final Accounts accounts = Accounts.read();
    private final Optional<RunAs> self = Optional.of(new RunAs(
            String.valueOf(accounts.self().uid()), Optional.of(String.valueOf(accounts.self().gid()))));

    private ScriptRun shell(long timeoutNs, String script) throws InterruptedException {
        return ScriptLauncher.run(List.of("/bin/sh", "-c", script), self, timeoutNs);
    }

    @Test
    void statusAndLastLineAreKept() throws Exception {
        assertEquals(new ScriptRun(new ScriptResult.Success(), ""), shell(NEVER, "exit 0"));
        assertEquals(
                new ScriptRun(new ScriptResult.Failure(3), "no route"),
                shell(NEVER, "echo first; echo '  no route' >&2; echo; exit 3"));
        ScriptRun loud = shell(NEVER, "head -c 300000 /dev/zero | tr '\\0' x");
        assertEquals("x".repeat(ScriptLauncher.LINE_MAX), loud.lastLine());
    }

    @Test
    void allThatItStartedEndsWithItsTime() throws Exception {
        Path pid = folder.resolve("pid");
        for (long timeoutNs = SOON; !Files.exists(pid); timeoutNs *= 4) { // a busy machine may need longer to start it
            ScriptRun run = shell(timeoutNs, "(trap '' TERM; sleep 1000) & echo $! > " + pid + "; wait");
            assertEquals(new ScriptResult.TimedOut(), run.result());
        }
        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).ifPresent(left -> left.onExit().join());
    }

    @Test
    void itLeadsAGroupOfItsOwnWithoutTheDaemonsSockets() throws Exception {
        ScriptRun run = shell(NEVER, "read -r p _ _ _ g s _ < /proc/$$/stat; echo $((p - g)) $((p - s))"
                + " ${NOTIFY_SOCKET-none}");
        assertEquals("0 0 none", run.lastLine());
    }

    @Test
    void whatItLeavesRunningHoldsUpNothing() throws Exception {
        ScriptRun run = shell(NEVER, "sleep 1000 & echo $!");
        assertEquals(new ScriptResult.Success(), run.result());
        ProcessHandle left = ProcessHandle.of(Long.parseLong(run.lastLine())).orElseThrow();
        assertTrue(left.isAlive());
        left.destroyForcibly();
    }

    @Test
    void aFloodIsSlowedDownAndItsLastLineIsKept() throws Exception {
        long startNs = System.nanoTime();
        ScriptRun run = shell(NEVER, "yes | head -c 1000000; echo; echo the end");
        assertEquals(new ScriptRun(new ScriptResult.Success(), "the end"), run);
        assertTrue(System.nanoTime() - startNs >= 100_000_000L, "4 MiB a second at most");
    }

    @Test
    void whatFloodsAfterTheEndOfTheScriptIsEnded() throws Exception {
        ScriptRun run = shell(NEVER, "yes & echo $! > " + folder.resolve("pid"));
        assertEquals(new ScriptResult.Success(), run.result());
        long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
        ProcessHandle.of(pid).ifPresent(left -> left.onExit().join()); // by SIGPIPE
    }

    @Test
    void rootRunsItAsNobodyWithoutAnyCapability() throws Exception {
        assumeTrue(accounts.self().root(), "only root may run a script as somebody else");
        ScriptRun run = ScriptLauncher.run(
                List.of("/bin/sh", "-c", "echo $(id -u) $(id -G) $(grep CapEff /proc/self/status)"),
                Optional.of(new RunAs("65534", Optional.of("65533"))), NEVER);
        assertEquals("65534 65533 CapEff: 0000000000000000", run.lastLine());
    }

    @Test
    void whatCanNotRunSaysWhy() throws Exception {
        List<String> missing = List.of(folder.resolve("missing").toString());
        assertTrue(ScriptLauncher.problem(missing, self, accounts).orElseThrow().contains("No such file"));
        assertEquals(Optional.empty(), ScriptLauncher.problem(List.of("/bin/sh"), self, accounts));
        assertTrue(ScriptLauncher.run(missing, self, NEVER).result() instanceof ScriptResult.NotStarted);
    }
}
