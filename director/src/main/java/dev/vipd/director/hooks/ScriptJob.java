package dev.vipd.director.hooks;

import dev.vipd.director.config.HookScript;
import dev.vipd.netlink.script.ScriptLauncher;
import dev.vipd.netlink.script.ScriptResult;
import dev.vipd.netlink.script.ScriptRun;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs one script for one event.
 *
 * @param hook          key of the configuration
 * @param withArguments whether it gets the four of {@link HookEvent#arguments}
 */
record ScriptJob(HookEvent event, String hook, HookScript script, boolean withArguments) implements HookQueue.Job {
    private static final long NS_PER_MS = 1_000_000;

    @Override
    public String what() {
        return String.join(" ", script.command());
    }

    @Override
    public HookLog.Outcome run(HookQueue.Turn turn) throws InterruptedException {
        List<String> command = new ArrayList<>(script.command());
        if (withArguments) {
            command.addAll(event.arguments());
        }
        return outcome(ScriptLauncher.run(command, script.runAs(), script.timeoutNs()), script.timeoutNs());
    }

    static HookLog.Outcome outcome(ScriptRun run, long timeoutNs) {
        return switch (run.result()) {
            case ScriptResult.Success() -> new HookLog.Outcome(true, "exit 0", run.lastLine());
            case ScriptResult.Failure(int status) -> new HookLog.Outcome(false, "exit " + status, run.lastLine());
            case ScriptResult.TimedOut() -> new HookLog.Outcome(false,
                    "not done after " + timeoutNs / NS_PER_MS + " ms, and ended", run.lastLine());
            case ScriptResult.NotStarted(String why) -> new HookLog.Outcome(false, "could not be run: " + why, "");
        };
    }
}
