package dev.vipd.director.hooks;

import dev.vipd.director.config.FifoConfig;
import dev.vipd.director.config.HookScript;
import dev.vipd.netlink.script.ScriptLauncher;
import dev.vipd.netlink.script.ScriptRun;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@code notify_fifo_script} for as long as the pipe is written, and starts it again when it ends by itself. */
final class FifoReader implements AutoCloseable {
    private static final long FOR_EVER_NS = Long.MAX_VALUE;
    private static final long PAUSE_SECONDS = 5;
    private static final long END_MS_MAX = 2_000;
    private static final long KILL_MS_MAX = 1_000;

    private final Thread thread;
    private volatile boolean closing;

    FifoReader(FifoConfig fifo, HookScript script, HookLog log) {
        List<String> command = new ArrayList<>(script.command());
        command.add(fifo.path());
        thread = Thread.ofPlatform().daemon().name("fifo-script").start(() -> run(fifo, command, script, log));
    }

    /** When the pipe is closed: gives it a moment to read to the end, then kills it and what it started. */
    @Override
    public void close() {
        closing = true;
        try {
            thread.join(END_MS_MAX);
            thread.interrupt();
            thread.join(KILL_MS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(FifoConfig fifo, List<String> command, HookScript script, HookLog log) {
        try {
            while (!closing) {
                ScriptRun run = ScriptLauncher.run(command, script.runAs(), FOR_EVER_NS);
                if (closing) {
                    return;
                }
                log.readerEnded(fifo.path(), ScriptJob.outcome(run, FOR_EVER_NS));
                TimeUnit.SECONDS.sleep(PAUSE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }
}
