package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.Advice;
import dev.vipd.healthcheck.ProbeConfig;
import dev.vipd.netlink.script.ScriptLauncher;
import dev.vipd.netlink.script.ScriptResult;
import dev.vipd.netlink.script.ScriptRun;
import java.util.concurrent.FutureTask;

/**
 * {@code script}. It runs on one of 32 {@link Workers}; one that had to wait for a notable part of its time is not held
 * against the server. When its time is over, its process group is terminated and, two seconds later, killed; when
 * the check is given up, killed at once. Processes in a session of their own are not reached by either.
 *
 * <p>Exit status 137 of a {@code dynamic} script may be a weight of 135 or the end by SIGKILL, and so on above 128:
 * that can't be told apart.
 */
record ScriptProbe(ProbeConfig.Script script) implements Probe {
    private static final int LINE_MAX = 100;
    /** A wait of more than one part in so many of the time is notable. */
    private static final int NOTABLE_PART = 10;

    @Override
    public void start(ProbeRun run) {
        run.connected();
        run.awaitingOurselves("no turn for the script, others run for too long");
        long deadlineNs = run.deadlineNs();
        CheckLoop loop = run.loop();
        long submittedNs = System.nanoTime();
        long timeNs = deadlineNs - loop.nanoTime();
        FutureTask<?> job = new FutureTask<>(() -> work(run, timeNs, System.nanoTime() - submittedNs), null);
        run.onEnd(() -> {
            Workers.SCRIPTS.withdraw(job);
            if (loop.nanoTime() - deadlineNs < 0) {
                job.cancel(true); // else it has a moment to end by itself
            }
        });
        Workers.SCRIPTS.begin(job);
    }

    /** On a worker. */
    private void work(ProbeRun run, long timeNs, long waitedNs) {
        if (waitedNs >= timeNs) {
            return; // the deadline reports it
        }
        run.eventLoop().execute(() -> {
            if (waitedNs > timeNs / NOTABLE_PART) {
                run.awaitingOurselves("the script had to wait for its turn");
            } else {
                run.awaiting("script");
            }
        });
        try {
            ScriptRun ended = ScriptLauncher.run(script.command(), script.user(), timeNs - waitedNs);
            run.eventLoop().execute(() -> report(ended, run));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // given up
        } catch (RuntimeException e) {
            run.eventLoop().execute(() -> run.localFault("the probe failed: " + e));
        }
    }

    private void report(ScriptRun ended, ProbeRun run) {
        switch (ended.result()) {
            case ScriptResult.Success() -> run.passed();
            case ScriptResult.Failure(int status) when script.dynamic() && status >= 2 ->
                    run.passed(Advice.weight(status - 2), "");
            case ScriptResult.Failure(int status) -> run.failed(reason(status, ended.lastLine()));
            case ScriptResult.TimedOut() -> {} // the run's deadline says so, and knows whether it was overslept
            case ScriptResult.NotStarted(String why) -> run.localFault(why);
        }
    }

    /** {@code exit 1}, {@code exit 1: no route to database}. */
    static String reason(int status, String lastLine) {
        String cut = lastLine.substring(0, Math.min(lastLine.length(), LINE_MAX));
        String shown = cut.replaceAll("\\p{C}", "").strip(); // nor what turns the direction of writing
        return "exit " + status + (shown.isEmpty() ? "" : ": " + shown);
    }
}
