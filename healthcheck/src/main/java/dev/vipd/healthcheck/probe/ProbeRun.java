package dev.vipd.healthcheck.probe;

import dev.vipd.healthcheck.Advice;
import dev.vipd.healthcheck.CheckOutcome;
import dev.vipd.healthcheck.CheckTiming;
import io.netty.channel.IoEventLoop;
import java.util.function.Supplier;

/**
 * One probe under way: its deadline, what it holds, and that it reports exactly one outcome. The deadline bounds the
 * whole probe and can't be stretched by what the server sends; {@code connect_timeout} bounds it until
 * {@link #connected()}. Confined to its loop.
 */
final class ProbeRun {
    /** A deadline that is noticed this late was overslept: the reply may lie unread in the socket. */
    private static final long OVERSLEPT_NS = 10_000_000;

    private static final long ONE_IO_PASS_NS = 1_000_000;

    /** Told how a probe ended. */
    interface Done {
        /** Called once; what the probe held is released by then. */
        void ended(ProbeRun run, CheckOutcome outcome);
    }

    private final CheckLoop loop;
    private final CheckTiming timing;
    private final Done done;
    private final long startNs;
    private long deadlineNs;
    private boolean connecting = true;
    private long secondLookLateNs = -1;
    private String awaited = "connect";
    private Supplier<String> awaitedNow;
    private String ownFault;
    private Runnable release;
    private boolean decided;

    ProbeRun(CheckLoop loop, CheckTiming timing, long nowNs, Done done) {
        this.loop = loop;
        this.timing = timing;
        this.done = done;
        this.startNs = nowNs;
        this.deadlineNs = nowNs + Math.min(timing.connectTimeoutNs(), timing.timeoutNs());
    }

    CheckLoop loop() {
        return loop;
    }

    IoEventLoop eventLoop() {
        return loop.eventLoop();
    }

    /** The whole probe may take so long. */
    long timeoutNs() {
        return timing.timeoutNs();
    }

    /** When {@link #onDeadline} is to be called next. */
    long deadlineNs() {
        return deadlineNs;
    }

    /** From here on the limit for the whole probe counts, not the one for the connect. */
    void connected() {
        connecting = false;
        deadlineNs = startNs + timing.timeoutNs();
    }

    /** Names what is waited for, for {@code WHAT timed out after 2s}: {@code TLS handshake}, {@code first byte}. */
    void awaiting(String what) {
        awaited = what;
        awaitedNow = null;
        ownFault = null;
    }

    /** From here on this machine is waited for: a timeout is this local fault, and is not held against the server. */
    void awaitingOurselves(String fault) {
        ownFault = fault;
    }

    /** The same, asked only if it comes to that. */
    void awaiting(Supplier<String> what) {
        awaitedNow = what;
    }

    /** Names what has to be given up when the probe ends, however it does. It replaces what was named before. */
    void onEnd(Runnable what) {
        release = what;
    }

    /** Whether there is an outcome, or none is wanted any more: nothing that comes now matters. */
    boolean decided() {
        return decided;
    }

    void passed() {
        end(new CheckOutcome.Passed(elapsedNs()));
    }

    /** @param warning as in {@link CheckOutcome.Passed}, may be empty */
    void passed(Advice advice, String warning) {
        end(new CheckOutcome.Passed(advice, warning, elapsedNs()));
    }

    /** @param reason as in {@link CheckOutcome.Failed} */
    void failed(String reason) {
        end(new CheckOutcome.Failed(reason, elapsedNs()));
    }

    /** A fault of this machine. */
    void localFault(String reason) {
        end(new CheckOutcome.LocalFault(reason));
    }

    /** Releases what is held; no outcome is reported. */
    void cancel() {
        decided = true;
        releaseHeld();
    }

    /**
     * After a stall of this process the timer may come before what the network delivered meanwhile. So the sockets get
     * one more pass first; and if time to answer was truly not measured, the server is not blamed.
     */
    void onDeadline(long nowNs) {
        if (deadlineNs - nowNs > 0) {
            return; // it was put off
        }
        long lateNs = nowNs - deadlineNs;
        if (secondLookLateNs < 0 && lateNs >= OVERSLEPT_NS) {
            secondLookLateNs = lateNs;
            deadlineNs = nowNs + ONE_IO_PASS_NS;
            return;
        }
        long limitNs = connecting ? Math.min(timing.connectTimeoutNs(), timing.timeoutNs()) : timing.timeoutNs();
        if (secondLookLateNs >= limitNs / 2) {
            localFault("the timer for " + DurationText.of(limitNs) + " went off far too late");
        } else if (ownFault != null) {
            localFault(ownFault);
        } else {
            String what = awaitedNow == null ? awaited : awaitedNow.get();
            failed(what + " timed out after " + DurationText.of(limitNs));
        }
    }

    private long elapsedNs() {
        return loop.nanoTime() - startNs;
    }

    private void end(CheckOutcome outcome) {
        if (decided) {
            return;
        }
        decided = true;
        releaseHeld();
        done.ended(this, outcome);
    }

    private void releaseHeld() {
        Runnable held = release;
        release = null;
        if (held != null) {
            held.run();
        }
    }
}
