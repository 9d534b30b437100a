package dev.vipd.vrrp.io;

import dev.vipd.netlink.script.ScriptLauncher;
import dev.vipd.netlink.script.ScriptResult;
import dev.vipd.vrrp.TrackScriptConfig;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs one track script periodically on a virtual thread of its own, so that runs never overlap and a hanging script
 * holds up nothing else. A run that takes longer than its timeout is terminated, and killed two seconds later;
 * what it started is killed with it.
 */
final class ScriptRunner implements AutoCloseable {
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

    /** Whatever goes wrong is a result: a runner that died would leave the tracker as it was for ever. */
    private ScriptResult result() throws InterruptedException {
        try {
            return ScriptLauncher.run(config.command(), config.user(), config.timeoutNs()).result();
        } catch (RuntimeException | OutOfMemoryError e) { // no thread for its output, say
            return new ScriptResult.NotStarted(e.toString());
        }
    }

    private void run() {
        long nextNs = System.nanoTime();
        try {
            while (true) {
                results.accept(result());
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
}
