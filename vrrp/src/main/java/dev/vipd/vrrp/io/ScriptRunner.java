package dev.vipd.vrrp.io;

import dev.vipd.vrrp.ScriptResult;
import dev.vipd.vrrp.TrackScriptConfig;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs one track script periodically on a virtual thread of its own, so that runs never overlap and a hanging script
 * holds up nothing else. A run that takes longer than its timeout is terminated, and killed two seconds later;
 * what it started is killed with it.
 */
final class ScriptRunner implements AutoCloseable {
    private static final long KILL_AFTER_NS = 2_000_000_000L;

    private final TrackScriptConfig config;
    private final Consumer<ScriptResult> results;
    private final Thread thread;

    /** @param results called on the runner's thread after each run */
    ScriptRunner(TrackScriptConfig config, Consumer<ScriptResult> results) {
        this.config = config;
        this.results = results;
        this.thread = Thread.ofVirtual().name("script-" + config.name()).start(this::run);
    }

    TrackScriptConfig config() {
        return config;
    }

    /** Stops running it; a run under way is killed. Does not wait. */
    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        long nextNs = System.nanoTime();
        try {
            while (true) {
                results.accept(runOnce());
                nextNs += config.intervalNs();
                long leftNs = nextNs - System.nanoTime();
                if (leftNs < 0) {
                    nextNs -= leftNs; // it took longer than the interval: the missed starts are left out
                } else {
                    TimeUnit.NANOSECONDS.sleep(leftNs);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private ScriptResult runOnce() throws InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(config.command())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeIf(name -> name.equals("NOTIFY_SOCKET") || name.startsWith("WATCHDOG_"));
        List<ProcessHandle> children = List.of();
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return new ScriptResult.NotStarted(String.valueOf(e.getMessage()).strip());
        }
        try {
            if (process.waitFor(config.timeoutNs(), TimeUnit.NANOSECONDS)) {
                int status = process.exitValue();
                return status == 0 ? new ScriptResult.Success() : new ScriptResult.Failure(status);
            }
            children = process.descendants().toList(); // now: nobody finds them any more once their parent is gone
            process.destroy();
            process.waitFor(KILL_AFTER_NS, TimeUnit.NANOSECONDS);
            return new ScriptResult.TimedOut();
        } finally {
            children.forEach(ProcessHandle::destroyForcibly);
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
