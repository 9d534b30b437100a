package dev.vipd.netlink.script;

import dev.vipd.netlink.sys.ProcessGroup;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Runs the operator's scripts: as an unprivileged account, in a session and process group of their own, for a bounded
 * time. There is no shell, no input, and nothing of systemd's notification sockets in the environment.
 *
 * <p>The account is taken by setpriv(1), the session by setsid(1), both of util-linux: they replace themselves by the
 * script, so its process number is the one that is known here and the number of its group. Any thread.
 */
public final class ScriptLauncher {
    /** Characters of a script's last line that are kept. */
    public static final int LINE_MAX = 200;

    private static final List<String> TOOLS = List.of("setsid", "setpriv");
    private static final long KILL_AFTER_NS = 2_000_000_000L;

    private ScriptLauncher() {}

    /**
     * Whether a script could be run now.
     *
     * @param command program and arguments
     * @param accounts as the daemon sees them
     * @return what is wrong and what to do about it; empty when it can be run
     */
    public static Optional<String> problem(List<String> command, Optional<RunAs> runAs, Accounts accounts) {
        try {
            ScriptPath.check(command.getFirst(), accounts.resolve(runAs), accounts);
            for (String tool : TOOLS) {
                ScriptPath.find(tool);
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        }
    }

    /**
     * Runs a script to its end. After {@code timeoutNs} its whole process group gets SIGTERM, and two seconds later
     * SIGKILL; an interrupt of the calling thread kills it at once. What left the group by a setsid of its own is not
     * reached by that. What it left running in the background after an ordinary end goes on, but can't write to its
     * output any more.
     *
     * @param command program and arguments; the path is checked anew for who may write it
     * @param runAs   as configured
     */
    public static ScriptRun run(List<String> command, Optional<RunAs> runAs, long timeoutNs)
            throws InterruptedException {
        try (LastLine output = new LastLine()) {
            Process process = prepare(command, runAs).redirectOutput(output.file()).start();
            output.begin();
            return await(process, output, timeoutNs);
        } catch (IOException e) {
            return new ScriptRun(new ScriptResult.NotStarted(String.valueOf(e.getMessage()).strip()), "");
        }
    }

    private static ScriptRun await(Process process, LastLine output, long timeoutNs) throws InterruptedException {
        boolean ended = false;
        try {
            if (process.waitFor(timeoutNs, TimeUnit.NANOSECONDS)) {
                ended = true;
                int status = process.exitValue();
                return new ScriptRun(
                        status == 0 ? new ScriptResult.Success() : new ScriptResult.Failure(status), output.await());
            }
            if (!ProcessGroup.terminate(process.pid())) {
                process.destroy(); // it has no group of its own yet
            }
            process.waitFor(KILL_AFTER_NS, TimeUnit.NANOSECONDS);
            return new ScriptRun(new ScriptResult.TimedOut(), output.await());
        } finally {
            if (!ended) {
                ProcessGroup.kill(process.pid());
                process.destroyForcibly();
            }
        }
    }

    private static ProcessBuilder prepare(List<String> command, Optional<RunAs> runAs) throws IOException {
        Accounts accounts = Accounts.read();
        Account account = accounts.resolve(runAs);
        List<String> words = new ArrayList<>();
        if (!account.root()) {
            words.addAll(List.of("setpriv", "--inh-caps=-all", "--ambient-caps=-all"));
        }
        if (account.uid() != accounts.self().uid() || account.gid() != accounts.self().gid()) {
            if (account.root()) {
                words.add("setpriv");
            }
            words.addAll(List.of("--reuid=" + Integer.toUnsignedString(account.uid()),
                    "--regid=" + Integer.toUnsignedString(account.gid()), "--clear-groups"));
        }
        words.add("setsid");
        words.add(ScriptPath.check(command.getFirst(), account, accounts).toString());
        words.addAll(command.subList(1, command.size()));
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.equals("NOTIFY_SOCKET") || name.startsWith("WATCHDOG_"));
        return builder;
    }
}
